"""The whole site map on one screen."""

from allauth.account.decorators import secure_admin_login
from allauth.urls import build_provider_urlpatterns as other_sites
from django.contrib import admin
from django.urls import include, path

from articles import pages
from articles.machines import sitemaps
from images.views import upload
from pulse import health, notices

# Before admin.site.urls is read: the admin is entered through the same sign-in, with its limits.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "The Pulse"
admin.site.site_title = "The Pulse newsroom"
admin.site.index_title = "Newsroom"

urlpatterns = [
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("glossary/", include("glossary.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/", include(other_sites())),
    path("account/", include("accounts.urls")),
    path("account/security/", include("allauth.mfa.urls")),
    path("account/connections/", include("allauth.socialaccount.urls")),
    path("media/", include("images.urls")),
    path("admin/markdownx/upload/", upload, name="markdownx_upload"),
    path("admin/comments/desk/", include("comments.admin.urls")),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-<str:name>-<int:number>.xml", sitemaps.file, name="sitemap"),
    path("robots.txt", notices.robots, name="robots"),
    path(".well-known/security.txt", notices.security, name="security"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("<slug:slug>/", pages.page, name="page"),  # last: whatever the site has itself comes first
]

handler400 = "pulse.errors.bad_request"
handler403 = "pulse.errors.permission_denied"
handler404 = "pulse.errors.page_not_found"
handler429 = "accounts.views.too_many_tries"
handler500 = "pulse.errors.server_error"
