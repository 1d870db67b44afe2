"""The glossary's public pages: what readers see of it, and what they never do."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from glossary.editing import save_term
from glossary.models import Term
from tests.factories import make_article, make_draft, make_term

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# A to Z


def test_glossary_sorts_terms_under_their_letters(client: Client) -> None:
    """Capitals and accents make no difference; digits come first, and only if there are some."""
    for name in ["token", "Attention", "élan", "agent", "KV cache", "Epoch"]:
        make_term(name=name)
    shown = page(client, "/glossary/")
    assert re.findall(r'<dt><a href="[^"]*">([^<]*)', shown) == [
        "agent",
        "Attention",
        "élan",
        "Epoch",
        "KV cache",
        "token",
    ]
    assert re.findall(r'<h2 id="letter-\w+-h">([^<]*)', shown) == ["A", "E", "K", "T"]
    assert "0–9" not in shown
    make_term(name="8-bit float")
    assert '<a href="#letter-09">0–9</a>' in page(client, "/glossary/")


def test_glossary_letters_without_terms_lead_nowhere(client: Client) -> None:
    """All 26 stand in the bar; those that have terms are links to their section."""
    make_term(name="agent")
    bar = re.search(r'<nav class="az".*?</nav>', page(client, "/glossary/"), re.DOTALL)
    assert bar is not None
    assert re.findall(r"<(\w+) (?:href|aria-hidden)[^>]*>(\w)</", bar.group())[:3] == [
        ("a", "A"),
        ("span", "B"),
        ("span", "C"),
    ]
    assert bar.group().count("<span") == 25
    assert 'id="letter-a"' in page(client, "/glossary/")


def test_glossary_counts_in_words_that_fit(client: Client) -> None:
    """One term turns up, two terms turn up, and with none there is a way on."""
    assert "No terms are defined yet." in page(client, "/glossary/")
    make_term()
    assert "1 term that turns up" in page(client, "/glossary/")
    make_term()
    assert "2 terms that turn up" in page(client, "/glossary/")


def test_glossary_costs_the_same_for_many(client: Client, django_assert_num_queries: Callable) -> None:
    """Sections for the masthead and one query for the terms."""
    make_term()
    page(client, "/glossary/")
    with django_assert_num_queries(2):
        page(client, "/glossary/")
    for _ in range(50):
        make_term()
    with django_assert_num_queries(2):
        page(client, "/glossary/")


# One term


def test_term_page_shows_all_of_a_term(client: Client) -> None:
    """Name, aliases, definition, the entry as HTML, and the published terms to see also."""
    term = make_term(name="KV cache", slug="kv-cache", aliases=["notes", "key–value cache"])
    term.explanation = "## Under the hood\n\nIt *grows*."
    save_term(term=term, by=None)
    term.see_also.add(
        make_term(name="prefill", slug="prefill"), make_term(name="unready", is_published=False)
    )
    shown = page(client, "/glossary/kv-cache/")
    assert "<h1>KV cache</h1>" in shown
    assert "Also called notes, key–value cache." in shown
    assert term.definition in shown
    assert '<h2 id="h-under-the-hood">Under the hood</h2>\n<p>It <em>grows</em>.</p>' in shown
    assert '<a href="/glossary/prefill/">prefill</a>' in shown
    assert "unready" not in shown


def test_term_page_leaves_out_what_is_empty(client: Client) -> None:
    """No heading without something under it."""
    shown = page(client, make_term().get_absolute_url())
    for absent in ["Also called", 'class="prose"', "See also"]:
        assert absent not in shown


def test_term_page_lists_live_stories_only(client: Client) -> None:
    """Where it comes up: what is published, and never a draft."""
    term = make_term()
    story = make_article(terms=[term], headline="The live one")
    make_draft(terms=[term], headline="The draft one")
    shown = page(client, term.get_absolute_url())
    assert "The live one" in shown
    assert story.get_absolute_url() in shown
    assert "The draft one" not in shown


def test_term_page_costs_the_same_for_many(client: Client, django_assert_num_queries: Callable) -> None:
    """The term, what to see also, its mentions, its stories and their names: never one by one."""
    term = make_term()
    story = make_article(terms=[term])
    term.see_also.add(make_term())
    page(client, term.get_absolute_url())
    with django_assert_num_queries(6):
        page(client, term.get_absolute_url())
    for _ in range(8):
        make_article(terms=[term], section=story.section)
        term.see_also.add(make_term())
    with django_assert_num_queries(6):
        page(client, term.get_absolute_url())


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- & ' \" \\ \u2028", "مرحبا"])
def test_term_page_describes_itself_to_machines(client: Client, text: str) -> None:
    """DefinedTerm JSON-LD says what the page says, and no text in it ends its element."""
    term = make_term(name="agent", definition=text, aliases=["bot"])
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>',
        page(client, term.get_absolute_url()),
        re.DOTALL,
    )
    data = json.loads(blocks[0])["@graph"][0]
    assert len(blocks) == 1
    assert "<" not in blocks[0]
    assert (data["@type"], data["name"], data["description"]) == ("DefinedTerm", "agent", text)
    assert data["alternateName"] == ["bot"]
    assert data["url"] == f"http://testserver{term.get_absolute_url()}"
    assert data["inDefinedTermSet"]["url"] == "http://testserver/glossary/"


# What is not public


def test_draft_term_is_nowhere(client: Client) -> None:
    """Until it is published a term has no page, no line in the glossary and no link to see also."""
    draft = make_term(name="secret agent", is_published=False)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "secret agent" not in page(client, "/glossary/")
    Term.objects.update(status=Term.Status.PUBLISHED)
    assert "secret agent" in page(client, "/glossary/")
    assert client.get(draft.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("address", ["/glossary/", "/glossary/agent/"])
def test_glossary_pages_are_the_same_for_every_stranger(client: Client, address: str) -> None:
    """No cookie is set and nothing varies, so that a cache may keep them; they are only read."""
    make_term(slug="agent")
    response = client.get(address)
    assert not response.cookies
    assert not response.has_header("Vary")
    assert "public" in response["Cache-Control"]
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", ["/glossary/nothing/", "/glossary/a%00/", "/glossary/A%20B/"])
def test_glossary_has_no_page_for_other_addresses(client: Client, address: str) -> None:
    """A clear 4xx, never a 500."""
    assert client.get(address).status_code in {400, 404}
