"""Whatever is typed gets a page: on both databases, and without the query reaching them as it is."""

import pytest
from django.core.cache import cache
from django.test import Client

from articles.models import MissedSearch
from articles.searching import STEP
from pulse import limits
from pulse.limits import forget_counts
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    " ",
    "'",
    '"',
    '""',
    '"""',
    "((",
    "))",
    "a AND",
    "AND OR NOT",
    "NEAR(a b, 3)",
    "NEAR/2",
    "headline : x",
    "{headline summary} : x",
    "a* b*",
    "*",
    "^a",
    "a + b",
    "-",
    "--",
    "- - -",
    "-only",
    "!a & b | c <-> d",
    "a:*",
    "a:A",
    "'a' <2> 'b'",
    "\\",
    "\\'",
    "%",
    "_",
    "%s %(a)s {0}",
    "; DROP TABLE articles_searchentry; --",
    "the",
    "the of and",
    "😀",
    "👩‍👩‍👧‍👦 family",
    "مرحبا بالعالم",
    "\u202eabc",
    "日本語のテキスト",
    "𒐀𒐁",
    "½ Ⅷ ﷺ ﬁ",
    "e\u0301\u0301\u0301",
    "a" * 200,
    "a " * 100,
    '"a" ' * 50,
    "-a " * 66,
    '-"' * 100,
    "'" * 200,
    "1e5 0x1f 4o 5e3x 1.5e10",
    "filedsection1",
]


def test_any_query_gets_a_page(settings):
    settings.PULSE_SEARCHES_PER_MINUTE = 1_000
    make_article(headline="Photons", body="\n\n".join(HOSTILE))
    answers = {
        (typed, address): Client().get(address, {"q": typed, **asked}).status_code
        for typed in HOSTILE
        for address, asked in [("/search/", {"sort": "newest"}), ("/search/results/", {"typing": "1"})]
    }
    assert {asked: status for asked, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("length", [201, 100_000])
def test_a_query_that_is_too_long_is_told_so(length):
    response = Client().get("/search/", {"q": "a" * length})
    assert response.status_code == 200
    assert "A search may have 200 characters" in response.content.decode()
    assert len(response.content) < 50_000 + length * 2  # the sign-in link leads back here


def test_numbers_and_other_scripts_are_found_as_they_are():
    typed = ["1e5", "0x1f", "4o", "5e3x", "3d", "2026", "ab12cd", "日本", "ии", "½"]
    make_article(headline=" ".join(typed))
    found = {text: len(Client().get("/search/", {"q": text}).context["results"]) for text in typed}
    assert found == dict.fromkeys(typed, 1)


def test_the_words_of_the_index_itself_give_nothing_away():
    article = make_article(headline="Photons")
    response = Client().get("/search/", {"q": f"filedsection{article.section_id}"})
    assert response.context["results"] == [] or len(response.context["results"]) == 1


def test_a_null_character_is_a_bad_request():
    assert Client().get("/search/?q=%00").status_code == 400
    assert Client().get("/search/results/?q=a%00b").status_code == 400


@pytest.mark.once
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_search_is_only_read(method):
    assert getattr(Client(), method)("/search/").status_code == 405


# ---- How fast


@pytest.fixture
def slow(settings):
    settings.PULSE_SEARCHES_PER_MINUTE = 3
    return settings


@pytest.fixture(autouse=True)
def nobody_searched_before():
    forget_counts()
    cache.clear()
    yield
    forget_counts()
    cache.clear()


@pytest.mark.once
@pytest.mark.parametrize("address", ["/search/", "/search/results/"])
def test_a_network_that_searches_too_fast_is_told_when_to_go_on(slow, address, time_machine):
    time_machine.move_to("2026-11-20 10:00:20+00:00", tick=False)
    answers = [Client().get(address, {"q": "x"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1]["Retry-After"] == "40"
    assert "Wait 40 seconds" in answers[-1].content.decode()
    time_machine.move_to("2026-11-20 10:01:01+00:00", tick=False)
    assert Client().get(address, {"q": "x"}).status_code == 200


@pytest.mark.once
def test_what_a_request_says_of_itself_gets_it_no_further(slow):
    answers = [Client().get("/search/", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(5)]
    assert answers[-1].status_code == 429


@pytest.mark.once
def test_behind_our_proxies_each_reader_has_a_pace_of_their_own(slow):
    slow.TRUSTED_PROXIES = 1
    for number in range(5):
        forwarded = f"198.51.100.{number}, 192.0.2.1"  # the first is what the reader says
        answer = Client().get("/search/", headers={"X-Forwarded-For": forwarded})
    assert answer.status_code == 429
    other = Client().get("/search/", headers={"X-Forwarded-For": "192.0.2.2"})
    assert other.status_code == 200


@pytest.mark.once
def test_addresses_of_one_ipv6_network_share_a_pace(slow):
    for number in range(4):
        answer = Client(REMOTE_ADDR=f"2001:db8::{number}").get("/search/")
    assert answer.status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:0:1::1").get("/search/").status_code == 200


@pytest.mark.once
def test_all_processes_count_together(settings, monkeypatch):
    settings.PULSE_SEARCHES_PER_MINUTE = 25
    processes: list[dict] = [{}, {}]
    answers = []
    for number in range(60):
        monkeypatch.setattr(limits, "_counts", processes[number % 2])
        answers.append(Client().get("/search/").status_code)
    assert 25 <= answers.index(429) <= 25 + 2 * STEP
    assert set(answers[-10:]) == {429}


# ---- What was not found


def missed():
    return dict(MissedSearch.objects.values_list("query", "count"))


def test_what_is_not_found_is_counted_once_a_minute_and_once_per_query(time_machine):
    time_machine.move_to("2026-11-20 10:00:00+00:00", tick=False)
    for typed in ("Xylophones", "xylophones", " xylophones "):
        Client().get("/search/", {"q": typed})
    assert missed() == {"xylophones": 1}
    time_machine.move_to("2026-11-20 10:02:00+00:00", tick=False)
    Client().get("/search/", {"q": "xylophones"})
    assert missed() == {"xylophones": 2}


def test_what_is_found_typed_empty_narrowed_or_personal_is_not_kept():
    article = make_article(headline="Photons")
    for asked in (
        {"q": "photons"},
        {"q": "xylophones", "section": article.section.slug},
        {"q": ""},
        {"q": "?!"},
        {"q": "-xylophones"},
        {"q": "somebody@example.com"},
        {"q": "call 020 7946 0000"},
        {"q": "x" * 81},
    ):
        Client().get("/search/", asked)
    Client().get("/search/results/", {"q": "xylo", "typing": "1"})
    assert missed() == {}


@pytest.mark.once
def test_the_list_of_what_was_not_found_stays_short(settings):
    settings.PULSE_MISSED_SEARCHES = 3
    for number in range(5):
        Client().get("/search/", {"q": f"xylophone{'abcde'[number]}"})
    assert list(missed()) == ["xylophonee", "xylophoned", "xylophonec"]


def test_editors_read_what_was_not_found_and_others_do_not():
    Client().get("/search/", {"q": "xylophones"})
    address = "/admin/articles/missedsearch/"
    statuses = {}
    for role in ("Editor", "Writer", "Moderator", None):
        client = Client()
        client.force_login(make_user(role=role))
        response = client.get(address)
        statuses[role] = response.status_code
        if role == "Editor":
            text = response.content.decode()
            assert "xylophones" in text
            assert 'href="/search/?q=xylophones"' in text
            row = MissedSearch.objects.get().pk
            for action in ("add/", f"{row}/delete/"):
                assert client.post(address + action).status_code == 403
    assert statuses == {"Editor": 200, "Writer": 403, "Moderator": 403, None: 302}
    assert Client().get(address).status_code == 302
