"""The writing surface: toolbar, shortcuts, lists, pasting, focus mode, and the preview beside the form."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from articles.models import Article, Correction
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_user,
)
from tests.site.test_whole_story import sign_in

LIVE_PREVIEW = "/admin/articles/article/live-preview/"
PICTURES = "/admin/articles/article/pictures/"


def signed_in(role: str | None = "Writer") -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


# The preview, as the form sends it


def rows(prefix: str, *entries: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(entries)}
    for index, entry in enumerate(entries):
        data |= {f"{prefix}-{index}-{field}": value for field, value in entry.items()}
    return data


def preview(client: Client | None = None, **fields: Any) -> str:
    response = (client or signed_in()).post(LIVE_PREVIEW, fields)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_preview_shows_all_parts_of_a_story_that_is_not_saved():
    from articles.models import Lens

    term, picture = make_term(name="prefill"), make_image(alt="A hall of racks")
    market = Lens.objects.get(name="Market")
    html = preview(
        headline="Now",
        kicker="Hardware",
        dek="In a sentence.",
        tldr="In a paragraph.",
        body="First comes prefill.\r\n\r\n## Then",
        section=make_section(name="Chips").pk,
        lead_image=picture.pk,
        **rows("bylines", {"author": make_author(name="Ines Example").pk}),
        **rows("briefing", {"term": term.pk}),
        **rows(
            "impacts",
            {"text": "Prices rise.", "lenses": [market.pk]},
            {"text": "Fewer chips.", "lenses": [market.pk], "horizon_on": "31/12/2030", "confidence": "low"},
        ),
    )
    for shown in (
        "Now", "Hardware", "In a sentence.", "In a paragraph.", "Chips", "Ines Example", "A hall of racks",
        f'href="#{term.anchor}"', term.definition, "Prices rise.", "Outlook to December 2030", 'id="h-then"',
    ):  # fmt: skip
        assert shown in html
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_the_preview_is_the_public_page_without_its_discussion():
    article = make_article(terms=[make_term()], impacts=[(["Market"], "More.")], body="One.\n\nTwo.")
    impact, term = article.impacts.get(), article.briefing.get().term
    html = preview(
        signed_in("Editor"),
        article=article.pk, headline=article.headline, tldr=article.tldr, body=article.body,
        section=article.section_id,
        **rows("bylines", {"author": article.bylines.get().author_id}),
        **rows("briefing", {"term": term.pk}),
        **rows("impacts", {"text": impact.text, "lenses": [lens.pk for lens in impact.lenses.all()]}),
    )  # fmt: skip
    public = Client().get(article.get_absolute_url()).content.decode()
    story = public[public.index("<article>") : public.index('<section class="mod talk"')]

    def without_what_differs(text: str) -> str:
        """The minute, and where the drawing comes from: a stored one has an address."""
        text = re.sub(
            r"<time.*?</time>|<li><a href=.#discussion.*?</li>|<a href=.#discussion.*?</a>", "", text
        )
        return re.sub(r'<imgsrc="[^"]*"', "<img", "".join(text.split()))

    assert (
        without_what_differs(story) in without_what_differs(html)
        or [
            part
            for part in story.split("\n")
            if part.strip() and without_what_differs(part) not in without_what_differs(html)
        ]
        == []
    )


@pytest.mark.django_db
def test_rows_are_shown_in_their_order_and_removed_ones_not():
    first, second, gone = (make_term(name=name) for name in ("alpha", "beta", "gamma"))
    html = preview(
        **rows(
            "briefing",
            {"term": second.pk, "position": 1},
            {"term": gone.pk, "position": 2, "DELETE": "on"},
            {"term": first.pk, "position": 0},
        )
    )
    assert html.index(first.definition) < html.index(second.definition)
    assert gone.definition not in html


@pytest.mark.django_db
def test_a_story_without_a_picture_shows_its_drawing_before_it_is_saved():
    one, other = preview(body="One. Two. Three."), preview(body="Quite another rhythm.\n\nIn two parts.")
    drawing = re.compile(r'src="(data:image/svg[^"]+)"')
    assert drawing.search(one)[1] != drawing.search(other)[1]


@pytest.mark.django_db
def test_corrections_of_the_stored_article_are_in_the_preview():
    article = make_article()
    Correction.objects.create(article=article, text="It was 34, not 43.")
    assert "It was 34, not 43." in preview(signed_in("Editor"), article=article.pk, body="Text.")


@pytest.mark.django_db
def test_nobody_previews_within_an_article_they_may_not_work_on():
    response = signed_in("Writer").post(LIVE_PREVIEW, {"article": make_draft().pk, "body": "Mine."})
    assert response.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        rows("impacts", {"text": "Half", "horizon_on": "31 February", "confidence": "sure", "lenses": ["x"]}),
        {"briefing-TOTAL_FORMS": "9" * 30},
        {"briefing-TOTAL_FORMS": "99999999", "article": "9" * 18},
        {"section": "-1", "lead_image": "x", "topics": ["", "0"], "article": "new"},
    ],
)
def test_a_form_that_makes_no_sense_is_drawn_as_far_as_it_does(fields):
    assert "Still here" in preview(headline="Still here", **fields)


# Choosing a picture


@pytest.mark.django_db
def test_pictures_of_the_library_are_found_by_each_of_the_words(django_assert_num_queries):
    hall, rack = make_image(alt="A hall of racks"), make_image(alt="A rack, close")
    client = signed_in()
    found = client.get(PICTURES, {"q": "RACK hall"}).json()
    assert [entry["address"] for entry in found["pictures"]] == [hall.file.url]
    assert found["pictures"][0]["alt"] == "A hall of racks"
    assert found["more"] is False
    assert [entry["title"] for entry in client.get(PICTURES).json()["pictures"]] == [rack.alt, hall.alt]


@pytest.mark.django_db
def test_the_library_says_when_there_are_more_pictures_than_it_shows(settings):
    settings.PULSE_PICTURES_TO_CHOOSE = 1
    make_image(), make_image()
    answer = signed_in().get(PICTURES).json()
    assert len(answer["pictures"]) == 1
    assert answer["more"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("Editor", 200), ("Moderator", 403), (None, 302)])
def test_the_library_is_for_the_newsroom(role, status):
    assert signed_in(role).get(PICTURES).status_code == status


# In the browser

browser = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Box:
    """The story's text box. A text is written with its selection in it: «so», or | for a mere caret."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.field = page.locator("#id_body")

    def write(self, marked: str) -> None:
        text = re.sub("[«»|]", "", marked)
        start = re.search(r"[«|]", marked).start()
        end = marked.index("»") - 1 if "»" in marked else start
        self.field.fill(text)
        self.field.evaluate("(box, [from, to]) => box.setSelectionRange(from, to)", [start, end])

    @property
    def text(self) -> str:
        text, start, end = self.field.evaluate("(box) => [box.value, box.selectionStart, box.selectionEnd]")
        if start == end:
            return f"{text[:start]}|{text[start:]}"
        return f"{text[:start]}«{text[start:end]}»{text[end:]}"

    def after(self, marked: str, *actions: str) -> str:
        """What a text has become after buttons were pressed (`bold`) or keys (`Control+B`)."""
        self.write(marked)
        for action in actions:
            if action.islower():
                self.page.locator(f'[data-command="{action}"]').click()
            else:
                self.page.keyboard.press(action)
        return self.text

    def paste(self, plain: str, html: str = "") -> None:
        self.field.evaluate(
            """(box, [plain, html]) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", plain);
                if (html) clipboardData.setData("text/html", html);
                const options = { clipboardData, bubbles: true, cancelable: true };
                const isLeft = box.dispatchEvent(new ClipboardEvent("paste", options));
                if (isLeft) document.execCommand("insertText", false, plain);
            }""",
            [plain, html],
        )


@pytest.fixture
def box(page) -> Box:
    sign_in(page, make_user(role="Editor"))
    page.goto("/admin/articles/article/add/")
    return Box(page)


WRITTEN = [
    ("a «word» here", ["bold"], "a **«word»** here"),
    ("a **«word»** here", ["Control+B"], "a «word» here"),
    ("a **tw|o words**", ["bold"], "a tw|o words"),
    ("a |", ["Control+I", "X", "Control+I"], "a *X*|"),
    ("***«both»***", ["italic"], "**«both»**"),
    ("«one\ntwo»", ["bold"], "«**one**\n**two**»"),
    ("«one\ntwo»", ["code"], "«```\none\ntwo\n```»"),
    ("«one\ntwo»", ["bullets"], "«- one\n- two»"),
    ("«- one\n- two»", ["Control+Shift+7"], "«1. one\n2. two»"),
    ("«1. one\n2. two»", ["numbers"], "«one\ntwo»"),
    ("wo|rds", ["heading", "subheading"], "### wo|rds"),
    ("wo|rds", ["Control+Shift+.", "quote"], "wo|rds"),
    ("- one|", ["Enter", "X"], "- one\n- X|"),
    ("9. nine\n10. |", ["Enter"], "9. nine\n|"),
    ("```\n- one|", ["Enter"], "```\n- one\n|"),
    ("- one\n- tw|o", ["Control+]", "Enter"], "- one\n  - tw\n  - |o"),
    ("- one\n  - tw|o", ["Control+["], "- one\n- tw|o"),
    ("A claim.| More.", ["footnote", "X", "Control+Alt+F"], "A claim.[^1]| More.\n\n[^1]: X"),
]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_writing_with_toolbar_and_keys_alone_and_taking_it_back(page, box):
    for before, actions, after in WRITTEN:
        assert box.after(before, *actions) == after
    box.after("a «word» here", "bold")
    page.keyboard.press("Control+Z")
    expect(box.field).to_have_value("a word here")
    expect(page.locator(".story-count")).to_have_text(re.compile("^3 words, 1 min read"))

    # Tab goes through: text, back into the toolbar at one stop, arrows inside it.
    box.field.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    for key, name in (("ArrowRight", "Italic"), ("ArrowLeft", "Bold"), ("ArrowLeft", "Shortcuts")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(box.field).to_be_focused()
    page.keyboard.press("Tab")
    expect(box.field).not_to_be_focused()

    # The list of shortcuts, by ? where nothing is typed.
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Shortcuts")
    expect(shortcuts).to_contain_text("Bulleted list")
    page.keyboard.press("Escape")
    box.write("What|")
    page.keyboard.press("?")
    expect(box.field).to_have_value("What?")
    page.keyboard.press("Control+S")
    page.get_by_text("Draft saved.").wait_for()
    assert Article.objects.get().body == "What?"
