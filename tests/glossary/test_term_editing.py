"""Terms in the admin: saved with their wordings kept, their names unique, and whoever shows them told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from glossary import changes
from glossary.editing import delete_term, save_term
from glossary.models import Term, TermVersion, validate_aliases
from tests.factories import make_article, make_term, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LIST = "/admin/glossary/term/"


@pytest.fixture
def editor() -> User:
    return make_user(role="Editor")


@pytest.fixture
def admin(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What subscribers were told: (slug, whether its matching changed)."""
    told: list[tuple[str, bool]] = []
    monkeypatch.setattr(changes, "_subscribers", [])
    changes.subscribe(lambda term, *, matching_changed: told.append((term.slug, matching_changed)))
    return told


def filled(**changed: Any) -> dict[str, Any]:
    """The term form as an editor fills it in."""
    return {
        "name": "KV cache",
        "slug": "kv-cache",
        "aliases": "key–value cache\r\nattention cache",
        "definition": "The notes a model keeps.",
        "explanation": "How it *works*.",
        "see_also": [],
        "status": "published",
        "versions-TOTAL_FORMS": "0",
        "versions-INITIAL_FORMS": "0",
    } | changed


def errors(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(str(message) for field in response.context["errors"] for message in field)


# Through the form


def test_term_form_saves_everything(admin: Client, editor: User) -> None:
    """A term made in the admin has its aliases as a list, its entry rendered and its first wording kept."""
    assert admin.post(f"{LIST}add/", filled()).status_code == 302
    term = Term.objects.get()
    assert term.aliases == ["key–value cache", "attention cache"]
    assert term.explanation_html == "<p>How it <em>works</em>.</p>\n"
    version = term.versions.get()
    assert (version.name, version.definition, version.by) == ("KV cache", "The notes a model keeps.", editor)


def test_term_form_cleans_aliases(admin: Client) -> None:
    """Empty lines, repetitions in another case, the name itself and stray spaces are left out."""
    admin.post(f"{LIST}add/", filled(aliases="\n kv  store \nKV Store\n\nkv cache\nnotes\n"))
    assert Term.objects.get().aliases == ["kv store", "notes"]


def test_term_form_shows_aliases_one_a_line(admin: Client) -> None:
    """What was saved comes back as it is typed."""
    term = make_term(aliases=["one", "two words"])
    page = admin.get(f"{LIST}{term.pk}/change/").content.decode()
    assert "one\ntwo words</textarea>" in page


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "hbm"}, "“hbm” already leads to the term “HBM”"),
        ({"name": "Stacked Memory"}, "“Stacked Memory” already leads to the term “HBM”"),
        ({"aliases": "notes\nstacked memory"}, "“stacked memory” already leads to the term “HBM”"),
        ({"aliases": "x" * 81}, "is longer than 80 characters"),
        ({"aliases": "\n".join(f"alias {n}" for n in range(21))}, "These are 21 aliases"),
        ({"aliases": "a\x07b"}, "control character"),
        ({"slug": "hbm"}, "already exists"),
        ({"slug": "a b"}, "valid “slug”"),
        ({"definition": ""}, "required"),
        ({"definition": "x" * 401}, "at most 400 characters"),
        ({"explanation": "[" * 10_000}, "5,000 opening brackets"),
        ({"explanation": "> " * 30 + "x"}, "20 deep"),
    ],
)
def test_term_form_refuses_with_a_sentence(admin: Client, changed: dict[str, str], message: str) -> None:
    """Each mistake is named, nothing is saved, and what was typed is still there."""
    make_term(name="HBM", slug="hbm", aliases=["stacked memory"])
    response = admin.post(f"{LIST}add/", filled(**changed))
    assert message in errors(response).replace("&#x27;", "'")
    assert response.context["adminform"].form.data["definition"] == filled(**changed)["definition"]
    assert Term.objects.count() == 1


def test_term_form_lets_a_term_keep_its_own_names(admin: Client) -> None:
    """Saving again is no conflict with oneself."""
    admin.post(f"{LIST}add/", filled())
    term = Term.objects.get()
    assert admin.post(f"{LIST}{term.pk}/change/", filled(definition="Better.")).status_code == 302


def test_term_list_is_searched_by_name_and_alias(admin: Client) -> None:
    """An editor finds a term by any of its names."""
    make_term(name="high-bandwidth memory", aliases=["HBM"])
    make_term(name="prefill")
    page = admin.get(LIST, {"q": "hbm"}).content.decode()
    assert "high-bandwidth memory" in page
    assert "prefill" not in page
    assert "prefill" not in admin.get(LIST, {"status__exact": "draft"}).content.decode()


def test_term_list_costs_the_same_for_many(admin: Client) -> None:
    """One query for the rows, however many there are."""

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin.get(LIST)
        return len(captured)

    make_term()
    admin.get(LIST)
    with_one = cost()
    for _ in range(30):
        make_term()
    assert cost() == with_one < 10


def test_term_page_in_the_admin_shows_earlier_wordings(admin: Client) -> None:
    """Who wrote what before can be read, and not changed."""
    admin.post(f"{LIST}add/", filled())
    term = Term.objects.get()
    admin.post(f"{LIST}{term.pk}/change/", filled(definition="The new words."))
    page = admin.get(f"{LIST}{term.pk}/change/").content.decode()
    assert "The notes a model keeps." in page
    assert 'name="versions-0-definition"' not in page


@pytest.mark.parametrize(("role", "allowed"), [("Editor", True), ("Writer", True), ("Moderator", False)])
def test_term_form_is_for_those_who_write(role: str, allowed: bool) -> None:
    """Writers and editors make terms; moderators and readers do not."""
    client = Client()
    client.force_login(make_user(role=role))
    assert client.post(f"{LIST}add/", filled()).status_code == (302 if allowed else 403)
    assert Term.objects.exists() is allowed


@pytest.mark.parametrize("signed_in", [True, False])
def test_term_form_is_closed_to_readers(signed_in: bool) -> None:
    """A reader is sent to the sign-in page."""
    client = Client()
    if signed_in:
        client.force_login(make_user())
    assert client.post(f"{LIST}add/", filled()).status_code in {302, 403}
    assert not Term.objects.exists()


# Wordings


def test_version_is_kept_only_for_new_words(editor: User) -> None:
    """Saving without changing the words leaves one version; name, definition and explanation are words."""
    term = save_term(term=Term(name="a", slug="a", definition="A."), by=editor)
    for field, value in [("status", "published"), ("aliases", ["b"]), ("slug", "c")]:
        setattr(term, field, value)
        save_term(term=term, by=editor)
    assert term.versions.count() == 1
    for field, value in [("name", "b"), ("definition", "B."), ("explanation", "Because.")]:
        setattr(term, field, value)
        save_term(term=term, by=editor)
    assert list(term.versions.values_list("name", "definition", "explanation")) == [
        ("b", "B.", "Because."),
        ("b", "B.", ""),
        ("b", "A.", ""),
        ("a", "A.", ""),
    ]


# Who hears of it


@pytest.mark.parametrize(
    ("field", "value", "matching_changed"),
    [
        ("name", "b", True),
        ("slug", "b", True),
        ("aliases", ["b"], True),
        ("status", Term.Status.PUBLISHED, True),
        ("definition", "B.", False),
        ("explanation", "Because.", False),
    ],
)
def test_change_is_told_after_the_commit(
    heard: list[tuple[str, bool]],
    editor: User,
    django_capture_on_commit_callbacks: Callable,
    field: str,
    value: Any,
    matching_changed: bool,
) -> None:
    """Stories are rendered again only for what changes where a term is linked."""
    with django_capture_on_commit_callbacks(execute=True):
        term = save_term(term=Term(name="a", slug="a", definition="A."), by=editor)
        assert heard == []
    assert heard == [("a", True)]
    setattr(term, field, value)
    with django_capture_on_commit_callbacks(execute=True):
        save_term(term=term, by=editor)
    assert heard[1:] == [(term.slug, matching_changed)]


def test_change_that_is_rolled_back_is_not_told(heard: list[tuple[str, bool]], editor: User) -> None:
    """Nobody acts on what did not happen."""
    make_term(name="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        save_term(term=Term(name="a", slug="other", definition="A."), by=editor)
    assert heard == []
    assert not TermVersion.objects.exists()


def test_deletion_is_told(
    heard: list[tuple[str, bool]], admin: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    """One by one or several at once; the wordings go with the term."""
    terms = [make_term(slug=slug) for slug in "abc"]
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"{LIST}{terms[0].pk}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [terms[1].pk, terms[2].pk], "post": "yes"}
        admin.post(LIST, chosen)
    assert sorted(heard) == [("a", True), ("b", True), ("c", True)]
    assert not Term.objects.exists()


def test_term_in_a_briefing_cannot_be_deleted(admin: Client) -> None:
    """A story that explains a term keeps it."""
    term = make_term()
    make_article(terms=[term])
    with pytest.raises(ProtectedError):
        delete_term(term=term)
    assert admin.post(f"{LIST}{term.pk}/delete/", {"post": "yes"}).status_code in {200, 403}
    assert Term.objects.filter(pk=term.pk).exists()


# Rules of the data


@pytest.mark.parametrize("aliases", ["x", [1], [""], [" "], {"a": 1}, None])
def test_aliases_are_a_list_of_texts(aliases: object) -> None:
    """Whatever wrote them, a template and the linker can rely on it."""
    with pytest.raises(ValidationError):
        validate_aliases(aliases)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"status": "other"}])
def test_database_refuses_what_no_term_may_be(wrong: dict[str, str]) -> None:
    """The rules hold for every way into the table."""
    with pytest.raises(IntegrityError):
        Term.objects.create(**{"name": "a", "slug": "a", "definition": "A."} | wrong)
