from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.rendering import term_changed
        from glossary import changes

        changes.subscribe(term_changed)
