"""Publishing: what is live when, who may say so, and what an editor is told otherwise."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import editing, publishing, slugs
from articles.models import Article, PreviousSlug, Revision
from tests.factories import change_headline, make_article, make_author, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def live_headline(article: Article, at: dt.datetime | None = None) -> str | None:
    revision = article.revisions.live(at).first()
    return revision.headline if revision else None


def test_a_draft_has_no_live_revision():
    assert make_draft().live_revision() is None


def test_publishing_makes_the_working_copy_live_from_now_on():
    article = make_article(headline="First")
    assert live_headline(article) == "First"
    assert article.live_revision().live_until is None


def test_a_saved_change_stays_unseen_until_it_is_published():
    article = make_article(headline="First")
    change_headline(article, "Second")
    assert live_headline(article) == "First"


def test_publishing_a_change_ends_the_first_period_where_the_second_begins():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    change_headline(article, "Second", by=editor)
    second = publishing.publish(article=article, by=editor)
    first = article.revisions.get(number=1)
    assert first.live_until == second.live_from
    assert live_headline(article) == "Second"
    assert article.revisions.live().count() == 1


def test_a_change_keeps_the_day_the_story_first_appeared():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    first = article.live_revision()
    change_headline(article, "Second", by=editor)
    publishing.publish(article=article, by=editor)
    assert article.live_revision().first_published_at == first.first_published_at


@pytest.mark.parametrize(("minutes", "seen"), [(59, None), (60, "First"), (61, "First")])
def test_a_scheduled_story_appears_at_its_second_without_anything_running(minutes, seen):
    now = timezone.now()
    article = make_draft(headline="First")
    publishing.schedule(article=article, by=make_user(role="Editor"), at=now + HOUR)
    assert live_headline(article, at=now + dt.timedelta(minutes=minutes)) == seen


def test_a_scheduled_change_replaces_the_live_text_without_a_gap():
    editor, now = make_user(role="Editor"), timezone.now()
    article = make_article(headline="First", by=editor)
    change_headline(article, "Second", by=editor)
    publishing.schedule(article=article, by=editor, at=now + HOUR)
    moment = article.scheduled_revision().live_from
    assert live_headline(article) == "First"
    assert live_headline(article, at=moment - dt.timedelta(microseconds=1)) == "First"
    assert live_headline(article, at=moment) == "Second"


def test_cancelling_a_scheduled_change_lets_the_live_story_run_on():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    change_headline(article, "Second", by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    assert publishing.cancel_schedule(article=article, by=editor)
    assert live_headline(article, at=timezone.now() + 2 * HOUR) == "First"


def test_publishing_now_replaces_what_was_scheduled_so_that_old_text_never_comes_back():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    change_headline(article, "Scheduled", by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    change_headline(article, "Now", by=editor)
    publishing.publish(article=article, by=editor)
    assert live_headline(article) == "Now"
    assert live_headline(article, at=timezone.now() + 2 * HOUR) == "Now"


def test_a_time_that_has_passed_cannot_be_scheduled():
    with pytest.raises(editing.NotPublishable, match="This time has passed"):
        publishing.schedule(article=make_draft(), by=make_user(role="Editor"), at=timezone.now() - HOUR)


def test_unpublishing_takes_live_and_scheduled_text_off_and_keeps_history():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    change_headline(article, "Second", by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    publishing.unpublish(article=article, by=editor)
    assert live_headline(article) is None
    assert live_headline(article, at=timezone.now() + 2 * HOUR) is None
    assert article.revisions.count() == 2


def test_a_story_can_come_back_after_it_was_unpublished():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    publishing.unpublish(article=article, by=editor)
    publishing.publish(article=article, by=editor)
    assert live_headline(article) == "First"


def test_rolling_back_makes_the_older_text_a_new_revision_and_live():
    editor = make_user(role="Editor")
    article = make_article(headline="First", body="Old.", by=editor)
    first = article.live_revision()
    article.body = "New."
    article.save()
    publishing.publish(article=article, by=editor)
    publishing.roll_back(article=article, to=first, by=editor)
    assert article.revisions.count() == 3
    assert "Old." in article.live_revision().body_html
    assert Article.objects.get(pk=article.pk).body == "Old."


def test_putting_back_what_was_unpublished_begins_a_new_period_and_keeps_the_old_one():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    first = article.live_revision()
    publishing.unpublish(article=article, by=editor)
    publishing.roll_back(article=article, to=first, by=editor)
    ended = article.revisions.get(pk=first.pk)
    assert (ended.live_from, ended.live_until is None) == (first.live_from, False)
    assert article.live_revision().number == 2


def test_rolling_back_to_what_is_live_calls_off_the_schedule_and_changes_nothing_else():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor)
    first = article.live_revision()
    change_headline(article, "Scheduled", by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    publishing.roll_back(article=article, to=first, by=editor)
    assert live_headline(article, at=timezone.now() + 2 * HOUR) == "First"
    assert article.revisions.live().count() == 1


def test_a_moment_that_went_by_on_the_way_is_now():
    article = make_draft()
    at = timezone.now() - dt.timedelta(seconds=2)
    publishing.schedule(article=article, by=make_user(role="Editor"), at=at)
    assert article.live_revision() is not None


def test_the_site_of_a_past_moment_can_still_be_shown():
    editor = make_user(role="Editor")
    article = make_article(headline="First", by=editor, at=timezone.now() - 3 * HOUR)
    change_headline(article, "Second", by=editor)
    publishing.publish(article=article, by=editor)
    assert live_headline(article, at=timezone.now() - HOUR) == "First"


@pytest.mark.parametrize(
    ("lacks", "field"),
    [
        ({"headline": " "}, "headline"),
        ({"tldr": ""}, "tldr"),
        ({"body": "\n"}, "body"),
        ({"authors": []}, "bylines"),
    ],
)
def test_a_story_that_lacks_a_part_is_refused_with_a_sentence(lacks, field):
    article = make_draft(**lacks)
    if "headline" in lacks:
        Article.objects.filter(pk=article.pk).update(headline=" ")
        article.refresh_from_db()
    with pytest.raises(editing.NotPublishable) as refusal:
        publishing.publish(article=article, by=make_user(role="Editor"))
    assert list(refusal.value.problems) == [field]


def test_a_story_without_a_section_is_refused():
    article = make_draft()
    article.section = None
    article.save()
    with pytest.raises(editing.NotPublishable, match="Choose a section"):
        publishing.publish(article=article, by=make_user(role="Editor"))


@pytest.mark.parametrize("role", ["Writer", "Moderator", None])
def test_only_an_editor_may_publish_schedule_unpublish_or_roll_back(role):
    somebody, article = make_user(role=role), make_article()
    revision = article.live_revision()
    verbs = [
        lambda: publishing.publish(article=article, by=somebody),
        lambda: publishing.schedule(article=article, by=somebody, at=timezone.now() + HOUR),
        lambda: publishing.unpublish(article=article, by=somebody),
        lambda: publishing.cancel_schedule(article=article, by=somebody),
        lambda: publishing.roll_back(article=article, to=revision, by=somebody),
        lambda: publishing.correct(article=article, by=somebody, kind="correction", text="No."),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()
    assert article.revisions.live().get() == revision


def test_saving_the_same_text_twice_keeps_one_revision():
    article = make_draft()
    editing.save_revision(article=article, by=make_user(role="Editor"))
    assert article.revisions.count() == 1


def test_a_revision_holds_everything_and_gives_it_back():
    editor = make_user(role="Editor")
    one, two = make_author(), make_author()
    article = make_article(authors=[two, one], impacts=[(["Market", "Society"], "It costs less.")], by=editor)
    first = article.live_revision()
    article.bylines.all().delete()
    article.impacts.all().delete()
    article.topics.clear()
    editing.save_revision(article=article, by=editor)
    editing.restore_revision(article=article, to=first, by=editor)
    assert [byline.author for byline in article.bylines.all()] == [two, one]
    impact = article.impacts.get()
    assert impact.text == "It costs less."
    assert [lens.name for lens in impact.lenses.all()] == ["Market", "Society"]


def test_two_periods_of_one_article_never_overlap():
    article = make_article()
    other = change_headline(article, "Second")
    live = article.live_revision()
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=other.pk).update(
                live_from=live.live_from,
                first_published_at=live.live_from,
                headline="x",
                section=live.section,
            )
    else:
        publishing.publish(article=article, by=make_user(role="Editor"))
        assert article.revisions.live().count() == 1


def test_a_period_that_ends_before_it_begins_is_refused_by_the_database():
    revision = make_article().live_revision()
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(live_until=revision.live_from - HOUR)


def test_a_live_revision_without_a_section_is_refused_by_the_database():
    revision = make_article().live_revision()
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(section=None)


def test_is_live_agrees_with_the_queryset_at_each_side_of_a_boundary():
    article = make_article()
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    revision = article.revisions.get()
    assert not revision.is_live()
    assert revision not in Revision.objects.live()
    Revision.objects.filter(pk=revision.pk).update(live_until=timezone.now() + HOUR)
    revision.refresh_from_db()
    assert revision.is_live()
    assert revision in Revision.objects.live()


# Addresses


def test_a_changed_address_of_a_story_that_was_public_is_kept_as_a_redirect():
    article = make_article(headline="Old name")
    publishing.change_slug(article=article, slug="new-name", by=make_user(role="Editor"))
    assert PreviousSlug.objects.get(slug="old-name").article == article


def test_a_draft_changes_its_address_without_leaving_a_trace():
    article = make_draft(headline="Old name")
    publishing.change_slug(article=article, slug="new-name", by=make_user(role="Editor"))
    assert not PreviousSlug.objects.exists()


def test_an_address_that_another_story_had_is_never_given_away():
    article = make_article(headline="Old name")
    publishing.change_slug(article=article, slug="new-name", by=make_user(role="Editor"))
    other = make_draft(headline="Old name")
    assert other.slug == "old-name-2"
    with pytest.raises(editing.NotPublishable, match="Another story"):
        publishing.change_slug(article=other, slug="old-name", by=make_user(role="Editor"))


def test_going_back_to_an_earlier_address_makes_no_loop():
    article = make_article(headline="One")
    publishing.change_slug(article=article, slug="two", by=make_user(role="Editor"))
    publishing.change_slug(article=article, slug="one", by=make_user(role="Editor"))
    assert list(PreviousSlug.objects.values_list("slug", flat=True)) == ["two"]


@pytest.mark.parametrize("headline", ["🎉🎉", "؟؟", "   "])
def test_a_headline_without_letters_gets_a_placeholder_address(headline):
    article = Article(headline=headline, section=make_section())
    assert slugs.free_slug(article).startswith("untitled-")


def test_an_empty_correction_is_refused():
    with pytest.raises(ValidationError):
        publishing.correct(article=make_article(), by=make_user(role="Editor"), kind="correction", text="  ")
