"""The record of the discussion: comments, reports and decisions, to search and read. The desk decides."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from comments.models import Comment, Decision, Report
from pulse.admin import ReadOnly
from pulse.moments import ago


class DecisionInline(ReadOnly, admin.TabularInline):
    model = Decision
    fields = readonly_fields = ("created_at", "action", "reason", "note", "by", "check_name")
    verbose_name_plural = "Decisions, newest first"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("by")


class ReportInline(ReadOnly, admin.TabularInline):
    model = Report
    fields = readonly_fields = ("created_at", "reason", "note", "by", "outcome")
    verbose_name_plural = "Reports, newest first"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).select_related("by")


@admin.register(Comment)
class CommentAdmin(ReadOnly, admin.ModelAdmin):
    change_form_template = "admin/comments/comment/change_form.html"
    actions = None
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

    @admin.display(description="Comment")
    def excerpt(self, comment: Comment) -> str:
        return Truncator(comment.body).words(18)

    @admin.display(description="Reports", ordering="reports_made")
    def reports_made(self, comment: Any) -> str:
        return str(comment.reports_made or "")

    @admin.display(description="Reader", ordering="author__display_name")
    def reader(self, comment: Comment) -> SafeString:
        """Leads to what they wrote: the account itself is for administrators."""
        name = f"{comment.author}{' (suspended)' if comment.author.is_suspended else ''}"
        query = urlencode({"q": comment.author.display_name})
        return _link(f"{reverse('admin:comments_comment_changelist')}?{query}", name)

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
    list_display = ["created_at", "reason", "excerpt", "by", "outcome"]
    list_filter = ["reason", "outcome", "comment__status"]
    fields = readonly_fields = ("created_at", "reason", "note", "excerpt", "by", "outcome", "resolved_at")


@admin.register(Decision)
class DecisionAdmin(AboutAComment):
    list_display = ["created_at", "action", "reason", "excerpt", "reader", "by", "check_name"]
    list_filter = ["action", "reason"]
    list_select_related = ["comment", "reader", "by"]
    fields = readonly_fields = (
        *("created_at", "action", "reason", "note", "excerpt", "reader", "by", "check_name", "until"),
    )


def _link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)
