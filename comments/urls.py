"""Addresses of the discussion; see `pulse.urls` for the whole site."""

from django.urls import path

from comments import feeds, views
from pulse.syndication import FORMS

app_name = "comments"
urlpatterns = [
    path("articles/<slug:slug>/comments/", views.post, name="post"),
    path("comments/<int:pk>/", views.comment, name="comment"),
    path("comments/<int:pk>/report/", views.report, name="report"),
]
urlpatterns += [
    path(f"articles/<slug:slug>/comments/feeds/{form}/", feeds.discussion, {"form": form}, name=form)
    for form in FORMS
]
