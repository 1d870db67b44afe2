"""Public addresses of the publication; see `pulse.urls` for the whole site."""

from django.urls import path, re_path

from articles import (
    archive,
    briefings,
    outlook,
    print_pictures,
    reading_list,
    searching,
    shared_previews,
    versions,
    views,
)
from articles.machines import feeds, llms, oembed, portable
from pulse.syndication import FORMS

app_name = "articles"
urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("latest/", views.latest, name="latest"),
    path("corrections/", views.corrections, name="corrections"),
    path("reading-list/", reading_list.reading_list, name="reading_list"),
    path("search/", searching.search_page, name="search"),
    path("search/results/", searching.search_results, name="search_results"),
    path("archive/", archive.index, name="archive"),
    re_path(r"^archive/(?P<year>[0-9]{4})/$", archive.year, name="archive_year"),
    re_path(r"^archive/(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$", archive.month, name="archive_month"),
    path("outlook/", outlook.index, name="outlook"),
    re_path(r"^outlook/(?P<year>[0-9]{4})/$", outlook.year, name="outlook_year"),
    path("briefing/", briefings.briefing, name="briefing"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>.md", portable.markdown, name="markdown"),
    path("articles/<slug:slug>/versions/", versions.versions, name="versions"),
    path("articles/<slug:slug>/versions/<int:number>/", versions.version, name="version"),
    re_path(
        r"^articles/(?P<slug>[-\w]+)/print-(?P<shape>wide|square)\.svg$",
        print_pictures.print_picture,
        name="print",
    ),
    path("media/social/<str:name>", print_pictures.social_picture, name="social_picture"),
    path("preview/<str:token>/", shared_previews.shared_preview, name="shared_preview"),
    re_path(
        r"^preview/(?P<token>[^/]+)/print-(?P<shape>wide|square)\.svg$",
        shared_previews.shared_print,
        name="shared_print",
    ),
    path("sections/<slug:slug>/", views.section, name="section"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("authors/<slug:slug>/", views.author, name="author"),
]
urlpatterns += [
    path("llms.txt", llms.llms, name="llms"),
    path("oembed/", oembed.oembed, name="oembed"),
]

for form in FORMS:
    urlpatterns += [
        path(f"feeds/{form}/", feeds.site, {"form": form}, name=form),
        path(f"sections/<slug:slug>/feeds/{form}/", feeds.section, {"form": form}, name=f"section_{form}"),
        path(f"topics/<slug:slug>/feeds/{form}/", feeds.topic, {"form": form}, name=f"topic_{form}"),
        path(f"authors/<slug:slug>/feeds/{form}/", feeds.author, {"form": form}, name=f"author_{form}"),
    ]
