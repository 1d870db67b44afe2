"""A text taken off its page: HTML and Markdown whose links still lead somewhere in a feed or a file.

Addresses get their host, places on the page get the page's address, a picture keeps one of its sizes, and
what serves our page alone, as a place that the keyboard reaches, is left out.
"""

import re

from django.http import HttpResponse
from markdown_it.token import Token

from pulse import markdown
from pulse.addresses import absolute
from pulse.blocks import arrange_headings
from pulse.characters import without_controls

# HTML, as the sanitiser writes it: every value in double quotes.
TAG = re.compile(r'<[a-z](?:[^">]|"[^"]*")*>')
OF_THE_PAGE = re.compile(r'\s(?:srcset|sizes|loading|decoding|role|tabindex|aria-label)="[^"]*"')
ADDRESS = re.compile(r'\s(href|src)="([/#][^"]*)"')

# Markdown: what is not looked into (escapes, code), and where an address of ours begins.
PLACE = re.compile(
    r"""(?P<kept>\\.|(?P<ticks>`+)(?!`)(?:.*?[^`])?(?P=ticks)(?!`))
      | (?P<before>\](?:\(\s*<?|:[ \t]*<?)) (?P<address>(?:/(?!/)|\#)[^\s<>]*?) (?=[\s>]|\)|$)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
SPECIAL = re.compile(r"[\\`*_\[\]<>&~|]")
AT_START = re.compile(r"^(\s*)(#+|[-+=]+|\d{1,9}(?=[.)]))", re.MULTILINE)
SIGNS = re.compile(r"^\s*#+")
CODE = {"fence", "code_block"}


def portable_html(html: str, page: str) -> str:
    """A stored text for another place than its page, whose whole address is `page`."""
    return TAG.sub(lambda found: _portable_tag(found.group(), page), html)


def _portable_tag(tag: str, page: str) -> str:
    if tag.startswith("<source"):
        return ""
    return ADDRESS.sub(lambda found: f' {found[1]}="{_whole(found[2], page)}"', OF_THE_PAGE.sub("", tag))


def _whole(address: str, page: str) -> str:
    return page + address if address.startswith("#") else absolute(address)


def portable_markdown(source: str, page: str) -> str:
    """A story's own Markdown for another place than its page, under a headline of its own.

    Addresses change, but not in code, and headings begin at the second level. About as slow as rendering it.
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tokens = markdown.EDITORIAL.parse(source)
    _lower_headings(lines, tokens)
    parts: list[str] = []
    done = 0
    for start, end in [(token.map[0], token.map[1]) for token in tokens if token.type in CODE and token.map]:
        parts += [_portable_text("\n".join(lines[done:start]), page), *lines[start:end]]
        done = end
    ending = [last.markup] if (last := _open_fence(lines, tokens)) else []
    return "\n".join([*parts, _portable_text("\n".join(lines[done:]), page), *ending]).strip("\n")


def _open_fence(lines: list[str], tokens: list[Token]) -> Token | None:
    """The block of code that only the text's end closes, which now is not the end."""
    for token in tokens:
        if token.type == "fence" and token.map and not token.level and token.map[1] >= len(lines):
            start, end = token.map
            if end - start < 2 or not lines[end - 1].strip().startswith(token.markup):
                return token
    return None


def _lower_headings(lines: list[str], tokens: list[Token]) -> None:
    """Give each heading the level that it has on the page."""
    arrange_headings(tokens)
    for token in tokens:
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        (start, end), signs = token.map, "#" * int(token.tag[1])
        if token.markup.startswith("#"):
            lines[start] = SIGNS.sub(signs, lines[start])
        elif end - start == 2:  # underlined
            lines[start], lines[end - 1] = f"{signs} {lines[start].strip()}", ""


def _portable_text(text: str, page: str) -> str:
    return PLACE.sub(lambda found: found["kept"] or found["before"] + _whole(found["address"], page), text)


def as_text(words: str) -> str:
    """Plain words for a Markdown file, where none of their signs may mean anything."""
    return AT_START.sub(_escaped_start, SPECIAL.sub(r"\\\g<0>", " ".join(words.split())))


def _escaped_start(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def link(name: str, path: str) -> str:
    """A link in a Markdown file to a page of ours."""
    return f"[{as_text(name)}]({absolute(path)})"


def markdown_file(text: str, *, page: str) -> HttpResponse:
    """A Markdown version of a page. Search engines are to keep the page, whose whole address is `page`."""
    headers = {"X-Robots-Tag": "noindex", "Link": f'<{page}>; rel="canonical"'}
    return HttpResponse(without_controls(text), content_type="text/markdown; charset=utf-8", headers=headers)
