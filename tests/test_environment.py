"""What stands outside the code and has to agree with it: settings, requirements, the sample environment."""

import re
import tomllib

import pytest

from tests import ROOT
from tests.settings import ENVIRONMENT

SETS = {"run": [], "redis": ["redis"], "dev": ["dev"]}


def names_read_by_settings() -> set[str]:
    return set(re.findall(r'\benv\.\w+\("([A-Z_]+)"', (ROOT / "pulse/settings.py").read_text()))


def names_read_by_serve() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "deploy/serve").read_text()))


def names_in_sample() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(extras: list[str]) -> set[str]:
    """What pyproject asks for, by name, with these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(r for x in extras for r in project["optional-dependencies"][x])]
    return {normal(re.match(r"[\w.-]+", requirement).group()) for requirement in asked}


def pinned(name: str) -> dict[str, str]:
    """The distributions that a requirements file pins, each with the rest of its entry."""
    text = (ROOT / f"requirements/{name}.txt").read_text()
    entries = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(.+(?:\n +.+)*)", text, re.MULTILINE)
    return {normal(distribution): entry for distribution, entry in entries}


def test_environment_sample_names_every_setting():
    """Whatever the site reads from the environment stands in .env.example, and nothing else does."""
    assert names_in_sample() == names_read_by_settings() | names_read_by_serve()


def test_environment_of_the_tests_leaves_nothing_to_the_machine():
    """No variable of the shell and no line of a developer's .env reaches the tests' settings."""
    assert set(ENVIRONMENT) == names_read_by_settings()


@pytest.mark.parametrize("name", SETS)
def test_requirements_pin_every_dependency_with_hashes(name):
    """What is installed is what was compiled: pyproject's dependencies, each with a version and hashes."""
    pins = pinned(name)
    assert required(SETS[name]) <= set(pins)
    assert [pin for pin, entry in pins.items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", SETS)
def test_requirements_agree_on_versions(name):
    """The tests run the very versions that the site runs."""
    run, other = pinned("run"), pinned(name)
    assert {pin: other.get(pin, "").split()[0] for pin in run} == {pin: run[pin].split()[0] for pin in run}


def test_requirements_name_no_index():
    """Everybody installs from the index their own machine is set to."""
    for path in sorted((ROOT / "requirements").iterdir()):
        assert "http" not in path.read_text(), f"{path.name} holds an address"


def test_operators_page_explains_every_setting():
    """The table in docs/operators.md and .env.example hold the same names."""
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs/operators.md").read_text(), re.MULTILINE)
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(rows))) == names_in_sample()
