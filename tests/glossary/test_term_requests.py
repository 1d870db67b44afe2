"""“Define this”: readers ask what a word means, editors answer, and whoever asked is told once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import deletion
from accounts.models import Notification, User
from accounts.notifications import shown
from articles.publishing import unpublish
from glossary import requests
from glossary.editing import answer, delete_term, dismiss, save_term
from glossary.models import Term, TermRequest
from glossary.near import folded
from tests.factories import make_article, make_draft, make_term, make_user

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
    return [row["word"] for row in TermRequest.objects.by_word()]


# Asking


def test_a_reader_asks_on_a_story_and_is_led_back_to_it():
    article = make_article(headline="Memory is the wall", terms=[make_term()])
    page = article.get_absolute_url()
    assert f'name="page" value="{page}"' in Client().get(page).content.decode()
    client = signed_in()
    form = client.get(ASK, {"word": " “KV caches”, ", "page": page}).content.decode()
    assert "Met in “" in form
    response = client.post(ASK, {"word": " “KV caches”, ", "page": page}, follow=True)
    assert response.redirect_chain == [(page, 303)]
    assert "You asked about “KV caches”." in response.content.decode()
    request = TermRequest.objects.get()
    assert (request.word, request.folded) == ("KV caches", "kv cache")
    assert (request.path, request.headline) == (page, "Memory is the wall")


def test_looking_at_the_form_asks_nothing():
    assert signed_in().get(ASK, {"word": "KV cache"}).status_code == 200
    assert not TermRequest.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_signed_out_signs_in_and_comes_back_with_the_word(method):
    response = getattr(Client(), method)(ASK, {"word": "KV cache", "page": "/articles/one/"})
    assert response["Location"] == (
        "/accounts/login/?next=%2Fglossary%2Fask%2F%3Fword%3DKV%2Bcache%26page%3D%252Farticles%252Fone%252F"
    )


@pytest.mark.parametrize("word", ["HBM", "hbm", "stacked memories", "Stacked-Memory", "“HBM”"[1:-1]])
def test_a_word_that_is_explained_already_leads_to_its_term(word):
    term = make_term(name="HBM", aliases=["stacked memory"])
    for client in (Client(), signed_in()):
        for send in (client.get, client.post):
            assert send(ASK, {"word": word})["Location"] == term.get_absolute_url()
    assert not TermRequest.objects.exists()


def test_a_draft_term_is_not_given_away():
    make_term(name="Secret merger", is_published=False)
    html = signed_in().get(ASK, {"word": "secret merger"}).content.decode()
    assert "Do you mean" not in html


def test_terms_with_a_name_that_comes_close_are_offered():
    make_term(name="quantisation")
    assert "Do you mean one of these?" in signed_in().get(ASK, {"word": "quantization"}).content.decode()


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("", "Write the word"),
        ("  ", "Write the word"),
        ("…—!", "Write the word"),
        ("\u200b\u202e", "Write the word"),
        ("one two three four five six", "up to 5 words and 60 characters"),
        ("x" * 61, "up to 5 words and 60 characters"),
        ("a\x07b", "control character"),
    ],
)
def test_what_is_no_word_is_refused_with_a_sentence_and_stays_in_the_form(word, sentence):
    response = signed_in().post(ASK, {"word": word})
    html = response.content.decode()
    assert (response.status_code, TermRequest.objects.count()) == (400, 0)
    assert sentence in html
    assert "Error: " in html


def test_the_longest_word_fits_its_columns():
    reader = make_user()
    request = requests.ask(word="ﬃ" * 60, by=reader)
    assert len(request.folded) == 120
    assert requests.ask(word="ﬃ" * 60, by=reader) == request


def test_markup_in_a_word_is_shown_as_text():
    asked("<b>x</b> y")
    html = editor().get(QUEUE).content.decode()
    assert "b&gt;x&lt;/b&gt; y" in html


@pytest.mark.parametrize(
    "page", ["//evil.example/", "https://evil.example/", "/admin/", "/articles/none/", "x"]
)
def test_only_a_live_story_is_kept_as_the_page(page):
    response = signed_in().post(ASK, {"word": "KV cache", "page": page})
    assert response["Location"] == "/glossary/"
    assert TermRequest.objects.get().path == ""


def test_a_draft_is_not_named():
    draft, gone = make_draft(headline="Secret"), make_article(headline="Gone")
    unpublish(article=gone, by=make_user(role="Editor"))
    for article in (draft, gone):
        assert asked("KV cache", page=article.get_absolute_url())[0].headline == ""


def test_asking_twice_is_asking_once_however_it_is_spelt():
    reader = make_user()
    first = requests.ask(word="KV cache", by=reader)
    for spelling in ("kv caches", "KV-Cache", "ＫＶ cache"):
        assert requests.ask(word=spelling, by=reader) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        TermRequest.objects.create(word="x", folded=first.folded, by=reader)


def test_a_reader_asks_about_so_many_words_a_day(settings):
    settings.PULSE_TERM_REQUESTS_PER_DAY = 2
    reader = make_user()
    client = signed_in(reader)
    for word in ("one", "two"):
        assert client.post(ASK, {"word": word}).status_code == 303
    response = client.post(ASK, {"word": "three"})
    assert (response.status_code, response["Retry-After"]) == (429, "86400")
    assert "You asked about 2 words in the last 24 hours." in response.content.decode()
    assert client.post(ASK, {"word": "one"}).status_code == 303  # nothing new
    TermRequest.objects.update(created_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert client.post(ASK, {"word": "three"}).status_code == 303


def test_a_suspended_reader_asks_nothing():
    reader = make_user()
    reader.suspended_until = timezone.now() + dt.timedelta(days=1)
    reader.save()
    assert signed_in(reader).post(ASK, {"word": "KV cache"}).status_code == 403
    assert not TermRequest.objects.exists()


def test_the_address_is_no_terms():
    assert save_term(term=Term(name="Ask", definition="To put a question."), by=None).slug == "ask-2"
    response = editor().post(
        "/admin/glossary/term/add/", {"name": "Bid", "slug": "ask", "definition": "x", "status": "draft"}
    )
    assert "Choose another." in response.content.decode()


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
