"""The discussion in another order, narrowed to a part of the story, and what editors put on top of it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from tests.comments.conftest import Say
from tests.comments.surface import page
from tests.comments.test_comment_threads import shown
from tests.factories import make_article, make_term, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Article:
    """A story with every part that can be commented on."""
    terms = [make_term(name="KV cache", slug="kv-cache")]
    return make_article(tldr="Memory is the wall.", terms=terms, impacts=[(["Market"], "Prices rise.")])


def about(comment: Comment, part: str, key: str = "", quote: str = "") -> None:
    Comment.objects.filter(pk=comment.pk).update(part=part, part_key=key, quote=quote)


def impact_key(story: Article) -> str:
    return str(story.live_revision().impacts[0]["id"])


def read(client: Client, story: Article, query: str = "") -> list[str]:
    return shown(page(client, f"{story.get_absolute_url()}{query}").partition('class="thread"')[2])


def test_three_orders_page_by_page(client: Client, say: Say, article: Article, settings: Any) -> None:
    """Oldest without saying so; newest and most respected by a link that works without script."""
    settings.PULSE_COMMENTS_PER_PAGE = 2
    for name, respect in [("One.", 1), ("Two.", 5), ("Three.", 0), ("Four.", 5), ("Five.", 9)]:
        comment = say(name)
        say(f"To {name}", under=comment)
        Comment.objects.filter(pk=comment.pk).update(respect_count=respect)

    def both(query: str) -> list[str]:
        join = "&" if query else "?"
        return read(client, article, query) + read(client, article, f"{query}{join}comments=2")

    assert both("") == ["One.", "To One.", "Two.", "To Two.", "Three.", "To Three.", "Four.", "To Four."]
    assert both("?sort=newest")[::2] == ["Five.", "Four.", "Three.", "Two."]
    assert both("?sort=respect")[::2] == ["Five.", "Two.", "Four.", "One."]
    html = page(client, f"{article.get_absolute_url()}?sort=respect")
    address = article.get_absolute_url()
    assert f'href="{address}?sort=respect#discussion" aria-current="true">Most respected<' in html
    assert f'href="{address}#discussion">Oldest<' in html
    assert f'href="{address}?sort=respect&amp;comments=2#discussion">Show 4 more comments<' in html
    assert f'<link rel="canonical" href="http://testserver{address}">' in html


def test_a_discussion_is_narrowed_to_a_part(client: Client, say: Say, story: Article) -> None:
    """Each part says how many comments are about it, and leads to these with their answers."""
    key = impact_key(story)
    first, second, third, fourth = (say(f"{name}.", on=story) for name in ("TL", "Impact", "Term", "Words"))
    say("To TL.", under=first)
    say("Whole.", on=story)
    about(first, "tldr")
    about(second, "impact", key)
    about(third, "term", "kv-cache")
    about(fourth, "sentence", "1f0c", "Word by word")
    html = page(client, story.get_absolute_url())

    address = story.get_absolute_url()
    for part in ("tldr", f"impact:{key}", "term:kv-cache"):
        link = f'<a class="on-part" href="{address}?about={part}#discussion">1 comment<'
        assert html.count(link) == 1
    assert f'href="{address}#passage-1f0c:~:text=Word%20by%20word"' in html
    assert read(client, story, "?about=tldr") == ["TL.", "To TL."]
    assert read(client, story, f"?about=impact:{key}&sort=newest") == ["Impact."]
    assert read(client, story, "?about=term:kv-cache") == ["Term."]
    assert read(client, story, "?about=sentence:1f0c") == ["Words."]
    narrowed = page(client, f"{address}?about=tldr&sort=newest")
    assert '<b class="num">1</b> comment on <a href="#tldr" dir="auto">the TL;DR</a>' in narrowed
    assert f'href="{address}?sort=newest#discussion">Show all comments<' in narrowed


@pytest.mark.parametrize("status", ["pending", "withheld", "rejected", "deleted"])
def test_a_part_counts_what_is_visible(client: Client, say: Say, story: Article, status: str) -> None:
    about(say("Seen.", on=story), "tldr")
    about(say("Unseen.", on=story, status=status), "tldr")
    html = page(client, story.get_absolute_url())
    assert ">1 comment<" in html
    assert "Unseen." not in html + page(client, f"{story.get_absolute_url()}?about=tldr")


@pytest.mark.parametrize(
    "query",
    ["?sort=oldest", "?sort=", "?sort=x", "?about=", "?about=x", "?about=tldr:1", "?about=impact",
     "?about=term:", "?about=impact:99999", "?about=term:nothing", "?about=sentence:ffff",
     "?about=tldr&comments=2"],
)  # fmt: skip
def test_an_order_or_a_part_that_is_not_there_is_404(
    client: Client, say: Say, story: Article, query: str
) -> None:
    say(on=story)
    assert client.get(f"{story.get_absolute_url()}{query}").status_code == 404


def test_a_part_nobody_spoke_of_is_empty(client: Client, say: Say, story: Article) -> None:
    """A link “Comment on this” leads to a page, whether somebody has or not."""
    say(on=story)
    assert "Nobody has commented on this yet." in page(client, f"{story.get_absolute_url()}?about=tldr")


def test_editors_put_a_comment_and_their_picks_on_top(
    client: Client, say: Say, article: Article, settings: Any
) -> None:
    """On the first page, at most so many, each leading to its place; what is hidden is not among them."""
    settings.PULSE_PICKS_SHOWN = 2
    settings.PULSE_COMMENTS_PER_PAGE = 3
    comments = [say(f"Remark {number}.", by=make_user(name=f"Reader {number}")) for number in range(6)]
    for comment in comments[:4]:
        Comment.objects.filter(pk=comment.pk).update(picked_at=timezone.now())
    Comment.objects.filter(pk=comments[5].pk).update(pinned_at=timezone.now())
    Comment.objects.filter(pk=comments[3].pk).update(status="rejected", picked_at=None)
    html = page(client, article.get_absolute_url())
    top = html.partition('class="on-top"')[2].partition('class="orders"')[0]

    assert re.findall(r"Remark \d\.", top) == ["Remark 5.", "Remark 2.", "Remark 1."]
    assert "Pinned by the newsroom" in top
    assert f'href="{comments[5].get_absolute_url()}"' in top
    assert html.count("Editors’ pick<") == 3
    assert "on-top" not in page(client, f"{article.get_absolute_url()}?comments=2")


def test_an_edited_comment_says_so(client: Client, say: Say, article: Article) -> None:
    comment = say()
    assert "Edited" not in page(client, article.get_absolute_url())
    Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now())
    assert "Edited <time" in page(client, article.get_absolute_url())


# Permalinks and what is new


def test_a_comment_that_left_a_tombstone_leads_there(client: Client, say: Say, article: Article) -> None:
    gone, alone = say(), say()
    say("Answer.", under=gone)
    Comment.objects.filter(pk__in=[gone.pk, alone.pk]).update(status="deleted")
    response = client.get(gone.get_absolute_url())
    assert response["Location"] == f"{article.get_absolute_url()}#{gone.anchor}"
    assert f'<li id="{gone.anchor}">' in page(client, article.get_absolute_url())
    assert client.get(alone.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("status", ["pending", "withheld", "rejected", "deleted"])
def test_what_is_new_is_counted_if_it_is_visible(
    client: Client, say: Say, article: Article, status: str
) -> None:
    """The same for everybody, as JSON; the words as comments ready to be put in their place."""
    first = say("First.")
    say("Second.")
    say("Third.", under=first)
    say("Hidden.", under=first, status=status)
    address = f"{article.get_absolute_url()}comments/new/"

    response = client.get(f"{address}?after={first.pk}")
    assert response.json() == {"count": 2, "total": 3, "open": True}
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    html = page(client, f"{address}list/?after={first.pk}")
    assert shown(html) == ["Second.", "Third."]
    assert f'data-parent="{first.pk}" data-root="{first.pk}"' in html
    for query in ("", "?after=", "?after=x", "?after=-1", "?after=9999999999999999999"):
        assert client.get(f"{address}{query}").status_code == 404


def test_nothing_is_new_where_no_discussion_is_shown(client: Client, say: Say, article: Article) -> None:
    say()
    address = f"{article.get_absolute_url()}comments/new/?after=0"
    Article.objects.filter(pk=article.pk).update(discussion="closed")
    assert client.get(address).json()["open"] is False
    Article.objects.filter(pk=article.pk).update(discussion="hidden")
    assert client.get(address).status_code == 404
    assert client.get("/articles/nowhere/comments/new/?after=0").status_code == 404
