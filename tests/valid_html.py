"""Valid HTML: the Nu HTML checker on pages as they are answered, where this machine has it.

It is a program in Java that `python -m bench.validate` fetches once into the bench's folder. The suite
fetches nothing, and leaves these tests out without it.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from django.http import HttpResponse

from bench import publication, validate
from bench.crawl import Answer

CHECKER = publication.CACHE / "npm" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

AssertValid = Callable[..., None]


@pytest.fixture(scope="session")
def assert_valid() -> AssertValid:
    """Assert that the checker finds nothing against these answers, each under a name to tell it by.

    `but` are parts of the checker's sentences that pass, where the fault is in somebody else's template.
    """
    if shutil.which("java") is None or not CHECKER.exists():
        pytest.skip("no HTML checker: python -m bench.validate fetches it, and needs Java and npm")

    def check(answers: Mapping[str, HttpResponse], *, but: Sequence[str] = ()) -> None:
        elsewhere = {name: answer.status_code for name, answer in answers.items() if not _is_page(answer)}
        assert not elsewhere, f"no pages: {elsewhere}"
        pages = [Answer(name, answer.status_code, {}, answer.content) for name, answer in answers.items()]
        found = [
            f"{message.address}: {message.text}\n    {message.extract}"
            for message in validate.messages(Path(CHECKER), pages)
            if not any(text in message.text for text in but)
        ]
        assert not found, "\n".join(found)

    return check


def _is_page(answer: HttpResponse) -> bool:
    """Whether it is one that a reader sees: a redirect would be checked as the empty page that it is."""
    return answer.get("Content-Type", "").startswith("text/html") and bool(answer.content)
