"""A reader's own page. Sign-in and its neighbours are allauth's, under /accounts/."""

from django.urls import path

from accounts import notification_pages as told
from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("notifications/", told.notifications, name="notifications"),
    path("notifications/read/", told.all_read, name="notifications_read"),
    path("notifications/<int:pk>/", told.notification, name="notification"),
    path("mail/<str:token>/", told.unsubscribe, name="unsubscribe"),
]
