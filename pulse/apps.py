from django.apps import AppConfig


class PulseConfig(AppConfig):
    name = "pulse"
    verbose_name = "Workings"

    def ready(self) -> None:
        """Say what the worker does for the kernel itself, and what operators are told."""
        from pulse import health, mailing, outbox, upkeep, worker

        worker.job("send mail", mailing.deliver, every=0, lane=outbox.LANE)
        worker.job("forget old mail", outbox.forget_old, every=24 * 60 * 60)
        worker.job("look at tables", upkeep.look_at_tables, every=24 * 60 * 60, lane="upkeep")
        health.report("mail_late", outbox.late)
        health.report("mail_uncertain", outbox.uncertain)
