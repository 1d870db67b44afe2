from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Say what is asked of this app by itself, and what the worker does."""
        from accounts import deletion, digests, names, own_data, sessions
        from accounts.models import staff_names
        from pulse import worker

        names.reserved_by(staff_names)
        digests.subscribe()
        own_data.subscribe()
        worker.job("delete accounts", deletion.delete_due, every=60)
        worker.job("forget sessions that are over", sessions.forget_ended, every=60 * 60)
        # The last app to report that it is migrated: by then every other app has its permissions.
        last = [app for app in apps.get_app_configs() if app.models_module][-1]
        post_migrate.connect(_make_roles, sender=last)


def _make_roles(**_: Any) -> None:
    from accounts.roles import ensure_roles

    ensure_roles()
