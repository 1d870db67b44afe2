"""Where allauth meets The Pulse: the name is kept, and errors and mails speak our language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from accounts import mails, pace
from accounts.models import User
from pulse.limits import UNKNOWN, TooMany, address_of

# What else there is to do after too many tries, by the code of the error.
TOO_MANY = {"too_many_login_attempts": ", or reset your password", "rate_limited": ""}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's defaults, its refusal of foreign `next` addresses among them, and what is said below.

    Signing in and out leave no message: an empty template under account/messages/ says nothing, so that
    signing out also ends the session, and the next page is the public one.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Write to the newsroom if you think that is a mistake.",
        "duplicate_email": "This is already the email address of your account.",
        "email_password_mismatch": "Email or password is not right. Try again, or reset your password.",
        "enter_current_password": "That is not your current password.",
        "incorrect_code": "That is not the code we sent. Look at the newest mail from us and type it again.",
        "incorrect_password": "That is not your password.",
        "invalid_or_expired_key": "This link has been used or is too old. Ask for a new one.",
        "invalid_password_reset": "This link has been used or is too old. Ask for a new one.",
        "rate_limited": "Too many tries. Wait a minute, then try again.",
        "same_as_current": "This is the address you have now. Enter a different one.",
        "too_many_login_attempts": "Too many tries. Wait five minutes and try again, or reset your password.",
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Fill in and save a new user from the sign-up form, display name included."""
        user.display_name = form.cleaned_data["display_name"]
        return super().save_user(request, user, form, commit=commit)

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` stays on this site. An address that cannot be read, such as `http://[`, does not."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error of this code; if it is that of too many tries, with the time to wait and a 429."""
        if code not in TOO_MANY:
            return super().validation_error(code, *args)
        wait = TooMany(pace.note(self.request)).wait
        return ValidationError(f"Too many tries. Wait {wait} and try again{TOO_MANY[code]}.", code=code)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from, by the site's one rule. Whoever has no address shares one."""
        address = address_of(request)
        return "0.0.0.0" if address == UNKNOWN else address  # noqa: S104 - written down, not listened on

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of the mails under account/email/, which know the publication as well."""
        super().send_mail(template_prefix, email, {**mails.site(), **context})

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        """Make the mail, and tell the outbox what it is and how long it is worth sending."""
        message = super().render_mail(template_prefix, email, context, headers)
        message.attach_alternative(mails.html_of(message.body), "text/html")
        message.kind = template_prefix.rpartition("/")[2]
        if "code" in context:
            message.good_for = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT
        return message


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys, codes from an app and recovery codes, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Turn the second step off before you change your email address.",
        "cannot_generate_recovery_codes": "Recovery codes belong to a second step. Set one up first.",
        "incorrect_code": "That is not the code. Take the newest one and type it again.",
        "unverified_email": "Confirm your email address first: enter the code we sent to it.",
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "My passkey" if number == 1 else f"Passkey {number}"

    def _get_site_name(self) -> str:
        return settings.PULSE_SITE_NAME


class OtherSiteAdapter(DefaultSocialAccountAdapter):
    """Accounts at other sites, in our words. Their owner joins them to one of ours, never an address."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": "There is an account with this address. Sign in to it, then connect %s there.",
        "disconnect_last": "This is the only way into your account. Choose a password first.",
        "no_password": "This is the only way into your account. Choose a password first.",
        "no_verified_email": "Confirm your email address first: enter the code we sent to it.",
        "connected_other": "That account belongs to another reader already.",
    }

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """The form starts with the name and address the other site gave; both can be changed."""
        given = sociallogin.account.extra_data
        claims = {**given, **given.get("id_token", {}), **given.get("userinfo", {})}
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "display_name": str(claims.get("name") or "")[: User.NAME_LENGTH]}
