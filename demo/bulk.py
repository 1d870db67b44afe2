"""Many stories and comments, fast: rows copied in bulk from the demo's own, for benchmarks.

A copy has what a published revision has, stands on all lists and in the search index. Left out are its
drawings and its Open Graph picture: gigabytes, on which no page's speed depends.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from accounts.models import User
from articles import listings, search
from articles.models import (
    Article,
    BriefingEntry,
    Byline,
    Impact,
    Revision,
    RevisionByline,
    RevisionTerm,
)
from comments.models import Comment

BATCH = 1_000
YEARS = 5  # over which made stories are spread
REMARKS = [
    "The second table is the part I will send to my colleagues.",
    "We measured the same thing last winter and came out a little lower.",
    "Does this still hold for small teams? Our bill looks different.",
    "Thank you for explaining the term before using it.",
    "I would read a follow-up on what happens to the old machines.",
]


def add_stories(number: int, *, quiet: bool = False) -> int:
    """Add live stories, each a copy of one of the demo's under another headline. Some 200 a second, most of
    the time for the search index."""
    originals = list(
        Revision.objects.live()
        .select_related("article")
        .prefetch_related("bylines", "briefing", "topics")
        .order_by("pk")[:200]
    )
    if not originals:
        return 0
    chance = random.Random(number)  # noqa: S311 - a repeatable spread, no secret
    last = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with tqdm(total=number, desc="Stories", unit=" stories", disable=quiet or None) as bar:
        for start in range(0, number, BATCH):
            size = min(BATCH, number - start)
            _add_batch(originals, first=last + start + 1, size=size, chance=chance)
            bar.update(size)
    with tqdm(total=last + number, desc="Lists", unit=" stories", disable=quiet or None) as bar:
        listings.rebuild(after_batch=bar.update)
    with tqdm(total=last + number, desc="Search index", unit=" stories", disable=quiet or None) as bar:
        for written in search.reindex():
            bar.update(written)
    return number


@transaction.atomic
def _add_batch(originals: list[Revision], *, first: int, size: int, chance: random.Random) -> None:
    now = timezone.now()
    sources = [originals[chance.randrange(len(originals))] for _ in range(size)]
    articles = Article.objects.bulk_create(
        _article(source, number=first + index) for index, source in enumerate(sources)
    )
    revisions = Revision.objects.bulk_create(
        _revision(source, article, at=now - dt.timedelta(minutes=chance.randrange(YEARS * 525_600)))
        for source, article in zip(sources, articles, strict=True)
    )
    made = list(zip(sources, articles, revisions, strict=True))
    _copy_working_rows(made)
    RevisionByline.objects.bulk_create(
        RevisionByline(revision=revision, author_id=row.author_id, position=row.position)
        for source, _, revision in made
        for row in source.bylines.all()
    )
    RevisionTerm.objects.bulk_create(
        RevisionTerm(revision=revision, term_id=row.term_id, position=row.position)
        for source, _, revision in made
        for row in source.briefing.all()
    )
    _link_topics(made)


def _article(source: Revision, *, number: int) -> Article:
    content = source.content
    return Article(
        slug=f"{source.article.slug[:85]}-{number}",
        headline=f"{source.headline[:125]} ({number:,})",
        kicker=content["kicker"],
        dek=content["dek"],
        tldr=content["tldr"],
        body=content["body"],
        section_id=content["section"],
        lead_image_id=content["lead_image"],
        version=1,
    )


def _revision(source: Revision, article: Article, *, at: dt.datetime) -> Revision:
    copied = {
        field: getattr(source, field)
        for field in (
            "kicker", "dek", "tldr", "section_id", "lead_image_id", "lead_alt", "body_html", "headings",
            "paragraphs", "impacts", "words", "trace", "related",
        )
    }  # fmt: skip
    content = {**source.content, "headline": article.headline}
    return Revision(
        article=article,
        number=1,
        content=content,
        headline=article.headline,
        created_at=at,
        live_from=at,
        first_published_at=at,
        **copied,
    )


def _copy_working_rows(made: list[tuple[Revision, Article, Revision]]) -> None:
    """Bylines, briefing and impacts of the working copies, as the form shows them."""
    rows: dict[type[Any], list[Any]] = {Byline: [], BriefingEntry: []}
    impacts, lenses = [], []
    for source, article, _ in made:
        content = source.content
        rows[Byline] += [
            Byline(article=article, author_id=pk, position=i) for i, pk in enumerate(content["authors"])
        ]
        rows[BriefingEntry] += [
            BriefingEntry(article=article, term_id=pk, position=i) for i, pk in enumerate(content["terms"])
        ]
        for position, entry in enumerate(content["impacts"]):
            fields = {key: entry[key] for key in ("text", "horizon_on", "confidence", "test")}
            impacts.append(Impact(article=article, position=position, **fields))
            lenses.append(entry["lenses"])
    for model, objects in rows.items():
        model.objects.bulk_create(objects)
    link = Impact.lenses.through
    link.objects.bulk_create(
        link(impact=impact, lens_id=pk)
        for impact, pks in zip(Impact.objects.bulk_create(impacts), lenses, strict=True)
        for pk in pks
    )


def _link_topics(made: list[tuple[Revision, Article, Revision]]) -> None:
    pairs = [(row, topic.pk) for row in made for topic in row[0].topics.all()]
    of_article, of_revision = Article.topics.through, Revision.topics.through
    of_article.objects.bulk_create(of_article(article_id=row[1].pk, topic_id=pk) for row, pk in pairs)
    of_revision.objects.bulk_create(of_revision(revision_id=row[2].pk, topic_id=pk) for row, pk in pairs)


def add_comments(number: int, *, quiet: bool = False) -> int:
    """Add visible comments to stories at random, a third of them replies, and set every count right."""
    articles = list(Article.objects.live().values_list("pk", flat=True))
    readers = list(User.objects.filter(is_staff=False).values_list("pk", flat=True))
    if not articles or not readers:
        return 0
    chance = random.Random(number)  # noqa: S311
    with tqdm(total=number, desc="Comments", unit=" comments", disable=quiet or None) as bar:
        for size in _batches(number):
            _add_comments(articles, readers, size=size, chance=chance)
            bar.update(size)
    _count_all()
    return number


def _batches(number: int) -> Iterator[int]:
    for start in range(0, number, BATCH):
        yield min(BATCH, number - start)


@transaction.atomic
def _add_comments(articles: list[int], readers: list[int], *, size: int, chance: random.Random) -> None:
    replies = size // 3
    roots = Comment.objects.bulk_create(_comment(articles, readers, chance) for _ in range(size - replies))
    Comment.objects.bulk_create(
        _comment([root.article_id], readers, chance, parent=root) for root in chance.choices(roots, k=replies)
    )


def _comment(
    articles: list[int], readers: list[int], chance: random.Random, parent: Comment | None = None
) -> Comment:
    text = chance.choice(REMARKS)
    said_at = timezone.now() - dt.timedelta(minutes=chance.randrange(60 * 24 * 30))
    return Comment(
        article_id=chance.choice(articles),
        author_id=chance.choice(readers),
        parent=parent,
        root=parent,
        depth=1 if parent else 0,
        body=text,
        body_html=f"<p>{text}</p>\n",
        key=str(uuid.UUID(int=chance.getrandbits(128))),
        created_at=max(said_at, parent.created_at) if parent else said_at,
    )


def _count_all() -> None:
    """Set every story's number of comments in one statement: a count a story would read the table a story."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE articles_article SET comment_count = counted.number
            FROM (SELECT article_id, COUNT(*) AS number FROM comments_comment
                  WHERE status = %s GROUP BY article_id) AS counted
            WHERE counted.article_id = articles_article.id
            """,
            [Comment.Status.VISIBLE],
        )
