"""Makes what a test needs, by the same verbs the site uses. Keyword-only; what is not given is made up."""

import datetime as dt
import io
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import User
from articles import editing, publishing, slugs
from articles.models import Article, Author, BriefingEntry, Byline, Impact, Lens, Revision, Section, Topic
from comments.models import Comment, Decision
from comments.moderation import approving
from glossary.models import Term
from images.library import add_image
from images.models import Image

PASSWORD = "quiet-harbour-42"
TLDR = "word " * 29 + "end."
_numbers = itertools.count(1)


def make_user(
    *, name: str = "", role: str | None = None, is_staff: bool | None = None, is_superuser: bool = False
) -> User:
    """Somebody who can sign in with PASSWORD. A role (Writer, Editor, Moderator) makes them staff."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"person{number}@example.com",
        PASSWORD,
        display_name=name or f"Person {number}",
        is_staff=bool(role) if is_staff is None else is_staff,
        is_superuser=is_superuser,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_section(*, name: str = "") -> Section:
    number = next(_numbers)
    return Section.objects.create(name=name or f"Section {number}", slug=f"section-{number}", position=number)


def make_topic(*, name: str = "") -> Topic:
    number = next(_numbers)
    return Topic.objects.create(name=name or f"Topic {number}", slug=f"topic-{number}")


def make_author(*, name: str = "", user: User | None = None) -> Author:
    number = next(_numbers)
    return Author.objects.create(name=name or f"Author {number}", slug=f"author-{number}", user=user)


def make_term(*, name: str = "", slug: str = "", is_published: bool = True, **fields: Any) -> Term:
    number = next(_numbers)
    return Term.objects.create(
        name=name or f"term {number}",
        slug=slug or f"term-{number}",
        definition=fields.pop("definition", f"What term {number} means."),
        status=Term.Status.PUBLISHED if is_published else Term.Status.DRAFT,
        **fields,
    )


def png(*, width: int = 64, height: int = 48, colour: tuple[int, int, int] | None = None) -> bytes:
    """A small picture, another colour each time."""
    number = next(_numbers)
    out = io.BytesIO()
    Pillow.new("RGB", (width, height), colour or (number % 256, number // 256 % 256, 90)).save(out, "PNG")
    return out.getvalue()


def make_image(*, alt: str = "A grey square") -> Image:
    return add_image(data=png(), by=make_user(), alt=alt)


def make_draft(
    *,
    headline: str = "",
    section: Section | None = None,
    authors: list[Author] | None = None,
    terms: list[Term] | None = None,
    topics: list[Topic] | None = None,
    impacts: list[tuple[list[str], str]] | None = None,
    by: User | None = None,
    **fields: Any,
) -> Article:
    """A working copy that could be published, kept as revision 1. `impacts` are (lens names, text)."""
    number = next(_numbers)
    headline = headline or f"Headline {number}"
    article = Article(
        headline=headline,
        section=section or make_section(),
        **{"tldr": TLDR, "body": f"Story {number}.", **fields},
    )
    article.slug = article.slug or slugs.free_slug(article)
    article.save()
    article.topics.set(topics or [])
    for position, author in enumerate([make_author()] if authors is None else authors):
        Byline.objects.create(article=article, author=author, position=position)
    for position, term in enumerate(terms or []):
        BriefingEntry.objects.create(article=article, term=term, position=position)
    for position, (lenses, text) in enumerate(impacts or []):
        impact = Impact.objects.create(article=article, text=text, position=position)
        impact.lenses.set(Lens.objects.filter(name__in=lenses))
    editing.save_revision(article=article, by=by or make_user(role="Editor"))
    return article


def make_article(*, at: dt.datetime | None = None, by: User | None = None, **fields: Any) -> Article:
    """A live story, published an hour ago unless told otherwise."""
    by = by or make_user(role="Editor")
    article = make_draft(by=by, **fields)
    publishing.publish(article=article, by=by, at=at or timezone.now() - dt.timedelta(hours=1))
    return article


def change_headline(article: Article, headline: str, *, by: User | None = None) -> Revision:
    """Save another headline in the working copy, without publishing it."""
    article.headline = headline
    article.save()
    return editing.save_revision(article=article, by=by or make_user(role="Editor"))


def approve(*, comment: Comment, by: User) -> Decision:
    """As a moderator does who has just read it."""
    comment.refresh_from_db()
    return approving.approve(comment=comment, by=by, text_number=comment.text_number, status=comment.status)


def reject(*, comment: Comment, by: User, reason: str = "spam") -> Decision:
    """As a moderator does who has just read it."""
    comment.refresh_from_db()
    return approving.reject(
        comment=comment, by=by, reason=reason, text_number=comment.text_number, status=comment.status
    )
