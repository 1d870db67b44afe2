"""Loads the demo publication through the same verbs that editors use."""

import datetime as dt
import io
import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from accounts.models import User
from articles import editing, publishing
from articles.models import (
    Article,
    Author,
    BriefingEntry,
    Byline,
    Impact,
    Lens,
    Page,
    Revision,
    Section,
    Topic,
    Verdict,
)
from articles.pages import save_page
from articles.verdicts import give_verdict
from demo.discussion import Talk
from demo.people import make_user
from demo.stories import StoryFile, read_pages, read_people, read_stories, read_terms
from glossary.editing import save_term
from glossary.models import Term
from glossary.requests import ask
from images.library import add_image
from images.models import Image
from pulse.art import as_image
from pulse.prints import print_marks
from pulse.text import editorial

DRAWING = re.compile(r"\(art:(\w+)")
LEAD_EVERY = 4  # one story in so many has a picture from the library; the others draw their own print
# Grounds that are at home on a light page and on a dark one: unlike the prints, these are pixels.
GROUNDS = {"ridge": "signal", "steps": "ink", "polar": "ink", "bars": "ink", "strip": "ink"}


class Publication:
    """The demo publication while it is loaded: what was made, by the names its files use."""

    def __init__(self, *, editor: User, now: dt.datetime | None = None) -> None:
        self.editor = editor
        self.now = now or timezone.now()
        self.people: dict[str, User] = {}
        self.verdicts: list[tuple[Impact, dt.date, dict[str, str]]] = []

    @transaction.atomic
    def load(self, *, quiet: bool = False) -> int:
        """Make everything or nothing, and return the number of stories. A minute at most, most of it for
        pictures; those of a load that failed stay behind as files that nothing names."""
        self._filing()
        self._glossary()
        self._pages()
        stories = read_stories()
        for number, story in enumerate(tqdm(stories, desc="Stories", unit="story", disable=quiet or None)):
            self._story(story, has_picture=number % LEAD_EVERY == 0)
        self._judge()
        self._ask()
        return len(stories)

    def _filing(self) -> None:
        people = read_people()
        for position, section in enumerate(people["section"]):
            Section.objects.create(
                name=section["name"],
                slug=section["slug"],
                description=section["description"],
                print_kind=section["print"],
                position=position,
            )
        for topic in people["topic"]:
            Topic.objects.create(**topic)
        for author in people["author"]:
            user = self.people[author["slug"]] = make_user(author["slug"], author["name"])
            Author.objects.create(user=user, **author)
        for person in people["reader"]:
            self.people[person["slug"]] = make_user(person["slug"], person["name"])

    def _glossary(self) -> None:
        entries = read_terms()
        for entry in entries:
            fields = {key: entry[key] for key in ("name", "slug", "aliases", "definition", "explanation")}
            save_term(term=Term(status=Term.Status.PUBLISHED, **fields), by=self.editor)
        terms = {term.slug: term for term in Term.objects.all()}
        for entry in entries:
            terms[entry["slug"]].see_also.set([terms[slug] for slug in entry["see_also"]])

    def _pages(self) -> None:
        for page in read_pages():
            fields = {"slug": page.slug, "body": page.body, "is_published": True}
            save_page(page=Page(**fields, **page.facts), by=self.editor)

    def _story(self, story: StoryFile, *, has_picture: bool) -> None:
        facts = story.facts
        article = Article.objects.create(
            slug=story.slug,
            headline=facts["headline"],
            kicker=facts.get("kicker", ""),
            dek=facts["dek"],
            tldr=facts["tldr"],
            body=self._draw_figures(story),
            section=Section.objects.get(slug=facts["section"]),
            lead_image=self._lead(story) if has_picture else None,
            discussion=facts.get("discussion", "open"),
            created_by=self.editor,
            updated_by=self.editor,
        )
        article.topics.set(Topic.objects.filter(slug__in=facts["topics"]))
        self._rows(article, facts)
        if story.state == "draft":
            editing.save_revision(article=article, by=self.editor)
            return
        published_at = story.published_at(self.now)
        revision = publishing.publish(article=article, by=self.editor, at=published_at)
        Revision.objects.filter(pk=revision.pk).update(created_at=min(published_at, self.now))
        if "correction" in facts:
            publishing.correct(article=article, by=self.editor, **facts["correction"])
        talk = Talk(article, by=self.editor, people=self.people, published_at=published_at, now=self.now)
        talk.add(facts.get("comments", []))

    def _rows(self, article: Article, facts: dict[str, Any]) -> None:
        for position, slug in enumerate(facts["authors"]):
            Byline.objects.create(article=article, author=Author.objects.get(slug=slug), position=position)
        for position, slug in enumerate(facts["terms"]):
            BriefingEntry.objects.create(article=article, term=Term.objects.get(slug=slug), position=position)
        for position, entry in enumerate(facts.get("impact", [])):
            impact = Impact.objects.create(
                article=article,
                text=entry["text"],
                horizon_on=self._horizon(entry),
                confidence=entry.get("confidence", ""),
                test=entry.get("test", ""),
                position=position,
            )
            impact.lenses.set(Lens.objects.filter(slug__in=entry["lenses"]))
            if impact.horizon_on and "verdict" in entry:
                self.verdicts.append((impact, impact.horizon_on, entry["verdict"]))

    def _horizon(self, entry: dict[str, Any]) -> dt.date | None:
        """An outlook's day: as written, or so many days ago whenever the publication is loaded."""
        if "horizon_days_ago" in entry:
            return timezone.localdate(self.now) - dt.timedelta(days=entry["horizon_days_ago"])
        return entry.get("horizon")

    def _judge(self) -> None:
        """Verdicts on outlooks whose day has come, given by the editor the day after it."""
        for impact, day, verdict in self.verdicts:
            given = give_verdict(impact=impact, by=self.editor, **verdict)
            Verdict.objects.filter(pk=given.pk).update(given_on=day + dt.timedelta(days=1))

    def _ask(self) -> None:
        """Words that readers would like to see explained."""
        for wanted in read_people()["question"]:
            for name in wanted["by"]:
                ask(word=wanted["word"], by=self.people[name], path=f"/articles/{wanted['story']}/")

    # Pictures, drawn from the story's own sentences

    def _draw_figures(self, story: StoryFile) -> str:
        def picture(found: re.Match[str]) -> str:
            image = self._drawing(story, kind=found[1], width=1200, height=600, alt="")
            return f"({image.file.url}"

        return DRAWING.sub(picture, story.body)

    def _lead(self, story: StoryFile) -> Image:
        kind = Section.objects.get(slug=story.facts["section"]).print_kind
        return self._drawing(
            story, kind=kind, width=1500, height=1000, alt="A drawing of the story’s own rhythm"
        )

    def _drawing(self, story: StoryFile, *, kind: str, width: int, height: int, alt: str) -> Image:
        paragraphs = editorial(story.body).paragraphs
        marks = print_marks(paragraphs, kind=kind, width=width, height=height, seed=f"{story.slug} {kind}")
        out = io.BytesIO()
        as_image(marks, GROUNDS[kind]).save(out, "PNG")
        return add_image(
            data=out.getvalue(),
            by=self.editor,
            alt=alt,
            is_decoration=not alt,
            credit="Drawing: The Pulse",
        )
