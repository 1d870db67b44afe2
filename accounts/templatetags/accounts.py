"""Forms in our design: labels and errors in our words, each field described for screen readers."""

from typing import Any

from django import forms, template
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators

from accounts.models import User
from accounts.notifications import unread

register = template.Library()

LABELS = {"remember": "Keep me signed in on this device", "login": "Email"}
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
        "fields": [{"id": field.id_for_label, "errors": _errors(field)} for field in form if field.errors],
    }


@register.inclusion_tag("accounts/_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of a form: label, hint, error, input. What was typed stays, passwords excepted."""
    return {
        "fields": [_described(field) for field in form.visible_fields()],
        "hidden": form.hidden_fields(),
    }


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
