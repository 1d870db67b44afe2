"""Leaving: a day to think better of it, then everything personal goes and nothing else breaks."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts import deletion, forms
from accounts.models import User
from pulse.models import OutgoingMail
from tests.accounts.conftest import PASSWORD
from tests.factories import make_author, make_user

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(hours=24, minutes=1)


@pytest.fixture
def hooks(monkeypatch):
    """What another app would be told, and may refuse."""
    told: list[tuple[str, bool]] = []
    monkeypatch.setattr(deletion, "_before", [lambda user, keep: told.append((user.display_name, keep))])
    return told


def confirm(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def mails(kind: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=kind))


def test_deleting_takes_the_password_and_waits_a_day(client, reader, hooks):
    """The page asks who is there, says what happens, and until the hour everything works as before."""
    asked = client.post("/account/delete/", {"comments": "remove"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    confirm(client)
    page = client.get("/account/delete/").content.decode()
    assert "For 24 hours nothing changes" in page
    client.post("/account/delete/", {"comments": "remove"})
    page = client.get("/account/data/").content.decode()
    assert "Your account will be deleted on" in page
    assert "your comments will be removed" in page
    deletion.delete_due()
    assert hooks == []
    assert User.objects.get().email == reader.email
    [mail] = mails("deletion_planned")
    assert mail.to == reader.email
    assert "/account/keep/" in mail.text


def test_a_day_later_everything_personal_is_gone(client, reader, hooks):
    """Name, address, password, ways in, sessions; what hangs on the account can stay."""
    Authenticator.objects.create(user=reader, type="totp", data={"secret": "x"})
    deletion.plan(user=reader, keep_comments=True)
    with time_machine.travel(timezone.now() + A_DAY):
        assert deletion.delete_due() is False
        assert deletion.delete_due() is False
    assert hooks == [("A reader", True)]
    reader.refresh_from_db()
    assert (reader.display_name, reader.is_active) == ("Former reader", False)
    assert "reader@example.org" not in str(User.objects.values().get())
    assert not reader.has_usable_password()
    for model in (EmailAddress, Authenticator, UserSession, Session):
        assert not model.objects.exists()
    assert client.get("/account/").status_code == 302
    [mail] = mails("deletion_done")
    assert mail.to == "reader@example.org"


def test_the_address_is_free_again(client, reader, hooks):
    """Whoever comes back begins anew."""
    deletion.plan(user=reader, keep_comments=True)
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()
    User.objects.create_user("reader@example.org", PASSWORD, display_name="A reader")


def test_a_deletion_is_taken_back_on_the_page(client, reader, hooks):
    """One button, and a mail that says so."""
    deletion.plan(user=reader, keep_comments=True)
    client.post("/account/keep/")
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()
    assert User.objects.get().is_active
    assert len(mails("deletion_cancelled")) == 1


def test_the_link_of_the_mail_takes_it_back_signed_out(reader, hooks):
    """Opening it only asks, since mail programs open links by themselves; it works for this plan alone."""
    deletion.plan(user=reader, keep_comments=True)
    link = re.findall(r"http://testserver(/account/keep/\S+)", mails("deletion_planned")[0].text)[0]
    stranger = Client()
    page = stranger.get(link)
    assert "Keep your account?" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert User.objects.get().deletion_at
    assert "Your account stays" in stranger.post(link).content.decode()
    assert User.objects.get().deletion_at is None
    deletion.plan(user=User.objects.get(), keep_comments=True)
    assert stranger.post(link).status_code == 404
    assert stranger.get(link[:-3] + "x/").status_code == 404
    assert User.objects.get().deletion_at


def test_asking_again_changes_the_choice_and_not_the_hour(reader, hooks):
    """Nobody puts it off by accident."""
    first = deletion.plan(user=reader, keep_comments=True)
    again = deletion.plan(user=reader, keep_comments=False)
    assert again.deletion_at == first.deletion_at
    assert not again.deletion_keeps_comments
    assert len(mails("deletion_planned")) == 1


def test_a_crash_half_way_undoes_everything_and_the_next_round_does_it(reader, monkeypatch):
    """Also what other apps did: they are called inside the transaction."""
    deletion.plan(user=reader, keep_comments=False)
    rounds = []

    def fail_once(user: User, keep_comments: bool) -> None:
        rounds.append(user.email)
        EmailAddress.objects.filter(user=user).delete()
        if len(rounds) == 1:
            raise DatabaseError("the connection broke")

    monkeypatch.setattr(deletion, "_before", [fail_once])
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()
        assert EmailAddress.objects.count() == 1
        assert mails("deletion_done") == []
        deletion.delete_due()
    assert rounds == ["reader@example.org"] * 2
    assert not User.objects.get().is_active
    assert len(mails("deletion_done")) == 1


def test_one_account_that_cannot_be_deleted_holds_up_no_other(reader, monkeypatch):
    other = make_user()
    deletion.plan(user=reader, keep_comments=True)
    deletion.plan(user=other, keep_comments=True)

    def fail_for_one(user: User, keep_comments: bool) -> None:
        if user == reader:
            raise DatabaseError("this account's row is damaged")

    monkeypatch.setattr(deletion, "_before", [fail_for_one])
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()
    reader.refresh_from_db()
    other.refresh_from_db()
    assert (reader.is_active, other.is_active) == (True, False)


@pytest.mark.parametrize(
    ("address", "typed"),
    [("/account/", {"display_name": "Ana"}), ("/account/notifications/", {"digest": "daily"})],
)
def test_a_form_sent_during_the_deletion_brings_nothing_back(client, reader, monkeypatch, address, typed):
    """The worker deletes between the form's reading of the account and its writing."""
    deletion.plan(user=reader, keep_comments=True)
    checked = forms.OwnForm.save

    def save_later(form: forms.OwnForm) -> User:
        deletion.delete(reader.pk)
        return checked(form)

    monkeypatch.setattr(forms.OwnForm, "save", save_later)
    with time_machine.travel(timezone.now() + A_DAY, tick=False):
        client.force_login(reader)
        client.post(address, typed)
    left = User.objects.get()
    assert (left.is_active, left.display_name) == (False, "Former reader")
    assert left.email.endswith("@deleted.invalid")


def test_mail_to_any_of_its_addresses_goes_with_the_account(reader):
    EmailAddress.objects.create(user=reader, email="new@example.org", verified=False)
    for to in ("new@example.org", "reader@example.org", "else@example.org"):
        OutgoingMail.objects.create(
            kind="any", to=to, subject="A mail", text="Words.", key=to, ends_at=timezone.now() + 3 * A_DAY
        )
    deletion.plan(user=reader, keep_comments=True)
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()
    assert list(OutgoingMail.objects.filter(kind="any").values_list("to", flat=True)) == ["else@example.org"]


def test_the_newsroom_is_asked_to_end_it_first(client):
    """Neither a colleague nor somebody whose name stands over stories deletes themselves."""
    for user in (make_user(role="Editor"), make_author(user=make_user()).user):
        client.force_login(user)
        page = client.get("/account/data/").content.decode()
        assert "/account/delete/" not in page
        with pytest.raises(deletion.NotDeletable):
            deletion.plan(user=user, keep_comments=True)


def test_whoever_joined_the_newsroom_meanwhile_stays(reader, hooks):
    """The worker looks again, and says so by mail."""
    deletion.plan(user=reader, keep_comments=True)
    User.objects.update(is_staff=True)
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()
    assert User.objects.get().is_active
    assert User.objects.get().deletion_at is None
    assert len(mails("deletion_refused")) == 1


def test_whoever_chooses_nothing_is_led_to_the_choice(client, reader):
    """The error names it by the id that the choices have as a group."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.post("/account/delete/", {"comments": ""}).content.decode()
    assert '<a href="#id_comments">' in page
    assert '<fieldset class="field" id="id_comments">' in page
