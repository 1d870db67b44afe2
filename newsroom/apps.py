from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"

    def ready(self) -> None:
        from django.contrib import admin

        admin.site.enable_nav_sidebar = False  # the newsroom's bar leads everywhere, on every page
