"""The checks before publishing: what each finds, what it leaves alone, and what its remedy says."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import editing, publishing
from articles.checks import Check, check_stored, checks, missing, serious
from articles.content import Content, ImpactContent, snapshot
from articles.models import Article
from tests.factories import (
    TLDR,
    make_article,
    make_author,
    make_draft,
    make_section,
    make_term,
    make_user,
)

pytestmark = pytest.mark.once
DAY = dt.timedelta(days=1)


def content(body: str = "A story.", **fields: Any) -> Content:
    """A story nobody has anything to say against, but for what is given."""
    whole: dict[str, Any] = {
        "headline": "One of a kind", "kicker": "", "dek": "", "tldr": TLDR, "body": body, "section": 1,
        "topics": [], "authors": [1], "terms": [], "lead_image": None, "lead_alt": "", "impacts": [],
    }  # fmt: skip
    return Content(**(whole | fields))  # type: ignore[typeddict-item]


def found(body: str = "A story.", article: Article | None = None, **fields: Any) -> list[Check]:
    return checks(content(body, **fields), article)


def codes(body: str = "A story.", **fields: Any) -> list[str]:
    return [check.code for check in found(body, **fields)]


def only(body: str = "A story.", article: Article | None = None, **fields: Any) -> Check:
    (check,) = found(body, article, **fields)
    return check


def fixed(body: str, check: Check) -> str:
    """The story after the check's remedy, as the page applies it."""
    assert check.fix is not None
    assert check.fix.kind == "replace"
    assert check.find in body
    return body.replace(check.find, check.fix.value, 1)


@pytest.mark.django_db
def test_a_sound_story_gives_nothing_to_look_at():
    assert found() == []


# What is missing


def test_what_publishing_needs_is_listed_first_and_asks_no_database():
    empty = content("", headline=" ", tldr="", section=None, authors=[])
    assert [check.part for check in missing(empty)] == ["headline", "tldr", "body", "section", "bylines"]
    assert missing(content()) == []


@pytest.mark.django_db
def test_what_is_missing_is_not_what_publishing_asks_about_again():
    assert serious(content("", headline="")) == []


# TL;DR


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "is_fine"), [(24, False), (25, True), (60, True), (61, False), (1, False)])
def test_a_tldr_outside_house_style_is_advice(words, is_fine):
    tldr = "word " * words
    assert ("tldr_length" in codes(tldr=tldr)) is not is_fine
    assert serious(content(tldr=tldr)) == []


PARAGRAPHS = [f"Paragraph {number} has just about ten words in it, always." for number in range(10)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kept", "added", "asks"), [(10, 0, False), (10, 4, False), (10, 5, True), (6, 0, True)]
)
def test_a_story_that_moved_on_asks_whether_its_tldr_still_holds(kept, added, asks):
    article = make_draft(body="\n\n".join(PARAGRAPHS))
    new = [f"New {number} is quite another paragraph of ten words here." for number in range(added)]
    draft = snapshot(article) | {"body": "\n\n".join([*PARAGRAPHS[:kept], *new])}
    assert ("tldr_drift" in [check.code for check in checks(draft, article)]) is asks


@pytest.mark.django_db
def test_an_approved_or_rewritten_tldr_is_not_asked_about():
    article = make_draft(body="Old words.")
    editor = make_user(role="Editor")
    article.body = "Wholly new words."
    article.save()
    editing.save_revision(article=article, by=editor)
    (check,) = check_stored(article)
    assert (check.code, check.part, check.fix.kind) == ("tldr_drift", "tldr", "approve_tldr")
    assert checks(snapshot(article) | {"tldr": "other " * 30}, article) == []
    editing.approve_tldr(article=article, by=editor)
    assert check_stored(article) == []


# Headings


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "## A\n\n### B\n\n## C",
        "# A\n\n## B\n\n### C",
        "## A\n\n### B\n\n#### C\n\n## D",
        "A\n-\n\n### B",
        "##",
    ],
)
def test_headings_in_steps_are_left_alone(body):
    assert codes(body) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("### A", "## A"),
        ("## A\n\n#### B", "## A\n\n### B"),
        ("Text.\n\n## A\n\n##### B #", "Text.\n\n## A\n\n### B #"),
    ],
)
def test_a_heading_that_skips_a_level_is_written_anew_with_one_click(body, after):
    check = only(body)
    assert (check.code, check.severity) == ("heading_skips", "advice")
    assert fixed(body, check) == after


# Headline and address


@pytest.mark.django_db
def test_a_headline_of_a_live_story_is_serious_and_one_of_a_draft_is_advice():
    article = make_article(headline="Twice told")
    make_draft(headline="Half told")
    assert only(headline="twice Told").severity == "serious"
    assert only(headline="Half told").severity == "advice"
    assert check_stored(article) == []


@pytest.mark.django_db
def test_the_headline_readers_see_counts_and_not_only_the_one_in_the_draft():
    article = make_article(headline="Twice told")
    Article.objects.filter(pk=article.pk).update(headline="Renamed")
    assert only(headline="Twice told").severity == "serious"


@pytest.mark.django_db
def test_an_address_of_another_story_is_serious():
    article = make_article(slug="taken")
    assert [check.code for check in checks(content(), slug="taken")] == ["slug_taken"]
    assert checks(snapshot(article), article, slug="taken") == []


# Outlooks


def outlook(**fields: Any) -> ImpactContent:
    later = (timezone.localdate() + 30 * DAY).isoformat()
    whole: dict[str, Any] = {
        "id": None, "lenses": [], "text": "Prices fall.", "horizon_on": later, "confidence": "low",
        "test": "They do.",
    }  # fmt: skip
    return ImpactContent(**(whole | fields))  # type: ignore[typeddict-item]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"test": " "}, ["outlook_untested"]),
        ({"confidence": ""}, ["outlook_unsure"]),
        ({"horizon_on": "2020-01-31"}, ["outlook_past"]),
        ({"horizon_on": None, "test": "", "confidence": ""}, []),
    ],
)
def test_an_outlook_says_how_sure_it_is_and_can_be_judged_later(fields, expected):
    assert codes(impacts=[outlook(**fields)]) == expected


@pytest.mark.django_db
def test_an_outlook_that_readers_have_seen_may_fall_due():
    article = make_draft(impacts=[(["Market"], "Prices fall.")])
    impact = article.impacts.get()
    impact.horizon_on, impact.confidence, impact.test = timezone.localdate() + DAY, "low", "They do."
    impact.save()
    publishing.publish(article=article, by=make_user(role="Editor"))
    draft = snapshot(article)
    later = timezone.now() + 30 * DAY
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "now", lambda: later)
        assert checks(draft, article) == []
        draft["impacts"][0]["id"] = None
        assert [check.code for check in checks(draft, article)] == ["outlook_past"]


# Cost and size


@pytest.mark.django_db
def test_the_checks_cost_the_same_for_a_long_story():
    def cost(body: str, **fields: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            found(body, **fields)
        return len(captured)

    def story(number: int) -> str:
        links = " ".join(
            f"[a](/articles/s{n}/) [b](/sections/s{n}/) [c](/topics/s{n}/) [d](/authors/s{n}/)"
            f" [e](/glossary/s{n}/) ![]({default_storage.url(f'{n:032x}.png')})"
            for n in range(number)
        )
        return f"{links} Words about term 1."

    impacts = [outlook(horizon_on="2020-01-31")]
    short = cost(story(1), impacts=impacts)
    terms = [make_term().pk for _ in range(30)]
    for number in range(10):
        make_article(slug=f"s{number}", authors=[make_author()], section=make_section())
    assert cost(story(40), impacts=impacts * 5, terms=terms) <= short <= 15


@pytest.mark.django_db
def test_a_text_too_long_is_said_and_not_read(settings):
    settings.PULSE_MAX_BODY_CHARS = 10
    check = only("x" * 11)
    assert (check.code, check.severity, check.part) == ("too_long", "serious", "body")
