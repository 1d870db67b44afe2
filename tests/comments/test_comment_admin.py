"""The record of the discussion in the admin: found, read, and nothing to write or delete."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from comments.models import Comment, Decision
from comments.reporting import report
from tests.comments.conftest import Say
from tests.factories import make_article, make_user, reject

pytestmark = pytest.mark.once

LIST = "/admin/comments/comment/"


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def act(client: Client, action: str, *comments: Comment, **more: str) -> Any:
    fields = {"action": action, "_selected_action": [comment.pk for comment in comments], **more}
    return client.post(LIST, fields, follow=True)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_record_of_one_comment_leads_to_the_desk_and_decides_nothing(
    desk: Client, say: Say, moderator: User
) -> None:
    """The words, what was decided and where it stands; the buttons are at the desk."""
    comment = say("Buy <b>now</b>.")
    html = page(desk, f"{LIST}{comment.pk}/change/")

    assert "Buy &lt;b&gt;now&lt;/b&gt;." in html
    assert f'href="/admin/comments/desk/?comment={comment.pk}"' in html
    assert f'href="{comment.get_absolute_url()}"' in html
    assert f'href="{LIST}?q=' in html, "what else its author wrote"
    assert 'name="action"' not in page(desk, LIST)

    reject(comment=comment, by=moderator, reason="attacks")
    html = page(desk, f"{LIST}{comment.pk}/change/")

    assert "personal attacks" in html
    assert "Not shown to readers" in html


def test_moderator_writes_and_deletes_nothing(desk: Client, say: Say) -> None:
    """Comments, reports and decisions cannot be added, changed or deleted, whoever tries."""
    comment = say("As it was said.")
    superuser = make_user(is_staff=True, is_superuser=True)
    boss = Client()
    boss.force_login(superuser)

    for somebody in (desk, boss):
        somebody.post(f"{LIST}{comment.pk}/change/", {"body": "Something else.", "status": "rejected"})
        for model in ("comment", "report", "decision"):
            assert somebody.get(f"/admin/comments/{model}/add/").status_code == 403
        assert somebody.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 403
        act(somebody, "delete_selected", comment, post="yes")
    assert list(Comment.objects.visible().values_list("body", flat=True)) == ["As it was said."]


@pytest.mark.parametrize("role", [None, "Writer"])
def test_only_moderators_see_the_record(role: str | None, client: Client, db: None) -> None:
    """Readers and writers get nowhere."""
    client.force_login(make_user(role=role))

    assert client.get(LIST).status_code in {302, 403}


def test_list_finds_by_words_name_and_status_and_never_by_address(desk: Client, say: Say) -> None:
    """A moderator searches words and names; e-mail addresses are neither searched nor shown."""
    somebody = make_user(name="Findable Name")
    say("A needle.", by=somebody)
    say("Hay.", status="pending")

    assert "A needle." in page(desk, f"{LIST}?q=needle")
    assert "A needle." in page(desk, f"{LIST}?q=Findable")
    assert "A needle." not in page(desk, f"{LIST}?q={somebody.email}")
    assert somebody.email not in page(desk, LIST)
    assert "A needle." not in page(desk, f"{LIST}?status__exact=pending")
    assert "Hay." in page(desk, f"{LIST}?status__exact=pending")


def test_lists_cost_the_same_with_many(desk: Client, say: Say, django_assert_max_num_queries: Any) -> None:
    """Comments, reports and decisions are listed without a query a row."""

    def fill() -> None:
        comment = say(on=make_article(), by=make_user())
        report(comment=comment, by=make_user(), reason="spam")
        Decision.objects.create(comment=comment, by=make_user(), action="hide", reason="spam")

    def cost(address: str) -> int:
        with django_assert_max_num_queries(60) as captured:
            page(desk, address)
        return len(captured.captured_queries)

    fill()
    addresses = [LIST, "/admin/comments/report/", "/admin/comments/decision/"]
    page(desk, LIST)
    few = [cost(address) for address in addresses]
    for _ in range(12):
        fill()
    assert [cost(address) for address in addresses] == few


def test_reports_lead_to_the_comment(desk: Client, say: Say) -> None:
    """What readers reported is read in the list, with its rule, and leads to the comment."""
    comment = say("Buy now.")
    report(comment=comment, by=make_user(name="Attentive"), reason="spam")
    html = page(desk, "/admin/comments/report/")

    assert f'href="{LIST}{comment.pk}/change/">Buy now.</a>' in html
    assert "advertising" in html
    assert "Attentive" in page(desk, f"{LIST}{comment.pk}/change/")
    assert ">1<" in page(desk, LIST)
