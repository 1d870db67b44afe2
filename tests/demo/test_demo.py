"""The demo publication: whole, through the real verbs, and as large as asked."""

import re
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from articles.models import Article, Author, Revision, Section, Verdict
from articles.verdicts import due_outlooks
from comments.models import Comment
from demo import loading
from demo.people import accounts_file
from demo.stories import read_stories, read_terms
from glossary.models import Term
from pulse import art
from pulse.text import word_count

pytestmark = pytest.mark.django_db


def demo(*options: str) -> str:
    out = StringIO()
    call_command("demo", "--quiet", *options, stdout=out)
    return out.getvalue()


def test_the_demo_files_keep_house_style():
    stories = read_stories()
    slugs, terms = {story.slug for story in stories}, {term["slug"] for term in read_terms()}
    assert len(stories) >= 30
    assert len(terms) >= 40
    for story in stories:
        assert 25 <= word_count(story.facts["tldr"]) <= 60, story.slug
        assert set(story.facts["terms"]) <= terms, story.slug
        assert story.facts["impact"], story.slug
        assert set(re.findall(r"\(/articles/([-\w]+)/", story.body)) <= slugs, story.slug


def test_the_demo_publication_loads_whole_and_once(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    # A tenth of the size: the same pictures, in a hundredth of the time.
    monkeypatch.setattr(loading, "as_image", lambda marks, ground: art.as_image(marks, ground, scale=0.1))
    demo()
    assert Revision.objects.live().count() >= 30
    assert Section.objects.count() == 6
    assert Author.objects.count() == 6
    assert Term.objects.published().count() >= 40
    for revision in Revision.objects.live():
        assert revision.tldr
        assert revision.impacts
        assert revision.briefing.count() >= 3
        assert 'class="term"' in revision.body_html, revision.headline
    for article in Article.objects.all():
        assert article.comment_count == article.comments.visible().count()
    alliance = Revision.objects.live().get(article__slug="xai-anthropic-alliance")
    assert {"frontier-model", "constitutional-ai", "rl-pipeline"} <= set(
        alliance.terms.values_list("slug", flat=True)
    )
    assert Client().get("/").status_code == 200
    assert set(Verdict.objects.values_list("outcome", flat=True)) == {"right", "partly", "wrong"}
    assert [outlook.slug for outlook in due_outlooks(99).first] == ["asking-the-model-why"]
    before = Article.objects.count()
    assert demo("--if-empty") == ""
    with pytest.raises(CommandError, match="already"):
        demo()
    assert Article.objects.count() == before
    assert demo("--articles", "40", "--comments", "60").startswith("40 stories added.")
    assert Article.objects.count() == before + 40
    for article in Article.objects.all():
        assert article.comment_count == Comment.objects.visible().filter(article=article).count()


def test_a_demo_that_fails_half_way_leaves_nothing_and_is_loaded_the_next_time(
    settings, tmp_path, monkeypatch
):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(loading, "read_stories", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo("--if-empty")
    assert not Section.objects.exists()
    assert not User.objects.exists()
    monkeypatch.setattr(loading, "read_stories", list)
    assert demo("--if-empty") == "0 stories loaded.\n"


def test_the_demo_accounts_have_random_passwords_that_only_their_owner_can_read(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    from demo.people import make_accounts

    lines = make_accounts().splitlines()
    assert stat.S_IMODE(accounts_file().stat().st_mode) == 0o600
    passwords = [line.split()[-1] for line in lines]
    assert len(set(passwords)) == 4
    for line in lines:
        _, email, password = line.split()
        assert User.objects.get(email=email).check_password(password)
