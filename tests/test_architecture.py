"""The structure of the tree, read from its files: who may import whom, and what is written nowhere.

Each rule is a function from files to complaints, so it can be shown to fail on a small wrong tree as well
as to hold on ours. The reasons are in docs/adr/.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import ROOT

pytestmark = pytest.mark.once

Files = dict[str, str]  # a path from the checkout's root → the text
Rule = Callable[[Files], list[str]]

ARROW = ["pulse", "accounts", "images", "glossary", "articles", "comments", "newsroom", "demo"]
SITE = {"pulse.urls", "pulse.settings", "pulse.wsgi"}  # wire everything up: right of every app
STAGES = {
    "querysets": 0,
    "models": 1,
    "editing": 2,
    "publishing": 2,
    "workflow": 2,
    "moderation": 2,
    "admin": 3,
    "feeds": 3,
    "management": 3,
    "sitemaps": 3,
    "urls": 3,
    "views": 3,
}
# Work on values, never on rows.
PURE = {"text", "art", "linking", "processing", "characters", "lookalikes", "posters", "lettering"}
MAX_LINES = 400


def read_tree() -> Files:
    """Every file of ours that a rule looks at."""
    folders = [*ARROW, "bench", "deploy", "static", "templates", "tests"]
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in [*paths, ROOT / "manage.py"]
        if path.suffix in {".py", ".js", ".css", ".html"} and path.is_file()
    }


# ---- Imports


def app_modules(files: Files) -> dict[str, ast.Module]:
    """The Python modules of the site itself, by dotted name. Migrations are frozen and left out."""
    modules = {}
    for path, text in files.items():
        if path.endswith(".py") and path.split("/")[0] in ARROW and "/migrations/" not in path:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            modules[name] = ast.parse(text, path)
    return modules


def imports(files: Files) -> dict[str, set[str]]:
    """Which of our modules each of our modules imports: anywhere in it, in functions and for types too."""
    modules = app_modules(files)
    packages = {path.removesuffix("/__init__.py").replace("/", ".") for path in files if "__init__" in path}
    graph: dict[str, set[str]] = {}
    for name, tree in modules.items():
        parent = name if name in packages else name.rpartition(".")[0]
        found = {target for node in ast.walk(tree) for target in imported_names(node, parent)}
        # `from articles import publishing` names a module, `from articles.models import Article` a class.
        graph[name] = {nearest_module(target, modules) for target in found if target.split(".")[0] in ARROW}
        graph[name].discard(name)
    return graph


def imported_names(node: ast.AST, parent: str) -> Iterator[str]:
    """The dotted names that an import statement inside the package `parent` reaches for."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        up = parent.split(".")[: len(parent.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*up, *([node.module] if node.module else [])])
        yield from (f"{base}.{alias.name}" for alias in node.names)


def nearest_module(name: str, modules: dict[str, ast.Module]) -> str:
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def reached_from(start: str, graph: dict[str, set[str]]) -> set[str]:
    """Everything that importing one module may import in the end."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached


def part(module: str) -> str:
    """articles.models.revision → models"""
    return module.split(".")[1] if "." in module else ""


def arrow_points_left(files: Files) -> list[str]:
    """pulse ← accounts ← images ← glossary ← articles ← comments ← demo ← pulse.urls, settings, wsgi."""

    def rank(module: str) -> int:
        return len(ARROW) if module in SITE else ARROW.index(module.split(".")[0])

    return [
        f"{module} imports {target}"
        for module, targets in imports(files).items()
        for target in targets
        if rank(target) > rank(module)
    ]


def nobody_imports_settings(files: Files) -> list[str]:
    """Settings are read through django.conf, which tests can override; addresses through reverse()."""
    return [
        f"{module} imports {target}"
        for module, targets in imports(files).items()
        for target in targets & SITE
    ]


def stages_point_left(files: Files) -> list[str]:
    """Inside an app: querysets ← models ← verbs ← views, admin, feeds and commands, however long the way."""
    graph = imports(files)
    return [
        f"{module} reaches {target}"
        for module in graph
        for target in reached_from(module, graph)
        if target.split(".")[0] == module.split(".")[0]
        and STAGES.get(part(target), 0) > STAGES.get(part(module), len(STAGES))
    ]


def pure_modules_know_no_models(files: Files) -> list[str]:
    """Text, art, linking, image processing and characters, like querysets, import no model of any app."""
    graph = imports(files)
    return [
        f"{module} reaches {target}"
        for module in graph
        if part(module) in PURE | {"querysets"}
        for target in reached_from(module, graph)
        if part(target) == "models"
    ]


def no_signals(files: Files) -> list[str]:
    """Verbs say what follows; only the groups are made after migrating."""
    complaints = []
    for module, tree in app_modules(files).items():
        for node in ast.walk(tree):
            for name in imported_names(node, module):
                is_signal = name.startswith("django.dispatch") or ".signals." in f"{name}."
                allowed = module == "accounts.apps" and name == "django.db.models.signals.post_migrate"
                if is_signal and not allowed:
                    complaints.append(f"{module} imports {name}")
    return complaints


# ---- Files


def no_drawers(files: Files) -> list[str]:
    """A function has a subject, and the subject is its file."""
    return [path for path in files if Path(path).stem in {"utils", "helpers", "misc", "common"}]


def files_stay_short(files: Files) -> list[str]:
    """A file that passes 400 lines is asking to be two."""
    return [
        f"{path} has {lines} lines"
        for path, text in files.items()
        if "/migrations/" not in path
        and not path.startswith("demo/content/")
        and (lines := len(text.splitlines())) > MAX_LINES
    ]


# ---- Markup

MARKUP_BANS = {
    r"<[a-z][^<>]*\sstyle\s*=": "a style attribute",
    r"<[a-z][^<>]*\son[a-z]+\s*=": "an inline event handler",
    r"<style\b": "a style element",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/ld\+json\")": "an inline script",
    r"javascript:": "a javascript: address",
    r"\|\s*safe\b": "the safe filter: HTML is marked safe where it is sanitised",
    r"\{%\s*autoescape\s+off": "escaping turned off",
    r"\brequest\.user\b": "request.user, which reads the session: use reader",
}


def templates(files: Files) -> dict[str, str]:
    """Templates without their comments. Not those of mails: no policy of ours reaches a mail program."""
    comment = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
    pages = {path: text for path, text in files.items() if path.endswith(".html") and "/email/" not in path}
    return {path: comment.sub("", text) for path, text in pages.items()}


def templates_obey_the_csp(files: Files) -> list[str]:
    """No style, handler or script inside the markup, so that the policy needs no unsafe-inline."""
    return [
        f"{path}: {what}"
        for path, text in templates(files).items()
        for pattern, what in MARKUP_BANS.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]


def nothing_formatted_is_marked_safe(files: Files) -> list[str]:
    """mark_safe takes what the sanitiser made; what has values in it is made by format_html."""
    complaints = []
    for module, tree in app_modules(files).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in {
                "mark_safe",
                "SafeString",
                "format_html",
            }:
                built = node.args and is_built(node.args[0])
                if built:
                    complaints.append(f"{module}:{node.lineno} {name_of(node.func)} of a string put together")
    return complaints


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_built(value: ast.expr) -> bool:
    """Whether an expression puts a string together: f"…", "…" + x, "…" % x, "…".format(x)."""
    if isinstance(value, ast.Call):
        return name_of(value.func) == "format"
    return isinstance(value, ast.JoinedStr | ast.BinOp)


# ---- The rules, each with small trees that break it

BROKEN: list[tuple[Rule, Files]] = [
    (
        arrow_points_left,
        {"glossary/models.py": "from articles.models import Article", "articles/models.py": ""},
    ),
    (arrow_points_left, {"pulse/text.py": "def f():\n    import accounts.models", "accounts/models.py": ""}),
    (arrow_points_left, {"articles/views.py": "from pulse import urls", "pulse/urls.py": ""}),
    (nobody_imports_settings, {"demo/apps.py": "from pulse.settings import DEBUG", "pulse/settings.py": ""}),
    (
        stages_point_left,
        {"articles/models.py": "from .publishing import publish", "articles/publishing.py": ""},
    ),
    (
        stages_point_left,
        {
            "articles/models/__init__.py": "from articles.models import article",
            "articles/models/article.py": "from articles import story",
            "articles/story.py": "from articles.views import page",
            "articles/views.py": "",
        },
    ),
    (
        pure_modules_know_no_models,
        {"images/processing.py": "from images import models", "images/models.py": ""},
    ),
    (
        pure_modules_know_no_models,
        {"articles/querysets.py": "from glossary.models import Term", "glossary/models.py": ""},
    ),
    (no_signals, {"articles/models.py": "from django.db.models.signals import post_save"}),
    (no_signals, {"comments/apps.py": "from django.dispatch import receiver"}),
    (no_signals, {"articles/apps.py": "from django.db.models import signals"}),
    (no_signals, {"accounts/apps.py": "from django.db.models.signals import post_save"}),
    (no_drawers, {"articles/utils.py": ""}),
    (files_stay_short, {"static/css/pages.css": "a {}\n" * (MAX_LINES + 1)}),
    (templates_obey_the_csp, {"templates/a.html": '<p class="x"\n style="color: red">'}),
    (templates_obey_the_csp, {"templates/a.html": '<button type="button" onclick="go()">'}),
    (templates_obey_the_csp, {"templates/a.html": "<script>go()</script>"}),
    (templates_obey_the_csp, {"templates/a.html": '<script type="module">go()</script>'}),
    (templates_obey_the_csp, {"templates/a.html": "<STYLE>p {}</STYLE>"}),
    (templates_obey_the_csp, {"templates/a.html": "{{ comment.body | safe }}"}),
    (templates_obey_the_csp, {"templates/a.html": "{% if request.user.is_staff %}"}),
    (nothing_formatted_is_marked_safe, {"images/tags.py": "mark_safe(f'<img src={url}>')"}),
    (nothing_formatted_is_marked_safe, {"images/tags.py": "html.mark_safe('<b>' + name)"}),
    (nothing_formatted_is_marked_safe, {"images/tags.py": "format_html('<b>{}'.format(name))"}),
]

FINE: Files = {
    "accounts/apps.py": "from django.db.models.signals import post_migrate",
    "articles/views.py": "from articles import publishing\nfrom glossary.models import Term",
    "articles/publishing.py": "from .models import Article\nmark_safe(html)\nformat_html('<b>{}</b>', name)",
    "articles/models.py": "from articles.querysets import ArticleQuerySet\nfrom pulse.text import render",
    "articles/querysets.py": "from django.db import models",
    "glossary/models.py": "",
    "pulse/text.py": "import nh3",
    "pulse/urls.py": "import articles.views",
    "templates/a.html": '{# style="x" #}<script src="a.js"></script><script type="application/ld+json">',
}

RULES = sorted({rule for rule, _ in BROKEN}, key=lambda rule: rule.__name__)


def rule_name(value: object) -> str:
    return getattr(value, "__name__", "example")


@pytest.fixture(scope="module")
def tree() -> Files:
    return read_tree()


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_architecture_holds(rule: Rule, tree: Files) -> None:
    """Our tree keeps every rule."""
    assert tree
    assert rule(tree) == []


@pytest.mark.parametrize(("rule", "example"), BROKEN, ids=rule_name)
def test_architecture_rule_can_fail(rule: Rule, example: Files) -> None:
    """Each rule complains of a tree that breaks it."""
    assert rule(example)


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_architecture_rule_lets_good_code_pass(rule: Rule) -> None:
    """No rule complains of a tree as it should be."""
    assert rule(FINE) == []
