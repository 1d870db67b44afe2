"""Where a term is used, who may change what readers see of it, and what becomes of its addresses."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from articles import publishing
from glossary.editing import delete_term, save_term
from glossary.models import PreviousSlug, Term
from glossary.uses import Kind, Uses, in_words
from tests.factories import make_article, make_author, make_draft, make_term, make_user
from tests.glossary.test_term_editing import LIST, errors, filled
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def signed_in(role: str = "Editor") -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


def form_of(term: Term, **changed: Any) -> dict[str, Any]:
    """The form of a stored term, as its page shows it."""
    return (
        filled(
            name=term.name,
            slug=term.slug,
            aliases="\n".join(term.aliases),
            definition=term.definition,
            explanation=term.explanation,
            status=term.status,
            see_also=[other.pk for other in term.see_also.all()],
        )
        | changed
    )


def change(term: Term) -> str:
    return f"{LIST}{term.pk}/change/"


def says(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# Where it is used


def test_the_form_of_a_term_says_where_it_is_used_by_kind() -> None:
    """Live, scheduled, draft and past stories, and other terms: each story counted once, with a link."""
    term, editor = make_term(name="prefill"), make_user(role="Editor")
    make_article(terms=[term], headline="Live one")
    make_article(terms=[term], headline="Live two")
    make_draft(terms=[term], headline="A draft")
    later = make_draft(terms=[term], headline="Tomorrow")
    publishing.schedule(article=later, by=editor, at=timezone.now() + dt.timedelta(days=1))
    past = make_article(terms=[term], headline="Gone")
    past.briefing.all().delete()
    publishing.unpublish(article=past, by=editor)
    make_term(name="decode").see_also.add(term)
    page = signed_in().get(change(term)).content.decode()
    assert (
        "Explained in 2 live stories, 1 scheduled story, 1 draft and 1 story that is no longer live, "
        "and named under “See also” by 1 other term." in page
    )
    for title in ("Live one", "Live two", "A draft", "Tomorrow", "Gone", "decode"):
        assert page.count(f">{title}</a>") == 1, title


def test_a_term_that_nothing_uses_says_so() -> None:
    """The sentence stands there before anything is changed or deleted."""
    page = signed_in().get(change(make_term())).content.decode()
    assert "Not used anywhere yet." in page
    assert "Where it is used" not in page


def test_a_live_story_goes_by_the_headline_readers_see() -> None:
    """A headline that is only in its draft is nobody else's business."""
    term = make_term()
    article = make_article(terms=[term], headline="As published")
    article.headline = "Not yet public"
    article.save()
    page = signed_in("Writer").get(change(term)).content.decode()
    assert "As published" in page
    assert "Not yet public" not in page
    assert f'href="{article.get_absolute_url()}"' in page


def test_other_peoples_drafts_are_counted_and_not_named_for_a_writer() -> None:
    """A writer learns how many drafts there are and reads the headlines of their own."""
    term, writer = make_term(), make_user(role="Writer")
    make_draft(terms=[term], headline="A secret scoop")
    make_draft(terms=[term], headline="My own", authors=[make_author(user=writer)])
    client = Client()
    client.force_login(writer)
    page = client.get(change(term)).content.decode()
    assert "Explained in 2 drafts." in page
    assert "My own" in page
    assert "and 1 more" in page
    assert "A secret scoop" not in page


def test_only_the_first_twenty_are_named(django_assert_max_num_queries: Any) -> None:
    """The others are counted, and the page costs the same."""
    term, client = make_term(), signed_in()
    first = make_draft(terms=[term])
    for _ in range(22):
        make_draft(terms=[term], section=first.section, authors=list(first.authors.all()))
    with django_assert_max_num_queries(30):
        page = client.get(change(term)).content.decode()
    assert "Explained in 23 drafts." in page
    assert "and 3 more" in page


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ([], "Not used anywhere yet."),
        ([Uses(Kind.LIVE, 1, [])], "Explained in 1 live story."),
        ([Uses(Kind.LIVE, 12, []), Uses(Kind.DRAFT, 3, [])], "Explained in 12 live stories and 3 drafts."),
        ([Uses(Kind.TERM, 1200, [])], "Named under “See also” by 1,200 other terms."),
    ],
)
def test_uses_are_said_in_one_sentence(found: list[Uses], sentence: str) -> None:
    """Singular and plural, and nothing for what there is none of."""
    assert in_words(found) == sentence


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_the_pages_that_say_where_it_is_used_pass_axe_and_fit_a_phone(
    page: Any, assert_accessible: Any, troubles: Any
) -> None:
    """The form and the refusal to delete, in both themes."""
    troubles.allow("Applying inline style|preload assets")  # axe's own
    term = make_term()
    make_article(terms=[term])
    make_term().see_also.add(term)
    sign_in(page, make_user(role="Editor"))
    page.set_viewport_size({"width": 390, "height": 800})
    for address in (change(term), f"{LIST}{term.pk}/delete/"):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


# Before and after a change


def test_the_definition_says_how_many_live_stories_it_changes() -> None:
    """Beside the field, before anything is saved, and as a message afterwards."""
    term, client = make_term(), signed_in()
    assert "when you save" not in client.get(change(term)).content.decode()
    make_article(terms=[term])
    assert "Shown in 1 live story: it changes when you save." in client.get(change(term)).content.decode()
    make_article(terms=[term])
    make_draft(terms=[term])
    assert (
        "Shown in 2 live stories: they all change when you save." in client.get(change(term)).content.decode()
    )
    response = client.post(change(term), form_of(term, definition="Better."), follow=True)
    assert "2 live stories show the new definition now." in says(response)
    assert not any("rendered" in message for message in says(response))


def test_a_new_name_says_how_many_stories_are_rendered_again() -> None:
    """Those that are live and those that are due; a change of nothing says nothing."""
    term, client = make_term(name="prefill"), signed_in()
    make_article(terms=[term])
    later = make_draft(terms=[term])
    publishing.schedule(article=later, by=make_user(role="Editor"), at=timezone.now() + dt.timedelta(days=1))
    response = client.post(change(term), form_of(term, aliases="the first pass"), follow=True)
    assert "2 stories are rendered again, since the name or visibility changed." in says(response)
    term.refresh_from_db()
    quiet = client.post(change(term), form_of(term), follow=True)
    assert len(says(quiet)) == 1


# Who may


def test_a_writer_adds_drafts_and_changes_them() -> None:
    """Whatever status is sent along, it stays a draft until an editor publishes it."""
    client = signed_in("Writer")
    assert client.post(f"{LIST}add/", filled(status="published")).status_code == 302
    term = Term.objects.get()
    assert term.status == "draft"
    assert client.post(change(term), form_of(term, definition="Mine.")).status_code == 302
    term.refresh_from_db()
    assert (term.definition, term.status) == ("Mine.", "draft")


def test_a_writer_reads_a_published_term_and_may_not_change_it() -> None:
    """Readers see a change at once, so it takes an editor: no field is there, and the address answers 403."""
    term, client = make_term(definition="What readers see."), signed_in("Writer")
    page = client.get(change(term)).content.decode()
    assert "What readers see." in page
    assert 'name="definition"' not in page
    assert "Readers see this term, so an editor changes it." in page
    assert client.post(change(term), form_of(term, definition="Mine.")).status_code == 403
    term.refresh_from_db()
    assert term.definition == "What readers see."


def test_the_verb_refuses_a_writer_too() -> None:
    """Neither publishing, nor changing a published term, nor hiding one, by any way in."""
    writer = make_user(role="Writer")
    with pytest.raises(PermissionDenied):
        save_term(term=Term(name="a", definition="A.", status="published"), by=writer)
    term = make_term(definition="Before.")
    term.definition = "After."
    with pytest.raises(PermissionDenied):
        save_term(term=term, by=writer)
    term.status = Term.Status.DRAFT
    with pytest.raises(PermissionDenied):
        save_term(term=term, by=writer)
    assert Term.objects.get().definition == "Before."


# Deleting


def test_deleting_a_term_in_use_is_refused_with_what_uses_it() -> None:
    """The page names the stories and the way out, and sending it all the same deletes nothing."""
    term, client = make_term(name="prefill"), signed_in()
    make_article(terms=[term], headline="Explains it")
    for response in (
        client.get(f"{LIST}{term.pk}/delete/"),
        client.post(f"{LIST}{term.pk}/delete/", {"post": "yes"}),
    ):
        page = response.content.decode()
        assert "“prefill” is in use, so it cannot be deleted. Explained in 1 live story." in page
        assert "Explains it" in page
        assert 'type="submit" value="Delete' not in page
    assert Term.objects.filter(pk=term.pk).exists()


def test_a_term_that_another_leads_to_is_not_deleted() -> None:
    """Nor by the verb, nor with several at once."""
    term, other = make_term(name="prefill"), make_term(name="decode")
    other.see_also.add(term)
    client = signed_in()
    assert "decode" in client.get(f"{LIST}{term.pk}/delete/").content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [term.pk], "post": "yes"}
    page = client.post(LIST, chosen).content.decode()
    assert "prefill: Named under “See also” by 1 other term." in page
    with pytest.raises(ProtectedError):
        delete_term(term=term)
    assert Term.objects.count() == 2


def test_a_term_that_nothing_uses_is_deleted_with_its_addresses() -> None:
    """One page asks, one press deletes."""
    term, client = make_term(slug="old"), signed_in()
    term.slug = "new"
    save_term(term=term, by=None)
    assert "Not used anywhere yet." in client.get(f"{LIST}{term.pk}/delete/").content.decode()
    client.post(f"{LIST}{term.pk}/delete/", {"post": "yes"})
    assert not Term.objects.exists()
    assert Client().get("/glossary/old/").status_code == 404


# Addresses


def test_an_old_address_of_a_term_leads_to_it_in_one_hop(client: Client) -> None:
    """However often it moved, and none of the addresses is ever given to another term."""
    term, editor = make_term(slug="first"), signed_in()
    for slug in ("second", "third"):
        editor.post(change(term), form_of(term, slug=slug))
        term.refresh_from_db()
    for old in ("first", "second"):
        response = client.get(f"/glossary/{old}/")
        assert (response.status_code, response["Location"]) == (301, "/glossary/third/")
    refused = editor.post(f"{LIST}add/", filled(slug="first"))
    assert "Another term has, or had, this address." in errors(refused)
    with pytest.raises(ValidationError):
        save_term(term=Term(name="x", slug="second", definition="X."), by=None)


def test_a_term_may_take_its_old_address_back(client: Client) -> None:
    """And then nothing leads in a circle."""
    term = make_term(slug="first")
    for slug in ("second", "first"):
        term.slug = slug
        save_term(term=term, by=None)
    assert client.get("/glossary/first/").status_code == 200
    assert client.get("/glossary/second/")["Location"] == "/glossary/first/"
    assert PreviousSlug.objects.count() == 1


def test_an_address_nobody_knew_is_free_again(client: Client) -> None:
    """A draft's slug was never public: it redirects nowhere, and another term may have it."""
    term = make_term(slug="first", is_published=False)
    term.slug = "second"
    save_term(term=term, by=None)
    assert client.get("/glossary/first/").status_code == 404
    assert save_term(term=Term(name="x", slug="first", definition="X."), by=None).pk


def test_a_withdrawn_term_keeps_the_address_readers_knew(client: Client) -> None:
    """Renamed while it is a draft, it is found at its old address once it is published again."""
    term = make_term(slug="first")
    for changed in ({"status": "draft"}, {"slug": "second"}):
        for field, value in changed.items():
            setattr(term, field, value)
        save_term(term=term, by=None)
        assert client.get("/glossary/first/").status_code == 404
    term.status = Term.Status.PUBLISHED
    save_term(term=term, by=None)
    assert client.get("/glossary/first/")["Location"] == "/glossary/second/"
