"""The preview beside the article form, drawn from what is typed, and the pictures to choose from."""

import re
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Correction, Lens
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIVE_PREVIEW = "/admin/articles/article/live-preview/"
PICTURES = "/admin/articles/article/pictures/"


def signed_in(role: str | None = "Writer") -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


# The preview, as the form sends it


def rows(prefix: str, *entries: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(entries)}
    for index, entry in enumerate(entries):
        data |= {f"{prefix}-{index}-{field}": value for field, value in entry.items()}
    return data


def preview(client: Client | None = None, **fields: Any) -> str:
    response = (client or signed_in()).post(LIVE_PREVIEW, fields)
    assert response.status_code == 200
    return response.content.decode()


def test_the_preview_shows_all_parts_of_a_story_that_is_not_saved():
    term, picture = make_term(name="prefill"), make_image(alt="A hall of racks")
    market = Lens.objects.get(name="Market")
    html = preview(
        headline="Now",
        kicker="Hardware",
        dek="In a sentence.",
        tldr="In a paragraph.",
        body="First comes prefill.\r\n\r\n## Then",
        section=make_section(name="Chips").pk,
        lead_image=picture.pk,
        **rows("bylines", {"author": make_author(name="Ines Example").pk}),
        **rows("briefing", {"term": term.pk}),
        **rows(
            "impacts",
            {"text": "Prices rise.", "lenses": [market.pk]},
            {"text": "Fewer chips.", "lenses": [market.pk], "horizon_on": "31/12/2030", "confidence": "low"},
        ),
    )
    for shown in (
        "Now", "Hardware", "In a sentence.", "In a paragraph.", "Chips", "Ines Example", "A hall of racks",
        f'href="#{term.anchor}"', term.definition, "Prices rise.", "Outlook to December 2030", 'id="h-then"',
    ):  # fmt: skip
        assert shown in html
    assert not Article.objects.exists()


def test_the_preview_is_the_public_page_without_its_discussion():
    article = make_article(terms=[make_term()], impacts=[(["Market"], "More.")], body="One.\n\nTwo.")
    impact, term = article.impacts.get(), article.briefing.get().term
    html = preview(
        signed_in("Editor"),
        article=article.pk, headline=article.headline, tldr=article.tldr, body=article.body,
        section=article.section_id,
        **rows("bylines", {"author": article.bylines.get().author_id}),
        **rows("briefing", {"term": term.pk}),
        **rows("impacts", {"text": impact.text, "lenses": [lens.pk for lens in impact.lenses.all()]}),
    )  # fmt: skip
    public = Client().get(article.get_absolute_url()).content.decode()

    def parts(page: str) -> str:
        """Headline to last card, without the minute, the comments, the drawing's address, the keys that rows
        get when they are saved, and what readers do with a story that is public."""
        story = page[page.index("<article") : page.rindex("</dl>")]
        differs = r"<time.*?</time>|<li><a href=.#discussion.*?</li>|<a href=.#discussion.*?</a>|<img src=\S+"
        differs += (
            r"|<article.*?>|<script.*?</script>| id=.impact-\d+.|data-key=.\d*."  # a row not saved has no key
        )
        differs += r"|(?s:<div class=.acts.>.*?</div>|<div class=.pop. .*?</div>)"
        return "".join(re.sub(differs, "", story).split())

    assert parts(html) == parts(public)


def test_rows_are_shown_in_their_order_and_removed_ones_not():
    first, second, gone = (make_term(name=name) for name in ("alpha", "beta", "gamma"))
    html = preview(
        **rows(
            "briefing",
            {"term": second.pk, "position": 1},
            {"term": gone.pk, "position": 2, "DELETE": "on"},
            {"term": first.pk, "position": 0},
        )
    )
    assert html.index(first.definition) < html.index(second.definition)
    assert gone.definition not in html


def test_a_story_without_a_picture_shows_its_drawing_before_it_is_saved():
    one, other = preview(body="One. Two. Three."), preview(body="Quite another rhythm.\n\nIn two parts.")
    drawing = re.compile(r'src="(data:image/svg[^"]+)"')
    assert drawing.search(one)[1] != drawing.search(other)[1]


def test_corrections_of_the_stored_article_are_in_the_preview():
    article = make_article()
    Correction.objects.create(article=article, text="It was 34, not 43.")
    assert "It was 34, not 43." in preview(signed_in("Editor"), article=article.pk, body="Text.")


def test_nobody_previews_within_an_article_they_may_not_work_on():
    response = signed_in("Writer").post(LIVE_PREVIEW, {"article": make_draft().pk, "body": "Mine."})
    assert response.status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        rows("impacts", {"text": "Half", "horizon_on": "31 February", "confidence": "sure", "lenses": ["x"]}),
        {"briefing-TOTAL_FORMS": "9" * 30},
        {"briefing-TOTAL_FORMS": "99999999", "article": "9" * 18},
        {"section": "-1", "lead_image": "x", "topics": ["", "0"], "article": "new"},
    ],
)
def test_a_form_that_makes_no_sense_is_drawn_as_far_as_it_does(fields):
    assert "Still here" in preview(headline="Still here", **fields)


# Choosing a picture


def test_pictures_of_the_library_are_found_by_each_of_the_words():
    hall, rack = make_image(alt="A hall of racks"), make_image(alt="A rack, close")
    client = signed_in()
    found = client.get(PICTURES, {"q": "RACK hall"}).json()
    assert [entry["address"] for entry in found["pictures"]] == [hall.file.url]
    assert found["pictures"][0]["alt"] == "A hall of racks"
    assert found["more"] is False
    assert [entry["title"] for entry in client.get(PICTURES).json()["pictures"]] == [rack.alt, hall.alt]


def test_the_library_says_when_there_are_more_pictures_than_it_shows(settings):
    settings.PULSE_PICTURES_TO_CHOOSE = 1
    make_image(), make_image()
    answer = signed_in().get(PICTURES).json()
    assert len(answer["pictures"]) == 1
    assert answer["more"] is True


@pytest.mark.parametrize(("role", "status"), [("Editor", 200), ("Moderator", 403), (None, 302)])
def test_the_library_is_for_the_newsroom(role, status):
    assert signed_in(role).get(PICTURES).status_code == status
