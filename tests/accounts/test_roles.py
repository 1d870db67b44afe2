"""Writer, Editor and Moderator, and what the admin lets them do with people."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import NEWSROOM_ROLES, ensure_roles

pytestmark = pytest.mark.django_db


def in_role(role: str) -> User:
    user = User.objects.create_user(f"{role}@example.org", "x", display_name=role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def boss(client):
    """A superuser, signed in with this test's client."""
    user = User.objects.create_superuser("boss@example.org", "x", display_name="Boss")
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", NEWSROOM_ROLES)
def test_a_role_has_exactly_its_permissions(role):
    """Migrating makes the groups, and every permission named in the code exists."""
    assert in_role(role).get_group_permissions() == NEWSROOM_ROLES[role]


def test_only_editors_publish():
    """A writer writes and a moderator moderates; neither puts anything before readers."""
    may_publish = [role for role in NEWSROOM_ROLES if in_role(role).has_perm("articles.publish_article")]
    assert may_publish == ["Editor"]


def test_ensuring_roles_again_restores_them():
    """What was added or taken away by hand is put back, and nothing doubles."""
    writer = Group.objects.get(name="Writer")
    writer.permissions.set(Permission.objects.filter(codename="delete_user"))
    ensure_roles()
    assert Group.objects.filter(name__in=NEWSROOM_ROLES).count() == len(NEWSROOM_ROLES)
    assert in_role("Writer").get_group_permissions() == NEWSROOM_ROLES["Writer"]


def test_a_moderator_changes_a_readers_name_and_nothing_else(client):
    """Rights and address are not theirs to give, and suspending is the desk's, where it is written down."""
    reader = User.objects.create_user("reader@example.org", "x", display_name="A reader")
    client.force_login(in_role("Moderator"))
    fields = {
        "display_name": "Another name",
        "suspended_until_0": "2999-01-01",
        "suspended_until_1": "12:00",
        "email": "stolen@example.org",
        "is_superuser": "on",
    }
    client.post(reverse("admin:accounts_user_change", args=[reader.pk]), fields)
    reader.refresh_from_db()
    assert reader.display_name == "Another name"
    assert not reader.is_suspended
    assert (reader.email, reader.is_superuser) == ("reader@example.org", False)


def test_a_moderator_cannot_touch_a_colleague(client, boss):
    """Nobody takes over an account of the newsroom by its form or its password page."""
    reader = User.objects.create_user("reader@example.org", "x", display_name="A reader")
    client.force_login(in_role("Moderator"))
    change = client.post(reverse("admin:accounts_user_change", args=[boss.pk]), {"display_name": "Mine"})
    assert change.status_code == HTTPStatus.FORBIDDEN
    for user in (boss, reader):
        page = client.get(reverse("admin:auth_user_password_change", args=[user.pk]))
        assert page.status_code == HTTPStatus.FORBIDDEN


def test_the_list_of_people_takes_the_same_queries_for_one_and_for_many(
    client, boss, django_assert_max_num_queries
):
    """Roles of fifty people are read at once."""
    for number in range(30):
        user = User.objects.create_user(f"r{number}@example.org", "x", display_name=f"Reader {number}")
        user.groups.add(Group.objects.get(name="Writer"))
    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:accounts_user_changelist"), {"q": "reader"})
    assert page.status_code == HTTPStatus.OK


def test_the_list_of_people_can_show_who_is_suspended(client, boss):
    """The filter follows the clock: a suspension that is over does not count."""
    now = timezone.now()
    for name, days in (("Now suspended", 1), ("Suspended once", -1)):
        until = now + timedelta(days=days)
        User.objects.create_user(f"{days}@example.org", "x", display_name=name, suspended_until=until)
    page = client.get(reverse("admin:accounts_user_changelist"), {"suspended": "yes"}).content.decode()
    assert "Now suspended" in page
    assert "Suspended once" not in page


def test_a_new_colleague_is_added_by_address_and_name(client, boss):
    """No password is made up for anybody: they choose one by mail."""
    fields = {"email": "New@example.org", "display_name": "New colleague"}
    client.post(reverse("admin:accounts_user_add"), fields)
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    again = client.post(reverse("admin:accounts_user_add"), fields)
    assert "already an account with this e-mail address" in again.content.decode()
