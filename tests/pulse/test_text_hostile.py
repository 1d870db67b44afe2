"""What the text pipeline does with input meant to harm: nothing unsafe gets through, and nothing takes long.

The lists of what may appear are written out here a second time on purpose. Allowing more is a change of this
file too.
"""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulse import sanitiser
from pulse.highlighting import LANGUAGES, MAX_BLOCK
from pulse.markdown import MAX_COUNTS
from pulse.text import Picture, TextTooLong, editorial, plain, reader

pytestmark = pytest.mark.once

LINK = r"https?://[^/\\\s][^\\\s]*|mailto:[^\\\s]*|/(?![/\\])[^\\\s]*|#[^\\\s]*"
FILE = r"/media/(?!\S*\.\.)[\w./-]+"
EDITORIAL: dict[str, dict[str, str]] = {
    **dict.fromkeys(["p", "br", "em", "strong", "s", "ul", "hr", "blockquote", "footer"], {}),
    **dict.fromkeys(["h4", "h5", "h6", "table", "thead", "tbody", "tr"], {}),
    **dict.fromkeys(["figure", "figcaption", "picture"], {}),
    "h2": {"id": r"h-[\w-]+"},
    "h3": {"id": r"h-[\w-]+"},
    "ol": {"start": r"\d+"},
    "li": {"id": r"fn-\d+"},
    "a": {
        "href": LINK,
        "rel": "noopener",
        "class": "term|footnote-backref",
        "id": r"fnref-\d+(-\d+)?",
        "aria-label": r"Footnote \d+|Back to reference [\d-]+",
    },
    "pre": {"tabindex": "0"},
    "code": {"class": r"language-[\w+#-]+"},
    "span": {"class": r"\w{1,3}"},
    "sup": {"class": "footnote-ref"},
    "section": {"class": "footnotes", "aria-label": "Footnotes"},
    "div": {"class": "table", "role": "region", "tabindex": "0", "aria-label": r"Table( \d+)?"},
    "th": {"class": "align-(right|center)"},
    "td": {"class": "align-(right|center)"},
    "source": {
        "type": "image/(webp|jpeg)",
        "srcset": rf"{FILE} \d+w(, {FILE} \d+w)*",
        "sizes": r"[\w\s():,.-]+",
    },
    "img": {
        "src": FILE,
        "alt": r"[\s\S]*",
        "width": r"\d+",
        "height": r"\d+",
        "loading": "lazy",
        "decoding": "async",
    },
}  # fmt: skip
READER: dict[str, dict[str, str]] = {
    **dict.fromkeys(["br", "em", "strong", "blockquote", "b"], {}),
    "p": {"dir": "auto"},
    "a": {"href": LINK, "rel": "ugc nofollow noopener"},
    "code": {"class": r"language-[\w+#-]+"},
    "pre": {"tabindex": "0"},
}


class Inspector(HTMLParser):
    """Notes everything that a page would do and the list does not allow."""

    def __init__(self, allowed: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.allowed = allowed
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.allowed:
            self.found.append(f"<{tag}>")
            return
        for name, value in attrs:
            if re.fullmatch(self.allowed[tag].get(name, "(?!)"), value or "") is None:
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")


def violations(html: str, allowed: dict[str, dict[str, str]]) -> list[str]:
    inspector = Inspector(allowed)
    inspector.feed(html)
    inspector.close()
    return inspector.found


def known_picture(address: str) -> Picture | None:
    """Takes every other address for a picture of ours, and puts it where a careless library would."""
    if len(address) % 2:
        return None
    return Picture(f"/media/{address}", 10, 10, [("image/webp", f"/media/{address} 480w"), (address, "")])


# Fits no term, as a transform of another app might: it repeats what the text says.
def careless_link(tokens: list) -> set[str]:
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrs["class"] = child.attrs["onclick"] = child.attrs["style"] = child.attrs["href"]
    return set()


CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import '//example.org'</style>",
    "<base href=//example.org/>",
    "<form action=//example.org><button>x</form>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<div style=background:url(//example.org)>x</div>",
    "<p class=btn id=main onclick=x>x</p>",
    "<a href=/x target=_blank ping=//example.org download>x</a>",
    "<img src=/media/a.jpg srcset='//example.org/a 1x, /media/b 2x' usemap=#x>",
    "<source srcset=https://example.org/x.webp><input autofocus onfocus=alert(1)>",
    "<plaintext><xmp><listing><textarea><title>",
    "<?php x ?><!DOCTYPE html><![CDATA[<script>]]><!--><script>alert(1)</script>-->",
    "[x](javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    "[x](https://example.org/<script>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<data:text/html,<script>alert(1)</script>>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x" onerror="alert(1)](/media/a.jpg)',
    '![x](/media/a.jpg "</figcaption><script>alert(1)</script>")',
    '![x](/media/a.jpg" onerror="alert(1))',
    "![x](/media/../admin/)",
    "![x](/media/%2e%2e/admin/)",
    "![x](/media/a.jpg, //example.org/b.jpg 2x)",
    "![x](/media//example.org)",
    "```\"><script>alert(1)</script>\nx\n```",
    "``` x\" onclick=\"alert(1)\nx\n```",
    "~~~python\n</code></pre><script>alert(1)</script>\n~~~",
    "# <script>alert(1)</script>\n\n# \" onclick=\"alert(1)",
    "x[^<script>]\n\n[^<script>]: <script>alert(1)</script>",
    '| <script> |\n|:-:"|\n| x |',
    "| a |\n|:-:|\n| <img src=x onerror=alert(1)> |",
    "> — <script>alert(1)</script>\n>\n> — <b>x</b>",
    "\u202ecod\u202c <scr\u0000ipt>",
    "a\ufeff<\u200bscript>",
    "*<a *href=x*>*",
    "[a]([b](javascript:c))",
    "[a](https://example.org)[b](x \"c\n\nd\")",
]  # fmt: skip


@pytest.mark.parametrize("attack", CORPUS)
def test_hostile_markdown_comes_out_harmless(attack: str) -> None:
    """Each attack, alone and inside other blocks, leaves only what is on the lists."""
    for source in [
        attack,
        f"- {attack}\n\n> {attack}\n\n## {attack}\n\n| a |\n|---|\n| {attack} |\n\n*{attack}*",
    ]:
        shown = editorial(source, link=careless_link, sizes=known_picture).html
        assert violations(shown, EDITORIAL) == []
        assert violations(reader(source), READER) == []


@pytest.mark.parametrize("attack", CORPUS)
def test_hostile_html_comes_out_harmless(attack: str) -> None:
    """The sanitiser alone would do: it gets these as HTML, which our Markdown never makes."""
    assert violations(sanitiser.EDITORIAL.clean(attack), EDITORIAL) == []
    assert violations(sanitiser.READER.clean(attack), READER) == []
    twice = sanitiser.EDITORIAL.clean(sanitiser.EDITORIAL.clean(attack))
    assert violations(twice, EDITORIAL) == []
    assert "<" not in plain(attack) or "&lt;" in sanitiser.TEXT_ONLY.clean(attack)


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        '<p onclick="x">',
        '<a href="javascript:x">',
        '<a href="//example.org">',
        '<img src="https://example.org/x.png">',
        '<source srcset="/media/a 1w, //example.org/b 2w">',
        '<h2 id="main">',
        '<p style="color:red">',
        "<!-- x -->",
    ],
)
def test_hostile_inspection_can_fail(html: str) -> None:
    """The inspector sees what it is there to see."""
    assert violations(html, EDITORIAL)


@pytest.mark.parametrize(
    "srcset",
    [
        "https://example.org/a.webp 480w",
        "/media/a.webp 480w, https://example.org/b.webp 960w",
        "/media/../a.webp 480w",
        "//media/a.webp 480w",
        "/media/a.webp",
        "/media/a.webp 480w,,",
        "/mediax/a.webp 480w",
        "/media/a.webp?x=1 480w",
        "data:image/png,x 1x",
        "",
    ],
)
def test_hostile_srcset_is_dropped_whole(srcset: str) -> None:
    """One address that is not ours costs a picture all its sizes."""
    assert "srcset" not in sanitiser.EDITORIAL.clean(f'<source type="image/webp" srcset="{srcset}">')
    assert "srcset" in sanitiser.EDITORIAL.clean('<source srcset="/media/a.webp 480w, /media/b.webp 2x">')


# Anything at all

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
PIECES = st.sampled_from(
    ["#", "# ", "> ", "- ", "1. ", "\n", "\n\n", "    ", "`", "```", "```python\n", "~~~", "*", "**", "_",
     "~~", "[", "]", "(", ")", "![", "](", "[^1]", "[^1]: ", "|", "|---|", ":-:", "\\", "<", ">", "&", "&lt;",
     '"', "'", "— ", "--", "...", "javascript:", "data:", "//", "https://example.org", "/media/a.jpg",
     "<script>", "onerror=", "\t", "\r\n", "\u202e", "\u00a0", "\u2028", "é", "م", "🎉", "0", "a", "a b",
     "---", "===", "</p>", "<!--", "x"]
)  # fmt: skip
MARKDOWN = st.lists(PIECES, max_size=60).map("".join) | ANY_TEXT


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(MARKDOWN)
def test_hostile_anything_never_leaves_the_lists(source: str) -> None:
    """Whatever is typed, editorial() and reader() give only elements, attributes and addresses we allow."""
    try:
        rendered = editorial(source, link=careless_link, sizes=known_picture)
        comment = reader(source)
    except TextTooLong:
        return
    assert violations(rendered.html, EDITORIAL) == []
    assert violations(comment, READER) == []
    ids = re.findall(r' id="([^"]*)"', rendered.html)
    assert len(ids) == len(set(ids))
    assert rendered.words >= sum(map(sum, rendered.paragraphs))


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300) | st.lists(st.sampled_from(CORPUS)).map("".join))
def test_hostile_html_of_any_kind_never_leaves_the_lists(html: str) -> None:
    """The sanitiser holds for HTML that nobody checked before it."""
    html = html.encode("utf-8", "replace").decode()
    assert violations(sanitiser.EDITORIAL.clean(html), EDITORIAL) == []
    assert violations(sanitiser.READER.clean(html), READER) == []


# Time


def largest(unit: str) -> str:
    """As many repetitions as the limits let through."""
    number = 200_000 // len(unit)
    for characters, (limit, _) in MAX_COUNTS.items():
        if per_unit := sum(map(unit.count, characters)):
            number = min(number, limit // per_unit)
    return unit * number


def footnotes(number: int) -> str:
    marks = "".join(f"a[^{n}] " for n in range(number))
    return marks + "\n\n" + "".join(f"[^{n}]: x\n\n" for n in range(number))


def table(columns: int, rows: str) -> str:
    return "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + rows


ENDLESS = ["[", "![", "[a](", "<a ", "'a\" ", "*_", "# a\n", "\r"]
DENSE = [
    "![",
    "[[a]",
    "[a](",
    "'a\" ",
    "*_",
    "- a\n",
    "]",
    "#",
    "<http://a>",
    '![a](/media/a.jpg "c")\n\n',
    "a|",
]
SLOW = {
    **{repr(unit): unit * (200_000 // len(unit)) for unit in ENDLESS},
    **{f"most of {unit!r}": largest(unit) for unit in DENSE},
    "20,000 footnotes": footnotes(20_000),
    "most footnotes": footnotes(2_400),
    "20,000 equal headings": "# same\n" * 20_000,
    "most equal headings": "# same\n" * 9_999,
    "5,000 columns": table(5_000, "|a|\n"),
    "most columns": table(1_200, "|a|\n"),
    "short rows": table(256, "|\n" * 4_000),
    "600 lists": "\n".join("  " * level + "- a" for level in range(440)),
    "600 quotations": "\n".join(">" * level + " a" for level in range(1, 600)),
    "100,000 quotations": ">" * 100_000 + "a",
    "20 lists, often": ("\n".join("  " * level + "- a" for level in range(20)) + "\n") * 300,
    "deep emphasis": "*a **b " * 2_200 + "c** d*" * 2_200,
    "references": "".join(f"[a{n}]: /u\n" for n in range(2_400)) + "".join(f"[a{n}]" for n in range(2_500)),
    "nested footnotes": "".join(f"[^{n}]: " for n in range(5_000)),
    "lengthening ticks": "".join("`" * n + "a" for n in range(1, 190)),
}
WORST_CODE = ['\\"', "a.b", "1.", "*", "&", "<!--", "=", "::", "a ", "a\n", '"""', "<<E\n"]


def seconds(render: Callable[[], object]) -> float:
    start = time.process_time()
    with suppress(TextTooLong):
        render()
    return time.process_time() - start


@pytest.mark.parametrize("name", SLOW)
def test_hostile_size_is_refused_or_done_in_a_moment(name: str) -> None:
    """Under a second of one processor within every limit, and what would take longer is refused.

    The bound is three seconds, so that a busy machine does not fail it. Without limits some take minutes.
    """
    source = SLOW[name]
    assert seconds(lambda: editorial(source, sizes=lambda address: Picture("/media/a.jpg", 1, 1))) < 3
    assert seconds(lambda: reader(source[:2_000])) < 1


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_hostile_code_is_coloured_in_a_moment(language: str) -> None:
    """No language we colour has a lexer that such code can hold up."""
    for unit in WORST_CODE:
        block = f"~~~{language}\n{(unit * MAX_BLOCK)[:MAX_BLOCK]}\n~~~\n\n"
        assert seconds(partial(editorial, block * 6)) < 3
