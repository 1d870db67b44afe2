"""Code in a text, with its words in the classes that static/css colours."""

import re

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# Languages whose lexers were tried on hostile input: within the limits below each takes under 0.2 s in all.
# Java's and the console's take time with the cube and the square of a line, so they are shown plain.
LANGUAGES = {
    *("bash", "c", "cpp", "css", "diff", "go", "html", "http", "ini", "javascript", "js", "json"),
    *("markdown", "md", "py", "python", "r", "rust", "sh", "sql", "toml", "ts", "typescript", "xml", "yaml"),
}
MAX_BLOCK = 4_000  # characters in one block; a longer one is shown plain
MAX_TOGETHER = 20_000  # characters in all the blocks of a text
LANGUAGE = re.compile(r"[A-Za-z0-9_+#-]{1,30}")
FORMATTER = HtmlFormatter(nowrap=True)


def colour_code(tokens: list[Token]) -> None:
    """Mark the words of fenced code up, as long as the text's blocks together are not too long."""
    left = MAX_TOGETHER
    for token in tokens:
        size = len(token.content)
        if token.type == "fence" and language(token) in LANGUAGES and size <= min(MAX_BLOCK, left):
            left -= size
            token.meta["html"] = highlight(token.content, get_lexer_by_name(language(token)), FORMATTER)


def language(token: Token) -> str:
    """The language named after the opening fence; "" if there is none."""
    name = token.info.split(maxsplit=1)[0].lower() if token.info.strip() else ""
    return name if LANGUAGE.fullmatch(name) else ""


def render_code(token: Token) -> str:
    """The HTML of a fenced or indented block. It can take the focus, since it may have to be scrolled."""
    name = language(token)
    css_class = f' class="language-{name}"' if name else ""
    code = token.meta.get("html") or escapeHtml(token.content)
    return f'<pre tabindex="0"><code{css_class}>{code}</code></pre>\n'
