"""The preview links of an article: made, listed with what became of them, and revoked."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timesince import timeuntil
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import member
from articles import preview_links
from articles.admin.doors import open_article
from articles.models import Article, PreviewLink
from articles.models.filing import CLEAN
from pulse.addresses import absolute, is_number

SHOWN = 100
USUAL_HOURS = 3 * 24


class LinkForm(forms.Form):
    """For whom a link is, what it shows and how long it works."""

    for_whom = forms.CharField(
        label="For whom",
        required=False,
        max_length=PreviewLink._meta.get_field("for_whom").max_length,
        validators=CLEAN,
        help_text="A name, to know the link again. It stands above the draft.",
    )
    revision: Any = forms.ModelChoiceField(
        label="Shows",
        required=False,
        blank=True,  # so that its empty choice is offered too
        queryset=None,
        to_field_name="number",
        empty_label="The draft, as it changes",
        widget=forms.RadioSelect,
    )
    hours = forms.TypedChoiceField(label="Ends after", coerce=int)

    def __init__(self, *args: Any, article: Article, asked: str = "", **kwargs: Any) -> None:
        """`asked` is the number of the revision that is offered beside the draft; the newest otherwise."""
        super().__init__(*args, **kwargs)
        older = article.revisions.filter(number=int(asked)) if is_number(asked) else article.revisions.none()
        wanted = older.values_list("number", flat=True).first()
        newest = article.revisions.aggregate(number=Max("number"))["number"]
        shows: Any = self.fields["revision"]
        shows.queryset = article.revisions.filter(number=wanted or newest).defer("body_html")
        shows.label_from_instance = lambda revision: f"Revision {revision.number}, as it is now"
        shows.initial = wanted or ""
        hours: Any = self.fields["hours"]
        hours.choices = [(number, in_words(number)) for number in settings.PULSE_PREVIEW_LINK_HOURS]
        hours.initial = USUAL_HOURS


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link, and see those that were made. `?revision=` offers that revision beside the draft."""
    article = open_article(request, pk)
    if request.method == "POST":
        form = LinkForm(request.POST, article=article, asked=request.POST.get("revision", ""))
        if form.is_valid():
            link = preview_links.make_link(article=article, by=member(request), **form.cleaned_data)
            messages.success(
                request, f"The link works for {in_words(form.cleaned_data['hours'])}. Copy it below."
            )
            return HttpResponseRedirect(f"{request.path}#link-{link.pk}")
    else:
        form = LinkForm(article=article, asked=request.GET.get("revision", ""))
    context = {
        **admin.site.each_context(request),
        "title": f"Preview links of “{article}”",
        "article": article,
        "opts": Article._meta,
        "form": form,
        "rows": [_row(link) for link in _links(article)[:SHOWN]],
    }
    return render(request, "admin/articles/article/links.html", context, status=400 if form.is_bound else 200)


@require_POST
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """End one link at once."""
    article = open_article(request, pk)
    found = get_object_or_404(article.preview_links, pk=link)
    if preview_links.revoke_link(link=found, by=member(request)):
        messages.success(request, "The link is revoked. Whoever opens it reads that it has ended.")
    return HttpResponseRedirect(reverse("admin:articles_article_links", args=[pk]))


def in_words(hours: int) -> str:
    """“1 hour”, “12 hours”, “3 days”."""
    number, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _links(article: Article) -> Any:
    links = article.preview_links.select_related("created_by", "revision")
    return preview_links.with_publication(links.defer("revision__content", "revision__body_html"))


def _row(link: Any) -> dict[str, Any]:
    """One link with its address and state. No query."""
    state = preview_links.state_of(link)
    address = reverse("articles:shared_preview", args=[preview_links.token_of(link)])
    return {
        "link": link,
        "state": state,
        "url": "" if state.is_over else absolute(address),
        "left": "" if state.is_over else timeuntil(state.until, depth=1),
    }
