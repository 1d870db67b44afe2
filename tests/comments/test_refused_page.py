"""The page of a refused comment says which story it was for, by the headline that readers see."""

import pytest
from django.test import Client

from tests.factories import change_headline, make_article, make_user

pytestmark = pytest.mark.django_db


def test_it_names_the_story_as_readers_see_it():
    article = make_article(headline="As published")
    change_headline(article, "Being-rewritten")
    client = Client()
    client.force_login(make_user())
    page = client.post(f"{article.get_absolute_url()}comments/", {"body": ""}).content.decode()
    assert "Your comment was not posted" in page
    assert f'<a href="{article.get_absolute_url()}">As published</a>' in page
    assert "Being-rewritten" not in page
