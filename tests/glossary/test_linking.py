"""First mentions of terms become links, and nothing else does."""

import re
import threading
import time
from dataclasses import dataclass, field
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.linking import linker
from pulse.text import Picture, Rendered, editorial

pytestmark = pytest.mark.once


@dataclass
class Entry:
    """A term without a row."""

    name: str
    aliases: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return re.sub(r"\W+", "-", self.name.lower())

    @property
    def names(self) -> list[str]:
        return [self.name, *self.aliases]

    @property
    def anchor(self) -> str:
        return f"term-{self.slug}"


def render(source: str, *names: str | Entry) -> Rendered:
    return editorial(source, link=linker(Entry(name) if isinstance(name, str) else name for name in names))


def linked(source: str, *names: str | Entry) -> list[str]:
    """What stands inside the term links of a rendered text, in order."""
    return re.findall(r'<a class="term"[^>]*>([^<]*)</a>', unescape(render(source, *names).html))


def test_linking_marks_the_first_mention() -> None:
    """The first only, as it was written, leading to the definition on the page."""
    rendered = render("Inference is dear. Cheaper inference helps.", "inference")
    assert rendered.html == (
        '<p><a class="term" href="#term-inference">Inference</a> is dear. Cheaper inference helps.</p>\n'
    )
    assert rendered.linked == {"inference"}


def test_linking_reports_only_what_it_linked() -> None:
    """A term that is not mentioned, or only where nothing is linked, is not reported."""
    assert render("# Inference\n\nTokens.", "inference", "token", "prefill").linked == {"token"}


@pytest.mark.parametrize(
    "source",
    [
        "## On inference",
        "On inference\n===",
        "> inference",
        "> - said of inference\n>\n> — Inference Ltd",
        "[about inference](/x/)",
        "[*inference*](/x/)",
        "`inference`",
        "    inference",
        "```\ninference\n```",
        "![inference](/media/a.jpg)",
        '![x](/media/a.jpg "inference")',
        "a ![inference](/media/b.jpg) b",
        "<https://example.org/inference>",
    ],
)
def test_linking_keeps_out_of_other_parts(source: str) -> None:
    """Headings, quotations, links, code, pictures, captions hold no mention; the one after is the first."""
    picture = Picture("/media/a.jpg", 1, 1)
    shown = editorial(
        f"{source}\n\nAnd then inference.",
        link=linker([Entry("inference")]),
        sizes=lambda address: picture if "a.jpg" in address else None,
    ).html
    assert shown.count('class="term"') == 1
    assert 'And then <a class="term"' in shown


@pytest.mark.parametrize(
    "source", ["- *inference*", "| a |\n|---|\n| **inference** |", "x[^1]\n\n[^1]: inference"]
)
def test_linking_reaches_lists_tables_notes_and_emphasis(source: str) -> None:
    """Everywhere else a first mention counts."""
    assert linked(source, "inference") == ["inference"]


def test_linking_takes_the_longest_term() -> None:
    """A term inside a longer one is not meant, not even when the longer one is linked already."""
    source = "A KV cache here, a KV cache there. Then a cache."
    assert linked(source, "cache", "KV cache") == ["KV cache", "cache"]
    assert linked("A KV cache, a KV cache.", "cache", "KV cache") == ["KV cache"]
    assert linked("World models and models of the world", "model", "world model") == [
        "World models",
        "models",
    ]


def test_linking_falls_back_on_a_shorter_term() -> None:
    """Where the longer name turns out not to end, the shorter one is found."""
    assert linked("token pricey", "token price", "token") == ["token"]


def test_linking_knows_aliases() -> None:
    """Any of its names is a mention of the term; the first of them is linked."""
    memory = Entry("high-bandwidth memory", ["HBM", "stacked memory"])
    rendered = render("HBM is stacked memory, in full high-bandwidth memory.", memory)
    assert rendered.html.startswith(
        '<p><a class="term" href="#term-high-bandwidth-memory">HBM</a> is stacked'
    )
    assert rendered.html.count("<a") == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("token", "Tokens"),
        ("benchmark", "benchmarks"),
        ("loss", "losses"),
        ("memory", "memories"),
        ("GPU", "GPUs"),
        ("world model", "world models"),
        ("KV cache", "KV caches"),
        ("HBM", "HBM’s"),
        ("HBM", "HBM's"),
        ("agent", "agents’"),
    ],
)
def test_linking_knows_plurals_and_possessives(name: str, text: str) -> None:
    """English plurals need no alias; what belongs to a term mentions it."""
    plural = text.removesuffix("’s").removesuffix("'s").removesuffix("’")
    assert linked(f"The {text} end.", name) == [plural]


@pytest.mark.parametrize("text", ["RAG", "RAGs"])
def test_linking_heeds_the_case_of_acronyms(text: str) -> None:
    """RAG is a term, a rag is not; other names may begin a sentence."""
    assert linked(f"a rag, Rag, {text}", "RAG") == [text]
    assert linked("moe MOE MoE", "MoE") == ["MoE"]
    assert linked("r1 R1", "R1") == ["R1"]
    assert linked("TOKEN", "token") == ["TOKEN"]
    assert linked("Kv Cache", "KV cache") == ["Kv Cache"]


@pytest.mark.parametrize(
    "text",
    [
        "reinference",
        "inferences2",
        "inference-time compute",
        "non-inference",
        "inference_x",
        "#inference",
        "@inference",
        "inference.com",
        "inference\u2011time",
    ],
)
def test_linking_finds_whole_words_only(text: str) -> None:
    """A hyphen belongs to its word: “inference-time” is another word than inference."""
    assert linked(f"Of {text} then.", "inference") == []


@pytest.mark.parametrize(
    "text",
    [
        "(inference)",
        "“inference”",
        "inference, x",
        "a—inference—b",
        "training/inference",
        "inference -- x",
        "inference.",
    ],
)
def test_linking_lets_punctuation_end_a_word(text: str) -> None:
    """Brackets, quotation marks, dashes and stops are no part of a word."""
    assert linked(text, "inference") == ["inference"]


@pytest.mark.parametrize(
    "text",
    ["mixture of experts", "Mixture-of-experts", "mixture\u00a0of\u00a0experts", "mixture-of-experts"],
)
def test_linking_takes_hyphens_and_spaces_inside_a_name_alike(text: str) -> None:
    """Writers hyphenate a name before a noun; either spelling of the name finds both."""
    assert linked(f"A {text} model.", "mixture of experts") == [text]
    assert linked(f"A {text} model.", "mixture-of-experts") == [text]


def test_linking_reaches_over_the_end_of_a_line() -> None:
    """A name broken by a line of the Markdown is one name, and the line break stays."""
    rendered = render("about the KV\ncache of it\nand on", "KV cache")
    assert (
        rendered.html
        == '<p>about the <a class="term" href="#term-kv-cache">KV\ncache</a> of it\nand on</p>\n'
    )


def test_linking_matches_straight_and_curly_apostrophes() -> None:
    """The text is set before it is searched, the name as somebody typed it."""
    assert linked("Moore's law ended.", "Moore's law") == ["Moore’s law"]
    assert linked("Moore's law ended.", "Moore’s law") == ["Moore’s law"]


def test_linking_works_in_other_scripts() -> None:
    """Names need not be Latin."""
    assert linked("قال إن الذكاء الاصطناعي مهم", "الذكاء الاصطناعي") == ["الذكاء الاصطناعي"]
    assert linked("Das Gedächtnis zählt", "gedächtnis") == ["Gedächtnis"]


def test_linking_gives_a_shared_name_to_the_first_term() -> None:
    """Two terms with one name: the order given decides."""
    first, second = Entry("agent", ["bot"]), Entry("robot", ["bot"])
    assert 'href="#term-agent"' in render("A bot.", first, second).html
    assert 'href="#term-robot"' in render("A bot.", second, first).html


def test_linking_without_terms_changes_nothing() -> None:
    """No term, or one whose name is all signs, is no error."""
    assert render("A text.").html == render("A text.", "…", "").html == "<p>A text.</p>\n"


def test_linking_starts_afresh_for_every_text() -> None:
    """One linker serves many texts and many threads."""
    link = linker([Entry("inference")])
    results: list[set[str]] = []
    threads = [
        threading.Thread(target=lambda: results.append(editorial("Of inference.", link=link).linked))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"inference"}] * 8


def test_linking_is_fast_with_many_terms() -> None:
    """Ten thousand terms cost a long story no more than a moment."""
    entries = [Entry(f"word{number} thing", [f"alias{number}"]) for number in range(10_000)]
    entries += [Entry(f"same start {number}") for number in range(100)]
    link = linker(entries)
    story = "Some same start words and word77 thing here. " * 2_000
    start = time.process_time()
    rendered = editorial(story, link=link)
    assert time.process_time() - start < 2
    assert rendered.linked == {"word77-thing"}


WORDS = st.sampled_from(
    ["KV", "cache", "kv-cache", "tokens", "Token", "of", "’s", "-", ".", "*", "\n", "`", "> ", "#"]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_linking_never_changes_a_word(source: str) -> None:
    """Without its links a linked text is the text; each term is linked once, no link is inside another."""
    names = ["KV cache", "cache", "token", "token cache"]
    rendered = render(source, *names)
    assert re.sub(r'<a class="term"[^>]*>|</a>', "", rendered.html) == editorial(source).html
    targets = re.findall(r'class="term" href="#term-([^"]*)"', rendered.html)
    assert sorted(targets) == sorted(rendered.linked)
    assert not re.search(r"<a [^>]*>[^<]*<a ", rendered.html)
