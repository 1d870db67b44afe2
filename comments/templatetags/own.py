"""All of a reader's own comments, on a page of their account."""

from typing import Any

from django import template
from django.conf import settings

from comments.models import Comment
from pulse.paging import page_number, page_of

register = template.Library()


@register.inclusion_tag("comments/_all_own_comments.html", takes_context=True)
def all_own_comments(context: template.Context) -> dict[str, Any]:
    """The reader's comments, newest first, with where each stands; `?page=`. One query.

    Raises Http404 for a page that is not there. Uses `reader` of the context.
    """
    number, size = page_number(context["request"]), settings.PULSE_COMMENTS_PER_PAGE
    own = Comment.objects.filter(author=context["reader"]).for_their_author()
    first = (number - 1) * size
    page = page_of(list(own[first : first + size + 1]), number=number, size=size)
    return {"page": page, "comments": page.object_list, "request": context["request"]}
