"""The addresses of the newsroom's own pages about articles, under /admin/articles/article/.

Each is named `admin:articles_article_<name>` and asks for a sign-in before its view runs.
"""

from typing import Any

from articles.admin import (
    address,
    autosaving,
    calendar,
    checking,
    comparing,
    corrections,
    duplicating,
    history,
    links,
    picture_choice,
    previews,
    verdicts,
    withdrawing,
)

OWN: list[tuple[str, Any, str]] = [
    ("live-preview/", previews.live_preview, "live_preview"),
    ("preview-frame/", previews.preview_frame, "preview_frame"),
    ("<int:pk>/preview/", previews.preview, "preview"),
    ("<int:pk>/compare/", comparing.compare_revisions, "compare"),
    ("<int:pk>/print-<str:shape>.svg", previews.print_picture, "print"),
    ("<int:pk>/revisions/<int:number>/", previews.preview_revision, "revision"),
    ("<int:pk>/revisions/<int:number>/use/", history.use_revision, "use_revision"),
    ("<int:pk>/revisions/<int:number>/name/", history.name_revision, "name_revision"),
    ("<int:pk>/tldr/", history.approve_tldr, "approve_tldr"),
    ("checks/", checking.check, "checks_new"),
    ("<int:pk>/checks/", checking.check, "checks"),
    ("pictures/", picture_choice.pictures, "pictures"),
    ("calendar/", calendar.month, "calendar"),
    ("outlooks/", verdicts.due, "outlooks"),
    ("<int:pk>/outlooks/<int:number>/", verdicts.judge, "verdict"),
    ("<int:pk>/correct/", corrections.correct, "correct"),
    ("<int:pk>/links/", links.links, "links"),
    ("<int:pk>/links/<int:link>/revoke/", links.revoke, "revoke_link"),
    ("<int:pk>/duplicate/", duplicating.duplicate, "duplicate"),
    ("<int:pk>/withdraw/", withdrawing.withdraw, "withdraw"),
    ("<int:pk>/address/", address.address, "address"),
]

# For the form's script, in JSON: these answer 401 instead of leading to the sign-in page.
ANSWERS: list[tuple[str, Any, str]] = [
    ("token/", autosaving.token, "token"),
    ("autosave/", autosaving.autosave, "autosave_new"),
    ("<int:pk>/autosave/", autosaving.autosave, "autosave"),
    ("sitting/", autosaving.sitting_state, "sitting"),
    ("sitting/<str:key>/", autosaving.sitting_state, "sitting_state"),
    ("<int:pk>/presence/", autosaving.presence, "presence"),
]
