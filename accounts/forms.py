"""Signing up, and changing one's name."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.socialaccount import forms as other_site_forms
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.names import tidy_display_name, validate_display_name, validate_new_name

NAME_HINT = "Shown beside your comments. It does not have to be your real name."


class DisplayNameField(forms.CharField):
    """A name tidied before it is judged: what is checked is what will be shown."""

    default_validators = [validate_display_name]

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", User._meta.get_field("display_name").max_length)
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "nickname"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return tidy_display_name(super().to_python(value) or "")


class NamedForm(forms.Form):
    """A sign-up that asks for a display name first; the adapter stores it."""

    display_name = DisplayNameField(help_text=NAME_HINT)
    field_order = ["display_name", "email", "password1"]

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"]
        validate_new_name(name)
        return name


class OtherSiteSignupForm(NamedForm, other_site_forms.SignupForm):
    """The last step for somebody who came through another site: a name and an address, no password."""


class SignupForm(NamedForm, allauth_forms.SignupForm):
    """allauth's form with a display name."""

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save the user, or answer as if: somebody who has an account already gets a mail that says so.

        Two sign-ups with one address at the same moment both pass the form; the database lets one in and
        the other is treated like an address that was taken before.
        """
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class OwnForm(forms.ModelForm):
    """What readers change of their account: these columns alone, and nothing once the account is closed.

    A model form would write every column as it was read, and bring back what changed meanwhile: a name that
    was just deleted, a suspension that was lifted.
    """

    def save(self, commit: bool = True) -> User:
        own = User.objects.filter(pk=self.instance.pk, is_active=True)
        own.update(**{name: self.cleaned_data[name] for name in self.fields})
        return self.instance


class AccountNameForm(OwnForm):
    """A reader's own display name. The newsroom may be called what it is; whoever keeps a name may."""

    display_name = DisplayNameField(help_text=NAME_HINT)

    class Meta:
        model = User
        fields = ["display_name"]

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"]
        if "display_name" in self.changed_data and not self.instance.is_staff:
            validate_new_name(name, user_pk=self.instance.pk)
        return name


class DeletionForm(forms.Form):
    """What becomes of the comments of somebody who leaves."""

    KEEP, REMOVE = "keep", "remove"

    comments = forms.ChoiceField(choices=[(KEEP, "Keep"), (REMOVE, "Remove")], widget=forms.RadioSelect)

    @property
    def keeps_comments(self) -> bool:
        return bool(self.cleaned_data["comments"] == self.KEEP)
