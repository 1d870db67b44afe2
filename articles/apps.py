from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.rendering import term_changed
        from articles.stories import showing_picture
        from glossary import changes
        from images import uses

        changes.subscribe(term_changed)
        uses.subscribe(showing_picture)
