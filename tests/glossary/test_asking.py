"""A reader asks what a word means: on a story, signed in, once for every spelling."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from articles.publishing import unpublish
from glossary import requests
from glossary.editing import save_term
from glossary.models import Term, TermRequest
from tests.factories import make_article, make_draft, make_term, make_user
from tests.glossary.test_term_requests import ASK, QUEUE, asked, editor, signed_in

pytestmark = [pytest.mark.once, pytest.mark.django_db]


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
