"""What can be done to several articles at once, from the list.

Each step first shows a page that says for every chosen article what will happen to it, or why nothing will;
one button then does it, article by article, through the verbs. What changed in between is refused by name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join

from accounts.models import User, member
from articles import editing, publishing, workflow
from articles.access import CHANGE, PUBLISH
from articles.content import snapshot
from articles.models import Article, Event, Section
from articles.templatetags.articles import dateline
from pulse.addresses import is_number

Status = Article.Status
NAMED = 5  # of those that were left as they are, in the message after it


class NoQuestion(forms.Form):
    """For a step that needs nothing but a yes."""


class NoteForm(forms.Form):
    note = forms.CharField(
        label="What is to be done",
        max_length=Event._meta.get_field("note").max_length,
        help_text="One note for all of them. Their writers see it above the form.",
        error_messages={"required": "Say what is to be done: the writer sees it above the form."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SectionForm(forms.Form):
    section = forms.ModelChoiceField(
        Section.objects,
        label="Section",
        empty_label="Choose a section",
        error_messages={"required": "Choose the section they move to."},
    )


@dataclass(frozen=True)
class Step:
    """One thing to do to many articles, each of them read by `Article.objects.with_state()`."""

    action: str
    title: str
    done: str
    expected: Callable[[Any], str]
    refusal: Callable[[Any], str]
    do: Callable[[Any, User, dict[str, Any]], None]
    form: type[forms.Form] = NoQuestion


@dataclass(frozen=True)
class Plan:
    """What a step will do: articles with what happens to each, and those it leaves with the reason."""

    todo: list[tuple[Any, str]] = field(default_factory=list)
    left: list[tuple[Any, str]] = field(default_factory=list)


# What will happen to an article, or why nothing will


def _is_unchanged(article: Any) -> bool:
    return article.live_since is not None and article.live_number == article.latest_number


def _missing(article: Any) -> str:
    missing = editing.problems(article)
    return f"Something is missing. {' '.join(missing.values())}" if missing else ""


def _why_not_submitted(article: Any) -> str:
    if article.status == Status.IN_REVIEW:
        return "It is in review already."
    if article.status == Status.READY:
        return "An editor has found it ready."
    if _is_unchanged(article):
        return "Readers see this text already."
    return _missing(article)


def _why_not_ready(article: Any) -> str:
    if article.status == Status.READY:
        return "It is ready already."
    if article.status == Status.DRAFT and _is_unchanged(article):
        return "Readers see this text already."
    return _missing(article)


def _why_not_sent_back(article: Any) -> str:
    return "It is a draft: nobody has handed it in." if article.status == Status.DRAFT else ""


def _why_not_unpublished(article: Any) -> str:
    is_public = article.live_since or article.scheduled_for
    return "" if is_public else "Readers do not see it, and nothing is scheduled."


def _unpublishing(article: Any) -> str:
    said = ["Readers stop seeing it at once."] if article.live_since else []
    if article.scheduled_for:
        what = "The change planned" if article.live_since else "What was planned"
        said.append(f"{what} for {dateline(article.scheduled_for)} is cancelled.")
    return " ".join(said)


def _moving(article: Any) -> str:
    where = f"Now in {article.section}." if article.section else "In no section yet."
    if article.live_since:
        return f"{where} Only the draft moves: readers find it where it is until it is published again."
    return where


def _nothing_against(article: Any) -> str:
    return ""


# What is done to it


def _submit(article: Any, by: User, data: dict[str, Any]) -> None:
    workflow.submit(article=article, by=by)


def _mark_ready(article: Any, by: User, data: dict[str, Any]) -> None:
    workflow.mark_ready(article=article, by=by)


def _send_back(article: Any, by: User, data: dict[str, Any]) -> None:
    workflow.send_back(article=article, by=by, note=data["note"])


def _unpublish(article: Any, by: User, data: dict[str, Any]) -> None:
    publishing.unpublish(article=article, by=by)


@transaction.atomic
def _move(article: Any, by: User, data: dict[str, Any]) -> None:
    """Write the section into the draft as it is stored now, whoever is writing in it."""
    locked = editing.lock(article)
    section = data["section"]
    if locked.section_id == section.pk:
        raise editing.NotPublishable({"section": f"It is in {section} already."})
    content = snapshot(locked)
    content["section"] = section.pk
    editing.save_draft(article=locked, content=content, by=by, version=locked.version)


SUBMIT = Step(
    action="submit_for_review",
    title="Submit for review",
    done="submitted for review",
    expected=lambda article: "The editors see it on their front desk.",
    refusal=_why_not_submitted,
    do=_submit,
)
READY = Step(
    action="mark_as_ready",
    title="Mark as ready",
    done="marked as ready",
    expected=lambda article: "It may go live as it is. Readers see no change until it is published.",
    refusal=_why_not_ready,
    do=_mark_ready,
)
SEND_BACK = Step(
    action="send_back",
    title="Send back",
    done="sent back",
    expected=lambda article: "It is a draft again, with your note.",
    refusal=_why_not_sent_back,
    do=_send_back,
    form=NoteForm,
)
UNPUBLISH = Step(
    action="unpublish",
    title="Unpublish",
    done="unpublished",
    expected=_unpublishing,
    refusal=_why_not_unpublished,
    do=_unpublish,
)
MOVE = Step(
    action="move_to_section",
    title="Move to a section",
    done="moved",
    expected=_moving,
    refusal=_nothing_against,
    do=_move,
    form=SectionForm,
)


class ListActions(admin.ModelAdmin):
    """The steps in the list's menu: a writer hands in, an editor does the rest. Nothing is deleted there."""

    actions = [SUBMIT.action, READY.action, SEND_BACK.action, MOVE.action, UNPUBLISH.action]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        if not all(is_number(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("This names something that is no article.")
        return super().response_action(request, queryset, *args, **kwargs)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE) and not request.user.has_perm(PUBLISH)

    @admin.action(description="Submit for review…", permissions=["submit"])
    def submit_for_review(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return ask_or_do(SUBMIT, request, queryset)

    @admin.action(description="Mark as ready…", permissions=["publish"])
    def mark_as_ready(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return ask_or_do(READY, request, queryset)

    @admin.action(description="Send back…", permissions=["publish"])
    def send_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return ask_or_do(SEND_BACK, request, queryset)

    @admin.action(description="Move to a section…", permissions=["publish"])
    def move_to_section(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return ask_or_do(MOVE, request, queryset)

    @admin.action(description="Unpublish…", permissions=["publish"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return ask_or_do(UNPUBLISH, request, queryset)


def ask_or_do(step: Step, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Show what a step will do to the chosen articles, or do it. None leads back to the list.

    Asking takes three queries and one more an article.
    """
    limit = settings.PULSE_BULK_LIMIT
    keys = list(queryset.values_list("pk", flat=True)[: limit + 1])
    if len(keys) > limit:
        messages.error(request, f"Nothing was done: choose up to {limit} articles.")
        return None
    plan = make_plan(step, keys, by=member(request))
    form = step.form(request.POST if "confirmed" in request.POST else None)
    if not form.is_valid():
        return _ask(step, request, plan, form)
    _do(step, request, plan, form.cleaned_data)
    return None


def make_plan(step: Step, keys: list[int], *, by: User) -> Plan:
    """What a step will do to these articles, in the order they were last saved."""
    theirs = set(Article.objects.editable_by(by).filter(pk__in=keys).values_list("pk", flat=True))
    plan = Plan()
    for article in Article.objects.with_state().filter(pk__in=keys).select_related("section"):
        is_theirs = article.pk in theirs
        refusal = step.refusal(article) if is_theirs else "It is not yours to change."
        if refusal:
            plan.left.append((article, refusal))
        else:
            plan.todo.append((article, step.expected(article)))
    return plan


def _ask(step: Step, request: HttpRequest, plan: Plan, form: forms.Form) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "title": step.title,
        "opts": Article._meta,
        "step": step,
        "plan": plan,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/articles/article/bulk.html", context)


def _do(step: Step, request: HttpRequest, plan: Plan, data: dict[str, Any]) -> None:
    """Do it, each article in a transaction of its own, and say what was done and what was not."""
    by, done, left = member(request), 0, list(plan.left)
    for article, _ in plan.todo:
        try:
            step.do(article, by, data)
            done += 1
        except (editing.NotPublishable, editing.Conflict, PermissionDenied) as refusal:
            left.append((article, str(refusal)))
    if done:
        messages.success(request, f"{done} article{'' if done == 1 else 's'} {step.done}.")
    if left:
        named = format_html_join(" ", "“{}”: {}", ((str(article), why) for article, why in left[:NAMED]))
        more = f" And {len(left) - NAMED} more." if len(left) > NAMED else ""
        messages.warning(request, format_html("{} left as before. {}{}", len(left), named, more))
