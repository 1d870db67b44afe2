"""What the picture library can be narrowed down to."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from images.models import Image
from images.uses import uses_of_each

LACKS_ALT = Q(alt="", is_decoration=False)


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("used", "In use"), ("unused", "Not used")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() not in {"used", "unused"}:
            return queryset
        used = uses_of_each(Image.objects.only("content_hash"), most=0).keys()
        return queryset.filter(pk__in=used) if self.value() == "used" else queryset.exclude(pk__in=used)


class AltFilter(admin.SimpleListFilter):
    title = "alternative text"
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Missing"), ("written", "Written"), ("decoration", "Decoration only")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        match self.value():
            case "missing":
                return queryset.filter(LACKS_ALT)
            case "written":
                return queryset.exclude(alt="")
            case "decoration":
                return queryset.filter(alt="", is_decoration=True)
        return queryset
