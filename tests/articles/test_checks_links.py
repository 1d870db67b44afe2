"""The checks of pictures and links: what readers would not see, and where they would not arrive."""

import pytest

from articles import publishing
from glossary.editing import save_term
from images.models import Image
from tests.articles.test_checks import codes, fixed, found, only
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_term,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.once

# Pictures


@pytest.mark.django_db
def test_a_picture_without_description_is_serious_and_takes_the_librarys():
    image = make_image(alt="A [grey] square")
    body = f'Look.\n\n![]({image.file.url} "A caption")'
    check = only(body)
    assert (check.code, check.severity) == ("no_alt", "serious")
    assert codes(fixed(body, check)) == []
    assert "![A \\[grey\\] square](" in fixed(body, check)


@pytest.mark.django_db
def test_a_decoration_needs_no_description():
    image = make_image()
    Image.objects.update(alt="", is_decoration=True)
    assert codes(f"![]({image.file.url})") == []


@pytest.mark.django_db
def test_a_picture_nobody_has_described_offers_no_words():
    image = make_image()
    Image.objects.update(alt="", is_decoration=False)
    check = only(f"![]({image.file.url})")
    assert (check.code, check.fix) == ("no_alt", None)
    lead = only(lead_image=image.pk)
    assert (lead.code, lead.part) == ("no_alt", "lead_alt")
    assert codes(lead_image=image.pk, lead_alt="A square") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["https://example.com/a.png", "/media/nothing.png", f"/media/{'a' * 32}.png"]
)
def test_a_picture_that_is_not_in_the_library_is_serious(address):
    check = only(f"![A chart]({address})")
    assert (check.code, check.severity, check.find) == ("unknown_picture", "serious", address)


# Links


@pytest.mark.django_db
def test_links_to_what_readers_can_open_are_left_alone():
    topic, author, image = make_topic(), make_author(), make_image()
    make_term(slug="prefill")
    article = make_article(topics=[topic], authors=[author])
    own = article.get_absolute_url()
    addresses = [
        "/", "/latest/", "/latest", own, f"http://testserver{own}?a=1#x",
        article.section.get_absolute_url(), topic.get_absolute_url(), author.get_absolute_url(),
        "/glossary/", "/glossary/prefill/", "/feeds/rss/", image.file.url, "mailto:desk@example.com",
        "https://example.com/articles/nothing/", "#h-a-heading", "#briefing", "#fn-1", "",
    ]  # fmt: skip
    links = " ".join(f"[link](<{address}>)" for address in addresses[:-1])
    assert codes(f"## A heading\n\n{links} note[^1]\n\n[^1]: Here.") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/", "/articles/nothing/", "/sections/nothing/", "/topics/unused/", "/authors/unused/",
        "/glossary/nothing/", "/glossary/unready/", f"/media/{'b' * 32}.jpg", "/admin/", "/articles/waiting/",
        "http://testserver/nowhere/", "articles/x/", "//example.com", "#h-other", "#Nothing", "/%00/",
    ],
)  # fmt: skip
def test_a_link_that_leads_readers_nowhere_is_serious(address):
    make_topic().__class__.objects.update(slug="unused")
    make_author().__class__.objects.update(slug="unused")
    make_term(slug="unready", is_published=False)
    make_draft(slug="waiting")
    body = f"## A heading\n\nRead [this]({address})."
    check = only(body)
    assert (check.code, check.severity, check.fix) == ("link_dead", "serious", None)
    assert check.find == f"]({address}"


@pytest.mark.django_db
def test_a_link_to_ones_own_story_is_fine_before_it_is_live():
    article = make_draft(slug="mine")
    assert "link_dead" not in [check.code for check in found("[me](/articles/mine/#h-a)\n\n## A", article)]
    assert "link_dead" in [check.code for check in found("[me](/articles/mine/#h-b)\n\n## A", article)]


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["", "http://testserver"])
def test_a_link_to_an_old_address_takes_the_new_one(before):
    article = make_article(slug="old")
    publishing.change_slug(article=article, slug="new", by=make_user(role="Editor"))
    term = make_term(slug="older")
    term.slug = "newer"
    save_term(term=term, by=None)
    body = f"[story]({before}/articles/old/?a=1#h-x) and [term]({before}/glossary/older/)"
    story, entry = found(body)
    assert (story.code, story.severity) == ("link_moved", "advice")
    after = fixed(fixed(body, story), entry)
    assert after == "[story](/articles/new/?a=1#h-x) and [term](/glossary/newer/)"
    assert codes(after) == []


@pytest.mark.django_db
def test_a_fragment_without_its_h_is_put_right():
    body = "[there](#the-cache)\n\n## The cache"
    assert fixed(body, only(body)) == "[there](#h-the-cache)\n\n## The cache"
