"""What a page of stories shows, in tags for the page cache (`pulse.tags`)."""

from collections.abc import Iterable

from django.db.models import Model

from articles.announcing import count_tag, story_tag
from articles.models import Revision
from articles.stories import Story


def tags_of_list(filed: Model | None) -> list[str]:
    """Of a section's, topic's, author's or term's list, or the whole site's: its name, and what is on it."""
    if filed is None:
        return ["stories"]
    own = f"{type(filed).__name__.lower()}:{filed.pk}"
    return [own, f"{own}:list"]


def tags_of_rows(stories: Iterable[Revision]) -> set[str]:
    """Of stories in a list, as rows or cards. No query on `for_rows()`."""
    tags = set()
    for story in stories:
        tags |= {story_tag(story.article_id), count_tag(story.article_id), f"section:{story.section_id}"}
        tags |= {f"author:{author.pk}" for author in story.byline_authors}
        if story.lead_image_id:
            tags.add(f"image:{story.lead_image_id}")
    return tags


def tags_of_page(story: Story) -> set[str]:
    """Of a story's own page, without its discussion."""
    filed: list[tuple[str, Model | None]] = [("section", story.section), ("image", story.lead_image)]
    filed += [("topic", topic) for topic in story.topics]
    filed += [("author", author) for author in story.authors]
    filed += [("term", term) for term in story.terms]
    return {story_tag(story.article.pk), *(f"{kind}:{one.pk}" for kind, one in filed if one)}
