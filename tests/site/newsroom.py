"""The addresses of every kind of page in the newsroom, with something on each."""

from django.utils import timezone

from comments.models import Comment, Decision, EarlierText, Report
from comments.moderation import picking, suspending
from comments.reporting import report
from glossary import requests
from tests.factories import make_article, make_draft, make_term, make_user, reject

DESK = "/admin/comments/desk/"


def newsroom_addresses() -> list[str]:
    """What an editor works with: stories, terms, pictures."""
    draft = make_draft(terms=[make_term()], impacts=[(["Market"], "More.")])
    article = f"/admin/articles/article/{draft.pk}"
    live = f"/admin/articles/article/{make_article().pk}"
    lists = ["articles/article", "articles/section", "glossary/term", "images/image", "comments/comment"]
    return [
        "/admin/",
        *[f"/admin/{name}/" for name in lists],
        "/admin/articles/article/add/",
        *[f"{article}/{page}/" for page in ("change", "preview", "history", "links", "address")],
        *[f"{live}/{page}/" for page in ("compare", "correct", "withdraw")],
        "/admin/articles/article/calendar/",
        "/admin/articles/article/outlooks/",
        "/admin/glossary/term/add/",
        "/admin/images/image/add/",
        "/admin/articles/correction/add/",
    ]


def desk_addresses() -> list[str]:
    """What a moderator works with: the queues, a comment with its context, rules, words, records."""
    waiting, reported, rejected = discussed()
    requests.ask(word="rack scale", by=make_user(), path=waiting.article.get_absolute_url())
    dismissed = requests.ask(word="widget", by=make_user())
    type(dismissed).objects.filter(pk=dismissed.pk).update(dismissed_at=timezone.now())
    in_hand = {"waiting": waiting, "reported": reported, "rejected": rejected}
    records = {"comment": waiting, "report": Report.objects.all()[0], "decision": Decision.objects.all()[0]}
    return [
        DESK,
        *[f"{DESK}?queue={queue}" for queue in ("reported", "newest", "rejected")],
        *[f"{DESK}?queue={queue}&comment={comment.pk}" for queue, comment in in_hand.items()],
        "/admin/comments/houserules/",
        *[f"/admin/comments/{name}/" for name in records],
        *[f"/admin/comments/{name}/{row.pk}/change/" for name, row in records.items()],
        "/admin/glossary/termrequest/",
        "/admin/glossary/termrequest/?dismissed",
        "/admin/glossary/termrequest/answer/?asked=rack+scale",
    ]


def discussed() -> tuple[Comment, Comment, Comment]:
    """One comment that waits, one that was reported, one that was rejected, with what surrounds them.

    The one that waits answers another, is about a sentence, was changed, held by the rules and reported. The
    reported one is a pick with answers, by a reader who is suspended.
    """
    article, moderator = make_article(headline="A busy <story>"), make_user(role="Moderator")
    ana, bo = make_user(name="Ana <A.>"), make_user(name="Bo")
    comments = [
        Comment.objects.create(article=article, author=by, body=f"Remark & *more* {n}.\n\n> quoted")
        for n, by in enumerate([ana, bo, ana])
    ]
    reported, rejected, answered = comments
    for number in range(5):
        Comment.objects.create(article=article, author=bo, body=f"To that {number}.", parent=reported)
    waiting = Comment.objects.create(
        article=article, author=bo, body="First this. Then that.", parent=answered, part="sentence",
        quote="Story & more", status="pending", text_number=2, edited_at=timezone.now(),
    )  # fmt: skip
    EarlierText.objects.create(comment=waiting, number=1, body="First this. Then <those>.")
    picking.pick(comment=reported, by=moderator, text_number=reported.text_number)
    report(comment=reported, by=bo, reason="spam", note="It <sells>.")
    report(comment=rejected, by=ana, reason="hate")
    reject(comment=rejected, by=moderator)
    suspending.suspend(reader=ana, by=moderator, span="week", why="Comments that break our rules.")
    return waiting, reported, rejected
