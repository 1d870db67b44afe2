"""The front desk: each role finds what waits for them, and nothing that is not theirs."""

import datetime as dt

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import editing, publishing, workflow
from articles.models import Article, Due, Revision
from articles.preview_links import make_link, revoke_link
from articles.verdicts import DUE
from comments.models import Comment
from comments.reporting import report
from comments.writing import post
from glossary.requests import ask
from newsroom.templatetags.newsroom import in_words
from pulse import parts
from pulse.models import OutgoingMail
from tests.factories import approve, change_headline, make_article, make_draft, make_term, make_user, reject
from tests.newsroom.people import Person, block, in_order, move_back

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# A writer's


def test_a_writer_finds_own_drafts_what_was_sent_back_first_with_the_note(writer, editor):
    sent_back = writer.submitted("Returned story")
    workflow.send_back(article=sent_back, by=editor.user, note="Name the second source.")
    writer.draft("Fresh draft")
    drafts = block(writer.page(), "drafts")
    assert in_order(drafts, "Returned story", "Sent back", "Name the second source.", "Fresh draft")


def test_a_writer_sees_nobody_elses_drafts_and_nothing_of_the_desk(writer, editor):
    make_draft(headline="Somebody’s secret")
    other = make_draft(headline="Somebody’s submission")
    workflow.submit(article=other, by=editor.user)
    page = writer.page()
    assert "Somebody’s" not in page
    assert not any(block(page, name) for name in ("in-review", "ready", "planned", "waiting", "outlooks"))
    assert "No drafts." in page


def test_a_writer_sees_what_the_editors_have_and_since_when(writer, editor):
    article = writer.submitted("Handed in")
    move_back(article, "submitted", hours=3, minutes=20, seconds=30)
    assert "In review for" in (waiting := block(writer.page(), "with-editors"))
    assert "3 h 20 min" in waiting
    workflow.mark_ready(article=article, by=editor.user)
    assert "Ready for" in block(writer.page(), "with-editors")


def test_a_writers_live_stories_stand_under_the_headline_readers_see_with_their_comments(writer):
    article = make_article(headline="As published", authors=[writer.author])
    change_headline(article, "As rewritten")
    post(article=article, by=make_user(), body="First.", key="1")
    page = writer.page()
    live = block(page, "live")
    assert "As published" in live
    assert "1 comment," in live
    assert "As rewritten" not in live
    drafts = block(page, "drafts")  # what readers have not seen yet is a draft
    assert "As rewritten" in drafts
    assert "Live, with changes" in drafts


def test_a_live_story_without_changes_is_no_draft(writer, editor):
    make_article(authors=[writer.author])
    planned = writer.draft("Planned")
    publishing.schedule(article=planned, by=editor.user, at=timezone.now() + dt.timedelta(days=1))
    withdrawn = make_article(headline="Withdrawn", authors=[writer.author])
    publishing.withdraw(article=withdrawn, by=editor.user)
    assert "No drafts." in block(writer.page(), "drafts")


# An editor's


def test_an_editor_finds_what_waits_for_review_oldest_first_from_whom_and_why(writer, editor):
    newer = writer.submitted("Second in line")
    older = writer.submitted("First in line", note="Check paragraph four.")
    move_back(older, "submitted", hours=26)
    move_back(newer, "submitted", minutes=12)
    waiting = block(editor.page(), "in-review")
    assert in_order(
        waiting, "First in line", str(writer.user), "1 day 2 h", "Check paragraph four.", "Second"
    )


def test_an_editor_finds_what_is_ready_and_what_is_planned(editor, writer):
    ready = writer.submitted("Ready to go")
    workflow.mark_ready(article=ready, by=editor.user)
    soon = timezone.now() + dt.timedelta(hours=3, minutes=20, seconds=30)
    publishing.schedule(article=make_draft(headline="New at noon"), by=editor.user, at=soon)
    changed = make_article(headline="Live one")
    change_headline(changed, "Live one, changed")
    publishing.schedule(article=changed, by=editor.user, at=soon + dt.timedelta(hours=1))
    ending = make_article(headline="Ends soon")
    publishing.schedule_end(article=ending, by=editor.user, at=soon + dt.timedelta(days=1))
    far = make_draft(headline="Next month")
    publishing.schedule(article=far, by=editor.user, at=soon + dt.timedelta(days=30))
    page = editor.page()
    assert "Ready to go" in block(page, "ready")
    planned = block(page, "planned")
    assert in_order(
        planned, "New at noon", "Goes live", "in 3 h 20 min", "Live one, changed", "Change goes live"
    )
    assert in_order(planned, "Live one, changed", "Ends soon", "Ends")
    assert planned.count("<span>Ends</span>") == 1  # a change takes over; the story does not end
    assert "Next month" not in planned


def test_what_was_sent_back_is_mentioned_once_nobody_touched_it_for_days(writer, editor):
    article = writer.submitted("Left alone")
    workflow.send_back(article=article, by=editor.user, note="More numbers.")
    assert not block(editor.page(), "left-alone")
    move_back(article, "submitted", days=6)
    move_back(article, "sent_back", days=5)
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - dt.timedelta(days=6))
    assert in_order(block(editor.page(), "left-alone"), "Left alone", "5 days", "More numbers.")
    change_headline(Article.objects.get(pk=article.pk), "Taken up again")
    assert not block(editor.page(), "left-alone")


def test_what_was_sent_back_and_published_all_the_same_is_not_mentioned(writer, editor):
    article = writer.submitted("Published after all")
    workflow.send_back(article=article, by=editor.user, note="No.")
    publishing.publish(article=article, by=editor.user)
    move_back(article, "submitted", days=6)
    move_back(article, "sent_back", days=5)
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - dt.timedelta(days=6))
    assert not block(editor.page(), "left-alone")


def test_a_planned_moment_that_the_worker_missed_is_named(editor):
    article = make_draft(headline="Missed moment")
    revision = publishing.schedule(
        article=article, by=editor.user, at=timezone.now() + dt.timedelta(minutes=5)
    )
    then = timezone.now() - dt.timedelta(hours=2)
    Revision.objects.filter(pk=revision.pk).update(live_from=then, first_published_at=then)
    assert "Missed moment" not in block(editor.page(), "trouble-h")
    Due.objects.update(at=then)
    failed = block(editor.page(), "trouble-h")
    assert in_order(failed, "What failed", "planned moment waits", "Missed moment", "2 h ago")


def test_drafts_shown_by_link_are_listed_while_the_link_opens_them(editor):
    shown, revoked, published = (make_draft(headline=name) for name in ("Shown", "Revoked", "Published"))
    links = [
        make_link(article=article, by=editor.user, hours=24, for_whom="the press office")
        for article in (shown, revoked, published)
    ]
    revoke_link(link=links[1], by=editor.user)
    publishing.publish(article=published, by=editor.user)
    out = block(editor.page(), "links-out")
    assert in_order(out, "Shown", "For the press office", "Opened 0 times")
    assert "Revoked" not in out
    assert "Published" not in out


def test_the_most_used_terms_are_counted_in_live_stories_of_the_last_weeks(editor):
    often, once, never = make_term(name="often"), make_term(name="once"), make_term(name="never")
    make_article(terms=[often, once])
    make_article(terms=[often])
    make_article(terms=[never], at=timezone.now() - dt.timedelta(days=45))
    make_draft(terms=[never])
    terms = block(editor.page(), "terms")
    assert in_order(terms, "often", "2 stories", "once", "1 story")
    assert "never" not in terms
    assert "What readers open is not recorded" in terms


def test_an_empty_desk_says_so(editor):
    page = editor.page()
    assert "Nothing waits for you." in page
    assert "Nothing goes live or ends by itself this week." in page
    assert "No comment is reported or held back." in page
    assert not any(block(page, name) for name in ("ready", "left-alone", "links-out", "terms", "drafts"))


# A moderator's


def test_a_moderator_finds_the_discussion_and_no_draft(moderator, writer, editor):
    writer.submitted("Secret submission")
    make_link(article=make_draft(headline="Secret draft"), by=editor.user, hours=24)
    article = make_article(headline="Live story")
    post(article=article, by=make_user(name="Rita"), body="Well said.", key="1")
    page = moderator.page()
    assert "Secret" not in page
    assert "New article" not in page
    assert in_order(block(page, "newest"), "Well said.", "Rita", "Live story", "Answer")


def test_a_report_waits_until_somebody_decides_and_again_after_a_new_one(moderator):
    comment = post(article=make_article(), by=make_user(), body="A rude remark.", key="1")
    report(comment=comment, by=make_user(), reason="attacks")
    report(comment=comment, by=make_user(), reason="spam")
    assert in_order(block(moderator.page(), "waiting"), "A rude remark.", "2 reports", "Decide")
    reject(comment=comment, by=moderator.user, reason="attacks")
    approve(comment=comment, by=moderator.user)
    assert "A rude remark." not in block(moderator.page(), "waiting")
    report(comment=comment, by=make_user(), reason="hate")
    assert "1 report<" in block(moderator.page(), "waiting")


def test_a_hidden_comment_does_not_wait_and_one_held_back_does(moderator):
    article = make_article()
    held, hidden = (post(article=article, by=make_user(), body=f"Remark {key}.", key=key) for key in "12")
    Comment.objects.filter(pk=held.pk).update(status="withheld")
    report(comment=hidden, by=make_user(), reason="spam")
    reject(comment=hidden, by=moderator.user, reason="spam")
    waiting = block(moderator.page(), "waiting")
    assert in_order(waiting, "Remark 1.", "Withheld by the system")
    assert "Remark 2." not in waiting


def test_a_story_that_is_off_the_site_is_not_named_to_a_moderator(moderator, editor):
    article = make_article(headline="Taken off")
    comment = post(article=article, by=make_user(), body="Still here.", key="1")
    report(comment=comment, by=make_user(), reason="spam")
    publishing.unpublish(article=article, by=editor.user)
    change_headline(article, "Secret rewrite")
    page = moderator.page()
    assert "Still here." in page
    assert "Taken off" not in page
    assert "Secret rewrite" not in page


# Everybody's


def test_everybody_reaches_every_list_they_may_open(writer, editor, moderator, administrator):
    for person in (writer, editor, moderator, administrator):
        page = person.page()
        request = person.client.get("/admin/").wsgi_request
        for app in admin.site.get_app_list(request):
            for model in app["models"]:
                assert f'href="{model["admin_url"]}"' in page
    assert "Everything else" in administrator.page()


def test_a_colleague_without_a_role_is_told_what_to_do():
    assert "An administrator can give you a role." in Person(None).page()


def fill(writer, editor, number: int) -> None:
    """So many of everything that a desk shows."""
    for index in range(number):
        writer.draft(f"Draft {index}")
        writer.submitted(f"Submitted {index}")
        workflow.mark_ready(article=writer.submitted(f"Ready {index}"), by=editor.user)
        back = writer.submitted(f"Back {index}")
        workflow.send_back(article=back, by=editor.user, note="Again.")
        move_back(back, "submitted", days=9)
        move_back(back, "sent_back", days=8)
        Article.objects.filter(pk=back.pk).update(updated_at=timezone.now() - dt.timedelta(days=9))
        make_link(article=back, by=editor.user, hours=24)
        planned = writer.draft(f"Planned {index}")
        publishing.schedule(
            article=planned, by=editor.user, at=timezone.now() + dt.timedelta(hours=index + 1)
        )
        Due.objects.filter(revision__article=planned).update(at=timezone.now() - dt.timedelta(hours=2))
        live = make_article(authors=[writer.author], by=editor.user, terms=[make_term()])
        live.impacts.create(text="It will matter.", horizon_on=timezone.localdate() - dt.timedelta(days=1))
        editing.save_revision(article=live, by=editor.user)
        publishing.publish(article=live, by=editor.user)
        ask(word=f"word {index}x", by=make_user())
        comment = post(article=live, by=make_user(), body="Remark.", key=str(index))
        report(comment=comment, by=make_user(), reason="spam")


def test_the_front_desk_costs_the_same_with_one_of_everything_and_with_many(
    writer, editor, moderator, administrator
):
    def cost() -> dict[str, int]:
        counted = {}
        parts.make(DUE.name)  # as the worker does
        for name, person in {"w": writer, "e": editor, "m": moderator, "a": administrator}.items():
            with CaptureQueriesContext(connection) as captured:
                person.page()
            counted[name] = len(captured)
        return counted

    fill(writer, editor, 2)
    few = cost()
    fill(writer, editor, 4)
    assert cost() == few
    # four are the session, the person and what they may do; the rest is the desk's
    assert few["w"] <= 4 + 4
    assert few["m"] <= 4 + 5
    assert few["e"] <= 4 + 17
    assert few["a"] <= 4 + 17


def test_a_long_list_says_how_much_more_there_is(writer, editor):
    for index in range(11):
        writer.submitted(f"Submitted {index}")
    assert in_order(block(editor.page(), "in-review"), "<span>11</span>", "3 more in review")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (dt.timedelta(seconds=-5), "under a minute"),
        (dt.timedelta(seconds=59), "under a minute"),
        (dt.timedelta(minutes=20), "20 min"),
        (dt.timedelta(hours=3), "3 h"),
        (dt.timedelta(hours=3, minutes=20), "3 h 20 min"),
        (dt.timedelta(hours=24), "1 day"),
        (dt.timedelta(hours=28), "1 day 4 h"),
        (dt.timedelta(days=12, hours=7), "12 days"),
    ],
)
def test_a_span_is_said_as_people_say_it(span, words):
    assert in_words(span) == words


def test_operators_read_of_mail_that_does_not_go_out(administrator, editor):
    """Late or doubtful mail is named where an operator comes by, with the way to it; nobody else may act."""
    assert "Outgoing mail</a></p>" not in administrator.page()
    OutgoingMail.objects.create(
        key="one",
        kind="digest",
        next_at=timezone.now() - dt.timedelta(hours=1),
        ends_at=timezone.now() + dt.timedelta(hours=1),
    )
    assert "1 mail has been waiting for more than 5 minutes" in block(administrator.page(), "mail-trouble-h")
    assert "1 mail has been waiting" not in editor.page()
