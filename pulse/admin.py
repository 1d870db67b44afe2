"""What every form of ours in the admin does beside Django's own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst


def only_add_beside(field: Any) -> Any:
    """Leave only the + beside a field that points to another row; that row is changed at its own place."""
    for name in ("change", "delete", "view"):
        if field is not None and hasattr(field.widget, f"can_{name}_related"):
            setattr(field.widget, f"can_{name}_related", False)
    return field


class PulseAdmin(admin.ModelAdmin):
    """Django's ModelAdmin, but `add/?topics=abc` opens an empty form instead of failing."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """A list is called by what it lists."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if self._is_usable(name, value)}

    def _is_usable(self, name: str, value: Any) -> bool:
        if name not in {field.name for field in self.model._meta.get_fields()}:
            return True
        if not self.model._meta.get_field(name).is_relation:
            return True
        values = value if isinstance(value, list) else [value]
        return all(is_key(str(one)) for one in values)


def is_key(text: str) -> bool:
    """Whether a text from an address or a form can be a row's number in every database."""
    return text.isascii() and text.isdigit() and len(text) <= 18
