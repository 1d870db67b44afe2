"""The article form: what it checks, what it says, and how two people saving at once both keep their text."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils import timezone
from markdownx.widgets import MarkdownxWidget

from articles import publishing
from articles.models import Article
from pulse.admin import is_key
from pulse.text import validate_editorial

PUBLISHING = ("_publish", "_schedule")  # the buttons that need a whole story


class StoryWidget(MarkdownxWidget):
    """Markdownx's text box with our own script: its views are not mounted and its script takes Tab."""

    template_name = "admin/articles/article/_story_widget.html"

    @staticmethod
    def add_markdownx_attrs(attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["data-preview-url"] = reverse("admin:articles_article_live_preview")
        attrs["data-upload-url"] = reverse("markdownx_upload")
        attrs["class"] = "story-text vLargeTextField"
        return attrs

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[forms.Script("js/story-editor.js", type="module")])  # type: ignore[list-item]


class ArticleForm(forms.ModelForm):
    """Lets a draft be almost empty; asks for a whole story only when a publishing button was pressed."""

    base_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    publish_at = forms.DateTimeField(
        required=False,
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which are shown
        widgets = {
            "headline": forms.TextInput(attrs={"class": "headline-text"}),
            "dek": forms.Textarea(attrs={"rows": 2}),
            "tldr": forms.Textarea(
                attrs={"rows": 4, "data-words": "{} {}".format(*settings.PULSE_TLDR_WORDS)}
            ),
            "body": StoryWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_slug = self.instance.slug
        self.conflict: Article | None = None
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if publishing.is_placeholder(self.instance):
            self.initial["slug"] = ""
        self.initial["base_version"] = self.instance.version

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug and publishing.is_slug_taken(slug, by_other_than=self.instance):
            raise forms.ValidationError("Another story has, or had, this address. Choose another.")
        return slug

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        validate_editorial(body)
        return body

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk:
            self._refuse_overwriting(cleaned.get("base_version"))
        if any(button in self.data for button in PUBLISHING):
            self._require_whole_story(cleaned)
        if "_schedule" in self.data and "publish_at" not in self.errors:
            self._require_future(cleaned.get("publish_at"))
        return cleaned

    def _require_future(self, moment: dt.datetime | None) -> None:
        if moment is None:
            self.add_error("publish_at", "Choose a day and a time, or publish now.")
        elif moment <= timezone.now():
            self.add_error("publish_at", publishing.TOO_LATE)
        elif moment > timezone.now() + dt.timedelta(days=settings.PULSE_SCHEDULE_DAYS):
            self.add_error("publish_at", "This is years away. Check the year.")

    def _refuse_overwriting(self, base_version: int | None) -> None:
        """Two people editing: the later save is refused once, with both texts shown."""
        try:
            publishing.lock(self.instance, version=base_version or 0)
        except publishing.Conflict:
            self.conflict = Article.objects.select_related("updated_by").get(pk=self.instance.pk)
            who = self.conflict.updated_by or "Somebody"
            self.add_error(
                None,
                f"{who} saved this article while you were writing. Nothing of yours is lost and nothing is "
                "saved yet: both texts are above. Take what you need into the form, then save again.",
            )

    def _require_whole_story(self, cleaned: dict[str, Any]) -> None:
        draft = Article(
            **{field: cleaned.get(field) or "" for field in ("headline", "tldr", "body")},
            section=cleaned.get("section"),
        )
        for field, sentence in publishing.problems(draft).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, sentence)


class SurvivingRowsFormSet(BaseInlineFormSet):
    """Inline rows that can be saved even if somebody else deleted some of them in the meantime.

    Django refuses a form that names a row which is gone, for ever. Here such a row is taken as a new one,
    so that what was typed in it can still be saved.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if data is not None:
            self.data = self._without_lost_rows(data)

    def _without_lost_rows(self, data: Any) -> Any:
        total = self._number(data, "TOTAL_FORMS")
        key = "id"
        stored = self.get_queryset().values_list("pk", flat=True) if self.instance.pk else []
        known = {str(pk) for pk in stored}
        rows = [self._row(data, index) for index in range(total)]
        initial = [row for row in rows if row.get(key, [""])[0] in known]
        if len(initial) == self._number(data, "INITIAL_FORMS"):
            return data
        added = [{**row, key: [""], self.fk.name: [""]} for row in rows if row not in initial]
        rewritten = data.copy()
        for index, row in enumerate(initial + added):
            for field in self._row(data, index):
                rewritten.pop(f"{self.prefix}-{index}-{field}", None)
            for field, values in row.items():
                rewritten.setlist(f"{self.prefix}-{index}-{field}", values)
        rewritten[f"{self.prefix}-INITIAL_FORMS"] = str(len(initial))
        return rewritten

    def _number(self, data: Any, name: str) -> int:
        value = data.get(f"{self.prefix}-{name}", "")
        return min(int(value), self.absolute_max) if is_key(value) else 0

    def _row(self, data: Any, index: int) -> dict[str, list[str]]:
        start = f"{self.prefix}-{index}-"
        return {name.removeprefix(start): data.getlist(name) for name in data if name.startswith(start)}


class ReplacedRowsFormSet(SurvivingRowsFormSet):
    """Rows that are nothing but a link and a position: what is saved takes the place of what was stored.

    So the second of two people saving stores their list and not a mixture, and two rows can trade places
    without meeting the constraint that lets each stand once.
    """

    link: str

    def save(self, commit: bool = True) -> list[Any]:
        rows = sorted((form.cleaned_data for form in self._kept()), key=lambda row: row["position"] or 0)
        model: Any = self.model
        model.objects.filter(article=self.instance).delete()
        model.objects.bulk_create(
            model(article=self.instance, position=position, **{self.link: row[self.link]})
            for position, row in enumerate(rows)
        )
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []

    def _kept(self) -> list[Any]:
        return [
            form
            for form in self.forms
            if form.cleaned_data.get(self.link) is not None and not form.cleaned_data.get("DELETE")
        ]


class BriefingFormSet(ReplacedRowsFormSet):
    link = "term"


class BylineFormSet(ReplacedRowsFormSet):
    link = "author"

    def clean(self) -> None:
        super().clean()
        wanted = any(button in self.data for button in PUBLISHING)
        if wanted and not any(self._kept()):
            raise forms.ValidationError("Add at least one byline.")
