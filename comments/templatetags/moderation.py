"""Words of the moderators' desk."""

from django import template
from django.template.defaultfilters import capfirst
from django.utils.formats import date_format
from django.utils.timezone import localtime

from comments.models import Comment, Decision
from comments.moderation.decisions import Action, Seen
from comments.moderation.desk import LABELS
from comments.pipeline import FOR_GOOD

register = template.Library()
BY_CHECK = {
    "words_are_allowed": "a banned word",
    "words_are_unsuspicious": "a suspect word",
    "hosts_are_allowed": "a banned host",
    "links_are_few": "many links",
    "links_are_from_somebody_known": "a new reader’s link",
    "text_is_not_copied": "copies by other accounts",
    "service_finds_no_spam": "the spam service",
    "approval_holds": "an edit after approval",
    "nothing_is_read_first": "every comment is read first",
    "author_has_spoken": "a first comment",
    "author_is_seldom_rejected": "recent rejections",
    "author_is_staff": "written by the newsroom",
    "readers_reported_it": "reports by readers",
}


@register.filter
def seen(comment: Comment) -> str:
    """A comment as it is seen here, for the form that decides on it."""
    return str(Seen.of(comment))


@register.filter
def queue_label(name: str) -> str:
    return LABELS[name]


@register.filter
def decision(made: Decision) -> str:
    """A decision in a sentence: what, why, by whom. Plain text."""
    what = str(made.get_action_display())
    if made.action == Action.SUSPEND and made.until:
        end = date_format(localtime(made.until), "j F Y, H:i") if made.until < FOR_GOOD else ""
        what = f"Suspended until {end}" if end else "Suspended for good"
    who = BY_CHECK.get(made.check_name, made.check_name) if made.check_name else str(made.by or "somebody")
    first = f"{what}: {who}" if made.check_name else f"{what} by {who}"
    rule = f"{capfirst(made.get_reason_display())}." if made.reason else ""
    return " ".join(part for part in (f"{first}.", rule, made.note) if part)
