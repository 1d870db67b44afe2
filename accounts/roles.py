"""Who may do what in the newsroom. These groups are code: each migrate puts them back as they stand here."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction


def _may(actions: str, *models: str) -> set[str]:
    """Permissions such as "articles.change_article", one for each action on each model."""
    split = [model.split(".") for model in models]
    return {f"{app}.{action}_{name}" for action in actions.split() for app, name in split}


_WRITER = (
    _may("add change view", "articles.article", "glossary.term", "images.image")
    | _may("add change delete view", "articles.byline", "articles.briefingentry", "articles.impact")
    | _may(
        "view", "articles.author", "articles.lens", "articles.revision", "articles.section", "articles.topic"
    )
)
_EDITOR = (
    _WRITER
    | {"articles.publish_article", "glossary.publish_term"}
    | _may("delete", "articles.article", "glossary.term", "images.image")
    | _may("add change delete", "articles.author", "articles.lens", "articles.section", "articles.topic")
    | _may("add change delete view", "articles.correction", "articles.verdict")
    | {"comments.moderate_comment"}
    | _may("change view", "comments.comment", "comments.report", "comments.houserules")
    | _may("view", "comments.decision")
)
_MODERATOR = (
    {"comments.moderate_comment"}
    | _may("change view", "comments.comment", "comments.report", "comments.houserules", "accounts.user")
    | _may("view", "comments.decision")
)

# What each role may do. Its members also need `is_staff`, which opens the admin.
NEWSROOM_ROLES: dict[str, set[str]] = {"Writer": _WRITER, "Editor": _EDITOR, "Moderator": _MODERATOR}


@transaction.atomic
def ensure_roles() -> None:
    """Create the newsroom's groups and give each exactly its permissions; safe to repeat.

    A permission whose model is not migrated yet is left for the next time. About four queries a role.
    """
    wanted = set().union(*NEWSROOM_ROLES.values())
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type").filter(
            codename__in={codename.partition(".")[2] for codename in wanted}
        )
    }
    for role, codenames in NEWSROOM_ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(known[codename] for codename in codenames if codename in known)
