"""Stories and terms as Markdown: what readers see now, whole, with addresses that lead back to us."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from markdown_it import MarkdownIt

from articles import publishing
from articles.models import Article
from glossary.editing import save_term
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def version(article: Article) -> HttpResponse:
    return Client().get(f"/articles/{article.slug}.md")  # type: ignore[return-value]


def test_a_story_can_be_had_whole_as_markdown():
    image = make_image(alt="A rack")
    article = make_article(
        headline="Chips * and [more]",
        body=f"# Part one\n\nThe *story*, see [the list](/glossary/) and [part one](#h-part-one).\n\n"
        f"![Square]({image.file.url})\n\n`[not](/a-link)`",
        section=make_section(name="Chips"),
        topics=[make_topic(name="Memory")],
        authors=[make_author(name="Ada Example"), make_author(name="Ben Example")],
        terms=[make_term(name="agent", slug="agent", definition="Who acts.")],
        impacts=[(["Market", "Society"], "It will matter.")],
        lead_image=image,
    )
    publishing.correct(article=article, by=make_user(role="Editor"), kind="correction", text="Nine, not ten.")
    response = version(article)
    text, page = response.content.decode(), f"http://testserver{article.get_absolute_url()}"
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == f'<{page}>; rel="canonical"'
    assert text.startswith("# Chips \\* and \\[more\\]\n")
    assert f"> **The Pulse TL;DR.** {article.tldr}" in text
    assert "By [Ada Example](http://testserver/authors/" in text
    assert "Section: [Chips](http://testserver/sections/" in text
    assert "Topics: [Memory](http://testserver/topics/" in text
    assert re.search(r"Published \d+ \w+ \d{4}, \d\d:\d\d UTC\.", text)
    assert re.search(r"\*\*Correction, .* UTC\.\*\* Nine, not ten\.", text)
    assert f"![A rack](http://testserver{image.file.url})" in text
    assert "## Part one\n" in text
    assert (
        f"The *story*, see [the list](http://testserver/glossary/) and [part one]({page}#h-part-one)." in text
    )
    assert f"![Square](http://testserver{image.file.url})" in text
    assert "`[not](/a-link)`" in text
    assert "**Market · Society.** It will matter." in text
    assert "**[agent](http://testserver/glossary/agent/):** Who acts." in text
    assert f"Address: <{page}>" in text


def test_its_headings_are_those_of_the_page():
    article = make_article(body="### Deep\n\ntext", impacts=[(["Market"], "So.")], terms=[make_term()])
    tokens = MarkdownIt().parse(version(article).content.decode())
    headings = [
        (token.tag, following.content)
        for token, following in zip(tokens, tokens[1:], strict=False)
        if token.type == "heading_open"
    ]
    assert headings == [
        ("h1", article.headline),
        ("h2", "Deep"),
        ("h2", "Real-World Impact"),
        ("h2", "Technical Briefing"),
    ]


def test_it_is_what_is_live_and_never_the_working_copy():
    article = make_article(headline="Published", body="Live-words.")
    article.body = "Draft-words."
    change_headline(article, "Not-yet")
    text = version(article).content.decode()
    assert "Live-words." in text
    assert "Draft-words." not in text
    assert "Not-yet" not in text


def test_what_is_not_live_has_no_version():
    editor = make_user(role="Editor")
    draft, gone, withdrawn = make_draft(), make_article(), make_article()
    publishing.unpublish(article=gone, by=editor)
    publishing.withdraw(article=withdrawn, by=editor)
    assert [version(article).status_code for article in (draft, gone, withdrawn)] == [404, 404, 410]
    assert Client().get("/articles/never-was.md").status_code == 404


def test_an_old_address_leads_to_the_present_version_in_one_hop():
    article, editor = make_article(), make_user(role="Editor")
    old = f"/articles/{article.slug}.md"
    publishing.change_slug(article=article, slug="two", by=editor)
    publishing.change_slug(article=article, slug="three", by=editor)
    for address in (old, "/articles/two.md"):
        moved = Client().get(address)
        assert (moved.status_code, moved["Location"]) == (301, "/articles/three.md")
    publishing.unpublish(article=article, by=editor)
    assert Client().get(old).status_code == 404


def test_a_draft_term_is_not_explained_in_it():
    secret = make_term(name="secret widget", is_published=False)
    assert secret.definition not in version(make_article(terms=[secret])).content.decode()


def test_a_version_costs_seven_queries_at_most():
    article = make_article(terms=[make_term(), make_term()], lead_image=make_image(), topics=[make_topic()])
    with CaptureQueriesContext(connection) as captured:
        assert version(article).status_code == 200
    assert len(captured) <= 7


def test_pages_name_their_markdown():
    article, term = make_article(), make_term()
    page = Client().get(article.get_absolute_url()).content.decode()
    assert f'<link rel="alternate" type="text/markdown" href="/articles/{article.slug}.md">' in page
    entry = Client().get(term.get_absolute_url()).content.decode()
    assert f'<link rel="alternate" type="text/markdown" href="/glossary/{term.slug}.md">' in entry


# Terms


def test_a_term_can_be_had_as_markdown():
    term = make_term(
        name="KV cache",
        slug="kv-cache",
        definition="Notes *kept*.",
        aliases=["key-value cache"],
        explanation="See [all](/glossary/).",
    )
    other = make_term(name="token")
    hidden = make_term(name="hidden", is_published=False)
    term.see_also.set([other, hidden])
    response = Client().get("/glossary/kv-cache.md")
    text = response.content.decode()
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Link"] == '<http://testserver/glossary/kv-cache/>; rel="canonical"'
    assert text.startswith("# KV cache\n\n> Notes \\*kept\\*.\n\nAlso called key-value cache.")
    assert "See [all](http://testserver/glossary/)." in text
    assert f"See also: [token](http://testserver{other.get_absolute_url()})." in text
    assert "hidden" not in text


def test_a_draft_term_has_no_version_and_a_renamed_one_leads_on():
    editor = make_user(role="Editor")
    draft, term = make_term(is_published=False), make_term()
    old, term.slug = term.slug, "another"
    save_term(term=term, by=editor)
    assert Client().get(f"/glossary/{draft.slug}.md").status_code == 404
    moved = Client().get(f"/glossary/{old}.md")
    assert (moved.status_code, moved["Location"]) == (301, "/glossary/another.md")


# llms.txt


def test_llms_txt_says_what_the_site_is_and_leads_to_live_stories_and_terms():
    article = make_article(headline="Visible [story]", section=make_section(name="Chips"))
    draft = make_draft(headline="Hidden story")
    term, secret = make_term(name="agent"), make_term(name="secret", is_published=False)
    response = Client().get("/llms.txt")
    text = response.content.decode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith("# The Pulse\n\n> ")
    assert f"- [Visible \\[story\\]](http://testserver/articles/{article.slug}.md): word word" in text
    assert "- [Chips](http://testserver/sections/" in text
    assert f"- [agent](http://testserver/glossary/{term.slug}.md): {term.definition}" in text
    assert draft.headline not in text
    assert secret.definition not in text
    addresses = re.findall(r"\]\((http://testserver[^)]*)\)", text)
    assert len(addresses) > 8
    assert {address: Client().get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
