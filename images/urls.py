"""Mounted under /media/."""

from django.urls import path

from images import views

app_name = "images"
urlpatterns = [path("<str:name>", views.media, name="media")]
