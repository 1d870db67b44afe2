"""The text pipeline, continued: what is counted, what comments may hold, and what is refused."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from pulse.text import (
    Picture,
    TextTooLong,
    editorial,
    editorial_html,
    plain,
    plain_text,
    reader,
    reading_minutes,
    sentence_lengths,
    validate_editorial,
    word_count,
)


def sizes(address: str) -> Picture | None:
    return Picture("/media/pier-960.jpg", 960, 640) if address == "/media/pier.jpg" else None


def html(source: str) -> str:
    return str(editorial(source, sizes=sizes).html)


# What is counted


def test_rhythm_is_sentence_lengths_by_paragraph() -> None:
    """Paragraphs, list items and quotations beat, nothing else; code, captions and notes do not count."""
    source = (
        '## A heading\n\nTwo words. And then three! "Is it?" Yes.[^1]\n\n- one item\n- two\n\n'
        "> A quotation here.\n>\n> — Somebody\n\n```\nno words here\n```\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n"
        '![alt words](/media/pier.jpg "A caption")\n\n[^1]: A note with words.'
    )
    rendered = editorial(source, sizes=sizes)
    assert rendered.paragraphs == [[2, 3, 2, 1], [2], [1], [3]]
    assert rendered.words == 2 + 8 + 3 + 4 + 4


def test_words_of_an_empty_text() -> None:
    """Nothing is nothing, and no error."""
    rendered = editorial("")
    assert (rendered.html, rendered.headings, rendered.paragraphs, rendered.words) == ("", [], [], 0)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one", 1),
        ("it’s well-known, e.g. 3.5%", 4),
        (" — … ", 0),
        ("a\u00a0b\nc", 3),
        ("مرحبا بالعالم", 2),
    ],
)
def test_word_count_takes_what_holds_a_letter_or_digit(text: str, count: int) -> None:
    """A dash by itself is no word."""
    assert word_count(text) == count


def test_sentences_end_at_their_marks() -> None:
    """A full stop in a number ends nothing; a closing quote belongs to what it closes."""
    assert sentence_lengths("It cost 4.00 pounds. “Why?” he asked… Then silence") == [4, 1, 2, 2]


def test_reading_minutes_are_whole_and_at_least_one() -> None:
    """230 words a minute."""
    assert [reading_minutes(words) for words in (0, 10, 230, 344, 346, 2300)] == [1, 1, 1, 1, 2, 10]


def test_plain_keeps_words_apart() -> None:
    """The end of a block is a space; entities are characters again; notes are gone."""
    source = "## A & B\n\nfirst[^1]\n\n- second\n- *third*  \n  fourth\n\n| a | b |\n|---|---|\n\n[^1]: note"
    assert plain_text(source) == "A & B first second third fourth a b"
    assert plain("<p>1 &lt; 2</p><script>x()</script>") == "1 < 2"


def test_editorial_html_is_what_markdownx_asks_for() -> None:
    """A function from Markdown to HTML."""
    assert editorial_html("*a*") == "<p><em>a</em></p>\n"


# Comments


def test_reader_keeps_what_a_comment_needs() -> None:
    """Paragraphs, line breaks, emphasis, quotation, code and links."""
    assert reader("It's *so* **very** `x`\nnext\n\n> said\n\n```\ncode\n```") == (
        '<p dir="auto">It’s <em>so</em> <strong>very</strong> <code>x</code><br>\nnext</p>\n'
        '<blockquote>\n<p dir="auto">said</p>\n</blockquote>\n<pre tabindex="0"><code>code\n</code></pre>\n'
    )


def test_reader_marks_every_link() -> None:
    """A reader's link earns nothing from search engines and cannot reach back."""
    shown = reader("[a](https://example.org) <https://example.net> [b](/glossary/)")
    assert shown.count("<a ") == shown.count('rel="ugc nofollow noopener"') == 3


def test_reader_shows_everything_else_as_typed() -> None:
    """Headings, lists, tables, rules, footnotes and pictures are text, and nothing typed is lost."""
    source = (
        "# Head\n\n- item\n\n| a |\n|---|\n\n---\n\nx[^1]\n\n[^1]: note\n\n![alt](https://example.org/x.png)"
    )
    shown = reader(source)
    for typed in ["# Head", "- item", "| a |", "|---|", "---", "x[^1]", "[^1]: note", ">alt</a>"]:
        assert typed in shown
    for element in ["<h", "<li", "<table", "<img", "<sup", "<section", "id="]:
        assert element not in shown


# Limits


def test_too_long_a_text_is_refused_with_both_numbers() -> None:
    """The writer learns how long it is and how long it may be."""
    with override_settings(PULSE_MAX_BODY_CHARS=1000), pytest.raises(TextTooLong, match=r"1,200 .* 1,000 "):
        editorial("a" * 1200)
    with pytest.raises(TextTooLong, match=r"2,001 .* 2,000 "):
        reader("a" * 2001)
    assert reader("a" * 2000)


@pytest.mark.parametrize("mark", ["- ", "1. ", "> ", "> - "])
def test_text_nested_as_deep_as_allowed_is_whole(mark: str) -> None:
    """Twenty levels render to the last word; one more is refused, and never cut off."""

    def nested(levels: int) -> str:
        return mark * (levels // len(mark.split())) + "word"

    assert "word" in html(nested(20))
    for levels in (22, 40, 44, 100, 600, 2000):
        with pytest.raises(TextTooLong, match="20 deep"):
            editorial(nested(levels))
    with pytest.raises(TextTooLong, match="20 deep"):
        editorial("\n".join("  " * level + "- word" for level in range(21)))


def test_limits_can_be_shown_by_a_form() -> None:
    """The same sentence as a ValidationError."""
    validate_editorial("fine")
    with pytest.raises(ValidationError, match="5,000 opening brackets"):
        validate_editorial("[" * 20_000)


def test_text_is_rendered_by_many_threads_at_once() -> None:
    """Parser and sanitiser are shared; what one thread renders never shows in another's text."""
    sources = [
        f"# Title {n}\n\nWords[^{n}] *{n}* ![p](/media/pier.jpg)\n\n| a{n} |\n|---|\n\n[^{n}]: Note {n}"
        * (1 + n % 3)
        for n in range(8)
    ]
    expected = [html(source) for source in sources]
    wrong: list[int] = []

    def render(number: int) -> None:
        wrong.extend(number for _ in range(30) if html(sources[number]) != expected[number])

    threads = [threading.Thread(target=render, args=[number]) for number in range(len(sources))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
