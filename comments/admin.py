"""Moderation in the admin: read, hide, restore. Nothing here is written by hand, nothing is deleted."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from accounts.models import User
from comments import moderation
from comments.forms import HideForm
from comments.models import Comment, Decision, Report
from comments.templatetags.comments import ago

MAX_AT_ONCE = 100


class ReadOnly:
    """For an admin or an inline whose rows are only looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DecisionInline(ReadOnly, admin.TabularInline):
    model = Decision
    fields = readonly_fields = ("created_at", "action", "reason", "by")
    verbose_name_plural = "Decisions, newest first"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("by")


class ReportInline(ReadOnly, admin.TabularInline):
    model = Report
    fields = readonly_fields = ("created_at", "reason", "by")
    verbose_name_plural = "Reports, newest first"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).select_related("by")


@admin.register(Comment)
class CommentAdmin(ReadOnly, admin.ModelAdmin):
    change_form_template = "admin/comments/comment/change_form.html"
    actions = ["hide", "restore"]
    inlines = [ReportInline, DecisionInline]
    fields = readonly_fields = ("body", "status", "reader", "story", "in_context", "created_at")
    list_display = ["excerpt", "status", "reports_made", "reader", "story", "age"]
    list_filter = ["status", "created_at"]
    list_per_page = 50
    ordering = ["-pk"]
    search_fields = ["body", "author__display_name"]
    search_help_text = "Words of the comment, or the reader’s name"
    show_full_result_count = False
    view_on_site = False  # in_context leads there, if readers see it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        reports = Report.objects.filter(comment=OuterRef("pk")).order_by().values("comment")
        made = reports.annotate(number=Count("pk")).values("number")
        comments = Comment.objects.with_story().select_related("author").order_by(*self.ordering)
        return comments.annotate(reports_made=Coalesce(Subquery(made), 0))

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm("comments.moderate_comment")

    # What the lists and the page show

    @admin.display(description="Comment")
    def excerpt(self, comment: Comment) -> str:
        return Truncator(comment.body).words(18)

    @admin.display(description="Reports", ordering="reports_made")
    def reports_made(self, comment: Any) -> str:
        return str(comment.reports_made or "")

    @admin.display(description="Reader", ordering="author__display_name")
    def reader(self, comment: Comment) -> SafeString:
        """Leads to the account, where a reader is suspended."""
        name = f"{comment.author}{' (suspended)' if comment.author.is_suspended else ''}"
        return _link(reverse("admin:accounts_user_change", args=[comment.author_id]), name)

    @admin.display(description="Story")
    def story(self, comment: Any) -> str:
        if not comment.headline:
            return "Not on the site now"
        return _link(f"{comment.article.get_absolute_url()}#discussion", comment.headline)

    @admin.display(description="In the discussion")
    def in_context(self, comment: Comment) -> str:
        if not comment.is_visible:
            return "Not shown to readers"
        return _link(comment.get_absolute_url(), "Read it in its place")

    @admin.display(description="Posted", ordering="pk")
    def age(self, comment: Comment) -> str:
        return ago(comment.created_at)

    # What a moderator does

    @admin.action(description="Hide selected comments", permissions=["moderate"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Comment]) -> HttpResponse | None:
        """Ask for the reason on a page of its own, then hide."""
        if not self._is_manageable(request, queryset):
            return None
        form = HideForm(request.POST if "reason_asked" in request.POST else None)
        if not form.is_valid():
            return self._ask_for_reason(request, queryset, form)
        by, reason = cast(User, request.user), form.cleaned_data["reason"]
        hidden = sum(moderation.hide(comment=comment, by=by, reason=reason) for comment in queryset)
        self.message_user(request, f"{_comments(hidden)} hidden.", messages.SUCCESS)
        return None

    @admin.action(description="Restore selected comments", permissions=["moderate"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        if not self._is_manageable(request, queryset):
            return
        by = cast(User, request.user)
        restored = sum(moderation.restore(comment=comment, by=by) for comment in queryset)
        self.message_user(request, f"{_comments(restored)} restored.", messages.SUCCESS)

    def _is_manageable(self, request: HttpRequest, queryset: QuerySet[Comment]) -> bool:
        number = queryset.count()
        if number > MAX_AT_ONCE:
            sentence = f"Nothing was done: choose up to {MAX_AT_ONCE} comments, not {number:,}."
            self.message_user(request, sentence, messages.ERROR)
        return number <= MAX_AT_ONCE

    def _ask_for_reason(
        self, request: HttpRequest, queryset: QuerySet[Comment], form: HideForm
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Hide comments",
            "opts": self.opts,
            "comments": queryset,
            "form": form,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/comments/comment/hide.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With buttons for what can be done to this comment."""
        status = context["original"].status
        if self.has_moderate_permission(request):
            context["decisions"] = [
                *([("hide", "Hide this comment")] if status in moderation.HIDEABLE else []),
                *([("restore", "Restore this comment")] if status in moderation.RESTORABLE else []),
            ]
        return super().render_change_form(request, context, *args, **kwargs)


class AboutAComment(ReadOnly, admin.ModelAdmin):
    """What reports and decisions share: rows that lead to a comment."""

    list_per_page = 50
    list_select_related = ["comment", "by"]
    show_full_result_count = False

    @admin.display(description="Comment")
    def excerpt(self, row: Report | Decision) -> SafeString:
        if row.comment is None:
            return format_html("{}", "No comment: it was about a reader")
        address = reverse("admin:comments_comment_change", args=[row.comment_id])
        return _link(address, Truncator(row.comment.body).chars(90))


@admin.register(Report)
class ReportAdmin(AboutAComment):
    list_display = ["created_at", "reason", "excerpt", "by"]
    list_filter = ["reason", "comment__status"]
    fields = readonly_fields = ("created_at", "reason", "excerpt", "by")


@admin.register(Decision)
class DecisionAdmin(AboutAComment):
    list_display = ["created_at", "action", "reason", "excerpt", "by"]
    list_filter = ["action", "reason"]
    fields = readonly_fields = ("created_at", "action", "reason", "excerpt", "by")


def _link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)


def _comments(number: int) -> str:
    return f"{number} comment{'' if number == 1 else 's'}"
