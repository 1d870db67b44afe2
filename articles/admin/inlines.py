"""The rows of the article form: impacts, briefing terms and bylines, each in an order."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from articles.admin.rows import (
    BriefingFormSet,
    BriefingRow,
    BylineFormSet,
    BylineRow,
    ImpactFormSet,
    ImpactRow,
    RowsFormSet,
)
from articles.models import BriefingEntry, Byline, Impact
from pulse.admin import only_add_beside

ORDER = forms.Media(js=[forms.Script("js/row-order.js", type="module")])  # type: ignore[list-item]


class OrderedInline(admin.options.InlineModelAdmin):
    """Rows with a position, which a script turns into Move up and Move down buttons."""

    formset = RowsFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return only_add_beside(super().formfield_for_dbfield(db_field, request, **kwargs))

    @property
    def media(self) -> forms.Media:
        return super().media + ORDER


class ImpactInline(OrderedInline, admin.StackedInline):
    model = Impact
    verbose_name = "impact"
    verbose_name_plural = "Real-World Impact"
    fields = ["lenses", "text", ("horizon_on", "confidence"), "test", "position"]
    classes = ["impacts"]
    form = ImpactRow
    formset = ImpactFormSet

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "lenses" and field is not None:
            field.widget = forms.CheckboxSelectMultiple(
                choices=field.widget.choices
            )  # no “add another lens” here
            field.help_text = "Whom it touches: one or several."
        if db_field.name == "text" and field is not None:
            field.widget.attrs["rows"] = 4
        return field


class BriefingInline(OrderedInline, admin.TabularInline):
    model = BriefingEntry
    verbose_name = "term"
    verbose_name_plural = "Technical Briefing"
    fields = ["term", "position"]
    autocomplete_fields = ["term"]
    form = BriefingRow
    formset = BriefingFormSet


class BylineInline(OrderedInline, admin.TabularInline):
    model = Byline
    verbose_name = "byline"
    verbose_name_plural = "Bylines"
    fields = ["author", "position"]
    autocomplete_fields = ["author"]
    form = BylineRow
    formset = BylineFormSet
