"""The article form: what it checks, what it says, and how two people saving at once both keep their text."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from markdownx.widgets import MarkdownxWidget

from articles import editing, publishing, slugs
from articles.admin import conflicts
from articles.discussions import closing_moment
from articles.models import Article
from articles.models.filing import CLEAN
from pulse.moments import MomentField
from pulse.text import validate_editorial


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
    """Lets a draft be almost empty; asks for a whole story only when a button that needs one was pressed."""

    base_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sitting = forms.CharField(required=False, widget=forms.HiddenInput)
    sequence = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    publish_at = MomentField(required=False, label="Publish at")
    end_at = MomentField(required=False, label="Take off at")
    discussion_closes_at = MomentField(
        required=False,
        label="It closes at",
        help_text="If that is the choice above. In the newsroom’s time zone.",
    )
    review_note = forms.CharField(
        required=False,
        max_length=1_000,
        label="Note to the writer",
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=CLEAN,
    )

    conflict: editing.Conflict | None = None  # set on the class by the admin, for one request

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
            "lead_alt": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_slug = self.instance.slug
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if slugs.is_placeholder(self.instance):
            self.initial["slug"] = ""
        self.initial["base_version"] = self.instance.version

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug and slugs.is_slug_taken(slug, by_other_than=self.instance):
            raise forms.ValidationError("Another story has, or had, this address. Choose another.")
        return slug

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        validate_editorial(body)
        return body

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.conflict is not None:
            who = Article.objects.select_related("updated_by").get(pk=self.instance.pk).updated_by
            self.add_error(None, conflicts.SENTENCE.format(who=who or "Somebody"))
        if any(button in self.data for button in publishing.NEEDS_WHOLE_STORY):
            self._require_whole_story(cleaned)
        for button, field in (("_schedule", "publish_at"), ("_end", "end_at")):
            if button in self.data and field not in self.errors:
                self._require_future(field, cleaned.get(field))
        if "discussion_closes" in self.fields:
            self._settle_closing(cleaned)
        if "_send_back" in self.data and not cleaned.get("review_note", "").strip():
            self.add_error("review_note", "Say what is to be done: the writer sees it above the form.")
        return cleaned

    def _settle_closing(self, cleaned: dict[str, Any]) -> None:
        """A moment belongs to a discussion that closes at a time of its own, and to no other."""
        if cleaned.get("discussion_closes") != Article.Closing.AT:
            cleaned["discussion_closes_at"] = None
        elif {"discussion_closes", "discussion_closes_at"} & set(self.changed_data) - set(self.errors):
            try:
                closing_moment(Article.Closing.AT, cleaned.get("discussion_closes_at"))
            except editing.NotPublishable as refusal:
                self.add_error("discussion_closes_at", refusal.problems["closes_at"])

    def _require_future(self, field: str, moment: dt.datetime | None) -> None:
        if moment is None:
            self.add_error(field, "Choose a day and a time.")
        elif moment <= timezone.now():
            self.add_error(field, publishing.TOO_LATE)
        elif moment > timezone.now() + dt.timedelta(days=settings.PULSE_SCHEDULE_DAYS):
            self.add_error(field, publishing.TOO_FAR)

    def _require_whole_story(self, cleaned: dict[str, Any]) -> None:
        draft = Article(
            **{field: cleaned.get(field) or "" for field in ("headline", "tldr", "body")},
            section=cleaned.get("section"),
        )
        for field, sentence in editing.problems(draft).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, sentence)
