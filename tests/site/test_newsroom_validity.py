"""Every page of the newsroom is valid HTML, the moderators' desk and the records among them."""

import pytest
from django.test import Client

from tests.factories import make_user
from tests.site.newsroom import DESK, desk_addresses, newsroom_addresses
from tests.valid_html import AssertValid

pytestmark = [pytest.mark.once, pytest.mark.django_db]

# Django's own field that searches while typing, until its script has filled it (AutocompleteSelect)
DJANGO = [
    "Element “option” without attribute “label” must not be empty.",  # the choice of nothing
    "A “select” element with a “required” attribute",  # nothing is chosen yet, and no choice is listed
]


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def test_the_moderators_desk_is_valid(administrator: Client, assert_valid: AssertValid) -> None:
    """With an empty queue, and with rules that were tried or refused."""
    rules, tried = "/admin/comments/houserules/", {"mode": "after", "text": "Words & <more>.", "_try": "yes"}
    pages = {"nothing waits": administrator.get(DESK)}
    pages |= {address: administrator.get(address) for address in desk_addresses()}
    pages["tried"] = administrator.post(rules, tried)
    pages["refused"] = administrator.post(rules, {"mode": "never", "close_after_days": "-1"})
    assert_valid(pages)


def test_the_pages_of_the_newsroom_are_valid(administrator: Client, assert_valid: AssertValid) -> None:
    """The editors' and the administrator's, and the forms that were refused."""
    others = [
        "accounts/user",
        "articles/page",
        "articles/missedsearch",
        "articles/topic",
        "pulse/outgoingmail",
    ]
    addresses = newsroom_addresses()
    addresses += [f"/admin/{name}/" for name in others] + [
        "/admin/accounts/user/add/",
        "/admin/articles/page/add/",
    ]
    pages = {address: administrator.get(address) for address in addresses}
    forms = [
        address for address in addresses if address.endswith(("/add/", "/change/", "/correct/", "/withdraw/"))
    ]
    pages |= {f"{address} (refused)": administrator.post(address, {"_save": "Save"}) for address in forms}
    assert_valid(pages, but=DJANGO)
