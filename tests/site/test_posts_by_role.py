"""Every address that takes a POST, sent by everybody: who may, who may not, and never a 500."""

import pytest
from django.test import Client

from articles.models import Article
from comments.models import Comment
from comments.writing import post
from tests.factories import make_article, make_term, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
CAST = ["anonymous", "reader", "Writer", "Moderator", "Editor"]


def client_of(who: str) -> Client:
    client = Client()
    if who != "anonymous":
        client.force_login(make_user(role=None if who == "reader" else who))
    return client


@pytest.fixture
def addresses() -> dict[str, str]:
    article, term = make_article(), make_term()
    comment = post(article=article, by=make_user(), body="First.", key="1")
    return {
        "write": "/admin/articles/article/add/",
        "change": f"/admin/articles/article/{article.pk}/change/",
        "delete": f"/admin/articles/article/{article.pk}/delete/",
        "live preview": "/admin/articles/article/live-preview/",
        "use revision": f"/admin/articles/article/{article.pk}/revisions/1/use/",
        "name revision": f"/admin/articles/article/{article.pk}/revisions/1/name/",
        "confirm TL;DR": f"/admin/articles/article/{article.pk}/tldr/",
        "checks": f"/admin/articles/article/{article.pk}/checks/",
        "autosave": f"/admin/articles/article/{article.pk}/autosave/",
        "presence": f"/admin/articles/article/{article.pk}/presence/",
        "preview link": f"/admin/articles/article/{article.pk}/links/",
        "duplicate": f"/admin/articles/article/{article.pk}/duplicate/",
        "withdraw": f"/admin/articles/article/{article.pk}/withdraw/",
        "address": f"/admin/articles/article/{article.pk}/address/",
        "correct": f"/admin/articles/article/{article.pk}/correct/",
        "new term": "/admin/glossary/term/create/",
        "correction": "/admin/articles/correction/add/",
        "section": "/admin/articles/section/add/",
        "upload": "/admin/markdownx/upload/",
        "term": f"/admin/glossary/term/{term.pk}/change/",
        "picture": "/admin/images/image/add/",
        "user": "/admin/accounts/user/add/",
        "comments": "/admin/comments/comment/",
        "decide": "/admin/comments/desk/decide/",
        "about a reader": f"/admin/comments/desk/readers/{comment.author_id}/",
        "undo": "/admin/comments/desk/undo/",
        "house rules": "/admin/comments/houserules/",
        "comment": f"/articles/{article.slug}/comments/",
        "report": f"/comments/{comment.pk}/report/",
        "account": "/account/",
    }


ALLOWED = {
    "write": {"Writer", "Editor"},
    "change": {"Editor"},  # writers change their own
    "delete": set(),  # it was public
    "live preview": {"Writer", "Editor"},
    "use revision": {"Editor"},
    "name revision": {"Editor"},
    "confirm TL;DR": {"Editor"},
    "checks": {"Editor"},
    "autosave": {"Editor"},
    "presence": {"Editor"},
    "preview link": {"Editor"},
    "duplicate": {"Editor"},
    "withdraw": {"Editor"},
    "address": {"Editor"},
    "correct": {"Editor"},
    "new term": {"Writer", "Editor"},
    "correction": {"Editor"},
    "section": {"Editor"},
    "upload": {"Writer", "Editor"},
    "term": {"Editor"},  # it is published
    "picture": {"Writer", "Editor"},
    "user": set(),
    "comments": {"Moderator", "Editor"},
    "decide": {"Moderator", "Editor"},
    "about a reader": {"Moderator", "Editor"},
    "undo": {"Moderator", "Editor"},
    "house rules": {"Moderator", "Editor"},
    "comment": {"reader", "Writer", "Moderator", "Editor"},
    "report": {"reader", "Writer", "Moderator", "Editor"},
    "account": {"reader", "Writer", "Moderator", "Editor"},
}


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("name", ALLOWED)
def test_a_post_is_let_in_or_refused_by_role(addresses, name, who):
    response = client_of(who).post(addresses[name], {})
    refused = response.status_code in {401, 403} or "/login/" in response.headers.get("Location", "")
    assert refused == (who not in ALLOWED[name]), response.status_code
    assert response.status_code < 500


@pytest.mark.parametrize("name", ALLOWED)
def test_a_post_without_a_token_is_refused(addresses, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    before = Article.objects.count(), Comment.objects.count()
    assert client.post(addresses[name], {}).status_code == 403
    assert (Article.objects.count(), Comment.objects.count()) == before
