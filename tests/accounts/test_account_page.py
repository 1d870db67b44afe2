"""A reader's own page: the name, the address, the password."""

from http import HTTPStatus

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User

PASSWORD = "a short sentence works"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_account_page_needs_sign_in(client):
    """Whoever is not signed in is sent to sign in, and comes back."""
    response = client.get(reverse("accounts:account"))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == f"{reverse('account_login')}?next={reverse('accounts:account')}"


def test_the_account_page_is_kept_by_nobody(client, reader):
    """It shows an address that nobody else may see."""
    response = client.get(reverse("accounts:account"))
    assert "reader@example.org" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_reader_changes_their_name(client, reader):
    """The new name stands, tidied, and the page says so once."""
    response = client.post(reverse("accounts:account"), {"display_name": " Ana \t B. "}, follow=True)
    reader.refresh_from_db()
    assert reader.display_name == "Ana B."
    assert "Your display name has been changed." in response.content.decode()
    assert "has been changed" not in client.get(reverse("accounts:account")).content.decode()


def test_a_refused_name_stays_in_the_form_and_changes_nothing(client, reader):
    """What was typed is there to be corrected; the heading still shows the name that stands."""
    response = client.post(reverse("accounts:account"), {"display_name": "me@example.org"})
    page = response.content.decode()
    assert response.status_code == 400
    assert 'value="me@example.org"' in page
    assert "<h1>A reader</h1>" in page
    assert User.objects.get().display_name == "A reader"


def test_a_reader_changes_only_the_name(client, reader):
    """Fields that the form does not have are ignored."""
    fields = {"display_name": "Ana", "is_staff": "on", "is_superuser": "on", "email": "x@example.org"}
    client.post(reverse("accounts:account"), fields)
    reader.refresh_from_db()
    assert (reader.is_staff, reader.is_superuser, reader.email) == (False, False, "reader@example.org")


def test_a_reader_changes_their_password(client, reader):
    """The old password is asked for, the new one counts, and a mail says so."""
    fields = {"oldpassword": PASSWORD, "password1": "another fine line", "password2": "another fine line"}
    refused = client.post(reverse("account_change_password"), fields | {"oldpassword": "not the one"})
    assert "That is not your current password." in refused.content.decode()
    response = client.post(reverse("account_change_password"), fields)
    assert response["Location"] == reverse("mfa_index")
    reader.refresh_from_db()
    assert reader.check_password("another fine line")
    assert mail.outbox[-1].subject == "Your password for The Pulse is new"


def test_a_reader_changes_their_address_with_a_code(client, reader):
    """Whoever finds the browser open cannot. It counts once its code is entered, and the old one is told."""
    asked = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert mail.outbox == []
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert User.objects.get().email == "reader@example.org"
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    client.post(response["Location"], {"code": message.subject.split()[0]})
    assert User.objects.get().email == "new@example.org"
    assert mail.outbox[-1].to == ["reader@example.org"]
