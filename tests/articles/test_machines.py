"""oEmbed, security.txt and structured data: what each standard asks for, and nothing that is not public."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.machines.sitemaps import SIZE
from articles.models import Article
from pulse.page_cache import query_names
from pulse.tags import NOTES
from tests.factories import (
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


def oembed(url: str, **more: Any) -> HttpResponse:
    return Client().get("/oembed/", {"url": url, **more})  # type: ignore[return-value]


def whole(article: Article) -> str:
    return f"http://testserver{article.get_absolute_url()}"


def test_oembed_describes_a_live_story():
    article = make_article(
        headline="<b> & more",
        authors=[make_author(name="Ada"), make_author(name="Ben")],
        lead_image=make_image(),
    )
    response = oembed(whole(article))
    assert response["Content-Type"] == "application/json"
    data = json.loads(response.content)
    assert (data["version"], data["type"], data["title"]) == ("1.0", "link", "<b> & more")
    assert (data["provider_name"], data["provider_url"]) == ("The Pulse", "http://testserver/")
    assert data["author_name"] == "Ada, Ben"
    assert data["thumbnail_url"].startswith("http://testserver/media/")
    assert isinstance(data["thumbnail_width"], int)
    assert isinstance(data["thumbnail_height"], int)
    assert "html" not in data


def test_oembed_speaks_xml_too():
    article = make_article(headline="<b> & more")
    response = oembed(whole(article), format="xml")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(response.content)  # noqa: S314 - our own output
    assert root.tag == "oembed"
    assert root.findtext("title") == "<b> & more"


def test_a_thumbnail_is_no_larger_than_was_asked_for():
    article = make_article(lead_image=make_image())
    assert "thumbnail_url" not in json.loads(oembed(whole(article), maxwidth=10).content)


def test_oembed_refuses_as_the_standard_says():
    editor, article = make_user(role="Editor"), make_article()
    draft, gone = make_draft(), make_article()
    publishing.unpublish(article=gone, by=editor)
    assert oembed(whole(article), format="yaml").status_code == 501
    assert oembed(whole(article), maxwidth="wide").status_code == 400
    assert Client().get("/oembed/").status_code == 400
    strange = [
        whole(draft),
        whole(gone),
        "http://testserver/",
        "http://example.com" + article.get_absolute_url(),
        "javascript:alert(1)",
        "http://[",
        article.get_absolute_url(),
    ]
    assert {url: oembed(url).status_code for url in strange} == dict.fromkeys(strange, 404)


def test_oembed_knows_a_story_by_its_old_address():
    article = make_article(headline="Moved")
    old = whole(article)
    publishing.change_slug(article=article, slug="elsewhere", by=make_user(role="Editor"))
    assert json.loads(oembed(old).content)["title"] == "Moved"


def test_a_story_names_its_oembed_addresses_and_they_work():
    article = make_article()
    page = Client().get(article.get_absolute_url()).content.decode()
    found = re.findall(r'type="(?:application/json|text/xml)\+oembed" href="([^"]*)"', page)
    assert len(found) == 2
    for address in found:
        assert quote(whole(article), safe="") in address
        assert Client().get(address.replace("&amp;", "&")).status_code == 200


def test_oembed_costs_four_queries():
    article = make_article(lead_image=make_image())
    with CaptureQueriesContext(connection) as captured:
        oembed(whole(article))
    assert len(captured) <= 4


# What the page cache needs to keep them


def test_every_page_for_machines_says_what_it_reads_and_shows():
    """Else the page cache would make it anew for every robot."""
    topic, author, term = make_topic(), make_author(), make_term()
    article = make_article(topics=[topic], authors=[author], terms=[term])
    roots = ["/", *(thing.get_absolute_url() for thing in (article.section, topic, author))]
    roots.append(f"{article.get_absolute_url()}comments/")
    addresses = [f"{root}feeds/{form}/" for root in roots for form in ("rss", "atom", "json")]
    addresses += ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-news.xml", "/robots.txt", "/llms.txt"]
    number = (article.pk - 1) // SIZE + 1
    addresses += [f"/sitemap-stories-{number}.xml", "/.well-known/security.txt"]
    addresses += [f"/articles/{article.slug}.md", f"/glossary/{term.slug}.md"]
    for address in addresses:
        response = Client().get(address)
        assert response.status_code == 200, address
        assert "public" in response["Cache-Control"], address
        assert response.wsgi_request.META.get(NOTES), address
        assert query_names(address) is not None, address
    story = f"article:{article.pk}"
    for address in (*addresses[:15], f"/articles/{article.slug}.md"):
        assert story in Client().get(address).wsgi_request.META[NOTES], address


# security.txt


def test_security_txt_has_what_rfc_9116_asks_for(settings):
    response = Client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:newsroom@testserver"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = dt.datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert dt.timedelta(days=30) < left < dt.timedelta(days=365)
    settings.SECURITY_CONTACT = "https://example.com/report?a=1&b=2"
    assert (
        b"Contact: https://example.com/report?a=1&b=2\n" in Client().get("/.well-known/security.txt").content
    )


# Structured data


def structured(address: str) -> list[dict[str, Any]]:
    page = Client().get(address).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [thing for block in blocks for thing in json.loads(block)["@graph"]]


def of_type(address: str, kind: str) -> dict[str, Any]:
    [found] = [thing for thing in structured(address) if thing["@type"] == kind]
    return found


def test_a_news_article_says_who_when_where_and_what_was_corrected():
    author = make_author(name="Ada Example")
    article = make_article(
        authors=[author],
        section=make_section(name="Chips"),
        topics=[make_topic(name="Memory")],
        at=timezone.now() - dt.timedelta(days=2),
        lead_image=make_image(),
    )
    publishing.correct(article=article, by=make_user(role="Editor"), kind="correction", text="Nine, not ten.")
    data = of_type(article.get_absolute_url(), "NewsArticle")
    assert data["headline"] == article.headline
    [person] = data["author"]
    assert (person["name"], person["url"]) == ("Ada Example", f"http://testserver{author.get_absolute_url()}")
    assert "sameAs" not in person
    published, changed = (dt.datetime.fromisoformat(data[name]) for name in ("datePublished", "dateModified"))
    assert changed - published > dt.timedelta(days=1)
    assert (data["articleSection"], data["keywords"]) == ("Chips", ["Memory"])
    assert data["correction"][0]["text"] == "Nine, not ten."
    assert data["isPartOf"]["name"] == data["publisher"]["name"] == "The Pulse"
    assert len(data["image"]) == 3
    for picture in data["image"]:
        response = Client().get(picture)
        assert response.status_code == 200
        response.close()
    assert "speakable" not in data


def names_of_steps(address: str) -> list[str]:
    steps = of_type(address, "BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert [Client().get(step["item"]).status_code for step in steps] == [200] * len(steps)
    assert steps[-1]["item"] == f"http://testserver{address}"
    return [step["name"] for step in steps]


def test_every_page_in_depth_says_the_way_to_it():
    section, topic, author = make_section(name="Chips"), make_topic(name="Memory"), make_author(name="Ada")
    at = dt.datetime(2025, 3, 5, 12, tzinfo=dt.UTC)
    article = make_article(headline="Racks", section=section, topics=[topic], authors=[author], at=at)
    term = make_term(name="agent")
    assert names_of_steps(article.get_absolute_url()) == ["The Pulse", "Chips", "Racks"]
    assert names_of_steps(section.get_absolute_url()) == ["The Pulse", "Chips"]
    assert names_of_steps(topic.get_absolute_url()) == ["The Pulse", "Memory"]
    assert names_of_steps(author.get_absolute_url()) == ["The Pulse", "Ada"]
    assert names_of_steps(term.get_absolute_url()) == ["The Pulse", "Glossary", "agent"]
    assert names_of_steps("/glossary/") == ["The Pulse", "Glossary"]
    assert names_of_steps("/archive/") == ["The Pulse", "Archive"]
    assert names_of_steps("/archive/2025/") == ["The Pulse", "Archive", "2025"]
    assert names_of_steps("/archive/2025/03/") == ["The Pulse", "Archive", "2025", "March 2025"]


def test_the_front_page_says_how_the_site_is_searched():
    action = of_type("/", "WebSite")["potentialAction"]
    assert action["target"]["urlTemplate"] == "http://testserver/search/?q={search_term_string}"
    assert action["query-input"] == "required name=search_term_string"


def test_the_glossary_is_a_set_of_its_published_terms():
    term = make_term(name="agent", definition="Who acts.", aliases=["bot"])
    make_term(name="secret", is_published=False)
    whole_set = of_type("/glossary/", "DefinedTermSet")
    assert [known["name"] for known in whole_set["hasDefinedTerm"]] == ["agent"]
    entry = of_type(term.get_absolute_url(), "DefinedTerm")
    assert (entry["description"], entry["alternateName"]) == ("Who acts.", ["bot"])
    assert entry["inDefinedTermSet"]["@id"] == whole_set["@id"]
