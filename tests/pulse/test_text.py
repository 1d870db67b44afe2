"""The text pipeline: what an editor types and what the page then holds. Words, headings, links, pictures."""

import pytest
from django.test import override_settings

from pulse.text import Picture, editorial, reader

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
