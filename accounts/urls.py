"""A reader's own pages. Sign-in is allauth's, under /accounts/, and so is /account/security/."""

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
    path("comments/", views.comments, name="comments"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("data/", views.data, name="data"),
    path("data/download/", views.download, name="download"),
    path("delete/", views.delete, name="delete"),
    path("keep/", views.keep, name="keep"),
    path("keep/<str:token>/", views.keep_by_link, name="keep_by_link"),
]
