"""The addresses of the moderators' desk, under /admin/comments/desk/."""

from typing import Any

from django.contrib import admin
from django.urls import path

from comments.admin import desk

app_name = "moderation"
PAGES: list[tuple[str, Any, str]] = [
    ("", desk.show, "desk"),
    ("rows/", desk.more_rows, "rows"),
    ("decide/", desk.decide, "decide"),
    ("undo/", desk.take_back, "undo"),
    ("<int:pk>/", desk.one, "file"),
    ("readers/<int:pk>/", desk.about_reader, "reader"),
]
urlpatterns = [path(address, admin.site.admin_view(view), name=name) for address, view, name in PAGES]
