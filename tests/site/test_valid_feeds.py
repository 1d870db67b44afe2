"""Every feed of the site keeps the rules of its format, whatever stands in it."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from articles import editing, publishing
from articles.models import Article, RevisionByline, Topic
from articles.social import draw_pictures
from comments.counting import recount
from comments.models import Comment
from pulse.sanitiser import EDITORIAL_TAGS
from tests.factories import (
    TLDR,
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)
from tests.valid_feeds import complaints

pytestmark = [pytest.mark.once, pytest.mark.django_db]
SITE = "https://news.example"
SIGNS = "AT&T, S&P500 and a<b: “Ünïcode” & 'quotes' \U0001f600"
HOSTILE = [
    SIGNS,
    "<b>&amp; ]]> \"quoted\" 'too'",
    "Why <canvas and &lt are &#60; and &nbsp;",
    "a@example.com <i",
    "\u202eturned \U0001f1e9\U0001f1ea عنوان",
]
BODY = """
An agent acts. AT&T said “5 < 6” — *twice*, **loudly**, ~~never~~, `<b>&amp;</b>`, see [above](#h-then),
[ours](/glossary/), [theirs](https://example.com/a?b=1&c=[2]) and [us](mailto:us@example.com). \U0001f600[^1]

## Then & now <i>

### 次に

#### Deeper

##### Deeper still

###### At the bottom

> “To be.”
>
> — Somebody & <co>

- one
- two
    1. deeper
    2. still

7. seven

| | Left | Right & <b> |
|---|:-:|--:|
| a | b | [c](#h-then) |

---

```python
print("<script>alert('&')</script>")  # <?import x>
```

    indented & <plain>

![A “rack” & <more>](PICTURE "Its <caption> & 'quotes'")

Text with ![a picture](PICTURE) inside,
and a hard\\
break. &#0; &copy; &#x85; Again.[^1] And again.[^two]

[^1]: A note & [a link](/glossary/).
[^two]: Another, `code`.

    Of two paragraphs.
"""


@pytest.fixture(autouse=True)
def _at_home(settings: LazySettings) -> None:
    """A site with a host as validators want one, and with a hub."""
    settings.BASE_URL = SITE
    settings.WEBSUB_HUB = "https://hub.example/"


def assert_valid(root: str, *, entries: int) -> None:
    """That all three forms of a feed keep their rules, and hold so many entries."""
    for form in ("rss", "atom", "json"):
        answer = Client().get(f"{root}feeds/{form}/")
        assert answer.status_code == 200
        found = complaints(answer.content, answer["Content-Type"], f"{SITE}{root}feeds/{form}/")
        assert found == [], "\n".join([form, *found])
        marks = {"rss": b"</item>", "atom": b"</entry>", "json": b'"content_html": '}
        assert answer.content.count(marks[form]) == entries


def rich_story(**fields: Any) -> Article:
    """A story with everything that a page can show."""
    image = make_image(alt=SIGNS)
    type(image).objects.filter(pk=image.pk).update(credit="Ada & <Ben>", caption="Caption & <i>")
    image.refresh_from_db()
    standard: dict[str, Any] = {
        "headline": SIGNS,
        "tldr": f"AT&T pays <5 %; S&P500 falls. {TLDR}",
        "body": BODY.replace("PICTURE", image.file.url),
        "authors": [make_author(name='Ada "Quote" O’Neill & Sons'), make_author(name="Bjørn Ægir")],
        "section": make_section(name="Chips & <Racks>"),
        "topics": [make_topic(name="R&D"), make_topic(name="記憶")],
        "terms": [make_term(name="agent", slug="agent", definition="Who acts & <is>.")],
        "impacts": [(["Market"], "It will matter & <cost>."), ([], "No lens.")],
        "lead_image": image,
    }
    editor = make_user(role="Editor")
    article = make_draft(**standard | fields, by=editor)
    outlook = {
        "horizon_on": timezone.localdate() + dt.timedelta(days=90),
        "confidence": "low",
        "test": "a < b",
    }
    article.impacts.filter(text="No lens.").update(**outlook)
    editing.save_revision(article=article, by=editor)
    publishing.publish(article=article, by=editor, at=timezone.now() - dt.timedelta(hours=1))
    for kind in ("correction", "update"):
        publishing.correct(article=article, by=editor, kind=kind, text="It was 9 & <10>.")
    return article


def test_the_feeds_of_a_story_with_everything_in_it_are_valid() -> None:
    article = rich_story()
    [item] = json.loads(Client().get("/feeds/json/").content)["items"]
    shown = set(re.findall(r"<([a-z][a-z0-9]*)", item["content_html"]))
    assert EDITORIAL_TAGS - {"source"} <= shown
    assert "Right if: a &lt; b" in item["content_html"]
    topic = article.topics.first()
    assert isinstance(topic, Topic)
    author = article.authors.first()
    for place in (article.section, topic, author):
        assert_valid(place.get_absolute_url(), entries=1)
    assert_valid("/", entries=1)
    assert_valid(f"{article.get_absolute_url()}comments/", entries=0)


@pytest.mark.parametrize("headline", HOSTILE)
def test_feeds_are_valid_whatever_a_headline_says(headline: str) -> None:
    article = rich_story(headline=headline, tldr=headline)
    assert_valid("/", entries=1)
    assert_valid(f"{article.get_absolute_url()}comments/", entries=0)


def test_an_empty_feed_is_valid(settings: LazySettings) -> None:
    assert_valid("/", entries=0)
    assert_valid(make_section().get_absolute_url(), entries=0)
    settings.TIME_ZONE = "Asia/Kathmandu"
    with timezone.override("Asia/Kathmandu"):
        assert_valid("/", entries=0)


def test_a_story_without_a_summary_a_picture_or_an_author_is_valid() -> None:
    """None is published so; a row that was written past the form takes no feed down."""
    article = make_article(discussion=Article.Discussion.HIDDEN)
    article.revisions.update(tldr="")
    RevisionByline.objects.filter(revision__article=article).delete()
    assert_valid("/", entries=1)


def test_a_story_with_a_print_in_place_of_a_photograph_is_valid() -> None:
    article = make_article()
    assert draw_pictures(article.live_revision().pk)
    assert b'type="image/png" length' in Client().get("/feeds/rss/").content
    assert_valid("/", entries=1)


def test_stories_that_came_out_at_one_moment_are_valid() -> None:
    at = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=1)
    make_article(at=at)
    make_article(at=at)
    assert_valid("/", entries=2)


def test_a_feed_without_a_hub_is_valid(settings: LazySettings) -> None:
    settings.WEBSUB_HUB = ""
    make_article()
    assert_valid("/", entries=1)


@pytest.mark.parametrize("body", [BODY, *HOSTILE, "![](/media/x.png)", "[](https://example.com/)"])
def test_the_feed_of_a_discussion_is_valid_whatever_is_said(body: str) -> None:
    article, reader = make_article(headline=SIGNS), make_user(name="Bo & <Co>")
    before = timezone.now() - dt.timedelta(minutes=1)
    first = Comment.objects.create(article=article, author=reader, body=body, status="visible")
    Comment.objects.create(article=article, author=reader, parent=first, body="Yes.", status="visible")
    quoted = {"part": "sentence", "part_key": "1f", "quote": "Ten < nine & AT&T."}
    Comment.objects.filter(pk=first.pk).update(created_at=before, **quoted)
    recount(article)
    assert_valid(f"{article.get_absolute_url()}comments/", entries=2)
    Comment.objects.filter(pk=first.pk).update(edited_at=timezone.now() - dt.timedelta(seconds=30), quote="")
    assert_valid(f"{article.get_absolute_url()}comments/", entries=2)
