"""The parts of a story that a comment can be about, as readers know them.

An address calls them `tldr`, `impact:12`, `term:kv-cache` or `sentence:1f0c…`, as in `?about=term:kv-cache`.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote

from articles.stories import Story
from comments.models import Comment

Part = Comment.Part
TLDR = "the TL;DR"
PASSAGE = "a passage of the story"


@dataclass(frozen=True)
class StoryPart:
    """One of them, perhaps with the words meant and how many comments are about it."""

    part: str = ""  # without one: the whole story
    key: str = ""
    words: str = ""
    name: str = ""
    anchor: str = ""  # its id on the page
    number: int = 0

    @property
    def address(self) -> str:
        return f"{self.part}:{self.key}" if self.key else self.part

    @property
    def id_in_story(self) -> str:
        """The id of a passage's number of comments, which stands behind its last word."""
        return f"passage-{self.key}"

    @property
    def place(self) -> str:
        """Where on the story's page it is; browsers that can also mark the words of a passage."""
        if self.part == Part.SENTENCE:
            words = quote(self.words, safe="").replace("-", "%2D")
            return f"#{self.id_in_story}:~:text={words}"
        return f"#{self.anchor}" if self.anchor else ""

    def counted(self, number: int) -> "StoryPart":
        """The same, with how many comments are about it."""
        return replace(self, number=number)


WHOLE_STORY = StoryPart()


def parts_of(story: Story) -> dict[str, StoryPart]:
    """The parts of a story that have a name, by their address, in reading order."""
    parts = [StoryPart(Part.TLDR, name=TLDR, anchor="tldr")] if story.tldr else []
    parts += [
        StoryPart(Part.IMPACT, impact.key, name=impact_name(impact.lenses), anchor=f"impact-{impact.key}")
        for impact in story.impacts
        if impact.key
    ]
    parts += [StoryPart(Part.TERM, term.slug, name=term.name, anchor=term.anchor) for term in story.terms]
    return {part.address: part for part in parts}


def gone(part: str, key: str = "", words: str = "") -> StoryPart:
    """A passage, or a part that the story has no more: what can be said of it without the story."""
    name = PASSAGE if part == Part.SENTENCE else str(Part(part).label)
    return StoryPart(part, key, words, name)


def named(address: str) -> tuple[str, str]:
    """The part and the key that an address names. Raises ValueError if it names none."""
    part, _, key = address.partition(":")
    if not part or part not in Part.values or (part == Part.TLDR) == bool(key) or address.endswith(":"):
        raise ValueError(address)
    return part, key


def impact_name(lenses: list[str]) -> str:
    """What an entry of Real-World Impact is called."""
    return f"Real-World Impact: {' · '.join(lenses)}" if lenses else "Real-World Impact"
