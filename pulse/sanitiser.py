"""The last step of every text on its way to a page: what is not on these lists does not get through.

Both cleaners are made once and shared by all threads.
"""

import re
from collections.abc import Callable

import nh3

from pulse.figures import DRAWN_WIDTH
from pulse.links import is_link, is_ours, is_srcset_of_ours

NONE: set[str] = set()  # "*" is every element, for which nh3 would let title and lang through

READER_TAGS = {"a", "blockquote", "br", "code", "em", "p", "pre", "strong"}
READER_ATTRIBUTES = {"*": NONE, "a": {"href"}, "code": {"class"}}
READER_VALUES = {"p": {"dir": {"auto"}}, "pre": {"tabindex": {"0"}}}
READER_REL = "ugc nofollow noopener"

EDITORIAL_TAGS = READER_TAGS | {
    *("h2", "h3", "h4", "h5", "h6", "hr", "ul", "ol", "li", "s", "span", "footer", "section", "sup"),
    *("div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "picture", "source", "img"),
}
EDITORIAL_ATTRIBUTES = {
    "*": NONE,
    "a": {"href", "class", "id", "rel", "aria-label"},
    "code": {"class"},
    "div": {"class", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "img": {"src", "alt", "width", "height"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"class", "aria-label"},
    "source": {"type", "srcset", "sizes"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
}
EDITORIAL_VALUES = {
    "div": {"role": {"region"}, "tabindex": {"0"}},
    "img": {"loading": {"lazy"}, "decoding": {"async"}},
    "pre": {"tabindex": {"0"}},
}

Test = Callable[[str], object]


def _matches(pattern: str) -> Test:
    return re.compile(pattern).fullmatch


# What the value of an attribute must be, by attribute, or by element and attribute.
TESTS: dict[str, Test] = {
    "a class": _matches("term|footnote-backref"),
    "code class": _matches(r"language-[A-Za-z0-9_+#-]{1,30}"),
    "div class": _matches("table"),
    "section class": _matches("footnotes"),
    "span class": _matches(r"[a-z][a-z0-9]{0,2}"),  # Pygments' short names
    "sup class": _matches("footnote-ref"),
    "td class": _matches("align-(right|center)"),
    "th class": _matches("align-(right|center)"),
    "height": _matches(r"\d{1,5}"),
    "href": is_link,
    "id": _matches(r"h-[\w-]+|fn-\d+|fnref-\d+(-\d+)?"),
    "rel": _matches(f"noopener|{READER_REL}"),
    "sizes": _matches(re.escape(DRAWN_WIDTH)),
    "src": is_ours,
    "srcset": is_srcset_of_ours,
    "start": _matches(r"\d{1,9}"),
    "type": _matches(r"image/(avif|jpeg|png|webp)"),
    "width": _matches(r"\d{1,5}"),
}


def _allowed_value(element: str, attribute: str, value: str) -> str | None:
    test = TESTS.get(f"{element} {attribute}") or TESTS.get(attribute)
    return value if test is None or test(value) else None


EDITORIAL = nh3.Cleaner(
    tags=EDITORIAL_TAGS,
    attributes=EDITORIAL_ATTRIBUTES,
    tag_attribute_values=EDITORIAL_VALUES,
    attribute_filter=_allowed_value,
    generic_attribute_prefixes=NONE,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
READER = nh3.Cleaner(
    tags=READER_TAGS | {"b"},  # around a name; nobody can type one
    attributes=READER_ATTRIBUTES,
    tag_attribute_values=READER_VALUES,
    attribute_filter=_allowed_value,
    generic_attribute_prefixes=NONE,
    url_schemes={"http", "https", "mailto"},
    link_rel=READER_REL,
)
# What readers wrote, before those who decide on it: nothing there can be followed.
UNLINKED = nh3.Cleaner(
    tags=READER_TAGS - {"a"},
    attributes={"*": NONE, "code": {"class"}},
    tag_attribute_values=READER_VALUES,
    attribute_filter=_allowed_value,
    generic_attribute_prefixes=NONE,
    link_rel=None,
)
# Footnotes and their numbers, the only <section> and <sup> of a text, are no part of a summary.
TEXT_ONLY = nh3.Cleaner(tags=NONE, clean_content_tags={"script", "style", "section", "sup"})
