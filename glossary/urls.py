"""Addresses of the glossary, under /glossary/."""

from django.urls import path

from glossary import asking, portable, views

app_name = "glossary"
urlpatterns = [
    path("", views.index, name="index"),
    path("ask/", asking.ask, name="ask"),
    path("<slug:slug>/", views.term, name="term"),
    path("<slug:slug>.md", portable.markdown, name="markdown"),
]
