"""People in the admin: a changed address takes everything with it."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from comments.writing import post
from pulse.models import Change
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def test_an_address_changed_by_an_administrator_leaves_the_old_one_without_power():
    person = make_user(name="Rita")
    old = person.email
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    form = {"display_name": "Rita", "email": "New@Example.com", "is_active": "on"}
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", form).status_code == 302
    assert list(EmailAddress.objects.filter(user=person).values_list("email", flat=True)) == [
        "new@example.com"
    ]
    Client().post("/accounts/password/reset/", {"email": old})
    person.refresh_from_db()
    assert person.email == "new@example.com", "in lower case, as sign-in looks for it"
    assert [message for message in mail.outbox if old in message.to] == []


def test_a_badge_that_is_granted_is_on_every_page_at_once():
    """The page is kept with the reader's tag, and that moves on when the account does."""
    person, article = make_user(name="Rita"), make_article()
    post(article=article, by=person, body="A word.", key="1")
    page = article.get_absolute_url()
    assert "badge" not in Client().get(page).content.decode()
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    form = {"display_name": "Rita", "email": person.email, "is_active": "on", "is_staff": "on"}
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", form).status_code == 302
    assert f"reader:{person.pk}" in Change.objects.latest("pk").tags.split()
    assert 'badge">Staff' in Client().get(page).content.decode()
