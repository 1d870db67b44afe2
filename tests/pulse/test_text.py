"""The text pipeline, feature by feature: what an editor types and what the page then holds."""

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

PHOTO = Picture(
    src="/media/pier-960.jpg",
    width=960,
    height=640,
    sources=[
        ("image/webp", "/media/pier-480.webp 480w, /media/pier-960.webp 960w"),
        ("image/jpeg", "/media/pier-480.jpg 480w, /media/pier-960.jpg 960w"),
    ],
)


def sizes(address: str) -> Picture | None:
    return PHOTO if address == "/media/pier.jpg" else None


def html(source: str) -> str:
    return str(editorial(source, sizes=sizes).html)


def one_line(source: str) -> str:
    return "".join(html(source).splitlines())


# Words


def test_text_sets_quotes_dashes_and_ellipses() -> None:
    """Straight quotes, two and three hyphens and three dots become what a typesetter would set."""
    assert html('"It\'s" -- or---not...') == "<p>“It’s” – or—not…</p>\n"


def test_text_keeps_code_as_typed() -> None:
    """Nothing inside code is set."""
    assert html('`"a" -- b...`') == "<p><code>&quot;a&quot; -- b...</code></p>\n".replace("&quot;", '"')


def test_text_shows_html_as_characters() -> None:
    """HTML is no part of our Markdown: it is shown, not used."""
    assert html("<b>bold</b> & <!-- note -->") == "<p>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;!-- note --&gt;</p>\n"


def test_text_keeps_other_scripts() -> None:
    """Arabic, Hebrew, Chinese, emoji and bidirectional marks come through unchanged."""
    for words in [
        "مرحبا بالعالم",
        "שלום עולם",
        "你好，世界",
        "e\u0301 naïve Łukasz",
        "👩🏽‍🚀 x",
        "a\u200fb\u2066c\u2069",
    ]:
        assert html(words) == f"<p>{words}</p>\n"


def test_text_reads_every_line_ending() -> None:
    """What a form sends (CRLF), what a file holds (LF) and old files (CR) render alike."""
    assert html("a\r\n\r\nb") == html("a\n\nb") == html("a\r\rb")


# Headings


def test_headings_start_at_h2() -> None:
    """The page's own h1 stays the only one; what stands under # comes a level lower."""
    rendered = editorial("# One\n\n## Two\n\n### Three\n\n# Four")
    assert rendered.html == (
        '<h2 id="h-one">One</h2>\n<h3 id="h-two">Two</h3>\n<h4>Three</h4>\n<h2 id="h-four">Four</h2>\n'
    )
    assert rendered.headings == [("h-one", "One"), ("h-four", "Four")]


def test_headings_written_with_two_signs_are_h2() -> None:
    """A story that begins with ## has h2 and h3 just the same."""
    assert [line[:3] for line in html("## A\n\n### B\n\n## C").splitlines()] == ["<h2", "<h3", "<h2"]


def test_headings_skip_no_level() -> None:
    """From a heading one goes down one level at a time, whatever was typed."""
    levels = [line[2] for line in html("#### A\n\n###### B\n\n## C\n\n#### D\n\n##### E").splitlines()]
    assert levels == ["2", "3", "2", "3", "4"]


def test_headings_get_ids_that_never_repeat() -> None:
    """Equal headings get numbers, and a heading that looks like one of those numbers is still apart."""
    source = "## Cost\n\n## Cost\n\n## Cost 2\n\n## Cost"
    ids = [heading for heading, _ in editorial(source).headings]
    assert ids == ["h-cost", "h-cost-2", "h-cost-2-2", "h-cost-3"]


@pytest.mark.parametrize(
    "name", ["impact", "briefing", "discussion", "main", "term-hbm", "comment-7", "fn-1"]
)
def test_headings_never_take_an_id_of_the_page(name: str) -> None:
    """A heading named like a part of the page does not become its target."""
    assert editorial(f"## {name}").headings == [(f"h-{name}", name)]


def test_headings_in_other_scripts_get_ids_too() -> None:
    """Letters of any script are kept; where none are left the id is h-section."""
    assert [i for i, _ in editorial("## مرحبا\n\n## 🎉🎉\n\n## Über uns").headings] == [
        "h-مرحبا",
        "h-section",
        "h-über-uns",
    ]


def test_headings_text_has_no_markup() -> None:
    """The list of headings holds plain text, without footnote marks."""
    rendered = editorial("## The *new* `cost` of it[^1]\n\n[^1]: Note.")
    assert rendered.headings == [("h-the-new-cost-of-it", "The new cost of it")]


def test_headings_without_words_are_left_out() -> None:
    """An empty heading would be read aloud as nothing."""
    assert one_line("#\n\ntext") == "<p>text</p>"


# Links


def test_links_elsewhere_are_marked_and_those_within_are_not() -> None:
    """Only another site's address gets rel="noopener"; no link opens a window."""
    assert html("[a](https://example.org/x?a=1&b=2)") == (
        '<p><a href="https://example.org/x?a=1&amp;b=2" rel="noopener">a</a></p>\n'
    )
    for address in ["/glossary/", "#h-cost", "mailto:desk@example.org", "http://testserver/about/"]:
        assert html(f"[a]({address})") == f'<p><a href="{address}">a</a></p>\n'


def test_links_elsewhere_include_hosts_that_begin_like_ours() -> None:
    """testserver.example.org is not testserver."""
    assert 'rel="noopener"' in html("[a](http://testserver.example.org/)")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "tel:123",
        "//example.org/x",
        "\\\\example.org",
        "https:example.org",
        "https:///example.org",
        "example.org",
        "<java\tscript:alert(1)>",
        "&#106;avascript:alert(1)",
    ],
)
def test_links_of_other_kinds_leave_only_their_text(address: str) -> None:
    """What is not http, https, mailto or a path of ours is no link; its text stays."""
    assert "href" not in html(f"[words]({address})")
    assert "words" in html(f"[words]({address})")
    assert "href" not in reader(f"[words]({address})")


@pytest.mark.parametrize("address", ["/\\example.org", "</\t/example.org>"])
def test_links_that_browsers_would_take_for_another_site_stay_ours(address: str) -> None:
    """Backslashes and tabs are encoded, so that what begins with one slash is a path here."""
    assert 'href="/%' in html(f"[words]({address})")


def test_links_in_angle_brackets_that_are_none_stay_as_typed() -> None:
    """A C++ name looks like an address to CommonMark; not a character of it is lost."""
    assert html("Use <std::string>.") == "<p>Use &lt;std::string&gt;.</p>\n"
    assert html("<https://example.org>") == (
        '<p><a href="https://example.org" rel="noopener">https://example.org</a></p>\n'
    )


# Pictures


def test_picture_alone_becomes_a_figure_with_all_its_sizes() -> None:
    """A picture by itself is a figure; its title, set but not parsed, is the caption."""
    assert html('![A *long* pier](/media/pier.jpg "The pier\'s *end* <b>")') == (
        "<figure><picture>"
        '<source type="image/webp" srcset="/media/pier-480.webp 480w, /media/pier-960.webp 960w"'
        ' sizes="(min-width: 46rem) 43rem, 100vw">'
        '<source type="image/jpeg" srcset="/media/pier-480.jpg 480w, /media/pier-960.jpg 960w"'
        ' sizes="(min-width: 46rem) 43rem, 100vw">'
        '<img src="/media/pier-960.jpg" alt="A long pier" width="960" height="640" loading="lazy"'
        ' decoding="async"></picture>'
        "<figcaption>The pier’s *end* &lt;b&gt;</figcaption></figure>\n"
    )


def test_picture_without_a_title_has_no_caption() -> None:
    """No empty caption is read aloud."""
    assert "figcaption" not in html("![A pier](/media/pier.jpg)")
    assert "<figure>" in html("![A pier](/media/pier.jpg)")


def test_picture_among_words_stays_in_its_line() -> None:
    """A figure cannot stand inside a paragraph."""
    assert html("See ![it](/media/pier.jpg).").startswith("<p>See <picture>")


def test_picture_escapes_its_alternative_text() -> None:
    """Quotes and angle brackets in a description stay text."""
    assert 'alt="a &quot;b&quot; <i>"' in html('![a "b" \\<i\\>](/media/pier.jpg)').replace(
        "&lt;", "<"
    ).replace("&gt;", ">").replace("“", "&quot;").replace("”", "&quot;")


@pytest.mark.parametrize("address", ["https://example.org/x.png", "/media/unknown.jpg"])
def test_picture_that_is_not_ours_becomes_a_link(address: str) -> None:
    """Nothing is loaded from another site: readers get the description, linked."""
    for shown in [html(f"![Chart]({address})"), html(f"A ![Chart]({address}) b")]:
        assert "<img" not in shown
        assert f'<a href="{address}"' in shown
        assert ">Chart</a>" in shown


def test_picture_in_the_text_itself_is_removed() -> None:
    """A pasted data: picture leaves its description."""
    assert html("![Chart](data:image/png;base64,AAAA)") == "<p>Chart</p>\n"


def test_picture_inside_a_link_makes_no_second_link() -> None:
    """An unknown picture in a link is the link's text."""
    assert html("[![Chart](/media/unknown.jpg)](/about/)") == '<p><a href="/about/">Chart</a></p>\n'


def test_picture_under_another_media_address_is_kept() -> None:
    """Files may lie on a host of their own; then only that host's are shown."""
    elsewhere = Picture("https://files.example.net/m/a.jpg", 10, 10, [("image/webp", "/media/a.webp 480w")])
    with override_settings(MEDIA_URL="https://files.example.net/m/"):
        shown = editorial("![a](/media/pier.jpg)", sizes=lambda address: elsewhere).html
    assert 'src="https://files.example.net/m/a.jpg"' in shown
    assert "srcset" not in shown


# Tables


def test_table_can_be_scrolled_and_is_aligned_by_class() -> None:
    """A wide table is a region that takes the focus; no style attribute, which our policy forbids."""
    assert one_line("| Stage | Now |\n|:--|--:|\n| *a* | 1 |") == (
        '<div class="table" role="region" tabindex="0" aria-label="Table"><table>'
        '<thead><tr><th>Stage</th><th class="align-right">Now</th></tr></thead>'
        '<tbody><tr><td><em>a</em></td><td class="align-right">1</td></tr></tbody></table></div>'
    )


def test_table_in_the_middle_is_aligned_so() -> None:
    """:-: is centred."""
    assert '<td class="align-center">1</td>' in html("| a |\n|:-:|\n| 1 |")


def test_tables_are_told_apart() -> None:
    """Two regions of one page do not have the same name."""
    shown = html("| a |\n|---|\n\n| b |\n|---|\n")
    assert 'aria-label="Table"' in shown
    assert 'aria-label="Table 2"' in shown


def test_table_corner_without_words_is_no_heading() -> None:
    """An empty header cell would be read aloud as a heading of nothing."""
    assert "<tr><td></td><th>Now</th></tr>" in one_line("| | Now |\n|---|---|\n| a | 1 |")


# Quotations


def test_quotation_names_its_speaker_in_a_footer() -> None:
    """A last paragraph that begins with a dash is the attribution, without the dash."""
    assert one_line("> We waited.\n>\n> — Dele *M*, director") == (
        "<blockquote><p>We waited.</p><footer>Dele <em>M</em>, director</footer></blockquote>"
    )
    assert "<footer>Dele</footer>" in html("> We waited.\n>\n> --- Dele")


def test_quotation_that_is_only_a_dash_and_words_stays_a_quotation() -> None:
    """There must be something to attribute."""
    assert one_line("> — Dele") == "<blockquote><p>— Dele</p></blockquote>"
    assert one_line(">") == "<blockquote></blockquote>"


# Code


def test_code_is_coloured_by_class_and_can_be_scrolled() -> None:
    """Fenced code names its language, carries Pygments' classes and takes the focus."""
    shown = html('```python title="x"\nif a < "b": pass\n```')
    assert shown.startswith('<pre tabindex="0"><code class="language-python"><span class="k">if</span>')
    assert '<span class="o">&lt;</span>' in shown
    assert "style" not in shown


@pytest.mark.parametrize("name", ["nonsense", "java", "c-or-worse", "'><script>"])
def test_code_in_an_unknown_language_is_shown_plain(name: str) -> None:
    """A language we do not colour is no error, and its name no way out of the attribute."""
    shown = html(f"```{name}\na < b\n```")
    assert "a &lt; b" in shown
    assert "<span" not in shown
    assert "<script" not in shown


def test_code_that_is_long_is_shown_plain() -> None:
    """Colouring may cost the square of the length, so it has an end."""
    assert "<span" in html("```python\n" + "a = 1\n" * 100 + "```")
    assert "<span" not in html("```python\n" + "a = 1\n" * 1000 + "```")
    many = html(("```python\n" + "a = 1\n" * 500 + "```\n\n") * 10)
    assert 0 < many.count('<span class="mi">1</span>') < 5000


def test_code_may_be_indented() -> None:
    """Four spaces make code without a language."""
    assert html("    a < b") == '<pre tabindex="0"><code>a &lt; b\n</code></pre>\n'


# Footnotes


def test_footnotes_lead_there_and_back() -> None:
    """Mark and note link to each other, each with a name that makes sense by itself."""
    assert one_line("One[^a] two.[^b]\n\n[^b]: Second.\n\n[^a]: First.") == (
        '<p>One<sup class="footnote-ref"><a href="#fn-1" id="fnref-1" aria-label="Footnote 1">1</a></sup>'
        ' two.<sup class="footnote-ref"><a href="#fn-2" id="fnref-2" aria-label="Footnote 2">2</a></sup></p>'
        '<section class="footnotes" aria-label="Footnotes"><ol>'
        '<li id="fn-1"><p>First. <a class="footnote-backref" href="#fnref-1"'
        ' aria-label="Back to reference 1">↩︎</a></p></li>'
        '<li id="fn-2"><p>Second. <a class="footnote-backref" href="#fnref-2"'
        ' aria-label="Back to reference 2">↩︎</a></p></li></ol></section>'
    )


def test_footnote_used_twice_has_two_ways_back() -> None:
    """Every id is given once."""
    shown = html("a[^x] b[^x]\n\n[^x]: Note.")
    assert shown.count('href="#fn-1"') == 2
    assert 'id="fnref-1"' in shown
    assert 'id="fnref-1-1"' in shown
    assert 'href="#fnref-1-1"' in shown


def test_footnote_names_never_become_ids() -> None:
    """What the editor calls a note stays in the Markdown."""
    assert "evil" not in html('a[^evil"x]\n\n[^evil"x]: Note.')


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
