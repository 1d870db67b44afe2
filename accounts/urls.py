"""A reader's own page. Sign-in and its neighbours are allauth's, under /accounts/."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
]
