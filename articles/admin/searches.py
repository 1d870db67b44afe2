"""What readers searched for and did not find, most asked first: what a publication might write next."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.models import MissedSearch
from pulse.admin import PulseAdmin, ReadOnly


@admin.register(MissedSearch)
class MissedSearchAdmin(ReadOnly, PulseAdmin):
    """To read, for those who may publish; there is nothing to change in it."""

    list_display = ["query", "count", "last_at", "again"]
    list_display_links = None
    search_fields = ["query"]
    date_hierarchy = None

    @admin.display(description="Now")
    def again(self, missed: MissedSearch) -> SafeString:
        address = f"{reverse('articles:search')}?{urlencode({'q': missed.query})}"
        return format_html(
            '<a href="{}">Search again<span class="visually-hidden"> for {}</span></a>', address, missed.query
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
