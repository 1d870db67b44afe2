"""Every page of an account is valid HTML, filled in wrongly too."""

import io
import re
import zipfile
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from accounts import deletion
from accounts.models import User
from accounts.unsubscribing import token_for
from comments.writing import post
from pulse.limits import forget_counts
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_deletion import mails
from tests.factories import make_article, make_term, make_user, reject
from tests.valid_html import AssertValid

pytestmark = [pytest.mark.once, pytest.mark.django_db]
Answers = dict[str, Any]


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    forget_counts()


def get(client: Client, *addresses: str) -> Answers:
    return {address: client.get(address) for address in addresses}


def wrong(client: Client, *addresses: str) -> Answers:
    """What each form answers to somebody who sends it empty, but for its token."""
    token = {"csrfmiddlewaretoken": "-"}
    return {f"{address} (sent empty)": client.post(address, token) for address in addresses}


def confirm_password(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def address_in(text: str, beginning: str) -> str:
    return re.findall(rf"https?://[^/]+({beginning}\S+)", text)[0]


def signing_up() -> Answers:
    client = Client()
    fields = {"display_name": "Ana", "email": "ana@example.org", "password1": PASSWORD}
    entering = client.post("/accounts/signup/", fields)["Location"]
    return get(client, entering) | {"wrong code": client.post(entering, {"code": "WRONG1"})}


def forgetting(user: User) -> Answers:
    client = Client()
    client.post("/accounts/password/reset/", {"email": user.email})
    link = address_in(str(mail.outbox[-1].body), "/accounts/password/reset/key/")
    return {
        "new password": (chosen := client.get(link, follow=True)),
        "new password (sent empty)": client.post(chosen.request["PATH_INFO"], {"password1": ""}),
        "used link": client.get("/accounts/password/reset/key/1-abc-def/"),
    }


def test_the_door_is_valid(client: Client, assert_valid: AssertValid) -> None:
    """Signing in and up, what follows, and where it ends when it does not work."""
    forms = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
    still = ["/accounts/password/reset/done/", "/accounts/password/reset/key/done/", "/accounts/inactive/"]
    others = ["/account/connections/login/error/", "/account/connections/login/cancelled/"]
    user = make_user()
    TOTP.activate(user, generate_totp_secret())
    stepping = Client()
    stepping.post("/accounts/login/", {"login": user.email, "password": "quiet-harbour-42"})
    plain = get(client, *forms, *still, *others, "/accounts/login/?next=/account/") | wrong(client, *forms)
    second = get(stepping, "/account/security/authenticate/")
    second |= wrong(stepping, "/account/security/authenticate/")
    assert_valid(plain | second | signing_up() | forgetting(make_user()))


def test_an_account_s_own_pages_are_valid(client: Client, reader: User, assert_valid: AssertValid) -> None:
    """Before anything is there, and with comments, answers, a decision and a mail's link."""
    addresses = ["/account/", "/account/comments/", "/account/notifications/", "/account/data/"]
    empty = {f"{name} (nothing yet)": answer for name, answer in get(client, *addresses).items()}
    article = make_article(headline="Rather <b>bold</b> & “quoted”")
    comments = [post(article=article, by=reader, body=f"Word {n} & *more*.", key=f"k{n}") for n in range(3)]
    post(article=article, by=make_user(), body="An answer.", key="answer", parent=comments[0])
    reject(comment=comments[1], by=make_user(role="Moderator"))
    full = get(client, *addresses, "/accounts/email/", "/accounts/password/change/", "/accounts/logout/")
    refused = wrong(client, "/account/", "/accounts/password/change/")
    saved = {"saved": client.post("/account/", {"display_name": "Ana"}, follow=True)}
    assert_valid(empty | full | refused | saved)


def test_security_and_leaving_are_valid(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch, assert_valid: AssertValid
) -> None:
    """The password asked for, codes, passkeys, sessions, and the account that is about to go."""
    of_a_device = "allauth.mfa.webauthn.internal.auth.get_credentials"
    monkeypatch.setattr(of_a_device, lambda user: [])
    asked = get(client, "/accounts/reauthenticate/") | wrong(client, "/accounts/reauthenticate/")
    Client().post("/accounts/login/", {"login": reader.email, "password": PASSWORD})  # another session
    confirm_password(client)
    address = "/account/security/"
    bare = {f"{address} (nothing yet)": client.get(address)}
    adding = get(client, f"{address}totp/activate/", f"{address}webauthn/add/")
    adding |= wrong(client, f"{address}totp/activate/")
    credential = {"clientExtensionResults": {"credProps": {"rk": True}}}
    data = {"name": "Ana’s <laptop>", "credential": credential}
    passkey = Authenticator.objects.create(user=reader, type=Authenticator.Type.WEBAUTHN, data=data)
    TOTP.activate(reader, generate_totp_secret())
    RecoveryCodes.activate(reader)
    having = get(
        client, address, f"{address}totp/deactivate/", f"{address}recovery-codes/",
        f"{address}recovery-codes/generate/", f"{address}webauthn/", f"{address}reauthenticate/",
        f"{address}webauthn/keys/{passkey.pk}/edit/", f"{address}webauthn/keys/{passkey.pk}/remove/",
        f"{address}webauthn/reauthenticate/",
    )  # fmt: skip
    deleting = get(client, "/account/delete/") | wrong(client, "/account/delete/")
    deletion.plan(user=reader, keep_comments=True)
    keep = address_in(mails("deletion_planned")[0].text, "/account/keep/")
    mail_less = f"/account/mail/{token_for(reader, what='all')}/"
    leaving = get(client, "/account/data/", keep, mail_less, "/account/keep/none/")
    assert_valid(asked | bare | adding | having | deleting | leaving)


def test_the_page_of_an_export_is_valid(client: Client, reader: User, assert_valid: AssertValid) -> None:
    """Which is read from a disk, years later."""
    post(article=make_article(), by=reader, body="Words.", key="1")
    confirm_password(client)
    answer = client.post("/account/data/download/")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert_valid({"pulse-data.html": HttpResponse(archive.read("pulse-data.html"))})


def test_asking_for_a_definition_is_valid(client: Client, reader: User, assert_valid: AssertValid) -> None:
    """With a word that is nearly there, and with none."""
    make_term(name="prefill", slug="prefill")
    asking = get(client, "/glossary/ask/", "/glossary/ask/?word=prefil")
    assert_valid(asking | wrong(client, "/glossary/ask/"))
