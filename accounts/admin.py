"""People in the admin: readers and the newsroom."""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.forms import DisplayNameField
from accounts.models import User
from pulse.tags import changed


class NewUserForm(forms.ModelForm):
    """An address and a name. The person sets a password of their own through “Forgotten your password?”."""

    display_name = DisplayNameField()

    class Meta:
        model = User
        fields = ["email", "display_name"]

    def save(self, commit: bool = True) -> User:
        self.instance.email = self.instance.email.lower()
        self.instance.set_unusable_password()
        return super().save(commit=commit)


class SuspendedFilter(admin.SimpleListFilter):
    title = "suspended"
    parameter_name = "suspended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        suspended = Q(suspended_until__gt=timezone.now())
        if self.value() == "yes":
            return queryset.filter(suspended)
        if self.value() == "no":
            return queryset.exclude(suspended)
        return queryset


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Everything for a superuser; for a moderator a reader's name, and nobody's rights.

    Whoever may change accounts could otherwise take over a colleague's, by its address or its password.
    Readers are suspended at the moderators' desk, which writes down why and tells them.
    """

    list_display = ["display_name", "email", "roles", "is_staff", "is_suspended", "is_active", "joined_at"]
    list_filter = ["is_staff", "groups", SuspendedFilter, "is_active"]
    search_fields = ["display_name", "email"]
    ordering = ["display_name"]
    list_per_page = 50
    filter_horizontal = []
    readonly_fields = ["suspended_until", "joined_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["display_name", "email", "password"]}),
        ("Standing", {"fields": ["suspended_until", "is_active"]}),
        ("Newsroom", {"fields": ["is_staff", "groups", "is_superuser"]}),
        ("Dates", {"fields": ["joined_at", "last_login"]}),
    ]
    add_form = NewUserForm
    add_fieldsets = [
        (
            None,
            {
                "fields": ["email", "display_name"],
                "description": "They set a password with “Forgotten your password?” on the sign-in page.",
            },
        )
    ]
    moderated_fields = ["display_name"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "groups":
            options |= {"widget": forms.CheckboxSelectMultiple, "help_text": "What they may do in the admin."}
        return super().formfield_for_manytomany(db_field, request, **options)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A changed address replaces the confirmed one, or the old one could still reset the password. Name
        and badge are made anew wherever they stand beside comments."""
        obj.email = obj.email.lower()  # as sign-in looks for it
        super().save_model(request, obj, form, change)
        changed(f"reader:{obj.pk}")
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()
            EmailAddress.objects.create(user=obj, email=obj.email, verified=True, primary=True)

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(boolean=True, description="suspended", ordering="suspended_until")
    def is_suspended(self, user: User) -> bool:
        return user.is_suspended

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may_change = super().has_change_permission(request, obj)
        return may_change and (_is_superuser(request) or obj is None or not obj.is_staff)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_superuser(request)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None or _is_superuser(request):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["display_name", "email", "suspended_until", "is_active", "joined_at"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None or _is_superuser(request):
            return super().get_readonly_fields(request, obj)
        fields = [field for _, options in self.fieldsets for field in options["fields"]]
        return [field for field in fields if field not in self.moderated_fields]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not _is_superuser(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
