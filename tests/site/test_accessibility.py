"""Every page passes axe in both themes, and nothing scrolls sideways at 320 pixels."""

from typing import Any

import pytest

from comments.writing import post
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)
from tests.site.newsroom import DESK, desk_addresses, newsroom_addresses
from tests.site.test_whole_story import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.once,
]

BODY = """The prefill comes first.[^1] Then [a link](/glossary/) and `code()`.

## A heading

| Part | 2025 | 2026 |
|---|--:|:-:|
| Stacked | 100 | 252 |

> We remember more.
>
> — Ada Example, engineer

```python
print("pulse")
```

- one
- two

[^1]: A note.
"""


@pytest.fixture
def publication():
    section, topic, author = make_section(name="Chips"), make_topic(), make_author(name="Ada Example")
    term, editor = make_term(name="prefill", slug="prefill"), make_user(role="Editor")
    filed: Any = {"section": section, "topics": [topic], "authors": [author], "terms": [term], "by": editor}
    for number in range(6):
        make_article(headline=f"A story with a rather long headline that wraps {number}", **filed)
    article = make_article(
        body=BODY,
        lead_image=make_image(),
        impacts=[(["Market"], "More."), (["Market", "Society"], "Less.")],
        **filed,
    )
    comment = post(article=article, by=make_user(name="Rita"), body="First.\n\n> quoted", key="1")
    post(article=article, by=make_user(name="Jon"), body="An answer.", key="2", parent=comment)
    return {
        "front": "/", "latest": "/latest/", "article": article.get_absolute_url(),
        "section": section.get_absolute_url(),
        "topic": topic.get_absolute_url(), "author": author.get_absolute_url(), "glossary": "/glossary/",
        "term": term.get_absolute_url(), "sign in": "/accounts/login/", "sign up": "/accounts/signup/",
        "reset": "/accounts/password/reset/", "missing": "/nowhere/", "corrections": "/corrections/",
    }  # fmt: skip


def test_every_public_page_passes_axe_in_both_themes_and_fits_a_small_phone(
    page, publication, assert_accessible, troubles
):
    troubles.allow("404")
    for name, address in publication.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_the_pages_of_a_signed_in_reader_pass_axe(page, publication, assert_accessible):
    sign_in(page, make_user(name="Rita"))
    for address in (publication["article"], "/account/", "/accounts/password/change/", "/accounts/logout/"):
        page.goto(address)
        assert_accessible(page)


def test_the_open_definition_passes_axe(page, publication, assert_accessible):
    page.goto(publication["article"])
    page.locator("a.term").first.click()
    assert_accessible(page)


def test_the_newsrooms_pages_keep_to_the_policy(page, publication):
    sign_in(page, make_user(role="Editor"))
    page.set_viewport_size({"width": 390, "height": 844})
    for address in [*newsroom_addresses(), *desk_addresses()]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_the_newsrooms_pages_pass_axe(page, publication, assert_accessible, troubles):
    troubles.allow("Applying inline style|preload assets")  # axe's own, while it looks at a page's frames
    sign_in(page, make_user(role="Editor"))
    for address in newsroom_addresses():
        page.goto(address)
        assert_accessible(page)


def test_the_moderators_desk_passes_axe(page, assert_accessible, troubles):
    """What can be decided is open there too."""
    troubles.allow("Applying inline style|preload assets")  # axe's own, where a style sheet imports another
    sign_in(page, make_user(role="Editor"))
    for address in desk_addresses():
        page.goto(address)
        assert_accessible(page)
    page.goto(DESK)
    for name in ("Reject", "Suspend", "Remove everything"):
        page.locator(".moderation-acts summary", has_text=name).click()
        assert_accessible(page)
    page.get_by_role("button", name="Keys").click()
    assert_accessible(page)
