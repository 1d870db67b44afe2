"""The address and the discussion of an article: what changes at once, without being published."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import User, member
from articles import discussions, publishing
from articles.access import may_publish
from articles.admin.doors import open_article
from articles.discussions import closes_at, first_published_at, house_closing, house_days, policy_of
from articles.editing import NotPublishable
from articles.models import Article
from articles.slugs import MAX_SLUG, was_public
from pulse.moments import MomentField

Closing = Article.Closing
TAKEN = "Another story has, or had, this address. Choose another."


class SlugForm(forms.Form):
    slug = forms.SlugField(
        label="Last part of the address",
        max_length=MAX_SLUG,
        help_text="Letters without accents, digits and hyphens. It is what people link to: change it rarely.",
        error_messages={"invalid": "Use letters without accents, digits, hyphens and underscores only."},
    )


class DiscussionForm(forms.Form):
    """What readers may do, until when, and how their comments come to be seen."""

    discussion = forms.ChoiceField(
        label="Discussion", choices=Article.Discussion.choices, widget=forms.RadioSelect
    )
    closes = forms.ChoiceField(
        label="When does it close?", choices=Closing.choices, widget=forms.RadioSelect, required=False
    )
    closes_at = MomentField(label="It closes at", required=False)
    moderation = forms.ChoiceField(
        label="When does a comment appear?",
        choices=Article.Moderation.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    @property
    def is_by_hand(self) -> bool:
        """Whether an editor chose another state, which the clock then leaves alone."""
        return "discussion" in self.changed_data

    def __init__(self, data: Any, *, article: Article) -> None:
        published_at = first_published_at(article)
        initial = {
            "discussion": policy_of(article, published_at, days=house_days()),
            "closes": article.discussion_closes,
            "closes_at": article.discussion_closes_at,
            "moderation": article.moderation,
        }
        super().__init__(data, initial=initial)
        self.closed_at = closes_at(article, published_at, days=house_days())
        self.has_closed = initial["discussion"] != article.discussion
        self.fields["closes"].choices = [  # type: ignore[attr-defined]
            (value, house_closing(published_at) if value == Closing.HOUSE else label)
            for value, label in Closing.choices
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Both, each with its own button. Once readers saw the article, they are for editors."""
    article = open_article(request, pk)
    by, is_public = member(request), was_public(article)
    if is_public and not may_publish(by):
        raise PermissionDenied("Only an editor may change the address of what readers have seen.")
    slug_form = SlugForm(_posted(request, "_move"), initial={"slug": article.slug})
    discussion_form = DiscussionForm(_posted(request, "_discussion"), article=article)
    done = ""
    if slug_form.is_valid():
        done = _move(article, slug_form, by=by, is_public=is_public)
    elif discussion_form.is_valid():
        done = _discuss(article, discussion_form, by=by)
    if done:
        messages.success(request, done)
        return HttpResponseRedirect(request.path)
    article.refresh_from_db()  # a refused address is not the article's
    context = {
        **admin.site.each_context(request),
        "title": f"Address and discussion of “{article}”",
        "article": article,
        "opts": Article._meta,
        "slug_form": slug_form,
        "discussion_form": discussion_form if may_publish(by) else None,
        "was_public": is_public,
        "previous": article.previous_slugs.order_by("-created_at", "-pk"),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "admin/articles/article/address.html", context, status=status)


def _posted(request: HttpRequest, button: str) -> Any:
    """What was sent, for the form whose button was pressed."""
    return request.POST if request.method == "POST" and button in request.POST else None


def _move(article: Article, form: SlugForm, *, by: User, is_public: bool) -> str:
    """Move the article and say so; empty, with the reason beside the field, if it was refused."""
    before, slug = article.slug, form.cleaned_data["slug"]
    if slug == before:
        return f"The address is /articles/{slug}/, as before."
    try:
        publishing.change_slug(article=article, slug=slug, by=by)
    except NotPublishable as refusal:
        form.add_error("slug", refusal.problems["slug"])
        return ""
    except IntegrityError:  # somebody else took it in the same moment
        form.add_error("slug", TAKEN)
        return ""
    if not is_public:
        return f"The address will be /articles/{slug}/. Nobody was given the old one."
    return f"Moved to /articles/{slug}/. Whoever comes to /articles/{before}/ is led there."


def _discuss(article: Article, form: DiscussionForm, *, by: User) -> str:
    """Change the policy and say so; empty, with the reason beside the field, if it was refused."""
    typed = form.cleaned_data
    is_set = bool({"closes", "closes_at"} & set(form.changed_data))
    try:
        discussions.change_discussion(
            article=article,
            discussion=typed["discussion"],
            closes=typed["closes"] if is_set or not form.is_by_hand else None,
            closes_at=typed["closes_at"],
            moderation=typed["moderation"],
            by=by,
        )
    except NotPublishable as refusal:
        form.add_error("closes_at", refusal.problems["closes_at"])
        return ""
    return f"The discussion is now: {discussions.discussion_in_words(article)}."
