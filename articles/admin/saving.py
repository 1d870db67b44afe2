"""What the buttons of the article form do, once its fields are right: save first, then move the story on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User, member
from articles import editing, publishing, sittings, workflow
from articles.admin import conflicts
from articles.admin.filled import filled_content
from articles.checks import serious
from articles.content import snapshot
from articles.models import Article, Sitting
from articles.wording import part_names
from pulse.moments import in_words


@dataclass(frozen=True)
class Outcome:
    """What a press of a button led to: the article, and what is to be said about it."""

    article: Article
    sentence: str
    unseen: frozenset[str] = field(default_factory=frozenset)
    is_asked: bool = False  # whether publishing waits for an answer to the serious checks


Step = Callable[[Article, User, dict[str, Any]], str]


def _publish(article: Article, by: User, data: dict[str, Any]) -> str:
    publishing.publish(article=article, by=by)
    return f"Published. Readers see this version at {article.get_absolute_url()}"


def _schedule(article: Article, by: User, data: dict[str, Any]) -> str:
    revision = publishing.schedule(article=article, by=by, at=data["publish_at"])
    return f"Scheduled for {moment_in_words(revision.live_from)}."


def _end(article: Article, by: User, data: dict[str, Any]) -> str:
    publishing.schedule_end(article=article, by=by, at=data["end_at"])
    return f"Readers see this story until {moment_in_words(data['end_at'])}."


def _submit(article: Article, by: User, data: dict[str, Any]) -> str:
    workflow.submit(article=article, by=by)
    return "Submitted. The editors see it on their front desk."


def _take_back(article: Article, by: User, data: dict[str, Any]) -> str:
    workflow.take_back(article=article, by=by)
    return "Taken back. It is a draft again."


def _ready(article: Article, by: User, data: dict[str, Any]) -> str:
    workflow.mark_ready(article=article, by=by)
    return "Marked as ready. It goes live when somebody publishes it."


def _send_back(article: Article, by: User, data: dict[str, Any]) -> str:
    workflow.send_back(article=article, by=by, note=data["review_note"])
    return "Sent back. Your note stands above the writer’s form."


STEPS: dict[str, Step] = {
    "_publish": _publish,
    "_schedule": _schedule,
    "_end": _end,
    "_submit": _submit,
    "_take_back": _take_back,
    "_ready": _ready,
    "_send_back": _send_back,
}
NEEDS_SEEN = {*publishing.NEEDS_WHOLE_STORY, "_end"}  # what others changed unseen stops these buttons
ASKS = {"_publish", "_schedule"}
NOT_YET = "Draft saved, not published yet: something below is for you to decide first."
SAVED = "Draft saved. Readers see no change until you publish."


def save(request: HttpRequest, article: Article, form: Any, formsets: Any, *, is_new: bool) -> Outcome:
    """Store what was typed and take the step that was asked for. Raises Conflict and NotPublishable.

    Nothing is published that the person pressing the button has not seen: if somebody else's changes came
    in, the draft is saved and the rest waits for a second look.
    """
    by = member(request)
    sitting = find_sitting(request, article)
    content = filled_content(form, formsets)
    if sitting is not None:
        content = conflicts.chosen(content, sitting.base, request.POST)
    saved = editing.save_draft(
        article=article,
        content=content,
        by=by,
        sitting=sitting,
        version=None if is_new else form.cleaned_data.get("base_version") or 0,
        sequence=form.cleaned_data.get("sequence"),
    )
    if sitting is not None:
        sittings.close(sitting)
    article = Article.objects.get(pk=article.pk)
    pressed = next((button for button in STEPS if button in request.POST), None)
    if pressed is None or (saved.unseen and pressed in NEEDS_SEEN):
        return Outcome(article, SAVED, saved.unseen)
    if pressed in ASKS and "confirm_checks" not in request.POST and serious(snapshot(article), article):
        return Outcome(article, NOT_YET, saved.unseen, is_asked=True)
    return Outcome(article, STEPS[pressed](article, by, form.cleaned_data), saved.unseen)


def take_down(request: HttpRequest, article: Article) -> None:
    """What the buttons do that take something back, before the form is looked at."""
    by = member(request)
    if "_unpublish" in request.POST:
        publishing.unpublish(article=article, by=by)
        messages.success(request, "Unpublished. Readers no longer see this article.")
    if "_cancel_schedule" in request.POST:
        publishing.cancel_schedule(article=article, by=by)
        messages.success(request, "The schedule is cancelled. Nothing will change by itself.")
    if "_cancel_end" in request.POST:
        publishing.cancel_end(article=article, by=by)
        messages.success(request, "The story stays. Readers see it until you take it off.")


def find_sitting(request: HttpRequest, article: Article | None = None) -> Sitting | None:
    """The sitting of the window a form came from; with an article, only one of that article's."""
    sitting = sittings.find_sitting(request.POST.get("sitting", ""))
    return None if sitting and article and sitting.article_id != article.pk else sitting


def say(request: HttpRequest, outcome: Outcome) -> None:
    """Tell the person what happened, and what they have not seen yet."""
    messages.success(request, outcome.sentence)
    if outcome.unseen:
        names = part_names()
        parts = ", ".join(label for part, label in names.items() if part in outcome.unseen)
        waits = " Nothing was published: look at it and press the button again." if _stopped(request) else ""
        messages.warning(request, f"Somebody else changed this meanwhile, and it is kept: {parts}.{waits}")
    low, high = publishing.TLDR_WORDS
    words = len(outcome.article.tldr.split())
    if words and not low <= words <= high:
        messages.warning(request, f"The TL;DR is outside the house style of {low} to {high} words.")


def _stopped(request: HttpRequest) -> bool:
    return any(button in request.POST for button in NEEDS_SEEN)


def moment_in_words(moment: Any) -> str:
    """A moment in the newsroom's zone, and how far away it is."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}, {in_words(moment - timezone.now())}"
