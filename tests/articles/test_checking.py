"""The panel “Before publishing” beside the article form: who sees it, what it reads, what its buttons do."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from articles import sittings
from articles.models import Article
from glossary.models import Term
from tests.articles.forms import form, rows
from tests.factories import TLDR, make_author, make_draft, make_section, make_term, make_user
from tests.site.test_whole_story import sign_in

pytestmark = pytest.mark.once

NEW = "/admin/articles/article/checks/"
WALL = " ".join(["There is a wall between a processor and what it remembers."] * 3)


def signed_in(role: str | None = "Editor") -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


def of(article: Article, page: str) -> str:
    return f"/admin/articles/article/{article.pk}/{page}/"


def typed(**fields: Any) -> dict[str, Any]:
    return (
        form(headline="Typed", tldr=TLDR, body="Prefill.", section="1", **rows("bylines", [{"author": 1}]))
        | fields
    )


@pytest.mark.django_db
def test_the_form_shows_the_checks_of_what_is_stored_with_links_and_no_buttons():
    make_term(name="prefill")
    article = make_draft(body="Then prefill.\n\n#### Deep")
    html = signed_in().get(of(article, "change")).content.decode()
    assert "Before publishing" in html
    assert "2 things to look at" in html
    assert 'href="#id_body"' in html
    assert 'href="#briefing-group"' in html
    assert "data-fix=" not in html


@pytest.mark.django_db
def test_the_panel_reads_the_form_as_it_is_typed():
    term = make_term(name="prefill")
    client = signed_in("Writer")
    html = client.post(NEW, typed()).content.decode()
    assert "1 thing to look at" in html
    assert f'data-fix="add_term" data-value="{term.pk}"' in html
    html = client.post(NEW, typed(**rows("briefing", [{"term": term.pk}]))).content.decode()
    assert "Nothing to look at" in html
    removed = client.post(NEW, typed(**rows("briefing", [{"term": term.pk, "DELETE": "on"}])))
    assert "1 thing to look at" in removed.content.decode()


@pytest.mark.django_db
def test_the_panel_reads_a_day_as_the_form_does_and_shows_what_is_missing():
    impact = {"text": "It <b>falls</b>.", "horizon_on": "2020-01-31", "confidence": "low", "test": "x"}
    html = signed_in().post(NEW, form(**rows("impacts", [impact]))).content.decode()
    assert "looks to 31 January 2020" in html
    assert "It &lt;b&gt;falls" in html
    assert "Still missing" in html
    assert "6 things to look at" in html


@pytest.mark.django_db
def test_a_new_article_begins_with_what_is_missing():
    html = signed_in("Writer").get("/admin/articles/article/add/").content.decode()
    assert "5 things to look at" in html
    assert "Write the story." in html


@pytest.mark.django_db
def test_a_long_list_is_cut_and_counted():
    acronyms = " ".join(f"A{chr(65 + number // 8)}{number % 8}Q" for number in range(60))
    html = signed_in().post(NEW, typed(body=acronyms)).content.decode()
    assert "60 things to look at" in html
    assert html.count("Nothing explains") == 50
    assert "and 10 more" in html


@pytest.mark.django_db
def test_line_ends_are_those_of_the_text_box():
    html = signed_in().post(NEW, typed(body="Text.\r\n\r\n### Deep\r\n\r\nMore.")).content.decode()
    assert 'data-find="### Deep"' in html


@pytest.mark.django_db
def test_a_new_article_that_autosave_has_stored_meanwhile_does_not_meet_itself():
    client, author = Client(), make_user(role="Writer")
    client.force_login(author)
    article = make_draft(headline="Typed", by=make_user(role="Editor"))
    Article.objects.filter(pk=article.pk).update(created_by=author)
    sitting = sittings.open_sitting(article=Article.objects.get(pk=article.pk), by=author)
    assert "very headline" in client.post(NEW, typed()).content.decode()
    assert "very headline" not in client.post(NEW, typed(sitting=str(sitting.key))).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {}, {"body": "\x00"}, {"impacts-TOTAL_FORMS": "9" * 30}, {"impacts-TOTAL_FORMS": "x"},
        {"impacts-TOTAL_FORMS": "1", "impacts-0-horizon_on": "31.31.31"},
        {"briefing-TOTAL_FORMS": "1", "briefing-0-term": "²"},
        {"section": "x", "lead_image": "-1"}, {"sitting": "x"}, {"slug": "\x00"}, {"body": "[a](http://[)"},
        {"body": "[a](/articles/%00/) [b](/" + "x/" * 3000 + ")"},
    ],
)  # fmt: skip
def test_odd_input_is_no_failure(data):
    assert signed_in().post(NEW, data).status_code in {200, 400}


@pytest.mark.django_db
def test_the_checks_are_for_whoever_may_work_on_the_article():
    article = make_draft()
    assert signed_in("Editor").post(of(article, "checks"), typed()).status_code == 200
    assert signed_in("Writer").post(of(article, "checks"), typed()).status_code == 403
    for stranger in (signed_in("Moderator"), signed_in(None), Client()):
        assert stranger.post(of(article, "checks"), typed()).status_code in {302, 403}
        assert stranger.post(NEW, typed()).status_code in {302, 403}
    assert signed_in().get(NEW).status_code == 405


# In a browser


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_an_editor_settles_the_checks_without_leaving_the_form(page, troubles):
    section, author = make_section(name="Chips"), make_author(name="Ines Example")
    memory, stale = make_term(name="stacked memory", slug="stacked"), make_term(name="tokeniser")
    article = make_draft(
        headline="Memory is the wall", section=section, authors=[author], terms=[stale],
        body=f"{WALL}\n\n### Too deep",
    )  # fmt: skip
    sign_in(page, make_user(role="Editor"))
    page.goto(of(article, "change"))
    panel, story = page.locator("#checks"), page.locator("#id_body")
    summary = panel.get_by_role("status")
    expect(summary).to_have_text("2 things to look at")

    story.press("Control+End")
    story.press_sequentially("\n\nStacked memory feeds the QKV.")
    expect(summary).to_have_text("4 things to look at")
    panel.get_by_role("button", name="Write ##").click()
    expect(story).to_have_value(f"{WALL}\n\n## Too deep\n\nStacked memory feeds the QKV.")
    story.press("Control+z")
    expect(story).to_have_value(f"{WALL}\n\n### Too deep\n\nStacked memory feeds the QKV.")
    story.press("Control+Shift+z")
    panel.get_by_role("button", name="Add to the briefing: stacked memory").click()
    panel.get_by_role("button", name="Remove it: tokeniser").click()
    expect(summary).to_have_text("1 thing to look at")

    panel.get_by_role("button", name="New term: QKV").click()
    dialog = page.get_by_role("dialog", name="New term")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("QKV")
    dialog.get_by_label("Name", exact=True).fill("stacked memories")
    expect(dialog.get_by_text("Close to “stacked memory”")).to_be_visible()
    dialog.get_by_label("Name", exact=True).fill("Stacked memory")
    dialog.get_by_label("Definition").fill("Queries, keys and values.")
    troubles.allow("response: 400")
    dialog.get_by_role("button", name="Add term").click()
    expect(dialog.get_by_text("Error: “Stacked memory” already leads to the term")).to_be_visible()
    dialog.get_by_label("Name", exact=True).fill("QKV")
    dialog.get_by_role("button", name="Add term").click()
    expect(dialog).not_to_be_visible()
    expect(summary).to_have_text("Nothing to look at")
    expect(page.locator("#briefing-group")).to_contain_text("QKV")

    page.get_by_role("button", name="Save draft").click()
    page.locator(".messagelist .success").wait_for()
    assert [entry.term.name for entry in article.briefing.all()] == ["stacked memory", "QKV"]
    assert Term.objects.get(name="QKV").is_published
    assert memory.briefing_entries.count() == 1


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_the_panel_and_the_dialog_work_by_keyboard_on_a_phone(page, assert_accessible, troubles):
    troubles.allow("Applying inline style|preload assets")
    make_term(name="prefill")
    article = make_draft(body="Then prefill, then QKV.")
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, make_user(role="Editor"))
    page.goto(of(article, "change"))
    panel = page.locator("#checks")
    panel.get_by_role("link", name="Nothing explains “QKV”.").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_body"
    assert page.evaluate("getSelection().toString()") == "QKV"
    panel.get_by_role("button", name="Add to the briefing").focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("status")).to_have_text("1 thing to look at")
    assert page.evaluate("document.querySelector('#checks').contains(document.activeElement)")
    panel.get_by_role("button", name="New term: QKV").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "new-term-definition"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.fix") == "new_term"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("Prefills")
    page.get_by_text("Close to “prefill”").wait_for()
    troubles.allow("response: 400")
    page.get_by_role("button", name="Add term").click()
    page.get_by_text("Error: Say what it means").wait_for()
    assert_accessible(page)
