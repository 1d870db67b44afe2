"""“Define this”: readers ask what a word means, editors answer, and whoever asked is told once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import deletion
from accounts.models import Notification, User
from accounts.notifications import shown
from glossary import requests
from glossary.editing import answer, delete_term, dismiss, put_back, save_term
from glossary.models import Term, TermRequest
from glossary.near import folded
from tests.factories import make_article, make_term, make_user

ASK = "/glossary/ask/"
QUEUE = "/admin/glossary/termrequest/"

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def signed_in(user=None) -> Client:
    client = Client()
    client.force_login(user or make_user())
    return client


def asked(word: str, readers: int = 1, page: str = "") -> list[TermRequest]:
    return [requests.ask(word=word, by=make_user(), path=page) for _ in range(readers)]


def editor() -> Client:
    return signed_in(make_user(role="Editor"))


def words_in_queue() -> list[str]:
    return [row["word"] for row in TermRequest.objects.waiting().by_word()]


# The queue


def test_the_queue_gathers_spellings_and_shows_what_most_ask_for_first():
    story, other = make_article(headline="First story"), make_article(headline="Second story")
    asked("rack scale", 2, page=other.get_absolute_url())
    asked("KV cache", 2, page=story.get_absolute_url())
    asked("kv-caches", page=other.get_absolute_url())
    html = editor().get(QUEUE).content.decode()
    assert html.index("kv-caches") < html.index("rack scale")
    assert "<b>3</b> readers" in html
    assert html.index("First story</a> (2)") < html.index("Second story")
    assert "name=kv-caches&amp;asked=kv+cache" in html


@pytest.mark.parametrize("who", ["anonymous", "reader", "Writer", "Moderator"])
def test_the_queue_is_for_editors(who):
    request = asked("KV cache")[0]
    role = None if who in {"anonymous", "reader"} else who
    client = Client() if who == "anonymous" else signed_in(make_user(role=role))
    answers = [
        client.get(QUEUE),
        client.post(QUEUE, {"asked": request.folded}),
        client.get(f"{QUEUE}answer/?asked=kv+cache"),
        client.post(f"{QUEUE}answer/?asked=kv+cache", {"term": make_term().pk}),
    ]
    assert {response.status_code for response in answers} == {302 if role is None else 403}
    assert words_in_queue() == ["KV cache"]
    somebody = make_user(role=role)
    with pytest.raises(PermissionDenied):
        dismiss(asked="kv cache", by=somebody)
    with pytest.raises(PermissionDenied):
        answer(asked="kv cache", term=make_term(), by=somebody)


@pytest.mark.once
def test_the_queue_costs_the_same_with_one_word_and_with_many(django_assert_max_num_queries):
    page, client = make_article().get_absolute_url(), editor()
    for number in range(12):
        asked(f"word {number}x", page=page)
    with django_assert_max_num_queries(8):  # four are the session and who it is
        client.get(QUEUE)


def test_the_queue_has_pages(settings):
    settings.PULSE_TERM_REQUESTS_SHOWN = 1
    asked("one", 2)
    asked("two")
    client = editor()
    assert 'href="?page=2"' in client.get(QUEUE).content.decode()
    second = client.get(QUEUE, {"page": 2}).content.decode()
    assert "two" in second
    assert 'dir="auto">one<' not in second


# Answering


def told(reader) -> list[str]:
    return [row.sentence for row in shown(Notification.objects.filter(to=reader))]


def test_whoever_asked_is_told_once_and_where_it_is_explained():
    reader, other = make_user(), make_user()
    for person, word in ((reader, "KV-Cache"), (other, "kv caches"), (other, "rack")):
        requests.ask(word=word, by=person)
    term = save_term(
        term=Term(name="KV cache", definition="The notes.", status="published"), by=make_user(role="Editor")
    )
    save_term(term=term, by=None)  # and again, which tells nobody
    assert [told(person) for person in (reader, other)] == [
        ["“KV-Cache”, which you asked about, is explained in the glossary."],
        ["“KV-Cache”, which you asked about, is explained in the glossary."],
    ]
    notification = Notification.objects.filter(to=reader).get()
    assert (notification.path, notification.excerpt) == ("/glossary/kv-cache/", "The notes.")
    html = signed_in(reader).get("/account/notifications/").content.decode()
    assert "which you asked about" in html
    term.status = "draft"
    save_term(term=term, by=None)
    assert told(reader) == []  # what readers cannot see, they are not told of


def test_nothing_is_told_unless_the_term_is_published_after_all():
    reader = make_user()
    requests.ask(word="KV cache", by=reader)

    @transaction.atomic
    def publish_and_fail():
        save_term(term=Term(name="KV cache", definition="x", status="published"), by=None)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert told(reader) == []
    assert words_in_queue() == ["KV cache"]


def test_a_deleted_term_takes_back_what_was_told():
    reader = make_user()
    requests.ask(word="KV cache", by=reader)
    term = save_term(term=Term(name="KV cache", definition="x", status="published"), by=None)
    delete_term(term=term)
    assert not Notification.objects.standing().filter(to=reader).exists()


def test_defining_a_word_answers_everybody_once_it_is_published():
    asked("KV-Cache", 2)
    client = editor()
    link = "/admin/glossary/term/add/?name=KV-Cache&asked=kv+cache"
    form = client.get(link).content.decode()
    assert 'value="KV-Cache"' in form
    assert 'value="kv-cache"' in form  # its address
    typed = {"name": "Key-value store", "slug": "kv", "definition": "Notes.", "status": "draft"}
    assert client.post(link, typed).status_code == 302
    term = Term.objects.get()
    assert set(TermRequest.objects.waiting().values_list("term", flat=True)) == {term.pk}
    assert "Being written" in client.get(QUEUE).content.decode()
    rows = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}
    client.post(f"/admin/glossary/term/{term.pk}/change/", typed | rows | {"status": "published"})
    assert words_in_queue() == []
    assert TermRequest.objects.filter(term=term, answered_at__isnull=False).count() == 2


def test_a_term_that_is_published_elsewhere_answers_too():
    asked("KV caches")
    writer = editor()
    typed = {"name": "cache of keys", "aliases": "KV cache", "definition": "Notes.", "publish": "on"}
    assert writer.post("/admin/glossary/term/create/", typed).status_code == 201
    assert words_in_queue() == []


def test_an_alias_answers_and_is_linked_from_then_on():
    asked("kv-cahce", 2)
    term = make_term(name="KV cache")
    client = editor()
    page = f"{QUEUE}answer/?asked=kv+cahce"
    assert f'<option value="{term.pk}" selected>' in client.get(page).content.decode()
    response = client.post(page, {"term": term.pk, "is_alias": "on"}, follow=True)
    assert "“kv-cahce” leads to “KV cache”. 2 readers told." in response.content.decode()
    term.refresh_from_db()
    assert (term.aliases, words_in_queue()) == (["kv-cahce"], [])


def test_a_word_is_answered_without_becoming_a_name():
    asked("caches of keys")
    term = make_term(name="KV cache")
    editor().post(f"{QUEUE}answer/?asked=caches+of+key", {"term": term.pk})
    term.refresh_from_db()
    assert (term.aliases, words_in_queue()) == ([], [])


def test_an_answer_without_a_term_or_with_too_many_names_is_refused():
    asked("kv-cahce")
    full = make_term(name="KV cache", aliases=[f"name {number}" for number in range(20)])
    client = editor()
    page = f"{QUEUE}answer/?asked=kv+cahce"
    assert "Choose the term that it means." in client.post(page, {}).content.decode()
    response = client.post(page, {"term": full.pk, "is_alias": "on"})
    assert response.status_code == 400
    assert "Keep the 20 that matter." in response.content.decode()
    with pytest.raises(ValidationError, match="already leads to the term “KV cache”"):
        answer(asked="kv cahce", term=make_term(), alias="kv cache", by=make_user(role="Editor"))
    assert words_in_queue() == ["kv-cahce"]


def test_a_dismissed_word_leaves_the_queue_and_does_not_come_back_for_who_asked():
    reader = make_user()
    requests.ask(word="soup", by=reader)
    response = editor().post(QUEUE, {"asked": "soup"}, follow=True)
    assert "Dismissed. 1 reader had asked" in response.content.decode()
    response = signed_in(reader).post(ASK, {"word": "soup"}, follow=True)
    assert "decided against an entry" in response.content.decode()
    assert words_in_queue() == []
    asked("Soup")  # another reader's question counts
    assert words_in_queue() == ["Soup"]


def test_a_dismissed_word_can_be_put_back():
    """By editors, with everybody who had asked; the two lists do not mix."""
    asked("soup", 2)
    asked("salad")
    client = editor()
    assert "What was dismissed" not in client.get(QUEUE).content.decode()
    client.post(QUEUE, {"asked": "soup"})
    assert "What was dismissed" in client.get(QUEUE).content.decode()
    page = client.get(f"{QUEUE}?dismissed").content.decode()
    assert ("soup" in page, "salad" in page) == (True, False)
    with pytest.raises(PermissionDenied):
        put_back(asked="soup", by=make_user(role="Writer"))
    for answer_ in ("Back on the list. 2 readers had asked.", "not among those dismissed any more"):
        response = client.post(f"{QUEUE}?dismissed", {"asked": "soup"}, follow=True)
        assert answer_ in response.content.decode()
    assert words_in_queue() == ["soup", "salad"]


@pytest.mark.parametrize("path", [QUEUE + "answer/", QUEUE + "answer/?asked=none"])
def test_a_word_nobody_waits_for_has_no_page(path):
    assert editor().get(path).status_code == 404


def test_two_editors_dismissing_one_word_do_no_harm():
    response = editor().post(QUEUE, {"asked": "gone"}, follow=True)
    assert "Nobody waits for this word any more." in response.content.decode()


def test_a_request_is_answered_or_dismissed_and_not_both():
    request = asked("KV cache")[0]
    request.answered_at = request.dismissed_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()


@pytest.mark.parametrize("keep_comments", [True, False])
def test_questions_go_with_the_account(keep_comments):
    reader = asked("KV cache")[0].by
    User.objects.filter(pk=reader.pk).update(
        deletion_at=timezone.now(), deletion_keeps_comments=keep_comments
    )
    deletion.delete(reader.pk)
    assert not TermRequest.objects.exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café", "cafe"), ("KV-cache", "kv  caches"), ("ＧＰＵ", "gpu"), ("co-operate", "co operate")],
)
def test_spellings_that_fold_to_one(one, other):
    assert folded(one) == folded(other)
