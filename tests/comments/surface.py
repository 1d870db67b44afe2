"""What a person does with the discussion's pages, and what they read there."""

import re
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from articles.models import Article

JSON = {"Accept": "application/json"}


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def form_of(html: str, form_id: str = "comment") -> dict[str, str]:
    """The hidden fields of a form on a page."""
    form = re.search(rf'<form class="form" id="{form_id}".*?</form>', html, re.DOTALL)
    assert form, f"no form {form_id}"
    return dict(
        re.findall(r'<input type="hidden" name="(key|parent|part|part_key)" value="(.*?)">', form.group())
    )


def send(client: Client, article: Article, body: str, **more: Any) -> HttpResponse:
    headers = more.pop("headers", None)
    fields = {"key": str(uuid.uuid4()), "body": body, **more}
    return client.post(f"/articles/{article.slug}/comments/", fields, headers=headers)  # type: ignore[return-value]


def kept_text(response: HttpResponse) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", response.content.decode(), re.DOTALL)
    assert found
    return found.group(1)
