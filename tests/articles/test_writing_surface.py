"""The writing surface in a browser: toolbar, keys, lists, pasting, dialogs, focus mode, preview."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.factories import make_article, make_image, make_term, make_user
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


PASTED = """<html><head><style>p { margin: 0 }</style></head><body onload="alert(1)">
<h1 style="font-size:20pt">A <b>heading</b></h1>
<p style="margin:0" onclick="alert(2)">Text with <span style="font-weight:700">bold</span>,
<i>ita</i><i>lic</i> and <a href="https://example.com/a_(b)">a link</a>.</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>one</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>two</p>
<ol><li><p>first</p></li><li>second<ul><li>inner</li></ul></li></ol>
<blockquote><p>Said.</p></blockquote><script>alert(3)</script></body></html>"""
MADE_OF_IT = """## A heading

Text with **bold**, *italic* and [a link](https://example.com/a_%28b%29).

- one
- two

1. first
2. second
   - inner

> Said.

|"""


def test_what_is_pasted_chosen_and_asked_for_lands_in_the_story(page, box):
    make_term(name="prefill"), make_image(alt="A hall of racks")
    box.write("|")
    box.paste("A heading\nText with bold…", PASTED)
    assert box.text == MADE_OF_IT
    box.write("|")
    box.paste(
        "def f():\n    pass", '<div style="white-space:pre"><div>def f():</div><div>    pass</div></div>'
    )
    assert box.text == "def f():\n    pass|"
    box.write("See «the paper» now")
    box.paste("https://example.com/paper")
    assert box.text == "See [the paper](https://example.com/paper)| now"

    # A link: the address is asked for, Enter confirms and does not send the article's form.
    box.after("See «the paper» now", "Control+K")
    dialog = page.get_by_role("dialog", name="Link")
    dialog.get_by_label("Address").fill("nowhere")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Type an address")
    dialog.get_by_label("Address").fill("example.com/paper")
    page.keyboard.press("Enter")
    assert box.text == "See [the paper](https://example.com/paper)| now"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+K")
    dialog.get_by_role("button", name="Remove the link").click()
    assert box.text == "See the paper| now"

    box.after("One| two.", "table")
    page.get_by_role("dialog", name="Table").get_by_label("Columns").fill("2")
    page.keyboard.press("Enter")
    assert box.text.startswith("One two.\n\n| «Column 1» | Column 2 |\n| ")

    # A term is found by its name, and goes into the briefing too.
    box.after("Then comes |.", "term")
    dialog = page.get_by_role("dialog", name="Glossary term")
    dialog.get_by_role("combobox").fill("pref")
    dialog.get_by_role("option", name="prefill").wait_for()
    page.keyboard.press("Enter")
    assert box.text == "Then comes prefill|."
    expect(page.locator("#briefing-group .dynamic-briefing")).to_contain_text("prefill")

    box.after("Before.|", "picture")
    page.get_by_role("dialog", name="Picture", exact=True).get_by_label("From the library").fill("hall")
    page.get_by_role("button", name="A hall of racks").click()
    page.get_by_role("button", name="Insert picture").click()
    expect(box.field).to_have_value(re.compile(r"^Before\.\n\n!\[A hall of racks\]\(/media/\S+\)\n\n$"))
    assert page.url.endswith("/add/") or page.url.endswith("/change/")


@pytest.mark.once
def test_focus_mode_and_preview_on_a_desk_and_on_a_phone(page, new_context, assert_accessible, troubles):
    troubles.allow("Applying inline style|preload assets")  # axe's own, while it looks at a page's frames
    editor = make_user(role="Editor")
    paragraphs = "\n\n".join(f"Paragraph {number} of a long story." for number in range(60))
    article = make_article(by=editor, body=paragraphs, terms=[make_term()], impacts=[(["Market"], "More.")])
    form = f"/admin/articles/article/{article.pk}/change/"
    sign_in(page, editor)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(form)

    # The preview stands beside the form, is the page at that width, and scrolls along.
    shown = page.frame_locator("iframe.story-preview")
    expect(shown.get_by_role("heading", name="Technical Briefing")).to_be_attached()
    expect(shown.get_by_text("Paragraph 45 of")).not_to_be_in_viewport()
    page.evaluate("document.querySelector('.part-story').scrollIntoView({ block: 'end' })")
    expect(shown.get_by_text("Paragraph 59 of")).to_be_in_viewport()
    assert page.locator("iframe.story-preview").evaluate("(frame) => frame.contentWindow.innerWidth") == 390
    page.get_by_role("button", name="Desktop").click()
    assert page.locator("iframe.story-preview").evaluate("(frame) => frame.contentWindow.innerWidth") == 1280
    page.locator("#id_impacts-0-text").fill("Far more.")
    expect(shown.get_by_text("Far more.")).to_be_attached()

    # Focus mode: nothing but the writing and whether it is saved, remembered until left.
    page.locator("#id_body").focus()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#id_headline")).to_be_visible()
    expect(page.locator(".save-state")).to_be_visible()
    for hidden in ("#header", ".story-rail", "#id_impacts-0-text", "[name=_publish]"):
        expect(page.locator(hidden)).to_be_hidden()
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Draft saved.").wait_for(state="attached")
    expect(page.locator("#header")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#header")).to_be_visible()

    for command in ("link", "picture", "term", "shortcuts"):
        page.locator(f'[data-command="{command}"]').click()
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        page.keyboard.press("Escape")

    phone = new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True).new_page()
    sign_in(phone, editor)
    phone.goto(form)
    phone.locator("#id_body").tap()
    for _ in ("enter", "leave"):
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        phone.locator('[data-command="focus"]').tap()
    phone.locator('[data-command="term"]').scroll_into_view_if_needed()
    phone.locator('[data-command="numbers"]').tap()
    expect(phone.locator("#id_body")).to_have_value(re.compile(r"^\d+\. |\n\d+\. "))
    phone.get_by_role("button", name="Phone").tap()
    phone.frame_locator("iframe.story-preview").get_by_text("Far more.").wait_for(state="attached")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert_accessible(phone)
