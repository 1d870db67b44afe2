"""Addresses of the discussion; see `pulse.urls` for the whole site."""

from django.urls import path

from comments import views

app_name = "comments"
urlpatterns = [
    path("articles/<slug:slug>/comments/", views.post, name="post"),
    path("comments/<int:pk>/", views.comment, name="comment"),
    path("comments/<int:pk>/report/", views.report, name="report"),
]
