"""Sitemaps: every page readers can open, in files that stay what they are, however many stories there are."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.machines import sitemaps
from articles.models import Article, Page
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_term,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def tree(address: str) -> ET.Element:
    response = Client().get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    return ET.fromstring(response.content)  # noqa: S314 - our own output


def files() -> list[str]:
    found = [loc.text for loc in tree("/sitemap.xml").findall(f"{MAP}sitemap/{MAP}loc")]
    assert all(file.startswith("http://testserver/sitemap-") for file in found)
    return [file.removeprefix("http://testserver") for file in found]


def listed() -> list[str]:
    """The paths in all files of the index."""
    return [
        loc.text.removeprefix("http://testserver")
        for file in files()
        for loc in tree(file).findall(f"{MAP}url/{MAP}loc")
    ]


def test_everything_readers_can_open_is_listed_once():
    topic, author, term = make_topic(), make_author(), make_term()
    article = make_article(topics=[topic], authors=[author])
    page = Page.objects.create(title="About", slug="about", is_published=True)
    Page.objects.create(title="Not yet", slug="not-yet")
    paths = listed()
    assert len(paths) == len(set(paths))
    wanted = [thing.get_absolute_url() for thing in (article, article.section, topic, author, term, page)]
    plain = ["/", "/latest/", "/archive/", "/briefing/", "/corrections/", "/glossary/"]
    assert set(wanted + plain) <= set(paths)
    assert "/not-yet/" not in paths
    assert {path: Client().get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_what_is_not_live_is_in_no_file():
    editor = make_user(role="Editor")
    draft, gone, withdrawn = make_draft(by=editor), make_article(by=editor), make_article(by=editor)
    later = make_draft(by=editor)
    publishing.schedule(article=later, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    publishing.unpublish(article=gone, by=editor)
    publishing.withdraw(article=withdrawn, by=editor)
    secret = make_term(is_published=False)
    assert not {thing.get_absolute_url() for thing in (draft, gone, withdrawn, later, secret)} & set(listed())
    assert tree("/sitemap-news.xml").findall(f"{MAP}url") == []


def test_a_story_says_when_it_changed_and_what_picture_it_shows():
    image = make_image()
    article = make_article(lead_image=image, at=timezone.now() - dt.timedelta(days=2))
    url = url_of(article)
    assert url.findtext(f"{IMAGE}image/{IMAGE}loc") == f"http://testserver{image.file.url}"
    before = dt.datetime.fromisoformat(url.findtext(f"{MAP}lastmod"))
    publishing.correct(article=article, by=make_user(role="Editor"), kind="update", text="More.")
    after = dt.datetime.fromisoformat(url_of(article).findtext(f"{MAP}lastmod"))
    assert after - before > dt.timedelta(days=1)


def url_of(article: Article) -> ET.Element:
    address = f"http://testserver{article.get_absolute_url()}"
    urls = [url for file in files() for url in tree(file).findall(f"{MAP}url")]
    return next(url for url in urls if url.findtext(f"{MAP}loc") == address)


def test_files_are_bounded_and_a_new_story_changes_none_but_the_last(monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 3)
    editor = make_user(role="Editor")
    for _ in range(7):
        make_article(by=editor)
    before = {file: Client().get(file).content for file in files() if "stories" in file}
    assert len(before) >= 3
    assert all(content.count(b"<url>") <= 3 for content in before.values())
    new = make_article(by=editor)
    changed = {file for file, content in before.items() if Client().get(file).content != content}
    last = f"/sitemap-stories-{(new.pk - 1) // 3 + 1}.xml"
    assert changed <= {last}
    assert new.get_absolute_url() in listed()


def test_a_file_that_would_be_empty_is_neither_listed_nor_there(monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 2)
    editor = make_user(role="Editor")
    make_article(by=editor)
    drafts = [make_draft(by=editor) for _ in range(4)]
    last = make_article(by=editor)
    empty = f"/sitemap-stories-{(drafts[1].pk - 1) // 2 + 1}.xml"
    between = f"/sitemap-stories-{(drafts[2].pk - 1) // 2 + 1}.xml"
    missing = [file for file in {empty, between} if file not in files()]
    assert missing
    assert [Client().get(file).status_code for file in missing] == [404] * len(missing)
    assert last.get_absolute_url() in listed()


@pytest.mark.parametrize("file", ["stories-0", "stories-99999999999999999999", "none-1", "stories-7000000"])
def test_a_file_that_is_none_is_404(file):
    assert Client().get(f"/sitemap-{file}.xml").status_code == 404


def test_a_file_is_one_query_and_the_index_one_for_each_file(monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 3)
    editor, image = make_user(role="Editor"), make_image()
    for _ in range(7):
        make_article(by=editor, lead_image=image)
    found = [file for file in files() if "stories" in file]
    for file in found:
        assert len(queries(file)) == 1
    asked = queries("/sitemap.xml")
    assert not [sql for sql in asked if "COUNT(" in sql or "OFFSET" in sql]
    assert len([sql for sql in asked if "articles_revision" in sql and "LIMIT 1" in sql]) >= len(found)


def queries(address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return [query["sql"] for query in captured]


def test_the_news_sitemap_holds_the_last_two_days_newest_first():
    old = make_article(at=timezone.now() - dt.timedelta(hours=49))
    first = make_article(headline="First & foremost <b>", at=timezone.now() - dt.timedelta(hours=47))
    second = make_article(headline="Second")
    urls = tree("/sitemap-news.xml").findall(f"{MAP}url")
    expected = [f"http://testserver{article.get_absolute_url()}" for article in (second, first)]
    assert [url.findtext(f"{MAP}loc") for url in urls] == expected
    news = urls[1].find(f"{NEWS}news")
    assert news.findtext(f"{NEWS}title") == "First & foremost <b>"
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == "The Pulse"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "en"
    dt.datetime.fromisoformat(news.findtext(f"{NEWS}publication_date"))
    assert old.headline not in ET.tostring(tree("/sitemap-news.xml"), encoding="unicode")


def test_the_news_sitemap_holds_no_more_than_the_format_allows(settings):
    settings.PULSE_NEWS_SITEMAP_SIZE = 2
    editor = make_user(role="Editor")
    for _ in range(3):
        make_article(by=editor)
    assert len(tree("/sitemap-news.xml").findall(f"{MAP}url")) == 2


def test_robots_are_told_where_the_sitemaps_are_and_kept_out_of_what_is_nobodys():
    response = Client().get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert "Sitemap: http://testserver/sitemap-news.xml" in lines
    for path in ("/admin/", "/account/", "/accounts/", "/preview/", "/search/"):
        assert f"Disallow: {path}" in lines
