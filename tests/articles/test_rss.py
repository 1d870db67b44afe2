"""RSS: whole, and never broken by one bad character."""

import xml.etree.ElementTree as ET

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article
from tests.factories import make_article, make_author, make_image, make_section, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def items(address: str) -> list[ET.Element]:
    response = Client().get(address)
    assert response["Content-Type"].startswith("application/rss+xml")
    return ET.fromstring(response.content).findall("channel/item")  # noqa: S314 - our own output


def test_a_feed_item_holds_the_whole_story_and_its_authors():
    make_article(headline="Whole", body="The **whole** story.", authors=[make_author(name="Ada Example")])
    item = items("/feeds/rss/")[0]
    assert item.findtext("title") == "Whole"
    assert "<strong>whole</strong>" in item.findtext(CONTENT)
    assert item.findtext(CREATOR) == "Ada Example"
    assert item.findtext("link").startswith("http://testserver/articles/")


def test_addresses_in_a_feed_carry_the_host():
    image = make_image()
    make_article(body=f"See [the list](/glossary/).\n\n![Square]({image.file.url})")
    content = items("/feeds/rss/")[0].findtext(CONTENT)
    assert 'href="http://testserver/glossary/"' in content
    assert 'src="http://testserver/media/' in content
    assert "srcset" not in content


def test_a_section_feed_holds_its_own_stories_only():
    section = make_section()
    make_article(headline="Mine", section=section)
    make_article(headline="Other")
    assert [item.findtext("title") for item in items(f"{section.get_absolute_url()}feeds/rss/")] == ["Mine"]


def test_an_item_keeps_its_identity_when_its_address_changes():
    from articles import publishing

    article = make_article()
    before = items("/feeds/rss/")[0].findtext("guid")
    publishing.change_slug(article=article, slug="elsewhere", by=make_user(role="Editor"))
    assert items("/feeds/rss/")[0].findtext("guid") == before


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\x7f", "\ufdd0", "\ufffe"])
def test_a_control_character_is_refused_where_it_is_typed(character):
    article = Article(headline=f"Head{character}line", slug="x")
    with pytest.raises(ValidationError) as refusal:
        article.full_clean()
    assert "headline" in refusal.value.message_dict


def test_an_unchanged_feed_is_answered_with_304():
    make_article(by=make_user(role="Editor"))
    tag = Client().get("/feeds/rss/").get("ETag")
    assert tag
    assert Client().get("/feeds/rss/", headers={"If-None-Match": tag}).status_code == 304
