"""What readers do about comments that break a rule: report them. Enough reports withhold one."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from articles.editing import lock
from comments import notifications
from comments.counting import recount
from comments.facts import is_new
from comments.models import Comment, Decision, Report, Rule
from comments.moderation.decisions import STOOD_BY, Outcome, Status, wait_no_longer
from comments.rulings import Refused
from pulse.characters import has_control_characters

Action, Weight = Decision.Action, Report.Weight
CHECK = "readers_reported_it"  # what stands in the record where reports withheld a comment


@transaction.atomic
def report(*, comment: Comment, by: User, reason: str, note: str = "") -> Report:
    """Tell the moderators that a comment breaks a rule. A second report changes nothing. Raises Refused.

    PULSE_REPORTS_TO_QUEUE of them ask moderators to look; PULSE_REPORTS_TO_HIDE by readers with a record
    withhold the comment until one has, unless one has read this very text and let it stand. Eleven queries.
    """
    wait_no_longer()
    _refuse(comment, by, reason, note)
    article = lock(comment.article)
    found = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    weight = weight_of(by)
    made, is_new_report = Report.objects.get_or_create(
        comment=found, by=by, defaults={"reason": reason, "note": note, "weight": weight}
    )
    if is_new_report and found.is_visible:
        _count(found)
        if not found.is_visible:
            recount(article)
    return made


def weight_of(reader: User) -> Report.Weight:
    """How much a reader's report counts. Two queries.

    Nothing, if they have PULSE_REPORTS_DISMISSED or more behind them that were dismissed, and most of theirs
    were. Fully, if their account is no longer new, nobody has suspended them, and readers see a comment of
    theirs.
    """
    decided = Report.objects.filter(by=reader).aggregate(
        dismissed=Count("pk", filter=Q(outcome=Outcome.DISMISSED)),
        upheld=Count("pk", filter=Q(outcome=Outcome.UPHELD)),
    )
    if decided["dismissed"] >= settings.PULSE_REPORTS_DISMISSED and decided["dismissed"] > decided["upheld"]:
        return Weight.NONE
    is_known = not is_new(reader, now=timezone.now()) and not reader.is_suspended
    has_record = is_known and reader.comments.visible().exists()
    return Weight.HIDES if has_record else Weight.QUEUES


def _count(comment: Comment) -> None:
    """Queue or withhold a comment that has just been reported once more."""
    open_reports = comment.reports.filter(resolved_at=None).aggregate(
        queuing=Count("pk", filter=Q(weight__gte=Weight.QUEUES)),
        hiding=Count("pk", filter=Q(weight=Weight.HIDES)),
    )
    stored: dict[str, object] = {}
    if open_reports["queuing"] >= settings.PULSE_REPORTS_TO_QUEUE:
        stored["flagged_at"] = comment.flagged_at or timezone.now()
    if open_reports["hiding"] >= settings.PULSE_REPORTS_TO_HIDE and not _was_read(comment):
        stored |= {"status": Status.WITHHELD, "picked_at": None, "pinned_at": None, "flagged_at": None}
    if not stored:
        return
    Comment.objects.filter(pk=comment.pk).update(**stored)
    if "status" in stored:
        comment.status = Status.WITHHELD
        Decision.objects.create(
            comment=comment,
            action=Action.WITHHOLD,
            check_name=CHECK,
            note=f"{open_reports['hiding']} readers reported it, so it waits until a moderator has read it.",
            text_number=comment.text_number,
            status_before=Status.VISIBLE,
            status_after=Status.WITHHELD,
        )
        notifications.follow(comment)


def _was_read(comment: Comment) -> bool:
    """Whether a moderator has read the text as it stands, and let it stand."""
    read = comment.decisions.filter(action__in=STOOD_BY, check_name="", text_number=comment.text_number)
    return read.filter(undone_by=None).exists()


def _refuse(comment: Comment, by: User, reason: str, note: str) -> None:
    if comment.author_id == by.pk:
        raise Refused("This comment is your own.", 403)
    if reason not in Rule.values:
        raise Refused("Choose the rule that the comment breaks.", 400)
    limit = Report._meta.get_field("note").max_length or 0
    if len(note) > limit:
        raise Refused(
            f"Your note holds up to {limit} characters. This one has {len(note):,}: shorten it.", 400
        )
    if has_control_characters(note):
        raise Refused("Your note holds a control character, which cannot be kept. Write it again.", 400)
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    limit = settings.PULSE_REPORTS_PER_HOUR
    others = Report.objects.filter(by=by, created_at__gt=hour_ago).exclude(comment=comment)
    if others.count() >= limit:
        raise Refused(
            f"You reported {limit} comments in the last hour. Wait a while, then report this one.", 429
        )
