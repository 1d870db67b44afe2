"""The article page: five parts in order, nothing for an empty one, nothing that a cache could not keep."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.once, pytest.mark.django_db]
PARTS = ["<h1>", 'id="tldr-h"', 'class="prose"', 'id="impact"', 'id="briefing"', 'id="discussion"']


def page(article) -> str:
    response = Client().get(article.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def whole_article(**fields):
    term = make_term(name="KV cache", slug="kv-cache", definition="Notes a model keeps.")
    return make_article(
        body="A long talk fills the KV cache.\n\n## Why it matters\n\nIt costs memory.",
        terms=[term],
        impacts=[(["Market", "Industry", "Society"], "Prices move.")],
        **fields,
    )


def test_the_five_parts_stand_in_their_order():
    html = page(whole_article())
    places = [html.index(part) for part in PARTS]
    assert places == sorted(places)


@pytest.mark.parametrize("part", ["Real-World Impact", "Technical Briefing"])
def test_an_empty_part_leaves_nothing_behind(part):
    assert part not in page(make_article())


def test_a_hidden_discussion_leaves_nothing_behind():
    assert "iscussion" not in page(make_article(discussion="hidden")).split("</head>")[1]


def test_an_impact_under_three_lenses_names_them_in_their_order():
    assert "Market · Industry · Society" in page(whole_article())


def test_a_renamed_lens_shows_its_new_name_on_stored_stories(django_capture_on_commit_callbacks):
    from articles.models import Lens

    article = whole_article()
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    lens = Lens.objects.get(name="Market")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            f"/admin/articles/lens/{lens.pk}/change/", {"name": "Money", "slug": "money", "position": 0}
        )
    assert "Money · Industry · Society" in page(article)


def test_a_term_is_linked_to_its_card_where_it_is_first_mentioned():
    html = page(whole_article())
    assert '<a class="term" href="#term-kv-cache">KV cache</a>' in html
    assert 'id="term-kv-cache"' in html


def test_a_changed_definition_shows_at_once_without_rendering_the_story_again():
    from glossary.editing import save_term

    article = whole_article()
    stored = article.live_revision().body_html
    term = article.terms.get()
    term.definition = "What it has read so far."
    save_term(term=term, by=make_user(role="Editor"))
    assert "What it has read so far." in page(article)
    assert article.live_revision().body_html == stored


@pytest.mark.django_db(transaction=True)
def test_a_new_alias_links_in_stories_that_are_already_live():
    from glossary.editing import save_term

    term = make_term(name="KV cache", slug="kv-cache")
    article = make_article(body="The attention memory is full.", terms=[term])
    assert 'class="term"' not in page(article)
    term.aliases = ["attention memory"]
    save_term(term=term, by=make_user(role="Editor"))
    assert ">attention memory</a>" in page(article)


def test_an_anonymous_page_sets_no_cookie_varies_on_nothing_and_holds_no_token():
    response = Client().get(whole_article().get_absolute_url())
    assert not response.cookies
    assert not response.has_header("Vary")
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert "public" in response["Cache-Control"]


def test_a_signed_in_readers_page_is_kept_by_nobody():
    client = Client()
    client.force_login(make_user(name="Rita"))
    response = client.get(whole_article().get_absolute_url())
    assert "Rita" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_a_story_of_700_words_weighs_less_than_40_kilobytes():
    paragraph = "Seven words stand in this one sentence. " * 10
    article = make_article(body="\n\n".join([paragraph] * 10), terms=[make_term() for _ in range(6)])
    assert len(Client().get(article.get_absolute_url()).content) < 40_000


def test_the_page_says_what_it_is_to_machines():
    section, author = make_section(name="Chips"), make_author(name="Ada Example")
    article = whole_article(
        section=section, authors=[author], topics=[make_topic(name="Memory")], lead_image=make_image()
    )
    html = page(article)
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)
    data = json.loads(found[1])["@graph"][0]
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == article.headline
    assert data["author"][0]["name"] == "Ada Example"
    assert data["articleSection"] == "Chips"
    assert data["keywords"] == ["Memory"]
    assert data["image"][0].startswith("http://testserver/media/")
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in html
    assert f'<meta property="og:title" content="{article.headline}">' in html


def test_markup_in_a_headline_is_text_everywhere_even_in_the_data_for_machines():
    article = make_article(
        headline="</script><script>alert(1)</script>", dek="<b>x</b>", tldr="<i>y</i> " * 30
    )
    html = page(article)
    assert "<script>alert" not in html
    assert "<b>x</b>" not in html
    assert "<i>y</i>" not in html
    for address in ("/", "/feeds/rss/"):
        assert "<script>alert" not in Client().get(address).content.decode()


def test_a_correction_is_shown_on_the_story_with_its_date():
    article = make_article()
    publishing.correct(
        article=article, by=make_user(role="Editor"), kind="correction", text="It was 60 days."
    )
    html = page(article)
    assert "It was 60 days." in html
    assert str(timezone.localdate().year) in html


def test_two_authors_are_joined_by_and():
    html = page(make_article(authors=[make_author(name="Ada Example"), make_author(name="Ben Example")]))
    assert re.search(r"Ada Example</a></b> and <b>.*Ben Example", html)


def test_a_story_without_a_picture_shows_a_drawing_of_its_own():
    article = make_article(body="One two three. Four five.\n\nSix seven eight nine.")
    assert f"/articles/{article.slug}/print-square.svg" in page(article)
    response = Client().get(f"/articles/{article.slug}/print-square.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert b"<svg" in response.content


def test_a_lead_picture_has_its_sizes_and_dimensions():
    html = page(make_article(lead_image=make_image(alt="A grey square")))
    picture = re.search(r"<img[^>]*A grey square[^>]*>", html)[0]
    assert "width=" in picture
    assert "height=" in picture


def test_no_page_carries_an_inline_script_or_style():
    for address in ("/", whole_article().get_absolute_url(), "/glossary/", "/glossary/kv-cache/"):
        html = Client().get(address).content.decode()
        assert not re.search(r"<script(?![^>]*(?:src=|application/ld\+json))", html), address
        assert not re.search(r"<style|\sstyle=|\son\w+=", html), address


@pytest.mark.parametrize("page_number", ["0", "2", "-1", "abc", "9" * 400, "", "1.5", "%00"])
def test_a_page_that_does_not_exist_is_a_clear_refusal(page_number):
    make_article()
    assert Client().get(f"/latest/?page={page_number}").status_code in {400, 404}


def test_the_first_page_of_a_list_has_one_address():
    make_article()
    assert Client().get("/latest/?page=1")["Location"] == "/latest/"


def test_lists_are_cut_into_pages_newest_first(settings):
    settings.PULSE_PAGE_SIZE = 2
    section, editor = make_section(), make_user(role="Editor")
    for name in ("One", "Two", "Three"):
        article = make_article(headline=name, section=section, by=editor, at=timezone.now())
        assert article
    first = Client().get(section.get_absolute_url()).content.decode()
    second = Client().get(section.get_absolute_url() + "?page=2").content.decode()
    assert "Three" in first
    assert "Two" in first
    assert ">One<" not in first
    assert ">One<" in second


def test_an_empty_publication_has_a_front_page():
    html = Client().get("/").content.decode()
    assert "Nothing is published yet" in html


@pytest.mark.parametrize(
    "address", ["/articles/no-such-story/", "/sections/no/", "/topics/no/", "/authors/no/", "/no-such-page/"]
)
def test_what_does_not_exist_is_our_404_page_without_a_cookie(address):
    response = Client().get(address)
    assert response.status_code == 404
    assert "No pulse here" in response.content.decode()
    assert not response.cookies
