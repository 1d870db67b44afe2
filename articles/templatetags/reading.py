"""What the article page says to somebody who reads it later than others."""

from django import template

from articles import ageing

register = template.Library()


register.filter(ageing.years_old)
