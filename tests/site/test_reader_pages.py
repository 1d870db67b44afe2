"""The pages beside the stories, in a browser: accessible in both themes, and no wider than a small phone."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from articles import horizons, publishing
from articles.models import Listing, Page, Revision
from articles.pages import save_page
from articles.verdicts import give_verdict
from tests.factories import make_article, make_author, make_section, make_term, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def addresses() -> list[str]:
    editor, section, term = make_user(role="Editor"), make_section(name="Chips"), make_term(name="prefill")
    filed: Any = {
        "section": section,
        "terms": [term],
        "authors": [make_author(name="Łukasz Example")],
        "by": editor,
    }
    for number in range(3):
        make_article(headline=f"A story with a rather long headline that wraps {number}", **filed)
    article = make_article(impacts=[(["Market"], "More of it."), (["Society"], "Less of it.")], **filed)
    today = timezone.localdate()
    for impact, days in zip(article.impacts.all(), (-1, 400), strict=True):
        article.impacts.filter(pk=impact.pk).update(horizon_on=today + dt.timedelta(days=days))
    article.headline, article.body = "دعوى قضائية جديدة", "Another word.\n\nAnd one more."
    article.save()
    live = publishing.publish(article=article, by=editor)
    give_verdict(
        impact=article.impacts.get(horizon_on__lt=today),
        outcome="partly",
        evidence="https://example.com/" + "a" * 300,
        by=editor,
    )
    publishing.correct(article=article, by=editor, kind="correction", text="It was three.")
    Listing.objects.bulk_create(
        [
            Listing(
                revision_id=pk, kind=kind, of=of, first_published_at=live.first_published_at,
                live_from=live.live_from,
            )
            for pk, kind, of in horizons.places(Revision.objects.filter(pk=live.pk))
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    table = "| a | b |\n|---|---|\n| long | cells |"
    save_page(page=Page(title="About", slug="about", body=f"## We\n\n{table}", is_published=True), by=editor)
    story = article.get_absolute_url()
    return [
        "/archive/", f"/archive/{today:%Y}/", f"/archive/{today:%Y/%m}/", "/briefing/", "/outlook/",
        f"/outlook/{today - dt.timedelta(days=1):%Y}/", f"{story}versions/", f"{story}versions/1/", "/about/",
        "/corrections/", section.get_absolute_url(),
    ]  # fmt: skip


def test_every_page_beside_the_stories_passes_axe_and_fits_a_small_phone(page, addresses, assert_accessible):
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_text_at_twice_its_size_and_right_to_left_pages_still_fit(page, addresses):
    page.set_viewport_size({"width": 640, "height": 900})
    for address in addresses:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, address
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, address
