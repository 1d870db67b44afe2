"""Public addresses of the publication; see `pulse.urls` for the whole site."""

from django.urls import path, re_path

from articles import feeds, shared_previews, views

app_name = "articles"
urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("latest/", views.latest, name="latest"),
    path("corrections/", views.corrections, name="corrections"),
    path("articles/<slug:slug>/", views.article, name="article"),
    re_path(
        r"^articles/(?P<slug>[-\w]+)/print-(?P<shape>wide|square)\.svg$", views.print_picture, name="print"
    ),
    path("preview/<str:token>/", shared_previews.shared_preview, name="shared_preview"),
    re_path(
        r"^preview/(?P<token>[^/]+)/print-(?P<shape>wide|square)\.svg$",
        shared_previews.shared_print,
        name="shared_print",
    ),
    path("sections/<slug:slug>/", views.section, name="section"),
    path("sections/<slug:slug>/feeds/rss/", feeds.SectionFeed(), name="section_rss"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("topics/<slug:slug>/feeds/rss/", feeds.TopicFeed(), name="topic_rss"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("authors/<slug:slug>/feeds/rss/", feeds.AuthorFeed(), name="author_rss"),
    path("feeds/rss/", feeds.SiteFeed(), name="rss"),
]
