"""Preview links: what their holder sees, when they end, who may make them, and that nothing leaks by them."""

import contextlib
import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.signing import Signer
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles import editing, preview_links, publishing
from articles.content import snapshot
from articles.models import Article, PreviewLink
from comments.writing import post
from tests.articles.test_public_surface import Newsroom, where
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOUR = dt.timedelta(hours=1)
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"}


def make_link(article: Article, **fields) -> PreviewLink:
    by = fields.pop("by", None) or make_user(role="Editor")
    return preview_links.make_link(article=article, by=by, **{"hours": 24, **fields})


def address(link: PreviewLink) -> str:
    return f"/preview/{preview_links.token_of(link)}/"


def opened(link: PreviewLink, status: int = 200) -> str:
    response = Client().get(address(link))
    assert response.status_code == status
    return response.content.decode()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def move_back(link: PreviewLink, by: dt.timedelta) -> None:
    """Let time pass for a link."""
    PreviewLink.objects.filter(pk=link.pk).update(
        created_at=link.created_at - by, expires_at=link.expires_at - by
    )


# What a holder sees


def test_a_holder_without_an_account_reads_the_draft_and_for_whom_it_is():
    html = opened(make_link(make_draft(headline="Hidden so far"), for_whom="Ana Example"))
    assert "<h1>Hidden so far</h1>" in html
    assert re.search(r"<b>Draft. Not public.</b> For Ana Example, until <time [^>]+>[^<]+ UTC</time>\.", html)


def test_a_link_for_nobody_in_particular_says_until_when_it_works():
    assert "This link works until" in opened(make_link(make_draft()))


def test_a_following_link_shows_the_draft_as_it_changes():
    article = make_draft(headline="Before")
    link = make_link(article)
    change_headline(article, "After")
    assert "<h1>After</h1>" in opened(link)


def test_a_pinned_link_shows_its_revision_however_the_draft_changes():
    article = make_draft(headline="Before")
    link = make_link(article, revision=article.revisions.get())
    change_headline(article, "After")
    assert "<h1>Before</h1>" in opened(link)


def test_a_pinned_link_shows_terms_as_they_are_now():
    term = make_term(name="prefill", definition="What it meant.")
    article = make_draft(body="The prefill comes first.", terms=[term])
    link = make_link(article, revision=article.revisions.get())
    term.definition = "What it means."
    term.save()
    assert "What it means." in opened(link)
    assert "What it meant." not in opened(link)


def test_a_link_to_changes_of_a_live_story_shows_the_changes_and_the_site_does_not():
    article = make_article(headline="Live")
    change_headline(article, "Changed")
    assert "<h1>Changed</h1>" in opened(make_link(article))
    assert "Changed" not in Client().get(article.get_absolute_url()).content.decode()


def test_autosaves_leave_a_pinned_revision_alone():
    editor = make_user(role="Editor")
    article = make_draft(headline="Before", by=editor)
    article.headline = "Autosaved"
    article.save()
    autosave = editing.save_revision(article=article, by=editor, is_autosave=True)
    link = make_link(article, revision=autosave)
    autosave.refresh_from_db()
    assert not autosave.is_autosave
    article.headline = "Autosaved again"
    article.save()
    assert editing.save_revision(article=article, by=editor, is_autosave=True) != autosave
    assert "<h1>Autosaved</h1>" in opened(link)


def test_the_drawing_of_a_story_without_a_photograph_is_open_to_holders():
    link = make_link(make_draft(body="One.\n\nTwo words.\n\nThree words here."))
    source = re.search(r'<img src="([^"]+print-square\.svg)"', opened(link)).group(1)
    assert source == f"{address(link)}print-square.svg"
    response = Client().get(source)
    assert response["Content-Type"] == "image/svg+xml"
    assert b"<svg" in response.content
    assert response["Cache-Control"] == "no-store, private"
    assert Client().get(f"{address(link)}print-wide.svg").status_code == 200
    assert Client().get(f"{address(link)}print-huge.svg").status_code == 404


def test_every_picture_and_style_of_the_page_is_open_to_holders():
    link = make_link(make_draft(lead_image=make_image(), section=make_section()))
    sources = set(re.findall(r'(?:src|srcset)="(/media/[^" ]+)', opened(link)))
    assert sources
    for source in sources:
        assert Client().get(source).getvalue()
    assert "/admin/" not in opened(link)


def test_a_preview_has_no_discussion_and_no_way_to_one():
    article = make_article()
    post(article=article, by=make_user(), body="Said aloud.", key="1")
    html = opened(make_link(article))
    assert "Said aloud." not in html
    assert "discussion" not in html.lower()
    assert "<form" not in html


def test_no_cookie_no_copy_no_index_and_no_referrer():
    response = Client().get(address(make_link(make_draft())))
    assert not response.cookies
    assert not response.has_header("Vary")
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    html = response.content.decode()
    assert '<meta name="robots" content="noindex,nofollow">' in html
    assert "og:" not in html  # a chat shows no card of it
    assert 'rel="canonical"' not in html


def test_somebody_signed_in_sees_what_everybody_sees():
    link = make_link(make_draft())
    editor = signed_in(make_user(role="Editor", name="Edda Example"))
    before = editor.session["_auth_user_hash"]
    response = editor.get(address(link))
    assert response.content.decode() == opened(link)
    assert not response.cookies
    assert editor.session["_auth_user_hash"] == before


# When a link ends


@pytest.mark.parametrize("change", ["1{}", "{}x", "0", "1.abc", "١.{}", "%00"])
def test_a_link_that_was_tampered_with_is_not_found(change):
    link = make_link(make_draft())
    response = Client().get(f"/preview/{change.format(preview_links.token_of(link))}/")
    assert response.status_code in {400, 404}


def test_a_signature_made_for_something_else_opens_nothing():
    link = make_link(make_draft())
    assert Client().get(f"/preview/{Signer(sep='.').sign(str(link.pk))}/").status_code == 404


def test_a_link_of_a_deleted_draft_is_not_found():
    article = make_draft()
    link = make_link(article)
    article.delete()
    assert Client().get(address(link)).status_code == 404


def test_an_expired_link_says_so_and_shows_nothing():
    link = make_link(make_draft(headline="Hidden so far"), hours=1)
    move_back(link, HOUR)
    html = opened(link, status=410)
    assert "The link worked until" in html
    assert "Hidden so far" not in html
    assert Client().get(f"{address(link)}print-square.svg").status_code == 410


def test_a_revoked_link_says_so_and_shows_nothing():
    link = make_link(make_draft(headline="Hidden so far"))
    preview_links.revoke_link(link=link, by=make_user(role="Editor"))
    html = opened(link, status=410)
    assert "The newsroom ended this link." in html
    assert "Hidden so far" not in html


def test_an_ended_link_is_kept_by_nobody_either():
    link = make_link(make_draft())
    preview_links.revoke_link(link=link, by=make_user(role="Editor"))
    response = Client().get(address(link))
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


@pytest.mark.parametrize("pinned", [False, True])
def test_publishing_ends_every_link_and_leads_to_the_story(pinned):
    editor = make_user(role="Editor")
    article = make_draft(headline="Now live", by=editor)
    link = make_link(article, revision=article.revisions.get() if pinned else None)
    publishing.publish(article=article, by=editor)
    html = opened(link, status=410)
    assert "the story was published on" in html
    assert f'<a href="{article.get_absolute_url()}">Now live</a>' in html


def test_a_scheduled_publication_ends_a_link_at_its_second_with_nothing_running():
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    link = make_link(article)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    opened(link)
    move_back(link, 2 * HOUR)
    article.revisions.update(live_from=timezone.now())
    opened(link, status=410)


def test_a_link_says_that_a_scheduled_publication_will_end_it():
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    link = make_link(article, hours=30 * 24)
    at = timezone.now().replace(microsecond=0) + HOUR
    publishing.schedule(article=article, by=editor, at=at)
    assert f'until <time datetime="{at.isoformat()}">' in opened(link)
    publishing.cancel_schedule(article=article, by=editor)
    assert f'until <time datetime="{at.isoformat()}">' not in opened(link)


def test_a_publication_from_before_a_link_was_made_does_not_end_it():
    editor = make_user(role="Editor")
    article = make_article(by=editor)
    change_headline(article, "Next", by=editor)
    link = make_link(article)
    opened(link)
    publishing.publish(article=article, by=editor)
    opened(link, status=410)


def test_a_link_stays_dead_when_the_story_is_taken_off_again():
    editor = make_user(role="Editor")
    article = make_draft(headline="Was live", by=editor)
    link = make_link(article)
    publishing.publish(article=article, by=editor)
    publishing.unpublish(article=article, by=editor)
    assert "Was live" not in opened(link, status=410)


def test_what_ended_a_link_first_is_what_it_says():
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    link = make_link(article)
    preview_links.revoke_link(link=link, by=editor)
    publishing.publish(article=article, by=editor)
    assert "The newsroom ended this link." in opened(link, status=410)


def test_links_outlive_their_makers_right_to_edit():
    writer = make_user(role="Writer")
    byline = make_author(user=writer)
    article = make_draft(authors=[byline])
    link = make_link(article, by=writer)
    article.bylines.all().delete()
    opened(link)
    with pytest.raises(PermissionDenied):
        preview_links.revoke_link(link=link, by=writer)


# Openings


def openings(link: PreviewLink) -> int:
    link.refresh_from_db()
    return link.openings


def test_a_persons_openings_are_counted():
    link = make_link(make_draft())
    Client(headers=BROWSER).get(address(link))
    Client(headers=BROWSER).get(address(link))
    assert openings(link) == 2
    assert timezone.now() - link.last_opened_at < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Slackbot-LinkExpanding 1.0"},
        {"User-Agent": "Mozilla/5.0 (compatible; Searchbot/2.1; +https://example.com/bot)"},
        {"User-Agent": "WhatsApp/2.24.1"},
        {"User-Agent": ""},
        {**BROWSER, "Sec-Purpose": "prefetch;prerender"},
        {**BROWSER, "Purpose": "prefetch"},
    ],
)
def test_robots_and_prefetches_are_not_counted(headers):
    link = make_link(make_draft())
    assert Client(headers=headers).get(address(link)).status_code == 200
    assert openings(link) == 0


def test_neither_head_nor_the_drawing_nor_an_ended_link_is_counted():
    link = make_link(make_draft())
    client = Client(headers=BROWSER)
    assert client.head(address(link)).status_code == 200
    client.get(f"{address(link)}print-square.svg")
    preview_links.revoke_link(link=link, by=make_user(role="Editor"))
    client.get(address(link))
    assert openings(link) == 0


@contextlib.contextmanager
def read_only():
    """A database that refuses every write."""
    on, off = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": ("SET TRANSACTION READ ONLY", "SELECT 1"),  # ends with the savepoint
    }[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(on)
        try:
            yield
        finally:
            cursor.execute(off)


def test_a_database_that_takes_no_writes_still_shows_the_page(caplog):
    link = make_link(make_draft(headline="Shown all the same"))
    with read_only():
        response = Client(headers=BROWSER).get(address(link))
    assert b"Shown all the same" in response.content
    assert "was not counted" in caplog.text
    assert openings(link) == 0


# Where it does not show


def test_a_shared_draft_shows_on_no_public_surface():
    newsroom = Newsroom()
    article = newsroom.story("Hidden-headline", draft=True)
    link = make_link(article)
    opened(link)
    surfaces = [*newsroom.surfaces(), "/sitemap.xml", "/llms.txt", "/glossary/"]
    assert where("Hidden-headline", surfaces) == []
    assert where("preview/", surfaces) == []


def test_the_text_of_the_draft_is_untouched_by_looking_at_it():
    article = make_draft()
    before, seen = snapshot(article), Article.objects.values().get(pk=article.pk)
    opened(make_link(article))
    assert snapshot(Article.objects.get(pk=article.pk)) == before
    assert Article.objects.values().get(pk=article.pk) == seen
