"""Forms in our design: labels and errors in our words, each field described for screen readers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django import forms, template
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators

from accounts.browsers import browser_name
from accounts.models import User
from accounts.notifications import unread
from accounts.sessions import sessions_of

register = template.Library()

LABELS = {
    "remember": "Keep me signed in on this device",
    "login": "Email",
    "passwordless": "Also sign in with it, without a password",
}
NEW_PASSWORD = "password1"  # noqa: S105  allauth's name of the field
_MINIMUM = next(
    validator.min_length
    for validator in get_default_password_validators()
    if isinstance(validator, MinimumLengthValidator)
)
PASSWORD_HINT = f"At least {_MINIMUM} characters. A short sentence works well."


@register.inclusion_tag("accounts/_unread.html")
def unread_notifications(reader: User) -> dict[str, Any]:
    """How many notifications a reader has not seen, leading to them; nothing if there are none. One query."""
    number = unread(reader)
    return {"number": number, "shown": "99+" if number > 99 else str(number)}


@register.inclusion_tag("accounts/_error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """What went wrong, above the heading, each error leading to its field. Nothing without errors."""
    return {
        "general": form.non_field_errors() if form.is_bound else [],
        "fields": [
            # a group of choices has no label of its own, but the id that its fieldset is given
            {"id": field.id_for_label or field.auto_id, "errors": _errors(field)}
            for field in form
            if field.errors
        ],
    }


@register.inclusion_tag("accounts/_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of a form: label, hint, error, input. What was typed stays, passwords excepted."""
    return {
        "fields": [_described(field) for field in form.visible_fields()],
        "hidden": form.hidden_fields(),
    }


@register.inclusion_tag("accounts/_sessions.html", takes_context=True)
def signed_in_sessions(context: template.Context) -> dict[str, Any]:
    """Where the reader is signed in, each with a button that ends it. Two queries."""
    rows = sessions_of(context["reader"])
    current = context["request"].session.session_key
    return {
        "csrf_token": context.get("csrf_token"),
        "sessions": [
            {
                "pk": row.pk,
                "browser": browser_name(row.user_agent),
                "ip": row.ip,
                "created_at": row.created_at,
                "is_current": row.session_key == current,
            }
            for row in sorted(rows, key=lambda row: row.session_key != current)
        ],
    }


@register.inclusion_tag("accounts/_other_sites.html", takes_context=True)
def other_sites(context: template.Context, process: str) -> dict[str, Any]:
    """A button for each site through which somebody can sign in (“login”) or be connected (“connect”)."""
    request = context["request"]
    goes_on = request.POST.get("next") or request.GET.get("next")
    query = {"process": process, **({"next": goes_on} if goes_on else {})}
    sites = [
        {"name": site.name, "address": site.get_login_url(request, **query)}
        for site in get_adapter().list_providers(request)
    ]
    return {"sites": sites, "process": process, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("accounts/_connections_row.html", takes_context=True)
def connections_row(context: template.Context) -> dict[str, Any]:
    """Which other sites open this account; nothing where none does and none could. Two queries."""
    connected = SocialAccount.objects.filter(user=context["reader"])
    names = [account.get_provider().name for account in connected]
    return {"connected": names, "is_shown": bool(names or get_adapter().list_providers(context["request"]))}


@register.filter
def label(key: str) -> str:
    """“written_at” as “Written at”."""
    return str(key).replace("_", " ").capitalize()


@register.filter
def kind(value: Any) -> str:
    """How a value of an export is shown: “rows”, “list”, “moment”, “yes or no”, “nothing” or “text”."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, Mapping):
        return "row"
    if isinstance(value, list | tuple):
        return "rows" if isinstance(value[0], Mapping) else "list"
    return "moment" if isinstance(value, dt.datetime) else "text"


def _described(field: forms.BoundField) -> dict[str, Any]:
    if field.name == NEW_PASSWORD:
        field.help_text = PASSWORD_HINT
    elif "<" in field.help_text:
        field.help_text = ""  # allauth's links and lists: our pages have their own
    is_checkbox = getattr(field.field.widget, "input_type", "") == "checkbox"
    if is_checkbox and not field.form.is_bound:
        field.initial = True
    attrs: dict[str, Any] = {} if is_checkbox else {"class": "input", "placeholder": False}
    if field.name == "code":
        attrs |= {"class": "input code", "autocapitalize": "characters", "spellcheck": "false"}
    return {
        "id": field.id_for_label,
        "label": _label(field),
        "hint": field.help_text,
        "errors": _errors(field),
        "is_checkbox": is_checkbox,
        "input": field.as_widget(attrs=attrs),
    }


def _label(field: forms.BoundField) -> str:
    return LABELS.get(field.name, str(field.label).capitalize())


def _errors(field: forms.BoundField) -> list[str]:
    """The messages of a field's errors; an empty one is told what to enter."""
    messages: list[str] = []
    for error in field.errors.as_data():
        messages += [f"Enter your {_label(field).lower()}"] if error.code == "required" else error.messages
    return messages
