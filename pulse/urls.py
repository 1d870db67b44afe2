"""The whole site map on one screen."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.generic import TemplateView

from articles.sitemaps import SITEMAPS
from articles.sitemaps import index as sitemap_index
from images.views import upload
from pulse import health

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
    path("account/", include("accounts.urls")),
    path("media/", include("images.urls")),
    path("admin/markdownx/upload/", upload, name="markdownx_upload"),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemap_index, name="sitemaps"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "pulse.errors.bad_request"
handler403 = "pulse.errors.permission_denied"
handler404 = "pulse.errors.page_not_found"
handler429 = "accounts.views.too_many_tries"
handler500 = "pulse.errors.server_error"
