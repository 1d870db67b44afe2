"""What every form of ours in the admin does beside Django's own, and the mails on their way."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.text import capfirst

from pulse import outbox
from pulse.addresses import is_number
from pulse.models import OutgoingMail


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
        return all(is_number(str(one)) for one in values)


class ReadOnly:
    """For an admin or an inline whose rows are only looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(PulseAdmin):
    """What became of each mail, the doubtful first. Nobody is shown what stands in one: some hold codes."""

    list_display = ["kind", "to", "status", "attempts", "trouble", "created_at", "next_at", "done_at"]
    list_filter = ["status", "kind"]
    search_fields = ["to"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["send_again"]
    readonly_fields = [
        *("kind", "to", "status", "attempts", "trouble", "is_urgent"),
        *("created_at", "next_at", "ends_at", "claimed_at", "done_at"),
    ]
    fields = tuple(readonly_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return super().get_queryset(request).defer("text", "html", "headers")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        places = ["uncertain", "failed", "sending", "waiting", "sent"]
        cases = [When(status=status, then=Value(place)) for place, status in enumerate(places)]
        return [Case(*cases, output_field=IntegerField()), "-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Send again", permissions=["change"])
    def send_again(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> None:
        chosen = list(mails)
        number = outbox.send_again(chosen)
        for mail in chosen:
            self.log_change(request, mail, "Sent again.")
        if left := len(chosen) - number:
            why = "only a mail that failed or is uncertain can be sent again, while its text is kept"
            messages.warning(request, f"{left} of {len(chosen)} left alone: {why}.")
        if number:
            messages.success(request, f"{number} of {len(chosen)} will be sent again in a moment.")
