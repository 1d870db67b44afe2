"""The moderators' desk: one screen, one comment after another. Every step is a form.

Who asks for JSON gets what was done in a sentence and the queues' numbers; a form is led to the next comment.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User, member
from comments.answers import in_time, wants_json
from comments.models import Comment, Rule
from comments.moderation import approving, desk, picking, suspending, undoing
from comments.moderation.approving import Done
from comments.moderation.decisions import Seen, require_moderator
from comments.rulings import Refused
from pulse.addresses import is_number

DONE = {"approve": "approved", "reject": "rejected"}
SHOWN_OFF = {
    "pick": "It is an editors’ pick now.",
    "unpick": "It is no longer a pick.",
    "pin": "It is pinned on top of its discussion now.",
    "unpin": "It is no longer pinned.",
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The desk: a queue, and the comment in hand; the queue's first if none is named."""
    require_moderator(member(request))
    queue = _queue(request.GET.get("queue", "waiting"))
    rows, has_more = desk.rows(queue, after=_key(request.GET.get("after", "0")))
    named = _key(request.GET.get("comment", "0"))
    pk = named or (rows[0].pk if rows else 0)
    context = {
        **admin.site.each_context(request),
        **_of_file(pk, queue, rows),
        "title": "Moderators’ desk",
        "queues": desk.queues(),
        "rows": rows,
        "has_more": has_more,
        "last_undoable": undoing.undoable(member(request))
        .select_related("comment__author", "reader")
        .first(),
        "undo_minutes": settings.PULSE_UNDO_MINUTES,
    }
    return render(request, "comments/desk/desk.html", context)


@require_safe
def more_rows(request: HttpRequest) -> HttpResponse:
    """The next rows of a queue, for the script: `more` says whether others follow."""
    require_moderator(member(request))
    queue = _queue(request.GET.get("queue", ""))
    rows, has_more = desk.rows(queue, after=_key(request.GET.get("after", "0")))
    response = render(request, "comments/desk/_rows.html", {"rows": rows, "queue": queue})
    response["X-More"] = "yes" if has_more else ""
    return response


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment with all about it, for the script."""
    require_moderator(member(request))
    context = _of_file(pk, _queue(request.GET.get("queue", "waiting")), [])
    if context["file"] is None:
        raise Http404("There is no such comment.")
    return render(request, "comments/desk/_file.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve, reject, pick or pin what was seen: one comment or several."""
    by = member(request)
    require_moderator(by)
    try:
        seen = [Seen.parse(text) for text in request.POST.getlist("seen")]
        if not seen:
            raise Refused("Choose a comment first.", 400)
        verb = request.POST.get("verb", "")
        if verb in SHOWN_OFF:
            _show_off(verb, seen[0], by)
            return _answer(request, SHOWN_OFF[verb], comment=seen[0].comment)
        done = _decide(request, verb, seen, by)
        return _answer(request, _in_words(done, DONE[verb]), refused=done.refused)
    except Refused as refusal:
        return _refused(request, refusal)


@require_POST
def about_reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend a reader, let them back in, or remove everything they wrote."""
    by = member(request)
    require_moderator(by)
    reader = get_object_or_404(User, pk=pk)
    try:
        return _answer(request, **_about(request, reader, by))
    except Refused as refusal:
        return _refused(request, refusal)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Undo one's last decision."""
    by = member(request)
    require_moderator(by)
    try:
        done = in_time(undoing.undo)(by=by)
    except Refused as refusal:
        return _refused(request, refusal)
    kept = list(dict.fromkeys(done.refused.values()))
    said = " ".join([f"Undone: {_things(len(done.decisions))}.", *kept])
    comments = [decision.comment_id for decision in done.decisions if decision.comment_id]
    return _answer(request, said, comments=comments, comment=comments[0] if len(comments) == 1 else 0)


@in_time
def _decide(request: HttpRequest, verb: str, seen: list[Seen], by: User) -> Done:
    if verb == "approve":
        return approving.approve_all(seen=seen, by=by)
    if verb == "reject":
        reason, note = request.POST.get("reason", ""), _note(request, "note")
        return approving.reject_all(seen=seen, by=by, reason=reason, note=note)
    raise Refused("Choose what to do: approve or reject.", 400)


@in_time
def _show_off(verb: str, seen: Seen, by: User) -> None:
    comment = get_object_or_404(Comment, pk=seen.comment)
    match verb:
        case "pick":
            picking.pick(comment=comment, by=by, text_number=seen.text_number)
        case "unpick":
            picking.unpick(comment=comment, by=by)
        case "pin":
            picking.pin(comment=comment, by=by, text_number=seen.text_number)
        case "unpin":
            picking.unpin(comment=comment, by=by)


@in_time
def _about(request: HttpRequest, reader: User, by: User) -> dict[str, Any]:
    comment = _key(request.POST.get("comment", "0"))
    match request.POST.get("verb", ""):
        case "suspend":
            span = request.POST.get("span", "")
            suspending.suspend(reader=reader, by=by, span=span, why=_note(request, "why"))
            return {"said": f"{reader} is suspended {_for(span)}.", "comment": comment}
        case "lift":
            suspending.lift(reader=reader, by=by)
            return {"said": f"{reader} may comment again.", "comment": comment}
        case "remove":
            return _remove(request, reader, by)
    raise Refused("Choose what to do about this reader.", 400)


def _remove(request: HttpRequest, reader: User, by: User) -> dict[str, Any]:
    if request.POST.get("sure") != "yes":
        raise Refused("Tick the box to say that you mean it. Nothing was removed.", 400)
    try:
        batch = UUID(text) if (text := request.POST.get("batch", "")) else None
    except ValueError:
        raise Refused("This form was incomplete. Load the desk again.", 400) from None
    reason, note = request.POST.get("reason", ""), _note(request, "note")
    step = suspending.remove_everything(reader=reader, by=by, reason=reason, note=note, batch=batch)
    said = f"{_comments(step.now)} by {reader} removed."
    if step.left:
        said += f" {step.left:,} more are left: remove everything once more to go on."
    return {"said": said, "left": step.left, "batch": str(step.batch)}


def _answer(request: HttpRequest, said: str, *, comment: int = 0, **facts: Any) -> HttpResponse:
    """What was done. A form goes on with the comment named, or with the next one in its queue."""
    refused: dict[int, str] = facts.get("refused", {})
    if wants_json(request):
        numbers = {queue.name: _number(queue) for queue in desk.queues()}
        return JsonResponse({"said": said, "queues": numbers, **facts, "refused": refused})
    if said:
        messages.success(request, said)
    for sentence in dict.fromkeys(refused.values()):
        messages.warning(request, sentence)
    return _on(request, comment)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": refusal.sentence}, status=refusal.status)
    messages.error(request, refusal.sentence)
    response = _on(request, _key(request.POST.get("comment", "0")))
    return response


def _on(request: HttpRequest, comment: int) -> HttpResponseRedirect:
    queue = request.POST.get("queue", "waiting")
    query = {"queue": queue if queue in desk.LABELS else "waiting"}
    if following := comment or _key(request.POST.get("next", "0")):
        query["comment"] = str(following)
    response = HttpResponseRedirect(f"{reverse('moderation:desk')}?{urlencode(query)}")
    response.status_code = 303
    return response


def _of_file(pk: int, queue: str, rows: list[Any]) -> dict[str, Any]:
    """What `_file.html` needs. Without a script, the comment after this one comes next."""
    keys = [row.pk for row in rows]
    place = keys.index(pk) + 1 if pk in keys else 0
    return {
        "file": desk.file_of(pk) if pk else None,
        "queue": queue,
        "next": keys[place] if place < len(keys) else 0,
        "rules": Rule,
    }


def _in_words(done: Done, what: str) -> str:
    return f"{_comments(len(done.decisions))} {what}." if done.decisions else ""


def _comments(number: int) -> str:
    return f"{number:,} comment{'' if number == 1 else 's'}"


def _things(number: int) -> str:
    return f"{number:,} decision{'' if number == 1 else 's'}"


def _for(span: str) -> str:
    words = suspending.SPANS[span][0]
    return words if words == "for good" else f"for {words}"


def _number(queue: desk.Queue) -> str:
    return f"{queue.number:,}{'+' if queue.is_more else ''}"


def _note(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").split())


def _queue(text: str) -> str:
    if text not in desk.LABELS:
        raise Http404("There is no such queue.")
    return text


def _key(text: str) -> int:
    """A row's number from an address or a form; nought is none. Raises Http404."""
    if not is_number(text):
        raise Http404("There is no such comment.")
    return int(text)
