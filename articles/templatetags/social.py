"""The picture that other sites show of a story, in its page's head."""

from django import template

from articles import social

register = template.Library()
register.filter(social.card_of)
