"""Search finds what readers see, best first, and nothing else."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, search
from articles.models import SearchEntry
from articles.search.indexing import tend
from articles.search.query import parse
from glossary.editing import save_term
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_section,
    make_term,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def found(typed, **asked):
    """The headlines that a search shows, in order."""
    response = Client().get("/search/", {"q": typed, **asked})
    assert response.status_code == 200
    return [result.story.headline for result in response.context["results"]]


def page(typed, **asked):
    response = Client().get("/search/", {"q": typed, **asked})
    assert response.status_code == 200
    return response.content.decode()


def days_ago(number):
    return timezone.now() - dt.timedelta(days=number)


# ---- What is found


def test_headline_counts_most_then_tldr_then_names_then_story():
    make_article(headline="In the story", body="Of photons. " + "Other words here. " * 10)
    make_article(headline="In a topic", topics=[make_topic(name="Photons")])
    make_article(headline="In the TL;DR", tldr="It is about photons.")
    make_article(headline="Photons themselves")
    assert found("photon") == ["Photons themselves", "In the TL;DR", "In a topic", "In the story"]


def test_of_stories_that_match_alike_the_newer_comes_first():
    for age in (900, 1, 300):
        make_article(headline=f"Chips, {age} days old", at=days_ago(age))
    assert found("chips") == [f"Chips, {age} days old" for age in (1, 300, 900)]


def test_sorted_by_newest_a_weaker_match_may_come_first():
    make_article(headline="Chips and chips", at=days_ago(30))
    make_article(headline="Other", body="Something on chips.", at=days_ago(1))
    assert found("chips") == ["Chips and chips", "Other"]
    assert found("chips", sort="newest") == ["Other", "Chips and chips"]


def test_every_word_has_to_be_there_in_any_form():
    make_article(headline="Photonic memories")
    make_article(headline="Photonic things")
    assert found("memory photonics") == ["Photonic memories"]


def test_a_phrase_is_words_in_a_row():
    make_article(headline="The memory wall stands")
    make_article(headline="A wall of memory")
    assert found('"memory wall"') == ["The memory wall stands"]
    assert found("memory-wall") == ["The memory wall stands"]


def test_a_minus_leaves_stories_out():
    make_article(headline="Memory", body="The price of it.")
    make_article(headline="Memory chips")
    assert found("memory -price") == ["Memory chips"]
    assert found('memory -"price of"') == ["Memory chips"]


def test_accents_and_case_make_no_difference():
    written = {"Café": "cafe", "Resume": "RÉSUMÉ", "Łódź": "lodz", "O’Brien’s": "obrien", "Ⅷ": "viii"}
    make_article(headline=" ".join(written))
    assert {typed: len(found(typed)) for typed in written.values()} == dict.fromkeys(written.values(), 1)


def test_impacts_terms_aliases_topics_sections_and_authors_are_found():
    term = make_term(name="key-value cache", aliases=["attention memory"])
    make_article(
        headline="The story",
        impacts=[(["Market"], "Hyperscalers will notice.")],
        terms=[term],
        topics=[make_topic(name="Datacentres")],
        section=make_section(name="Silicon"),
        authors=[make_author(name="Zoë Quist")],
    )
    for typed in ("hyperscaler", "key value", "attention", "datacentre", "silicon", "zoe quist"):
        assert found(typed) == ["The story"], typed


def test_markup_is_not_searched():
    make_article(headline="Plain", body="See [the paper](https://example.com/hidden) **now**.")
    assert found("hidden") == []
    assert found("strong") == []
    assert found("paper now") == ["Plain"]


def test_a_draft_term_gives_no_story_away():
    make_article(headline="The story", terms=[make_term(name="secret widget", is_published=False)])
    assert found("widget") == []


# ---- Only what is live


def test_drafts_scheduled_ended_and_unpublished_stories_are_not_found():
    editor = make_user(role="Editor")
    make_draft(headline="Photon draft")
    later = make_draft(headline="Photon later")
    publishing.schedule(article=later, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    gone = make_article(headline="Photon gone")
    publishing.unpublish(article=gone, by=editor)
    live = make_article(headline="Photon live")
    change_headline(live, "Neutron not published yet", by=editor)
    assert found("photon") == ["Photon live"]
    assert found("neutron") == []
    assert "1 story" in page("photon")


def test_a_scheduled_story_is_found_from_its_moment_on_and_not_after_its_end(time_machine):
    editor = make_user(role="Editor")
    article = make_draft(headline="Photons")
    now = timezone.now()
    publishing.schedule(article=article, by=editor, at=now + dt.timedelta(hours=1))
    publishing.schedule_end(article=article, by=editor, at=now + dt.timedelta(hours=3))
    seen = []
    for hours in (0, 2, 4):
        time_machine.move_to(now + dt.timedelta(hours=hours), tick=False)
        seen.append(found("photon"))
    assert seen == [[], ["Photons"], []]


def test_a_changed_story_is_found_by_its_new_words_alone():
    editor = make_user(role="Editor")
    article = make_article(headline="Old photons", by=editor)
    change_headline(article, "New neutrons", by=editor)
    publishing.publish(article=article, by=editor)
    assert found("photons") == []
    assert found("neutrons") == ["New neutrons"]
    assert SearchEntry.objects.count() == 1


def test_a_misspelt_word_never_leads_to_a_story_that_is_not_live():
    article = make_draft(headline="Photonic embargo")
    publishing.schedule(
        article=article, by=make_user(role="Editor"), at=timezone.now() + dt.timedelta(hours=1)
    )
    assert "Did you mean" not in page("embrago")


# ---- What is shown


def test_what_matches_is_marked_and_the_text_around_it_escaped():
    make_article(headline="Photons <i>here</i>", tldr="Fewer <script> photons & more.", body="Nothing.")
    text = page("photons")
    assert "<mark>Photons</mark> &lt;i&gt;here&lt;/i&gt;" in text
    assert "Fewer &lt;script&gt; <mark>photons</mark> &amp; more." in text


def test_a_passage_does_not_run_from_a_heading_into_the_text():
    make_article(
        headline="One", body="## Light works\n\nThe *photonic*\nkind & more.[^1]\n\n[^1]: A note.\n\nNext."
    )
    assert '<p class="dek">The <mark>photonic</mark> kind &amp; more.</p>' in page("photonic")


def test_the_query_is_shown_as_text():
    text = page("<script>alert(1)</script>")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_definition_of_a_term_comes_on_top():
    term = make_term(name="KV cache", aliases=["key-value cache"], definition="What was said already.")
    for typed in ("KV caches", "kv-cache", "key–value cache", '"KV cache"', "what is a KV cache"):
        response = Client().get("/search/", {"q": typed})
        assert response.context["term"] == term, typed
        assert "What was said already." in response.content.decode()


def test_a_draft_term_is_not_defined():
    make_term(name="secret widget", is_published=False)
    assert Client().get("/search/?q=secret+widget").context["term"] is None


def test_a_misspelt_word_is_asked_about():
    make_article(headline="Photonic memory")
    asked = {
        "photonic memroy": "photonic memory",
        "fotonic memory": "memory",
        "phtonic": "photonic",
        "Photonik": "photonic",
        "memory xqxqxqx": "memory",
    }
    for typed, meant in asked.items():
        assert Client().get("/search/", {"q": typed}).context["meant"] == meant
        assert found(meant) == ["Photonic memory"]


def test_what_is_unknown_is_answered_with_a_way_on():
    text = page("xqxqxqx")
    assert "Nothing matches “xqxqxqx”" in text
    assert 'href="/glossary/"' in text


def test_narrowed_by_section_topic_author_and_year():
    chips, models = make_section(name="Chips"), make_section(name="Models")
    topic, author = make_topic(name="Energy"), make_author(name="Ines Okafor")
    make_article(headline="Photons one", section=chips, topics=[topic], authors=[author])
    make_article(headline="Photons two", section=models, at=dt.datetime(2024, 5, 5, tzinfo=dt.UTC))
    assert len(found("photons")) == 2
    for asked in ({"section": chips.slug}, {"topic": topic.slug}, {"author": author.slug}):
        assert found("photons", **asked) == ["Photons one"], asked
    assert found("photons", year="2024", section=models.slug) == ["Photons two"]
    assert found("photons", year="2024", section=chips.slug) == []


def test_links_that_narrow_keep_the_query_and_what_is_chosen_can_be_left():
    chips = make_section(name="Chips")
    make_article(headline="Photons one", section=chips)
    make_article(headline="Photons two")
    text = page('"photons"', sort="newest")
    assert f'href="/search/?q=%22photons%22&amp;section={chips.slug}&amp;sort=newest"' in text
    narrowed = page("photons", section=chips.slug)
    assert 'class="off" href="/search/?q=photons"' in narrowed
    assert f'<input type="hidden" name="section" value="{chips.slug}">' in narrowed


def test_a_topic_that_only_a_draft_has_cannot_be_chosen():
    topic = make_topic()
    make_draft(topics=[topic])
    assert Client().get(f"/search/?q=x&topic={topic.slug}").status_code == 404


def test_what_does_not_exist_is_404():
    make_article(headline="Photons")
    wrong = ["page=0", "page=2", "page=x", "page=", "sort=oldest", "year=x", "year=99999", "section=none"]
    answers = {asked: Client().get(f"/search/?q=photons&{asked}").status_code for asked in wrong}
    assert answers == dict.fromkeys(wrong, 404)


def test_results_come_in_pages(settings):
    settings.PULSE_PAGE_SIZE = 2
    for number in range(5):
        make_article(headline=f"Photons {number}")
    seen = [headline for number in (1, 2, 3) for headline in found("photons", page=number)]
    assert sorted(seen) == [f"Photons {number}" for number in range(5)]
    text = page("photons", page=2)
    assert 'href="/search/?q=photons"' in text
    assert 'href="/search/?q=photons&amp;page=3"' in text


def test_of_very_many_matches_the_newest_and_the_best_are_ranked(settings):
    settings.PULSE_SEARCH_RANKED = 3
    make_article(headline="Photons of old", at=days_ago(500))
    for number in range(5):
        make_article(headline=f"Other {number}", body="Some photons.", at=days_ago(number + 1))
    assert found("photons")[0] == "Photons of old"
    assert found("photons", sort="newest") == ["Other 0", "Other 1", "Other 2"]
    assert "More than" in page("photons")


def test_an_unfinished_word_finds_while_typing_and_in_a_reloaded_page():
    make_article(headline="Quantisation")
    for typed in ("qua", "quantisati", "quantisation"):
        response = Client().get("/search/results/", {"q": typed, "typing": "1"})
        assert "<mark>Quantisation</mark>" in response.content.decode(), typed
    assert found("quanti") == ["Quantisation"]


def test_results_alone_are_no_whole_page():
    make_article(headline="Photons")
    text = Client().get("/search/results/?q=photons").content.decode()
    assert "<mark>Photons</mark>" in text
    assert "<html" not in text


def test_search_engines_and_caches_keep_no_search():
    for address in ("/search/", "/search/?q=photons", "/search/results/?q=photons"):
        response = Client().get(address)
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Cache-Control"] == "private, max-age=30" or "private" in response["Cache-Control"]
        assert not response.cookies
    assert '<meta name="robots" content="noindex">' in page("photons")


# ---- The index


def test_a_new_name_is_found_once_its_stories_are_indexed_again():
    things: tuple[Any, ...] = (make_section(), make_topic(), make_author())
    article = make_article(headline="Story", section=things[0], topics=[things[1]], authors=[things[2]])
    for name, thing in zip(("Zyzzyva", "Quokka", "Axolotl"), things, strict=True):
        type(thing).objects.filter(pk=thing.pk).update(name=name)
        search.index(article.live_revision())
        assert found(name) == ["Story"]


@pytest.mark.parametrize("change", [{"name": "Zyzzyva"}, {"aliases": ["Zyzzyva"]}])
def test_a_terms_new_name_or_alias_is_found(change, django_capture_on_commit_callbacks):
    term = make_term(name="old term")
    make_article(headline="Story", terms=[term])
    vars(term).update(change)
    with django_capture_on_commit_callbacks(execute=True):
        save_term(term=term, by=make_user(role="Editor"))
    assert found("zyzzyva") == ["Story"]


def test_reindexing_brings_everything_back_and_leaves_out_what_is_over(capsys):
    editor = make_user(role="Editor")
    make_article(headline="Photons")
    over = make_article(headline="Photons over")
    publishing.unpublish(article=over, by=editor)
    SearchEntry.objects.filter(headline__contains="photon").exclude(revision__article=over).delete()
    assert found("photons") == []
    call_command("reindex")
    assert "1 story in the search index." in capsys.readouterr().out
    assert found("photons") == ["Photons"]
    assert SearchEntry.objects.count() == 1


def test_indexing_again_changes_nothing():
    article = make_article(headline="Photons")
    before = SearchEntry.objects.values().get()
    search.index(article.live_revision())
    assert SearchEntry.objects.values().get() == before
    assert found("photons") == ["Photons"]


def test_the_worker_indexes_what_is_missing_and_forgets_what_is_over():
    make_article(headline="Photons")
    over = make_article(headline="Photons over")
    SearchEntry.objects.all().delete()
    assert tend() is False
    assert len(found("photons")) == 2
    publishing.unpublish(article=over, by=make_user(role="Editor"))
    tend()
    assert SearchEntry.objects.count() == 1


def test_a_deleted_story_leaves_nothing_in_the_index():
    article = make_article(headline="Photons")
    article.delete()
    make_article(headline="Other")
    assert found("photons") == []
    assert search.find(parse("photons")).revisions == []


def test_a_story_of_any_words_can_be_published(settings):
    many = " ".join(f"w{number:05}x" for number in range(25_000))
    make_article(headline="Very many words", body=many)
    wide = "".join(chr(0x20000 + number) + " " for number in range(40_000))
    make_article(headline="Very wide words", body=wide, tldr="ﷺ " * 200)
    assert found("very") != []
    assert found("w00001x") == ["Very many words"]


def test_a_search_costs_the_same_number_of_queries_with_few_stories_and_with_many():
    topics, section = [make_topic(), make_topic()], make_section()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert Client().get("/search/?q=photons").status_code == 200
        return len(captured)

    for number in range(2):
        make_article(headline=f"Photons {number}", topics=topics, section=section)
    cost()
    few = cost()
    for number in range(25):
        make_article(headline=f"Photons {number}", topics=topics, section=section)
    assert cost() == few
    assert few <= 12
