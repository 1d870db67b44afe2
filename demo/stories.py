"""Reading the demo publication's files: TOML between `+++` lines, then Markdown. No models."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
FENCE = "+++\n"


@dataclass(frozen=True)
class StoryFile:
    """One story of the demo publication."""

    slug: str
    facts: dict[str, Any]  # the front matter
    body: str

    @property
    def state(self) -> str:
        """live, draft or scheduled."""
        return self.facts.get("state", "live")

    def published_at(self, now: dt.datetime) -> dt.datetime:
        """When it appeared; what is older than a day appeared in office hours."""
        days = self.facts["days_ago"]
        moment = now - dt.timedelta(days=days)
        return moment.replace(hour=7 + int(days * 10) % 11) if days >= 1 else moment


def read_stories() -> list[StoryFile]:
    """Every story, oldest first, so that revisions and comments are made in their order."""
    stories = [_read(path) for path in sorted((CONTENT / "articles").glob("*.md"))]
    return sorted(stories, key=lambda story: -story.facts["days_ago"])


def read_pages() -> list[StoryFile]:
    """The pages that are no stories: title, summary and position, and their text."""
    return [_read(path) for path in sorted((CONTENT / "pages").glob("*.md"))]


def _read(path: Path) -> StoryFile:
    _, facts, body = path.read_text(encoding="utf-8").split(FENCE, 2)
    return StoryFile(slug=path.stem, facts=tomllib.loads(facts), body=body.strip())


def read_terms() -> list[dict[str, Any]]:
    return _toml("glossary.toml")["term"]


def read_people() -> dict[str, list[dict[str, Any]]]:
    """Sections, topics, authors and readers."""
    return _toml("people.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))
