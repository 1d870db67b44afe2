"""The page of an article's preview links: made, listed with what became of them, revoked, and by whom."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from playwright.sync_api import expect

from articles import preview_links, publishing
from articles.models import Article, Event, PreviewLink
from tests.articles.test_preview_links import BROWSER, HOUR, address, make_link, move_back, opened
from tests.factories import change_headline, make_draft, make_term, make_user
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def links_page(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/links/"


def test_a_writer_makes_a_link_on_their_page_and_finds_it_in_the_list():
    writer = make_user(role="Writer", name="Wanda")
    article = make_draft(headline="Mine", by=writer, created_by=writer)
    client = signed_in(writer)
    response = client.post(
        links_page(article), {"for_whom": " Ana \t Example ", "hours": "1", "revision": "1"}, follow=True
    )
    html = response.content.decode()
    link = PreviewLink.objects.get()
    assert (link.for_whom, link.revision.number, link.created_by) == ("Ana Example", 1, writer)
    assert link.expires_at - link.created_at == HOUR
    assert f'value="{settings.BASE_URL}{address(link)}"' in html
    assert "The link works for 1 hour." in html
    assert "by Wanda" in html
    assert Event.objects.filter(article=article, verb=Event.Verb.LINK_MADE, by=writer).count() == 1


def test_a_link_follows_the_draft_unless_told_otherwise():
    article = make_draft()
    signed_in(make_user(role="Editor")).post(links_page(article), {"hours": "24"})
    assert PreviewLink.objects.get().revision is None


def test_an_older_revision_can_be_asked_for():
    article = make_draft(headline="First")
    change_headline(article, "Second")
    client = signed_in(make_user(role="Editor"))
    html = client.get(f"{links_page(article)}?revision=1").content.decode()
    assert "Revision 1, as it is now" in html
    assert "Revision 2" in client.get(links_page(article)).content.decode()
    client.post(links_page(article), {"hours": "24", "revision": "1"})
    assert "<h1>First</h1>" in opened(PreviewLink.objects.get())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"hours": "5"}, "Select a valid choice"),
        ({"hours": ""}, "This field is required"),
        ({"hours": "24", "revision": "99"}, "Select a valid choice"),
        ({"hours": "24", "revision": "9" * 30}, "Select a valid choice"),
        ({"hours": "24", "revision": "second"}, "Select a valid choice"),
        ({"hours": "24", "for_whom": "A" * 81}, "at most 80 characters"),
        ({"hours": "24", "for_whom": "A\x07na"}, "control character"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_kept(fields, sentence):
    response = signed_in(make_user(role="Editor")).post(
        links_page(make_draft()), {"for_whom": "Bo", **fields}
    )
    html = response.content.decode()
    assert response.status_code == 400
    assert sentence in html
    assert fields.get("for_whom", "Bo") in html
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("number", ["99", "x", "9" * 30, "-1", "%00"])
def test_an_unknown_revision_in_the_address_offers_the_newest(number):
    response = signed_in(make_user(role="Editor")).get(f"{links_page(make_draft())}?revision={number}")
    assert response.status_code == 400 if number == "%00" else b"Revision 1" in response.content


def test_the_verb_takes_no_other_hours_nor_a_strange_revision():
    article, editor = make_draft(), make_user(role="Editor")
    with pytest.raises(ValueError, match="hours"):
        preview_links.make_link(article=article, by=editor, hours=25)
    with pytest.raises(ValueError, match="another article"):
        make_link(article, by=editor, revision=make_draft().revisions.get())
    with pytest.raises(ValidationError):
        make_link(article, by=editor, for_whom="A" * 81)


def test_the_list_says_what_became_of_each_link():
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    expired, revoked, working = (make_link(article, by=editor, for_whom=name) for name in ("Al", "Bo", "Cy"))
    preview_links.revoke_link(link=revoked, by=editor)
    move_back(expired, 25 * HOUR)
    Client(headers=BROWSER).get(address(working))
    page = signed_in(editor).get(links_page(article)).content.decode()
    assert re.findall(r"<b>(Revoked|Expired|Works until|Ended by publication) ", page) == [
        "Works until", "Revoked", "Expired",
    ]  # fmt: skip
    assert page.count("/preview/") == 1 + page.count("/revisions/")  # ended links have no address any more
    assert "Opened once, last" in page
    publishing.publish(article=article, by=editor)
    page = signed_in(editor).get(links_page(article)).content.decode()
    assert "Ended by publication" in page
    assert f"{settings.BASE_URL}/preview/" not in page


def test_revoking_is_one_press_and_is_recorded_once():
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    link = make_link(article, by=editor)
    client = signed_in(editor)
    for _ in range(2):
        response = client.post(f"{links_page(article)}{link.pk}/revoke/")
        assert response["Location"] == links_page(article)
    opened(link, status=410)
    assert Event.objects.filter(verb=Event.Verb.LINK_REVOKED).count() == 1


def test_a_link_is_revoked_through_its_own_article_only():
    writer = make_user(role="Writer")
    own = make_draft(by=writer, created_by=writer)
    link = make_link(make_draft())
    response = signed_in(writer).post(f"{links_page(own)}{link.pk}/revoke/")
    assert response.status_code == 404
    opened(link)


@pytest.mark.parametrize("who", ["anonymous", "reader", "Moderator", "Writer", "own", "Editor"])
def test_only_who_may_edit_the_article_makes_sees_and_revokes_links(who):
    user = make_user(role={"reader": None, "own": "Writer", "anonymous": None}.get(who, who))
    article = make_draft(headline="Hidden so far", created_by=user if who == "own" else None)
    link = make_link(article, for_whom="Ana Example")
    client = Client() if who == "anonymous" else signed_in(user)
    answers = [
        client.get(links_page(article)),
        client.post(f"{links_page(article)}{link.pk}/revoke/"),
        client.post(links_page(article), {"hours": "24"}),
    ]
    if who in {"own", "Editor"}:
        assert [answer.status_code for answer in answers] == [200, 302, 302]
        assert PreviewLink.objects.count() == 2
        return
    refused = 302 if who in {"anonymous", "reader"} else 403
    assert [answer.status_code for answer in answers] == [refused] * 3
    assert not any(b"Ana Example" in answer.content for answer in answers)
    assert all("/login/" in answer["Location"] for answer in answers if refused == 302)
    assert PreviewLink.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("role", [None, "Moderator", "Writer"])
def test_the_verbs_refuse_who_may_not_edit_the_article(role):
    article, somebody = make_draft(), make_user(role=role)
    with pytest.raises(PermissionDenied):
        make_link(article, by=somebody)
    with pytest.raises(PermissionDenied):
        preview_links.revoke_link(link=make_link(article), by=somebody)


def test_reading_never_revokes():
    link = make_link(make_draft())
    client = signed_in(make_user(role="Editor"))
    assert client.get(f"{links_page(link.article)}{link.pk}/revoke/").status_code == 405
    assert Client().post(address(link)).status_code == 405


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_link_is_made_copied_opened_and_revoked_in_a_browser(
    page, new_context, troubles, assert_accessible
):
    editor = make_user(name="Edda", role="Editor")
    article = make_draft(headline="Hidden so far", by=editor, terms=[make_term()])
    sign_in(page, editor)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(links_page(article))
    page.get_by_label("For whom").fill("Ana Example")
    page.get_by_label("Ends after").select_option("7 days")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "/preview/" in copied

    holder = new_context(viewport={"width": 390, "height": 844}).new_page()
    holder.goto(copied.removeprefix(settings.BASE_URL))
    expect(holder.get_by_role("heading", level=1)).to_have_text("Hidden so far")
    expect(holder.get_by_label("About this page")).to_contain_text("For Ana Example")
    assert holder.evaluate("document.querySelector('figure img').naturalWidth") > 0
    assert holder.context.cookies() == []
    assert holder.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(holder)

    page.reload()
    expect(page.get_by_text("Opened once")).to_be_visible()
    page.get_by_role("button", name="Revoke the link for Ana Example").click()
    expect(page.get_by_text("Revoked", exact=False).first).to_be_visible()
    troubles.allow("response: 410")
    holder.reload()
    expect(holder.get_by_role("heading", level=1)).to_have_text("This preview has ended")
    assert_accessible(holder)
