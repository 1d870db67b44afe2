from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import digests, names
        from accounts.models import staff_names

        names.reserved_by(staff_names)
        digests.subscribe()
        # The last app to report that it is migrated: by then every other app has its permissions.
        last = [app for app in apps.get_app_configs() if app.models_module][-1]
        post_migrate.connect(_make_roles, sender=last)


def _make_roles(**_: Any) -> None:
    from accounts.roles import ensure_roles

    ensure_roles()
