from django.apps import AppConfig
from django.conf import settings


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        """Say what the apps to the left ask, and what the worker does."""
        from accounts import deletion, names
        from articles import (
            announcing,
            archive,
            asking,
            bylines,
            composing,
            outlook_years,
            page_pictures,
            picture_uses,
            pictured,
            rendering,
            social,
            term_uses,
            thinning,
            timing,
            verdicts,
        )
        from articles.machines import feed_changes
        from articles.search import indexing, misses
        from glossary import changes as terms
        from glossary import places
        from glossary import uses as term_questions
        from images import changes as pictures
        from images import uses as picture_questions
        from pulse import changes, health, parts, websub, worker

        composing.register()
        pictured.register()
        for tally in archive.STORIES, archive.SECTIONS, outlook_years.OUTLOOKS, verdicts.DUE:
            tally.register()
        names.reserved_by(bylines.names_of_authors)
        deletion.refused_by(bylines.refuse_deletion)
        terms.subscribe(rendering.term_changed)
        places.subscribe(asking.headline_of)
        term_questions.subscribe(term_uses.using_term)
        pictures.subscribe(rendering.picture_replaced)
        pictures.subscribe(page_pictures.picture_replaced)
        picture_questions.subscribe(picture_uses.showing_pictures)
        picture_questions.subscribe(page_pictures.showing_pictures)
        changes.plans.ask(announcing.planned_changes)
        timing.subscribe(announcing.moment_came)
        websub.feeds_changed_by(feed_changes.changed_by)
        health.report("overdue", timing.overdue)
        every_round, minute, hourly, daily = settings.PULSE_WORKER_ROUND, 60, 60 * 60, 24 * 60 * 60
        worker.job("follow planned moments", timing.follow_up, every=every_round)
        worker.job("render stale stories", rendering.render_stale_batch, every=every_round)
        worker.job("make parts of pages again", parts.tend, every=every_round)
        worker.job("make missing parts of pages", parts.make_missing, every=minute)
        worker.job("draw pictures for other sites", social.draw_missing, every=minute)
        worker.job("remove replaced pictures", social.remove_replaced, every=minute)
        worker.job("remove cancelled pictures", social.remove_cancelled, every=daily)
        worker.job("tell the delivery network", changes.purge, every=every_round)
        worker.job(websub.JOB, websub.tell_hub, every=settings.PULSE_WEBSUB_ROUND)
        worker.job("forget old changes", changes.forget_old, every=daily)
        worker.job("index what is missing", indexing.tend, every=hourly)
        worker.job("forget old missed searches", misses.forget_missed, every=daily)
        worker.job("thin old autosaves", thinning.thin_all, every=daily)
        worker.job("forget closed forms", thinning.forget_sittings, every=daily)
