"""Stories rendered again when what they show has changed: the newest at once, the rest by the worker."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles import publishing, rendering
from articles.models import Article, Revision
from glossary.editing import save_term
from tests.factories import make_article, make_draft, make_image, make_term, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
BODY = "A warp is a thread, and so is a weft."


@pytest.fixture
def term() -> Any:
    return make_term(name="warp")


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Any:
    """`with committed():` what follows a commit is done at its end, as outside a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def stories(term: Any, number: int) -> list[Article]:
    """Live stories that explain a term, oldest first."""
    return [make_article(terms=[term], body=BODY) for _ in range(number)]


def links(article: Article, slug: str) -> bool:
    return f"term-{slug}" in article.live_revision().body_html


def give_it_another_address(term: Any) -> None:
    term.slug = "the-warp"
    save_term(term=term, by=None)


def test_a_few_stories_are_rendered_before_the_request_ends(term, committed):
    shown = stories(term, 3)
    with committed():
        give_it_another_address(term)
    assert all(links(article, "the-warp") for article in shown)
    assert not Revision.objects.filter(is_stale=True).exists()


def test_of_many_the_newest_are_rendered_at_once_and_the_others_wait_marked(term, committed, settings):
    settings.PULSE_RENDER_AT_ONCE = 2
    shown = stories(term, 5)
    with committed():
        give_it_another_address(term)
    assert [links(article, "the-warp") for article in shown] == [False, False, False, True, True]
    assert Revision.objects.filter(is_stale=True).count() == 3


def test_the_worker_renders_the_rest_in_batches_and_can_be_stopped_between(term, committed, settings):
    settings.PULSE_RENDER_AT_ONCE, settings.PULSE_RENDER_BATCH = 0, 2
    shown = stories(term, 5)
    with committed():
        give_it_another_address(term)
    assert [rendering.render_stale_batch() for _ in range(3)] == [True, True, False]
    assert all(links(article, "the-warp") for article in shown)


def test_marking_is_part_of_the_change_so_that_a_crash_afterwards_forgets_nothing(term):
    """Nothing is committed in this test, so nothing is rendered: the mark is there all the same."""
    (article,) = stories(term, 1)
    rendering.render_again([article.live_revision().pk])
    assert article.live_revision().is_stale


def test_a_change_of_nothing_stale_renders_nothing(term, committed, django_assert_num_queries):
    with committed(), django_assert_num_queries(0):
        rendering.render_again([])


def test_scheduled_stories_are_rendered_too_and_drafts_never(term, committed):
    editor = make_user(role="Editor")
    draft = make_draft(terms=[term], body=BODY, by=editor)
    (live,) = stories(term, 1)
    with committed():
        give_it_another_address(term)
    assert draft.revisions.get().body_html == ""
    assert links(live, "the-warp")


def test_a_story_that_cannot_be_rendered_stays_as_it_was_and_holds_up_no_other(
    term, committed, monkeypatch, caplog
):
    broken, whole = stories(term, 2)
    before = broken.live_revision().body_html
    render = rendering.render_revision

    def fail_for_one(revision: Revision, terms: Any) -> None:
        if revision.article_id == broken.pk:
            raise RuntimeError("No ink.")
        render(revision, terms)

    monkeypatch.setattr(rendering, "render_revision", fail_for_one)
    with committed():
        give_it_another_address(term)
    assert links(whole, "the-warp")
    assert broken.live_revision().body_html == before
    assert broken.live_revision().is_stale
    assert "No ink." in caplog.text
    with pytest.raises(CommandError, match="1 are still stale"):
        call_command("render_stale")


def test_publishing_again_makes_a_story_fresh(term):
    editor = make_user(role="Editor")
    article = make_draft(terms=[term], by=editor)
    Revision.objects.filter(article=article).update(is_stale=True)
    publishing.publish(article=article, by=editor)
    assert not article.live_revision().is_stale


def test_the_command_renders_what_is_stale_or_everything(term, committed, settings, capsys):
    settings.PULSE_RENDER_AT_ONCE = 1
    shown = stories(term, 3)
    with committed():
        give_it_another_address(term)
    call_command("render_stale")
    assert "Rendered 2 of 2 stale stories." in capsys.readouterr().out
    assert all(links(article, "the-warp") for article in shown)
    Revision.objects.update(body_html="")
    call_command("render_stale", "--all")
    assert "Rendered 3 of 3 stale stories." in capsys.readouterr().out
    assert all(links(article, "the-warp") for article in shown)


def test_stories_that_show_a_picture_are_found_by_the_names_of_its_files():
    image, other = make_image(), make_image()
    shows = make_article(body=f"![A square]({image.file.url})")
    make_article(body=f"![Another]({other.file.url})")
    make_draft(body=f"![A square]({image.file.url})")
    assert rendering.showing_files([str(image.file)]) == [shows.live_revision().pk]
    assert rendering.showing_files([str(image.file).partition(".")[0]]) == [shows.live_revision().pk]
    assert rendering.showing_files([]) == []


def test_a_replaced_picture_makes_its_stories_stale(committed):
    image = make_image()
    article = make_article(body=f"What it shows:\n\n![A square]({image.file.url})")
    Revision.objects.update(words=0)
    with committed():
        rendering.picture_replaced(image)
    assert article.live_revision().words > 0
