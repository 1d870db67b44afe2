from django.apps import AppConfig
from django.conf import settings


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        """Say what the apps to the left ask, and what the worker does."""
        from articles import picture_uses, rendering, term_uses, thinning, timing
        from glossary import changes as terms
        from glossary import uses as term_questions
        from images import changes as pictures
        from images import uses as picture_questions
        from pulse import health, worker

        terms.subscribe(rendering.term_changed)
        term_questions.subscribe(term_uses.using_term)
        pictures.subscribe(rendering.picture_replaced)
        picture_questions.subscribe(picture_uses.showing_pictures)
        health.report("overdue", timing.overdue)
        every_round, daily = settings.PULSE_WORKER_ROUND, 24 * 60 * 60
        worker.job("follow planned moments", timing.follow_up, every=every_round)
        worker.job("render stale stories", rendering.render_stale_batch, every=every_round)
        worker.job("thin old autosaves", thinning.thin_all, every=daily)
        worker.job("forget closed forms", thinning.forget_sittings, every=daily)
