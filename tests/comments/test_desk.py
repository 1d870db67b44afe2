"""The moderators' desk by its forms: its queues, every step, and what never comes alive."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from comments import house, writing
from comments.models import Comment, Decision
from comments.moderation.decisions import Seen
from comments.reporting import report
from tests.comments.conftest import Say
from tests.comments.test_comment_models import HOSTILE
from tests.comments.test_comment_moderation import post
from tests.factories import approve, change_headline, make_article, make_draft, make_user, reject

pytestmark = pytest.mark.once
DESK = "/admin/comments/desk/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def page(client: Client, **query: Any) -> str:
    response = client.get(DESK, query)
    assert response.status_code == 200
    return response.content.decode()


def decide(client: Client, verb: str, *comments: Comment, **more: Any) -> Any:
    seen = [str(Seen.of(Comment.objects.get(pk=comment.pk))) for comment in comments]
    return client.post(f"{DESK}decide/", {"verb": verb, "seen": seen, "queue": "waiting", **more})


class Elements(HTMLParser):
    """The elements of a piece of HTML, as a browser takes it apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs


def listed(html: str) -> list[int]:
    rows = html[html.index('id="rows"') : html.index("</ol>", html.index('id="rows"'))]
    return [int(number) for number in re.findall(r'<li data-comment="(\d+)"', rows)]


def numbers(html: str) -> dict[str, str]:
    return dict(re.findall(r'data-number="(\w+)">([\d,+]+)<', html))


def test_each_queue_holds_what_it_is_called(desk: Client, say: Say, moderator: User) -> None:
    """Waiting and withheld, oldest first; reported and flagged; newest; rejected; each with its number."""
    held, withheld, plain, rejected = (say(status=s) for s in ("pending", "withheld", "visible", "rejected"))
    reported = say()
    report(comment=reported, by=make_user(), reason="spam")
    say(status="deleted")

    assert listed(page(desk)) == [held.pk, withheld.pk]
    assert listed(page(desk, queue="reported")) == [reported.pk]
    assert listed(page(desk, queue="newest")) == [reported.pk, plain.pk]
    assert listed(page(desk, queue="rejected")) == [rejected.pk]
    assert numbers(page(desk)) == {"waiting": "2", "reported": "1", "newest": "2", "rejected": "1"}
    approve(comment=reported, by=moderator)
    assert "No comment is reported." in page(desk, queue="reported")


def test_long_queues_are_counted_and_listed_so_far(desk: Client, say: Say, settings: Any) -> None:
    """“2+” and a way to the next, oldest first and newest first."""
    settings.PULSE_DECIDING_COUNTED = 2
    settings.PULSE_DECIDING_ROWS = 2
    keys = [say(status="pending").pk for _ in range(3)] + [say().pk for _ in range(3)]

    assert numbers(page(desk))["waiting"] == "2+"
    assert listed(page(desk)) == keys[:2]
    assert f"?queue=waiting&amp;after={keys[1]}" in page(desk)
    assert listed(page(desk, after=keys[1])) == keys[2:3]
    assert listed(page(desk, queue="newest", after=keys[4])) == [keys[3]]
    rows = desk.get(f"{DESK}rows/?queue=waiting&after={keys[0]}")
    assert rows.headers["X-More"] == ""
    assert rows.content.decode().count("<li") == 2


def test_a_comment_stands_in_its_context(desk: Client, say: Say, moderator: User) -> None:
    """What it answers, what answers it, the story's live headline, the words it is about."""
    article = make_article(headline="As readers see it")
    change_headline(article, "Secret rewrite")
    root = say("The first word.", on=article)
    comment = say("In the middle.", under=root)
    say("The last word.", under=comment)
    Comment.objects.filter(pk=comment.pk).update(part="sentence", quote="as the story says")
    html = page(desk, comment=comment.pk)

    for words in ("The first word.", "The last word.", "As readers see it", "as the story says"):
        assert words in html
    assert "Secret rewrite" not in html
    assert make_draft(headline="A draft").headline not in html


def test_a_readers_history_stands_beside_it(desk: Client, say: Say, moderator: User, reader: User) -> None:
    """Joined, counted, rejected for what, suspended when and why, and what they said last; no address."""
    reject(comment=say("Something rude."), by=moderator, reason="attacks")
    comment = say("Something else.")
    desk.post(f"{DESK}readers/{reader.pk}/", {"verb": "suspend", "span": "week", "why": "Insults twice."})
    html = page(desk, comment=comment.pk)

    for words in ("1 rejected", "Personal attacks.", "Insults twice.", "Something rude.", "Suspended until"):
        assert words in html
    assert reader.email not in html


def test_earlier_texts_show_what_changed(desk: Client, article: Any, reader: User) -> None:
    """Word by word, so that nobody approves what was slipped in."""
    comment = post(article, reader, "A harmless remark.")
    writing.edit(comment=comment, by=reader, body="A harmful remark.")
    html = page(desk, comment=comment.pk, queue="newest")

    assert "<del>harmless</del>" in html
    assert "<ins>harmful</ins>" in html


def test_reports_are_read_with_their_reasons_and_words(desk: Client, say: Say) -> None:
    """And by whom: only moderators see this page."""
    comment = say()
    report(
        comment=comment, by=make_user(name="Attentive"), reason="privacy", note="My street <b>is</b> named."
    )
    html = page(desk, comment=comment.pk, queue="reported")

    assert "Other people’s privacy" in html
    assert "My street &lt;b&gt;is&lt;/b&gt; named." in html
    assert "Attentive" in html


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_a_reader_typed_comes_alive(body: str, desk: Client, say: Say) -> None:
    """No element of theirs runs, loads or can be followed, in the text, the lists or the context."""
    comment = say(body, status="pending")
    say(body, status="pending")
    report(comment=comment, by=make_user(), reason="spam", note="<img src=x onerror=alert(1)>")
    html = page(desk, comment=comment.pk)
    elements = Elements(html[html.index('id="content-main"') : html.index('id="nothing-left"')])

    assert not elements.names & {"img", "svg", "style", "iframe", "object", "script", "embed", "link", "meta"}
    assert not any(name.startswith("on") or name == "style" for name, _ in elements.attributes)
    addresses = [value or "" for name, value in elements.attributes if name in {"href", "src", "action"}]
    assert addresses
    assert all(address.startswith(("/", "?")) and not address.startswith("//") for address in addresses)


def test_links_are_shown_with_their_host_and_cannot_be_followed(desk: Client, say: Say) -> None:
    """A slip of the finger leads nowhere, and where it would lead is read."""
    html = page(
        desk,
        comment=say("See [our shop](https://pills.example/x?y) or [me](/articles/)", status="pending").pk,
    )

    assert "our shop <code>pills.example</code>" in html
    assert "me <code>this site</code>" in html
    assert 'href="https://pills' not in html


def test_a_form_decides_and_leads_to_the_next(desk: Client, say: Say, moderator: User) -> None:
    """Without a script: approve, and the next comment is in hand; reject with a reason and a word."""
    first, second, third = (say(status="pending") for _ in range(3))
    html = page(desk, comment=first.pk)
    assert f'name="next" value="{second.pk}"' in html

    answer = decide(desk, "approve", first, next=second.pk)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{DESK}?queue=waiting&comment={second.pk}"
    assert "1 comment approved." in page(desk, comment=second.pk)
    decide(desk, "reject", second, reason="spam", note="No  shops.")
    assert Decision.objects.get(comment=second).note == "No shops."
    assert [Comment.objects.get(pk=c.pk).status for c in (first, second, third)] == [
        "visible",
        "rejected",
        "pending",
    ]
    desk.post(f"{DESK}undo/")
    assert Comment.objects.get(pk=second.pk).status == "pending"


def test_a_refusal_is_said_and_nothing_happens(desk: Client, say: Say) -> None:
    """An edited comment, no reason, nothing ticked, nonsense: a sentence each, for people and scripts."""
    comment = say(status="pending")
    old = str(Seen.of(comment))
    Comment.objects.filter(pk=comment.pk).update(text_number=2)
    for fields, words in (
        ({"verb": "approve", "seen": old}, "Read it again."),
        ({"verb": "reject", "seen": old}, "Choose the rule"),
        ({"verb": "approve"}, "Choose a comment first."),
        ({"verb": "burn", "seen": old}, "Choose what to do"),
        ({"verb": "approve", "seen": "1"}, "incomplete"),
        ({"verb": "approve", "seen": "x.y.z"}, "incomplete"),
        ({"verb": "pick", "seen": old}, "Read it again."),
    ):
        desk.post(f"{DESK}decide/", fields)
        assert words in page(desk), fields
        answer = desk.post(f"{DESK}decide/", fields, headers=JSON).json()
        assert words in (answer.get("error") or str(answer["refused"]))
    assert not Decision.objects.exists()


def test_a_selection_is_decided_in_one_go(desk: Client, say: Say) -> None:
    """Ticked and rejected together; undone together."""
    comments = [say(status="pending") for _ in range(3)]
    decide(desk, "reject", *comments[:2], reason="off_topic")
    assert "2 comments rejected." in page(desk)
    assert listed(page(desk)) == [comments[2].pk]
    desk.post(f"{DESK}undo/")
    assert "Undone: 2 decisions." in page(desk)


def test_everything_by_a_reader_is_removed_once_it_is_meant(
    desk: Client, say: Say, reader: User, settings: Any
) -> None:
    """A box is ticked first; a large number goes on where it stopped."""
    settings.PULSE_DECISIONS_AT_ONCE = 2
    for _ in range(3):
        say()
    address, fields = f"{DESK}readers/{reader.pk}/", {"verb": "remove", "reason": "spam"}
    desk.post(address, fields)
    assert "Nothing was removed." in page(desk)
    answer = desk.post(address, {**fields, "sure": "yes"}, headers=JSON).json()
    assert answer["left"] == 1
    desk.post(address, {**fields, "sure": "yes", "batch": answer["batch"]})
    assert not Comment.objects.visible().exists()


def test_picks_and_pins_are_made_and_ended(desk: Client, say: Say) -> None:
    """Each is said, and the buttons follow."""
    comment = say()
    for verb, words in (
        ("pick", "End the pick"),
        ("pin", "Unpin"),
        ("unpick", "Editors’ pick"),
        ("unpin", "Pin"),
    ):
        decide(desk, verb, comment, comment=comment.pk)
        assert words in page(desk, comment=comment.pk, queue="newest")
    assert Decision.objects.count() == 4


@pytest.mark.parametrize("query", ["queue=x", "comment=x", "comment=-1", "after=" + "9" * 30, "comment=%00"])
def test_what_is_not_there_is_not_found(query: str, desk: Client) -> None:
    """A clear answer to every address."""
    assert desk.get(f"{DESK}?{query}").status_code in {400, 404}


def test_the_desk_costs_the_same_with_many(
    desk: Client, say: Say, django_assert_max_num_queries: Any
) -> None:
    """A screen with one comment and one with thirty ask the same, and no more than thirty questions."""

    def fill() -> None:
        comment = say(status="pending", by=make_user(), on=make_article())
        report(comment=say(under=say(on=comment.article)), by=make_user(), reason="spam")

    def cost() -> int:
        with django_assert_max_num_queries(30) as captured:
            page(desk)
        return len(captured.captured_queries)

    fill()
    page(desk)
    few = cost()
    for _ in range(8):
        fill()
    assert cost() == few


# The house rules

RULES = "/admin/comments/houserules/"


def rules(**more: str) -> dict[str, str]:
    return {"mode": "after", "banned_words": "", "suspect_words": "", "banned_hosts": "", **more}


def test_rules_hold_for_the_next_comment(desk: Client, article: Any, reader: User) -> None:
    """Saved by a moderator, and no process has to be told."""
    answer = desk.post(RULES, rules(mode="before", banned_words="grobian"))
    assert answer.status_code == 302
    assert post(article, reader, "A thought.").status == "pending"
    assert post(article, reader, "You Gröbian.").status == "rejected"
    html = desk.get(RULES).content.decode()
    assert "grobian</textarea>" in html
    assert "are saved" in html


def test_a_text_is_tried_before_the_rules_hold(desk: Client) -> None:
    """What is typed is looked at, and nothing is saved."""
    fields = rules(banned_words="grobian", text="You Gröbian, see https://example.org/", _try="yes")
    html = desk.post(RULES, fields).content.decode()
    assert "It would be rejected." in html
    html = desk.post(RULES, {**fields, "banned_words": ""}).content.decode()
    assert "It would be published." in html
    assert "It would wait for a moderator." in html
    assert "It would not be taken." in desk.post(RULES, {**fields, "text": ""}).content.decode()
    assert "grobian" not in desk.get(RULES).content.decode()


def test_rules_that_make_no_sense_are_refused_with_what_was_typed(desk: Client) -> None:
    """A 400 with the words in their box."""
    answer = desk.post(RULES, rules(mode="maybe", close_after_days="-3", banned_words="keep me"))
    assert answer.status_code == 400
    assert "keep me" in answer.content.decode()


def test_nobody_replaces_rules_they_have_not_seen(desk: Client) -> None:
    """Two have the page open: the second is told, keeps what they typed, and may save it all the same."""
    version = re.findall(r'name="version" value="(\w+)"', desk.get(RULES).content.decode())[0]
    assert desk.post(RULES, rules(banned_words="theirs", version=version)).status_code == 302
    tried = desk.post(RULES, rules(banned_words="mine", version=version, _try="yes")).content.decode()
    assert f'name="version" value="{version}"' in tried, "trying a text is not having seen theirs"
    answer = desk.post(RULES, rules(banned_words="mine", version=version))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Somebody else changed the house rules" in html
    assert "mine</textarea>" in html
    assert house.read().banned_words == "theirs"
    newer = re.findall(r'name="version" value="(\w+)"', html)[0]
    assert desk.post(RULES, rules(banned_words="mine", version=newer)).status_code == 302
    assert house.read().banned_words == "mine"
