"""Texts off their page: addresses are whole, code is left alone, and plain words stay plain."""

import pytest
from markdown_it import MarkdownIt

from pulse.portable import as_text, portable_html, portable_markdown

PAGE = "http://testserver/articles/here/"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a](/glossary/)", "[a](http://testserver/glossary/)"),
        ("[a](</glossary/>)", "[a](<http://testserver/glossary/>)"),
        ('[a]( /glossary/ "title")', '[a]( http://testserver/glossary/ "title")'),
        ("[a](#h-b)", f"[a]({PAGE}#h-b)"),
        ("![a](/media/b.png)", "![a](http://testserver/media/b.png)"),
        ("[![a](/media/b.png)](/c/)", "[![a](http://testserver/media/b.png)](http://testserver/c/)"),
        ("[a][1]\n\n[1]: /glossary/", "[a][1]\n\n[1]: http://testserver/glossary/"),
        ("[a](/b_(c)/)", "[a](http://testserver/b_(c)/)"),
        ("[a](https://example.com/b)", "[a](https://example.com/b)"),
        ("[a](mailto:b@example.com)", "[a](mailto:b@example.com)"),
        ("[a](//example.com/)", "[a](//example.com/)"),
        ("`[a](/b)`", "`[a](/b)`"),
        ("``[a](/b) ` ``", "``[a](/b) ` ``"),
        ("```\n[a](/b)\n```", "```\n[a](/b)\n```"),
        ("    [a](/b)", "    [a](/b)"),
        ("> ~~~\n> [a](/b)\n> ~~~\n\n[a](/b)", "> ~~~\n> [a](/b)\n> ~~~\n\n[a](http://testserver/b)"),
        ("# One\n\n## Two", "## One\n\n### Two"),
        ("One\n===\n\ntext", "## One\n\n\ntext"),
        ("### Deep", "## Deep"),
        ("```\n# no heading\n```", "```\n# no heading\n```"),
    ],
)
def test_markdown_keeps_everything_but_its_addresses_and_levels(source, expected):
    assert portable_markdown(source, PAGE) == expected


@pytest.mark.parametrize("source", ["```\ncode", "~~~~ python\ncode\n~~~", "text\n\n```"])
def test_a_block_of_code_that_nothing_closed_swallows_nothing_that_follows(source):
    tokens = MarkdownIt().parse(portable_markdown(source, PAGE) + "\n\n## After")
    assert [token.type for token in tokens][-3:] == ["heading_open", "inline", "heading_close"]


@pytest.mark.parametrize(
    "words",
    [
        "*not* _this_ `nor` [that](/x) <b> &amp; \\ ~~x~~ | #",
        "# no heading",
        "1. no list",
        "12) no list",
        "- no list",
        "+ no list",
        "=== no line",
        "--- no rule",
        "> no quotation",
        "![no picture](/x)",
        "مرحبا بالعالم",
    ],
)
def test_plain_words_stay_plain(words):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(as_text(words))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == words


def test_words_that_run_over_lines_stay_in_one_paragraph():
    assert as_text("one\n\n# two\n- three") == "one # two - three"


def test_what_serves_our_page_alone_is_left_out_of_html():
    html = (
        '<div class="table" role="region" tabindex="0" aria-label="Table"><table></table></div>'
        '<pre tabindex="0"><code>role="kept"</code></pre>'
    )
    kept = '<div class="table"><table></table></div><pre><code>role="kept"</code></pre>'
    assert portable_html(html, PAGE) == kept


def test_html_changes_in_its_tags_alone():
    html = (
        '<p><a href="/a/">a</a> <a href="#h-b">b</a> <code>href="/kept" src="/kept"</code></p>'
        '<picture><source type="image/webp" srcset="/media/a.webp 480w" sizes="100vw">'
        '<img src="/media/a.jpg" alt="1 > 0" width="4" height="3" loading="lazy" decoding="async"></picture>'
    )
    assert portable_html(html, PAGE) == (
        f'<p><a href="http://testserver/a/">a</a> <a href="{PAGE}#h-b">b</a> '
        '<code>href="/kept" src="/kept"</code></p>'
        '<picture><img src="http://testserver/media/a.jpg" alt="1 > 0" width="4" height="3"></picture>'
    )
