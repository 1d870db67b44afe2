"""Feeds keep the rules that feed validators check, in all three forms, whatever a headline holds."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Article, Revision
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

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}"
FORMS = ["rss", "atom", "json"]
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
HOSTILE = [
    "<b>&amp; ]]> \"quoted\" 'too'",
    "</title><script>",
    "Zero\u200bwidth \u202eturned \U0001f600",
    "عنوان",
]


def fetch(address: str) -> bytes:
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == TYPES[address.rstrip("/").rpartition("/")[2]]
    assert response["X-Robots-Tag"] == "noindex"
    return response.content


def rss(root: str = "/") -> ET.Element:
    return ET.fromstring(fetch(f"{root}feeds/rss/")).find("channel")  # noqa: S314 - our own output


def atom(root: str = "/") -> ET.Element:
    return ET.fromstring(fetch(f"{root}feeds/atom/"))  # noqa: S314 - our own output


def json_feed(root: str = "/") -> dict:
    return json.loads(fetch(f"{root}feeds/json/"))


def titles(root: str) -> list[list[str]]:
    return [
        [item.findtext("title") for item in rss(root).findall("item")],
        [unescape(entry.findtext(f"{ATOM}title")) for entry in atom(root).findall(f"{ATOM}entry")],
        [item["title"] for item in json_feed(root)["items"]],
    ]


def whole_story() -> Article:
    image = make_image(alt="A rack")
    return make_article(
        headline="Whole",
        body="The **whole** story of an agent.\n\n## Then\n\nSee [above](#h-then).",
        authors=[make_author(name="Ada Example"), make_author(name="Ben Example")],
        section=make_section(name="Chips"),
        topics=[make_topic(name="Memory"), make_topic(name="Racks")],
        terms=[make_term(name="agent", slug="agent", definition="Who acts.")],
        impacts=[(["Market"], "It will matter.")],
        lead_image=image,
    )


def test_an_rss_feed_has_what_its_validators_ask_for():
    whole_story()
    make_article()
    channel = rss()
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert channel.findtext(name)
    parsedate_to_datetime(channel.findtext("lastBuildDate"))
    own = channel.find(f"{ATOM}link[@rel='self']")
    assert own.get("href") == "http://testserver/feeds/rss/"
    items = channel.findall("item")
    assert len({item.findtext("guid") for item in items}) == len(items) == 2
    for item in items:
        assert item.find("guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
        assert RFC_3339.fullmatch(item.findtext(f"{ATOM}updated"))
        assert item.findtext("link").startswith("http://testserver/articles/")
        assert item.findtext("comments").endswith("#discussion")
        assert item.find("author") is None  # would have to be an e-mail address
        for enclosure in item.findall("enclosure"):
            assert enclosure.get("length").isdigit()
            assert enclosure.get("type") in {"image/jpeg", "image/png"}
            assert enclosure.get("url").startswith("http://testserver/media/")


def test_an_atom_feed_has_what_its_validators_ask_for():
    whole_story()
    make_article()
    feed = atom()
    assert feed.findtext(f"{ATOM}id") == "http://testserver/feeds/atom/"
    assert RFC_3339.fullmatch(feed.findtext(f"{ATOM}updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The Pulse"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": "http://testserver/feeds/atom/", "alternate": "http://testserver/"}
    entries = feed.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 2
    for entry in entries:
        assert entry.findtext(f"{ATOM}title")
        assert RFC_3339.fullmatch(entry.findtext(f"{ATOM}updated"))
        assert RFC_3339.fullmatch(entry.findtext(f"{ATOM}published"))
        assert entry.find(f"{ATOM}content").get("type") == "html"
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert [link.get("type") for link in alternates] == ["text/html"]


def test_a_json_feed_has_what_its_validators_ask_for():
    whole_story()
    feed = json_feed()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (
        "http://testserver/",
        "http://testserver/feeds/json/",
    )
    [item] = feed["items"]
    assert isinstance(item["id"], str)
    assert item["url"].startswith("http://testserver/articles/")
    assert RFC_3339.fullmatch(item["date_published"])
    assert RFC_3339.fullmatch(item["date_modified"])
    assert [author["name"] for author in item["authors"]] == ["Ada Example", "Ben Example"]
    assert item["authors"][0]["url"].startswith("http://testserver/authors/")
    assert item["tags"] == ["Chips", "Memory", "Racks"]
    assert item["image"].startswith("http://testserver/media/")


def test_all_forms_hold_the_whole_story_with_its_five_parts():
    article = whole_story()
    publishing.correct(
        article=article, by=make_user(role="Editor"), kind="correction", text="It was nine, not ten."
    )
    item, entry, other = rss().find("item"), atom().find(f"{ATOM}entry"), json_feed()["items"][0]
    for html in (item.findtext(CONTENT), entry.findtext(f"{ATOM}content"), other["content_html"]):
        assert article.tldr in html
        assert "<strong>whole</strong>" in html
        assert "It was nine, not ten." in html
        assert "It will matter." in html
        assert "Who acts." in html
    assert [name.text for name in item.findall(CREATOR)] == ["Ada Example", "Ben Example"]
    assert [category.text for category in item.findall("category")] == ["Chips", "Memory", "Racks"]
    assert item.findtext(f"{MEDIA}content/{MEDIA}description") == "A rack"
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Ada Example", "Ben Example"]


@pytest.mark.parametrize("form", FORMS)
def test_every_address_in_a_feed_is_whole(form):
    image = make_image()
    make_article(
        body=f'[List](/glossary/), [there](#h-there), `href="/kept"`.\n\n![A]({image.file.url})\n\n## There'
    )
    text = unescape(fetch(f"/feeds/{form}/").decode()).replace('\\"', '"')
    addresses = re.findall(r'<[^<>]*\s(?:href|src|url)="([^"]*)"', text)
    assert len(addresses) >= 3
    assert [address for address in addresses if not address.startswith(("http://", "https://"))] == []
    assert re.search(r'href="http://testserver/articles/[-\w]+/#h-there"', text)
    assert "srcset" not in text


@pytest.mark.parametrize("title", HOSTILE)
def test_a_headline_comes_through_as_it_was_typed(title):
    make_article(headline=title, tldr=title)
    assert titles("/") == [[title], [title], [title]]


def test_a_summary_comes_through_as_it_was_typed_where_html_is_read():
    words = "AT&T says <b> is &lt; 5 &amp; 'so'."
    make_article(tldr=words)
    item, entry = rss().find("item"), atom().find(f"{ATOM}entry")
    assert unescape(item.findtext("description")) == unescape(entry.findtext(f"{ATOM}summary")) == words
    assert json_feed()["items"][0]["summary"] == words


@pytest.mark.parametrize("character", ["\x08", "\x0b", "\x1f", "\ufffe", "\uffff", "\x85", "\ufdd0"])
def test_a_character_that_xml_forbids_breaks_no_feed(character):
    """The form refuses it; a row that was written past the form must not take the whole feed down."""
    make_article(headline="Fine")
    article = make_article()
    Revision.objects.filter(article=article).update(
        headline=f"Bro{character}ken", body_html=f"<p>{character}</p>"
    )
    assert titles("/") == [["Broken", "Fine"]] * 3


def test_an_item_says_when_it_was_changed_and_when_it_was_corrected():
    article = make_article(at=timezone.now() - dt.timedelta(days=3))
    first = json_feed()["items"][0]
    publishing.correct(article=article, by=make_user(role="Editor"), kind="update", text="More is known.")
    second = json_feed()["items"][0]
    assert (first["id"], first["date_published"]) == (second["id"], second["date_published"])
    assert second["date_modified"] > first["date_modified"]
    assert parsedate_to_datetime(rss().findtext("lastBuildDate")).date() == timezone.now().date()


def test_an_empty_feed_is_valid_and_stays_the_same():
    section = make_section()
    root = section.get_absolute_url()
    assert RFC_3339.fullmatch(atom(root).findtext(f"{ATOM}updated"))
    assert json_feed(root)["items"] == []
    assert rss(root).findtext("description")
    assert fetch(f"{root}feeds/atom/") == fetch(f"{root}feeds/atom/")


def test_sections_topics_and_authors_have_feeds_of_their_own_in_all_forms():
    section, topic, author = make_section(), make_topic(), make_author()
    make_article(headline="Mine", section=section, topics=[topic], authors=[author])
    make_article(headline="Other")
    for filed in (section, topic, author):
        assert titles(filed.get_absolute_url()) == [["Mine"]] * 3
        own = f"http://testserver{filed.get_absolute_url()}feeds/json/"
        assert json_feed(filed.get_absolute_url())["feed_url"] == own


def test_the_feed_of_a_topic_or_author_without_a_live_story_is_404():
    """As their pages: the name of one could give a story away."""
    topic, author = make_topic(), make_author()
    make_draft(topics=[topic], authors=[author])
    for filed in (topic, author):
        for form in FORMS:
            assert Client().get(f"{filed.get_absolute_url()}feeds/{form}/").status_code == 404


def test_what_is_gone_is_in_no_feed():
    editor = make_user(role="Editor")
    stays, goes, withdrawn = make_article(by=editor), make_article(by=editor), make_article(by=editor)
    publishing.unpublish(article=goes, by=editor)
    publishing.withdraw(article=withdrawn, by=editor)
    assert titles("/") == [[stays.headline]] * 3


def test_a_hidden_discussion_is_not_named():
    make_article(discussion=Article.Discussion.HIDDEN)
    assert rss().find("item/comments") is None


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_costs_six_queries_whatever_its_size(form):
    section, topic, author, term = make_section(), make_topic(), make_author(), make_term()
    image, editor = make_image(), make_user(role="Editor")

    def fill(number: int) -> None:
        for _ in range(number):
            article = make_article(
                section=section, topics=[topic], authors=[author], terms=[term], lead_image=image, by=editor
            )
            publishing.correct(article=article, by=editor, kind="update", text="More.")

    addresses = [
        f"{root}feeds/{form}/"
        for root in ("/", section.get_absolute_url(), topic.get_absolute_url(), author.get_absolute_url())
    ]
    fill(1)
    costs = {address: cost(address) for address in addresses}
    fill(4)
    assert {address: cost(address) for address in addresses} == costs
    assert max(costs.values()) <= 6


def cost(address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        fetch(address)
    return len(captured)


def test_pages_name_their_feeds():
    section = make_section()
    make_article(section=section)
    front = Client().get("/").content.decode()
    page = Client().get(section.get_absolute_url()).content.decode()
    for form in FORMS:
        kind = TYPES[form].partition(";")[0]
        assert f'<link rel="alternate" type="{kind}" title="The Pulse" href="/feeds/{form}/">' in front
        assert f'href="{section.get_absolute_url()}feeds/{form}/"' in page


def test_a_feed_names_the_hub_where_there_is_one(settings):
    make_article()
    assert not Client().get("/feeds/rss/").has_header("Link")
    settings.WEBSUB_HUB = "https://hub.example/"
    for form in FORMS:
        link = Client().get(f"/feeds/{form}/")["Link"]
        assert link == f'<http://testserver/feeds/{form}/>; rel="self", <https://hub.example/>; rel="hub"'
    assert rss().find(f"{ATOM}link[@rel='hub']").get("href") == "https://hub.example/"
    assert atom().find(f"{ATOM}link[@rel='hub']").get("href") == "https://hub.example/"
    assert json_feed()["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
