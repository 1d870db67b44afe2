"""The rows of the article form, read and never saved: a draft's rows may be half filled or gone meanwhile."""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

from articles import publishing
from pulse.addresses import is_number


class RowForm(forms.ModelForm):
    """A row of a draft: nothing in it is required, and its position alone is no content."""

    content_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.content_fields:
            self.fields[name].required = False

    def has_changed(self) -> bool:
        return any(name != "position" for name in self.changed_data)

    @property
    def is_filled(self) -> bool:
        return not self.cleaned_data.get("DELETE") and any(
            self.cleaned_data.get(name) for name in self.content_fields
        )


class RowsFormSet(BaseInlineFormSet):
    """Rows that can be read even if somebody else deleted some of them in the meantime.

    Django refuses a form that names a row which is gone, for ever. Here such a row is taken as a new one,
    so that what was typed in it can still be saved.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if data is not None:
            self.data = self._without_lost_rows(data)

    def entries(self) -> list[dict[str, Any]]:
        """The filled rows in their order."""
        filled = [form.cleaned_data for form in self.forms if getattr(form, "is_filled", False)]
        return sorted(filled, key=lambda row: row.get("position") or 0)

    def _without_lost_rows(self, data: Any) -> Any:
        total = self._number(data, "TOTAL_FORMS")
        stored = self.get_queryset().values_list("pk", flat=True) if self.instance.pk else []
        known = {str(pk) for pk in stored}
        rows = [self._row(data, index) for index in range(total)]
        initial = [row for row in rows if row.get("id", [""])[0] in known]
        if len(initial) == self._number(data, "INITIAL_FORMS"):
            return data
        added = [{**row, "id": [""], self.fk.name: [""]} for row in rows if row not in initial]
        rewritten = data.copy()
        for index, row in enumerate(initial + added):
            for field in self._row(data, index):
                rewritten.pop(f"{self.prefix}-{index}-{field}", None)
            for field, values in row.items():
                rewritten.setlist(f"{self.prefix}-{index}-{field}", values)
        rewritten[f"{self.prefix}-INITIAL_FORMS"] = str(len(initial))
        return rewritten

    def _number(self, data: Any, name: str) -> int:
        value = data.get(f"{self.prefix}-{name}", "")
        return min(int(value), self.absolute_max) if is_number(value) else 0

    def _row(self, data: Any, index: int) -> dict[str, list[str]]:
        start = f"{self.prefix}-{index}-"
        return {name.removeprefix(start): data.getlist(name) for name in data if name.startswith(start)}

    def _is_for_publication(self) -> bool:
        return any(button in self.data for button in publishing.NEEDS_WHOLE_STORY)


class ImpactRow(RowForm):
    content_fields = ("lenses", "text", "horizon_on", "confidence", "test")


class ImpactFormSet(RowsFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.forms if self._is_for_publication() else []:
            if not getattr(form, "is_filled", False):
                continue
            if not form.cleaned_data.get("text", "").strip():
                form.add_error("text", "Write what it could mean, or remove this entry.")
            if not form.cleaned_data.get("lenses"):
                form.add_error("lenses", "Choose whom it touches.")


class LinkRow(RowForm):
    """A row that is nothing but a link and a position."""


class LinkFormSet(RowsFormSet):
    """Rows that name a term or an author each: one that is named twice counts once."""

    link: str

    def keys(self) -> list[int]:
        return list(dict.fromkeys(row[self.link].pk for row in self.entries()))

    def validate_unique(self) -> None:
        """A repetition is dropped, not refused."""


class BriefingRow(LinkRow):
    content_fields = ("term",)


class BriefingFormSet(LinkFormSet):
    link = "term"


class BylineRow(LinkRow):
    content_fields = ("author",)


class BylineFormSet(LinkFormSet):
    link = "author"

    def clean(self) -> None:
        super().clean()
        if self._is_for_publication() and not self.entries():
            raise forms.ValidationError("Add at least one byline.")
