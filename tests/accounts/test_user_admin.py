"""People in the admin: a changed address takes everything with it."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_an_address_changed_by_an_administrator_leaves_the_old_one_without_power():
    person = make_user(name="Rita")
    old = person.email
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    form = {"display_name": "Rita", "email": "new@example.com", "is_active": "on"}
    form |= {"suspended_until_0": "", "suspended_until_1": ""}
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", form).status_code == 302
    assert list(EmailAddress.objects.filter(user=person).values_list("email", flat=True)) == [
        "new@example.com"
    ]
    Client().post("/accounts/password/reset/", {"email": old})
    assert [message for message in mail.outbox if old in message.to] == []
