"""Addresses of the glossary, under /glossary/."""

from django.urls import path

from glossary import portable, views

app_name = "glossary"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.term, name="term"),
    path("<slug:slug>.md", portable.markdown, name="markdown"),
]
