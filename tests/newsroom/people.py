"""Somebody at the front desk: what they write, and what they see."""

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles import workflow
from articles.models import Article, Event
from tests.factories import make_author, make_draft, make_user


class Person:
    """Somebody of the newsroom, signed in; a writer with a byline of their own."""

    def __init__(self, role: str | None, *, is_superuser: bool = False) -> None:
        self.user: User = make_user(role=role, is_staff=True, is_superuser=is_superuser)
        self.author = make_author(user=self.user) if role == "Writer" else None
        self.client = Client()
        self.client.force_login(self.user)

    def page(self, address: str = "/admin/") -> str:
        response = self.client.get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    def draft(self, headline: str, **fields: Any) -> Article:
        """A draft under their own byline."""
        return make_draft(headline=headline, authors=[self.author] if self.author else None, **fields)

    def submitted(self, headline: str, *, note: str = "", **fields: Any) -> Article:
        article = self.draft(headline, **fields)
        workflow.submit(article=article, by=self.user, note=note)
        return article


def move_back(article: Article, verb: str, **span: float) -> None:
    """Let an entry of an article's record have been made this long ago."""
    at = timezone.now() - dt.timedelta(**span)
    assert Event.objects.filter(article=article, verb=verb).update(at=at)


def in_order(page: str, *texts: str) -> bool:
    """Whether a page holds these texts, each after the one before."""
    places = [page.find(text) for text in texts]
    return -1 not in places and places == sorted(places)


def block(page: str, name: str) -> str:
    """The part of a page under one heading; empty if it is not there."""
    start = page.find(f'id="{name}"')
    return page[start : page.find("</section>", start)] if start >= 0 else ""
