"""Beside a passage of the story: how many comments are about it, and writing one more about it."""

import re

import pytest
from django.test import Client

from articles.models import Article
from comments.models import Comment
from comments.parts import StoryPart
from comments.passages import with_counts
from pulse.text import editorial, plain
from tests.comments.conftest import Say
from tests.comments.surface import form_of, page, send
from tests.factories import make_article, make_term

BODY = "It was *quiet*. Then the prefill & “everything” changed,\nthey said.\n\n- One item\n- Another"
SENTENCE = "Then the prefill & “everything” changed, they said."


def marked(source: str, *passages: str) -> str:
    """A text with its numbers, each said as [n]."""
    counted = [StoryPart("sentence", f"{n:x}", words, number=n) for n, words in enumerate(passages, 1)]
    found = with_counts(editorial(source).html, tuple(counted), "/articles/a/")
    return re.sub(r'<a class="on-passage" id="passage-\w+"[^>]* data-number="(\d+)"></a>', r"[\1]", found)


@pytest.mark.once
@pytest.mark.parametrize(
    ("source", "words", "expected"),
    [
        ("One. Two. Three.", "Two.", "One. Two.[1] Three."),
        ("One *two*. Three.", "One two.", "One <em>two</em>.[1] Three."),
        ("One *two* three.", "One two", "One <em>two[1]</em> three."),
        ("Fish & chips < peas.", "Fish & chips <", "Fish &amp; chips &lt;[1] peas."),
        ("A [link here](/x/) ends.", "A link", '<a href="/x/">link here</a>[1] ends.'),
        ("A [link here](/x/) ends.", "A link here ends", '<a href="/x/">link here</a> ends[1].'),
        ("First.\n\nSecond.", "First. Second.", "<p>Second.[1]</p>"),
        ("A note.[^1] More.\n\n[^1]: Secret.", "A note. More.", "</sup> More.[1]"),
        ("A note.[^1] More.\n\n[^1]: Secret.", "A note.", "<p>A note.[1]<sup"),
    ],
)
def test_the_number_stands_behind_the_last_word(source: str, words: str, expected: str) -> None:
    """Whatever stands between the words; never inside another link, and never inside a word's tag."""
    assert expected in marked(source, words)


@pytest.mark.once
@pytest.mark.parametrize("words", ["", "Nothing such", "Secret.", "sup", "class", "<em>"])
def test_a_passage_the_story_has_not_is_not_marked(words: str) -> None:
    """Footnotes and markup are no words of the story."""
    source = "It was *quiet*.[^1]\n\n[^1]: Secret."
    assert marked(source, words) == editorial(source).html


@pytest.mark.once
def test_numbers_leave_the_words_as_they_were() -> None:
    """What is selected, copied and looked for is the story's text, also where passages overlap."""
    html = editorial(BODY).html
    counted = [
        StoryPart("sentence", str(n), words, number=n) for n, words in enumerate(["quiet", "It was quiet."])
    ]
    shown = with_counts(html, tuple(counted), "/")
    assert shown.count("on-passage") == 2
    assert plain(shown) == plain(html)


@pytest.fixture
def story(db: None) -> Article:
    return make_article(body=BODY, terms=[make_term(name="prefill", slug="prefill")])


def test_a_sentence_says_how_many_comments_are_about_it(client: Client, say: Say, story: Article) -> None:
    """Behind its last word, with a link to them; of those that readers see."""
    for body, status in [("One.", "visible"), ("Two.", "visible"), ("Unseen.", "pending")]:
        comment = say(body, on=story, status=status)
        Comment.objects.filter(pk=comment.pk).update(part="sentence", part_key="1f0c", quote=SENTENCE)
    html, address = page(client, story.get_absolute_url()), story.get_absolute_url()

    assert (
        f'they said.<a class="on-passage" id="passage-1f0c" rel="nofollow"'
        f' href="{address}?about=sentence:1f0c#discussion" aria-label="2 comments on this passage"'
        f' data-number="2"></a></p>' in html
    )
    narrowed = page(client, f"{address}?about=sentence:1f0c")
    assert 'href="#passage-1f0c:~:text=Then%20the%20prefill' in narrowed


def test_what_is_written_among_the_comments_on_a_sentence_is_about_it(
    signed_in: Client, say: Say, story: Article
) -> None:
    """The form of a narrowed discussion carries the passage; where the story lost it, it carries nothing."""
    send(signed_in, story, "One.", part="sentence", quote=SENTENCE)
    first = Comment.objects.get()
    query = f"?about=sentence:{first.part_key}"
    html = page(signed_in, f"{story.get_absolute_url()}{query}")
    fields = form_of(html)

    assert (fields["part"], fields["part_key"]) == ("sentence", first.part_key)
    send(signed_in, story, "Two.", **{**fields, "quote": first.quote})
    assert Comment.objects.get(body="Two.").part_key == first.part_key
    Comment.objects.update(quote="Words that were taken out.")
    html = page(signed_in, f"{story.get_absolute_url()}{query}")
    assert form_of(html)["part"] == ""
