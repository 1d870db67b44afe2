"""The month on one page: what went live, what is planned, and the drafts that wait for a date."""

import calendar
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User, member
from articles import editing, publishing, timing
from articles.access import may_publish, require_publisher
from articles.admin.doors import require_newsroom
from articles.horizons import day_number, due_between
from articles.models import Article, Byline, Due, Revision, Verdict
from pulse.moments import MomentField, in_words

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
DAY = re.compile(MONTH.pattern + r"-(\d\d)")
SHOWN = 5  # entries of one day before the others are folded
MORNING = dt.time(9)  # the time first offered for a day
RANK = {Article.Status.READY: 0, Article.Status.IN_REVIEW: 1}


@dataclass(frozen=True)
class Entry:
    """One line of a day. Without a moment it concerns the whole day."""

    kind: str  # live, gone, scheduled, change, end or outlook: how it looks
    label: str
    headline: str
    url: str
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Day:
    """One field of the calendar."""

    on: dt.date
    is_in_month: bool
    is_today: bool
    is_past: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def first(self) -> list[Entry]:
        return self.entries[:SHOWN]

    @property
    def others(self) -> list[Entry]:
        return self.entries[SHOWN:]


class ScheduleForm(forms.Form):
    """When a draft of the tray is to go live. `version` is the draft that the page showed."""

    article = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    publish_at = MomentField(label="Goes live at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publish_at"].widget.attrs["min"] = f"{timezone.localtime():%Y-%m-%dT%H:%M}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest) -> HttpResponse:
    """The calendar of `?month=2026-11`, and the scheduling of one draft. Some fifteen queries."""
    require_newsroom(request)
    first = _month(request.GET.get("month"))
    refused = _schedule(request) if request.method == "POST" else None
    if request.method == "POST" and refused is None:
        return HttpResponseRedirect(f"{request.path}?month={first:%Y-%m}")
    user, now = member(request), timezone.now()
    chosen = _chosen(request.GET.get("day"), now) if may_publish(user) else None
    drafts, are_more = _tray(user, now)
    weeks = _weeks(first, user, now)
    if refused is not None and refused.data.get("article") not in {str(draft.pk) for draft in drafts}:
        messages.error(request, " ".join(_sentences(refused)))
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": date_format(first, "F Y"),
        "opts": Article._meta,
        "first": first,
        "previous": _neighbour(first, -1),
        "next": _neighbour(first, 1),
        "this_month": timezone.localdate().replace(day=1),
        "weeks": weeks,
        "is_quiet": not any(day.entries and day.is_in_month for week in weeks for day in week),
        "tray": [(draft, _form_for(draft, refused, chosen)) for draft in drafts],
        "are_more": are_more,
        "chosen": chosen,
        "can_publish": may_publish(user),
        "zone": settings.TIME_ZONE,
        "trouble": timing.trouble(),
    }
    status = 200 if refused is None else 400
    return render(request, "admin/articles/article/calendar.html", context, status=status)


# What was asked for


def _month(text: str | None) -> dt.date:
    """The first day of a month, of this one by default. Raises Http404."""
    if text is None:
        return timezone.localdate().replace(day=1)
    found = MONTH.fullmatch(text)
    if found is None:
        raise Http404("There is no such month.")
    return dt.date(int(found[1]), int(found[2]), 1)


def _neighbour(first: dt.date, step: int) -> dt.date:
    place = first.year * 12 + first.month - 1 + step
    return dt.date(place // 12, place % 12 + 1, 1)


def _chosen(text: str | None, now: dt.datetime) -> dt.datetime | None:
    """The morning of a day to schedule for, or the next hour if that has passed; None for no day to come."""
    found = DAY.fullmatch(text or "")
    today = timezone.localtime(now)
    try:
        day = dt.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day < today.date():
        return None
    zone = timezone.get_default_timezone()
    next_hour = today.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return max(dt.datetime.combine(day, MORNING, tzinfo=zone), next_hour)


# Scheduling


def _schedule(request: HttpRequest) -> ScheduleForm | None:
    """Schedule one draft of the tray; the form with its sentences if that is refused."""
    by = member(request)
    require_publisher(by)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return form
    article = get_object_or_404(Article, pk=form.cleaned_data["article"])
    try:
        revision = _schedule_as_seen(article, form.cleaned_data, by)
    except editing.Conflict:
        who = Article.objects.select_related("updated_by").get(pk=article.pk).updated_by or "Somebody"
        form.add_error(None, f"{who} changed this draft after this page was opened. Read it again first.")
        return form
    except editing.NotPublishable as refusal:
        for name, sentence in refusal.problems.items():
            form.add_error(name if name in form.fields else None, sentence)
        return form
    when = timezone.localtime(revision.live_from)
    words = in_words(when - timezone.now())
    messages.success(
        request, f"“{article}” goes live on {date_format(when, 'j F Y, H:i')} {when.tzname()}, {words}."
    )
    return None


@transaction.atomic
def _schedule_as_seen(article: Article, data: dict[str, Any], by: User) -> Revision:
    """Schedule the very draft that the page showed. Raises Conflict if it is another one by now."""
    seen = editing.lock(article, version=data["version"])
    return publishing.schedule(article=seen, by=by, at=data["publish_at"])


def _sentences(form: ScheduleForm) -> list[str]:
    return [str(sentence) for errors in form.errors.values() for sentence in errors]


def _form_for(draft: Article, refused: ScheduleForm | None, chosen: dt.datetime | None) -> ScheduleForm:
    """A draft's own form: as it was sent if that was refused, else with the chosen day."""
    name = f"draft-{draft.pk}-%s"
    if refused is not None and refused.data.get("article") == str(draft.pk):
        refused.auto_id = name
        return refused
    initial = {"article": draft.pk, "version": draft.version, "publish_at": chosen}
    return ScheduleForm(initial=initial, auto_id=name)


def _tray(user: User, now: dt.datetime) -> tuple[list[Any], bool]:
    """Drafts without a date, those nearest to readers first, and whether there are more. Two queries."""
    is_new = ~Exists(Revision.objects.filter(article=OuterRef("pk"), live_from__isnull=False))
    recent = now - dt.timedelta(days=settings.PULSE_CALENDAR_DRAFT_DAYS)
    rank = Case(*(When(status=status, then=Value(place)) for status, place in RANK.items()), default=Value(2))
    mine: QuerySet[Any] = Article.objects.editable_by(user).with_state()
    drafts = (
        mine.filter(Q(status__in=RANK) | Q(is_new, updated_at__gte=recent), scheduled_for=None)
        .select_related("section")
        .prefetch_related(Prefetch("bylines", queryset=Byline.objects.select_related("author")))
        .order_by(rank, "-updated_at", "-pk")
    )
    found = list(drafts[: settings.PULSE_CALENDAR_TRAY + 1])
    return found[: settings.PULSE_CALENDAR_TRAY], len(found) > settings.PULSE_CALENDAR_TRAY


# The month


def _weeks(first: dt.date, user: User, now: dt.datetime) -> list[list[Day]]:
    """Whole weeks from Monday on, with what happens on each day."""
    dates = calendar.Calendar().monthdatescalendar(first.year, first.month)
    zone, today = timezone.get_default_timezone(), timezone.localdate()
    start = dt.datetime.combine(dates[0][0], dt.time(), tzinfo=zone)
    end = dt.datetime.combine(dates[-1][-1] + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    found: dict[dt.date, list[Entry]] = defaultdict(list)
    for entries in (_went_live, _scheduled, _ends):
        for entry in entries(start, end, user, now):
            found[timezone.localtime(entry.at).date()].append(entry)
    for day in found.values():
        day.sort(key=lambda entry: (entry.at, entry.headline))
    for on, entry in _outlooks(first, user):
        found[on].append(entry)
    return [
        [Day(on, on.month == first.month, on == today, on < today, found.get(on, [])) for on in week]
        for week in dates
    ]


def _mine(user: User, article: str) -> Exists:
    """Whether the article a row belongs to opens for somebody."""
    return Exists(Article.objects.editable_by(user).filter(pk=OuterRef(article)))


def _live_headline(article: str) -> Subquery:
    live = Revision.objects.live().filter(article=OuterRef(article))
    return Subquery(live.values("headline")[:1])


def _url(pk: int, slug: str, is_mine: bool) -> str:
    """Where somebody may go on: the form, or the page as readers see it."""
    if is_mine:
        return reverse("admin:articles_article_change", args=[pk])
    return reverse("articles:article", args=[slug])


def _between(field_name: str, start: dt.datetime, end: dt.datetime) -> Q:
    return Q((f"{field_name}__gte", start), (f"{field_name}__lt", end))


def _went_live(start: dt.datetime, end: dt.datetime, user: User, now: dt.datetime) -> Iterator[Entry]:
    """Stories by their first appearance, under the headline they have now. One query."""
    firsts: QuerySet[Any] = Revision.objects.filter(
        _between("first_published_at", start, end),  # which has an index
        first_published_at=F("live_from"),
        live_from__lte=now,
    ).annotate(headline_now=_live_headline("article"), is_mine=_mine(user, "article"))
    rows = firsts.values_list(
        "live_from", "headline", "headline_now", "article_id", "article__slug", "is_mine"
    )
    for at, headline, headline_now, pk, slug, is_mine in rows:
        if headline_now is not None:
            yield Entry("live", "Live", headline_now, _url(pk, slug, is_mine), at)
        elif is_mine:
            yield Entry("gone", "Was live", headline, _url(pk, slug, is_mine), at)


def _scheduled(start: dt.datetime, end: dt.datetime, user: User, now: dt.datetime) -> Iterator[Entry]:
    """What goes live later, for those who may see it: what the worker waits for. One query."""
    earlier = Revision.objects.filter(article=OuterRef("article"), live_from__lte=now)
    expected = Due.objects.filter(_between("at", start, end), what=Due.What.WENT_LIVE, done_at=None)
    scheduled: QuerySet[Any] = Revision.objects.scheduled(now).annotate(is_change=Exists(earlier))
    mine = scheduled.filter(_mine(user, "article"), pk__in=expected.order_by().values("revision"))
    rows = mine.values_list("live_from", "headline", "article_id", "is_change")
    for at, headline, pk, is_change in rows:
        kind, label = ("change", "Change") if is_change else ("scheduled", "Goes live")
        yield Entry(kind, label, headline, _url(pk, "", True), at)


def _ends(start: dt.datetime, end: dt.datetime, user: User, now: dt.datetime) -> Iterator[Entry]:
    """Stories that leave the site, or left it, as planned. One query."""
    next_one = Revision.objects.filter(article=OuterRef("revision__article"), live_from=OuterRef("at"))
    rows = Due.objects.filter(
        _between("at", start, end),
        ~Exists(next_one),
        _mine(user, "revision__article"),
        what=Due.What.ENDED,
        revision__live_until=F("at"),
    ).values_list("at", "revision__headline", "revision__article")
    for at, headline, pk in rows:
        yield Entry("end", "Ends" if at > now else "Ended", headline, _url(pk, "", True), at)


def _outlooks(first: dt.date, user: User) -> Iterator[tuple[dt.date, Entry]]:
    """Outlooks of live stories that want a verdict this month, until they have one. Two queries."""
    month = day_number(first) - first.day  # its days are numbered from 1 on
    places = due_between(month + 1, month + 31)
    stories: QuerySet[Any] = Revision.objects.live().annotate(is_mine=_mine(user, "article"))
    rows = stories.filter(pk__in=places.values("revision")).values_list(
        "headline", "content__impacts", "article_id", "article__slug", "is_mine"
    )
    due = [
        (dt.date.fromisoformat(impact["horizon_on"]), impact["id"], headline, _url(pk, slug, is_mine))
        for headline, impacts, pk, slug, is_mine in rows
        for impact in impacts
        if (impact["horizon_on"] or "").startswith(f"{first:%Y-%m}-")
    ]
    verdicts = Verdict.objects.filter(impact__in=[impact for _, impact, _, _ in due if impact])
    judged = set(verdicts.exclude(outcome=Verdict.Outcome.TOO_EARLY).values_list("impact", flat=True))
    for on, impact, headline, url in due:
        if impact not in judged:
            yield on, Entry("outlook", "Outlook due", headline, url)
