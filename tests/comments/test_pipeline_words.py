"""Words and links: found however they are disguised, and never where they only seem to be."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.checks.links import host_of, hosts
from comments.checks.words import find
from comments.pipeline import Attempt, Rules, decide
from comments.sameness import fingerprint, is_nearly_the_same
from tests.comments.test_pipeline import NOW, attempt

LIST = "grobian\nass\nsell pills\nболван\n傻瓜\nc++"


@pytest.mark.parametrize(
    "text",
    [
        "You grobian!",
        "GROBIAN",
        "Gröbían",
        "grоbiаn",  # two Cyrillic letters
        "ｇｒｏｂｉａｎ",
        "gro\u200bbi\u00adan",
        "g r o b i a n",
        "g.r.o.b.i.a.n",
        "g-r-o-b-i-a-n!",
        "gro*b*ian",  # shows as emphasis
        "gr0bi@n",
        "groooobian",
        "(grobian)",
        "_grobian_",
        "> a quotation\n\nwith a grobian below",
        "gro&#98;ian",
        "an ass.",
        "@ss",
        "a s s",
        "sell   pills",
        "Sell, pills",
        "s e l l p i l l s",
        "БОЛВАН",
        "你是傻瓜吗",
        "I like C++ a lot",
    ],
)
def test_a_banned_word_is_found_however_it_is_spelt(text: str) -> None:
    """Case, accents, borrowed letters, invisible ones, gaps, digits, repetition and markup hide nothing."""
    ruling = decide(attempt(body=text, rules=Rules(banned_words=LIST)))

    assert ruling.status == "rejected"
    assert ruling.check == "words_are_allowed"


@pytest.mark.parametrize(
    "text",
    [
        "A pass in the grass of Massachusetts.",
        "An assessment of the class.",
        "grobians",  # another word: the newsroom lists what it means
        "It cost 455 dollars.",
        "As someone said: as is.",
        "a s said",
        "I sell things. Pills are not among them.",
        "A c major chord",
        "gro bian",
    ],
)
def test_a_word_inside_another_is_not_found(text: str) -> None:
    """Nobody from Scunthorpe is refused."""
    assert decide(attempt(body=text, rules=Rules(banned_words=LIST))).status == "visible"


def test_letters_that_double_are_other_words() -> None:
    """Drawing a letter out is hiding; doubling it is English."""
    assert not find("god", "That is good.")
    assert find("god", "Oh my gooood")
    assert not find("good", "My god")


@pytest.mark.parametrize("listed", ["", "\n \n", "***", "\u200b"])
def test_a_list_of_nothing_finds_nothing(listed: str) -> None:
    """Empty lines and lines of signs alone ban nothing."""
    assert not find(listed, "Anything * at all")


def test_the_author_is_told_which_word_it_was() -> None:
    """An honest sentence: no guessing, and nothing is said that did not happen."""
    ruling = decide(attempt(body="You Gröbian", rules=Rules(banned_words=LIST)))

    assert "“grobian”" in ruling.sentence
    assert ruling.action == "reject"


def test_a_suspect_word_is_published_and_shown_to_moderators() -> None:
    """Suspicion asks for a look; it takes nothing away."""
    ruling = decide(attempt(body="This is a hoax.", rules=Rules(suspect_words="hoax")))

    assert (ruling.status, ruling.is_flagged, ruling.action) == ("visible", True, "flag")


@given(st.text(max_size=300), st.text(max_size=60))
def test_folding_and_finding_never_fail(text: str, listed: str) -> None:
    """Whatever the newsroom lists and readers type, looking for it ends with an answer."""
    find(listed, text)
    fingerprint(text)
    host_of(text)


@pytest.mark.once
def test_a_long_list_is_looked_through_quickly() -> None:
    """A thousand words in the longest comment: far below what a reader waits for."""
    words = "\n".join(
        f"{first}{middle}ngword{last}" for first in "abcdefghij" for middle in "aeiou" for last in range(20)
    )
    text = "Some ordinary words about engines and angles, i.e. nothing. " * 33
    find(words, text)
    begun = time.perf_counter()
    assert not find(words, text)
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize(
    "text", ["a" * 2_000, "a1" * 1_000, "as" * 1_000, "a " * 1_000, "ass-" * 500, "l1|" * 600]
)
def test_no_text_makes_the_search_slow(text: str) -> None:
    """A text made to confuse the pattern costs no more than another."""
    begun = time.perf_counter()
    find("ass\nassassin\nlil\naaaaaaaa\na a a a\nillicit ill", text)
    assert time.perf_counter() - begun < 0.5


# Links


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Nothing here, and no.thing.", []),
        ("[a](https://www.Example.org/x?y#z)", ["example.org"]),
        ("<https://example.org>", ["example.org"]),
        ("See https://example.org/a, and www.example.com.", ["example.org", "example.com"]),
        ("[a](/articles/x/) [b](#talk) [c](http://testserver/glossary/)", []),
        ("[a](https://user@evil.example:8080/)", ["evil.example"]),
        ("[a](mailto:someone@example.net)", ["example.net"]),
        ("[a](https://еxample.org/)", ["example.org"]),  # a Cyrillic e
        ("[a](javascript:alert(1)) https://[ http://", []),
    ],
)
def test_links_are_found_by_their_hosts(body: str, expected: list[str]) -> None:
    """Followed or merely typed, disguised or not; our own pages are no links."""
    assert hosts(Attempt(body=body, now=NOW)) == expected


FOUR = " ".join(f"https://site{number}.example/" for number in range(4))


@pytest.mark.parametrize(
    ("facts", "check", "status"),
    [
        ({"body": FOUR}, "links_are_few", "pending"),
        (
            {"body": "https://shop.pills.example/x", "rules": Rules(banned_hosts="pills.example")},
            "hosts_are_allowed",
            "rejected",
        ),
        ({"body": "https://notpills.example/", "rules": Rules(banned_hosts="pills.example")}, "", "visible"),
        (
            {"body": "www.pills.example", "rules": Rules(banned_hosts="\nhttps://www.Pills.example/\n")},
            "hosts_are_allowed",
            "rejected",
        ),
        ({"body": "[three](https://a.example) [links](https://b.example) https://c.example"}, "", "visible"),
    ],
)
def test_links_are_counted_and_hosts_refused(facts: dict[str, Any], check: str, status: str) -> None:
    """Too many wait; to a banned host none gets through, nor to a host below it."""
    ruling = decide(attempt(**facts))

    assert (ruling.check, ruling.status) == (check, status)


# Sameness

SPAM = "Visit our wonderful shop for the very best pills in the whole country, today only!"


@pytest.mark.parametrize(
    "copy",
    [
        SPAM.upper(),
        SPAM + " https://shop7.example/?id=7",
        "42 " + SPAM.replace(" ", "  ").replace("!", "?!"),
        SPAM.replace("a", "а"),
    ],
)
def test_copies_share_a_fingerprint(copy: str) -> None:
    """What spammers vary is left out: case, numbers, links, signs, letters of other alphabets."""
    assert fingerprint(copy) == fingerprint(SPAM) != ""


def test_what_many_say_is_no_copy() -> None:
    """Short agreement is everybody's; another long text is another."""
    assert fingerprint("I agree with you!") == ""
    assert fingerprint(SPAM) != fingerprint(SPAM.replace("pills", "books"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Buy now.", "BUY  now.", True),
        ("Buy now.", "Buy no", False),
        (SPAM, SPAM.replace("today", "now"), True),
        (
            SPAM,
            "A quite different text of about the same length, about engines and the people who build them.",
            False,
        ),
        ("Yes.", "Yes!", False),
    ],
)
def test_nearly_the_same_is_the_same(one: str, other: str, same: bool) -> None:
    """A word changed in a long text is a repetition; in a short one it may be another thought."""
    assert is_nearly_the_same(one, other) is same


def test_comparing_takes_as_long_as_the_texts_are() -> None:
    """Whatever they hold: six texts of two letters took seconds once, while a discussion waited."""
    assert is_nearly_the_same("ab" * 1_000, "ba" * 1_000)
    rare = "".join(chr(0x4E00 + number * 7 % 8_000) for number in range(2_000))
    assert not is_nearly_the_same(rare, rare[::-1])
    assert is_nearly_the_same(rare, rare[:900] + "x" + rare[901:])


@pytest.mark.parametrize("address", ["https://ev%69l.example/", "https://%65vil.example/", "EVIL.example"])
def test_a_host_is_what_a_browser_reads(address: str) -> None:
    assert host_of(address) == "evil.example"
