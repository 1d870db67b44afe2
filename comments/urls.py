"""Addresses of the discussion; see `pulse.urls` for the whole site."""

from django.urls import path

from comments import feeds, own, posting, reading, respecting, views
from pulse.syndication import FORMS

app_name = "comments"
urlpatterns = [
    path("articles/<slug:slug>/comments/", posting.post, name="post"),
    path("articles/<slug:slug>/comments/new/", reading.new, name="new"),
    path("articles/<slug:slug>/comments/new/list/", reading.new_list, name="new_list"),
    path("comments/<int:pk>/", reading.comment, name="comment"),
    path("comments/<int:pk>/report/", views.report, name="report"),
    path("comments/<int:pk>/edit/", own.edit, name="edit"),
    path("comments/<int:pk>/delete/", own.delete, name="delete"),
    path("comments/<int:pk>/respect/", respecting.respect, name="respect"),
]
urlpatterns += [
    path(f"articles/<slug:slug>/comments/feeds/{form}/", feeds.discussion, {"form": form}, name=form)
    for form in FORMS
]
