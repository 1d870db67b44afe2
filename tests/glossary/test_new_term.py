"""A term made beside a story: the JSON that the dialog asks, and how it finds names that come close."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from glossary.models import Term
from glossary.near import near, taken
from tests.factories import make_term, make_user

pytestmark = pytest.mark.once

CREATE = "/admin/glossary/term/create/"
NEAR = "/admin/glossary/term/near/"


def signed_in(role: str | None = "Editor") -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


def typed(**changed: Any) -> dict[str, Any]:
    return {"name": "KV cache", "definition": "The notes a model keeps.", "aliases": "notes"} | changed


# Creating


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "publish", "status"),
    [("Editor", {"publish": "on"}, "published"), ("Editor", {}, "draft"), ("Writer", {}, "draft")],
)
def test_a_new_term_is_added_as_draft_or_published(role: str, publish: dict, status: str) -> None:
    """It has a slug of its own making, its first wording kept, and its number in the answer."""
    response = signed_in(role).post(CREATE, typed(**publish))
    term = Term.objects.get()
    assert response.status_code == 201
    assert response.json()["id"] == term.pk
    assert response.json()["text"] == "KV cache"
    assert (term.slug, term.aliases, term.status) == ("kv-cache", ["notes"], status)
    assert term.versions.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"name": ""}, "name", "Give the term a name."),
        ({"definition": " "}, "definition", "Say what it means"),
        ({"name": "hbm"}, "name", "“hbm” already leads to the term “HBM”"),
        ({"aliases": "stacked memory"}, "aliases", "already leads to the term “HBM”"),
        ({"name": "x" * 81}, "name", "at most 80 characters"),
        ({"definition": "x" * 401}, "definition", "at most 400 characters"),
        ({"name": "a\x07b"}, "name", "control character"),
    ],
)
def test_a_new_term_is_refused_with_a_sentence_beside_its_field(
    changed: dict[str, str], field: str, sentence: str
) -> None:
    """400, the field named, and nothing stored."""
    make_term(name="HBM", aliases=["stacked memory"])
    response = signed_in().post(CREATE, typed(**changed))
    assert response.status_code == 400
    assert sentence in " ".join(response.json()["errors"][field])
    assert Term.objects.count() == 1


@pytest.mark.django_db
def test_a_writer_may_not_publish_a_term_by_asking() -> None:
    """403 with a sentence, and no term."""
    response = signed_in("Writer").post(CREATE, typed(publish="on"))
    assert response.status_code == 403
    assert response.json()["errors"]["__all__"]
    assert not Term.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Moderator", None])
def test_new_terms_are_for_those_who_write(role: str | None) -> None:
    """Neither added nor looked up by anybody else."""
    client = signed_in(role)
    assert client.post(CREATE, typed()).status_code in {302, 403}
    assert client.get(NEAR, {"name": "KV cache"}).status_code in {302, 403}
    assert not Term.objects.exists()


@pytest.mark.django_db
def test_two_terms_whose_names_make_one_slug_get_two_addresses() -> None:
    """The second has a number; a name without a letter of ours is a term all the same."""
    client = signed_in()
    for name in ("C", "C#", "記憶"):
        assert client.post(CREATE, typed(name=name, aliases="")).status_code == 201
    assert set(Term.objects.values_list("slug", flat=True)) == {"c", "c-2", "term"}


@pytest.mark.django_db
def test_terms_are_created_by_post_and_looked_up_by_get() -> None:
    assert signed_in().get(CREATE).status_code == 405
    assert signed_in().post(NEAR).status_code == 405


# Names that come close


@dataclass(frozen=True)
class Fake:
    names: list[str]


TERMS = [
    Fake(["high-bandwidth memory", "HBM"]),
    Fake(["quantization"]),
    Fake(["KV cache", "key-value cache"]),
    Fake(["training"]),
    Fake(["retrieval-augmented generation"]),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("quantisation", [1]),
        ("KV caches", [2]),
        ("kv-cache", [2]),
        ("key value cache", [2]),
        ("RAG", [4]),
        ("High Bandwidth Memories", [0]),
        ("trading", []),
        ("", []),
        ("…", []),
    ],
)
def test_near_finds_other_spellings_of_the_same_thing(name: str, found: list[int]) -> None:
    """Hyphens, plurals, British spelling and initials; not merely similar words."""
    assert near(name, TERMS) == [TERMS[index] for index in found]


def test_taken_finds_a_name_or_alias_whatever_its_case() -> None:
    assert taken(" hbm ", TERMS) == TERMS[0]
    assert taken("hb", TERMS) is None


@pytest.mark.django_db
def test_the_dialog_is_told_what_is_there_already(django_assert_max_num_queries: Any) -> None:
    """The term that has the name, and those close to it; drafts are marked. The cost does not grow."""
    make_term(name="HBM", definition="Stacked.")
    make_term(name="H.B.M", is_published=False)
    client = signed_in()
    answer = client.get(NEAR, {"name": "hbm"}).json()
    assert answer["taken"]["text"] == "HBM"
    assert answer["taken"]["definition"] == "Stacked."
    for _ in range(20):
        make_term()
    with django_assert_max_num_queries(6):
        answer = client.get(NEAR, {"name": "quite another thing"}).json()
    assert answer == {"taken": None, "near": []}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "x" * 5_000, "[", "%"])
def test_an_odd_name_is_no_failure(name: str) -> None:
    make_term(name="HBM")
    assert signed_in().get(NEAR, {"name": name}).status_code == 200
