"""What a reader's forms carry besides the words, which the checks of `comments.pipeline` look at."""

from typing import Any

from django import forms

from comments.models import Comment, Rule
from comments.parts import WHOLE_STORY, StoryPart


class PostForm(forms.Form):
    """The hidden fields of a comment form. `body` is taken as it came, to be given back as it came."""

    key = forms.UUIDField()
    parent = forms.ModelChoiceField(Comment.objects.all(), required=False)
    part = forms.ChoiceField(choices=Comment.Part, required=False)
    part_key = forms.CharField(required=False)
    quote = forms.CharField(required=False)

    @property
    def about(self) -> StoryPart:
        """The part of the story that the comment is about, as the form says."""
        told: dict[str, Any] = getattr(self, "cleaned_data", {})
        if not told.get("part"):
            return WHOLE_STORY
        return StoryPart(told["part"], told.get("part_key", ""), told.get("quote", ""))


class EditForm(forms.Form):
    """The hidden field of a form that changes a comment."""

    text_number = forms.IntegerField(min_value=1, max_value=2_000_000_000)


class RespectForm(forms.Form):
    given = forms.TypedChoiceField(
        choices=[("1", "Give"), ("0", "Take back")], coerce=lambda told: told == "1"
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Rule, widget=forms.RadioSelect, error_messages={"required": "Choose a reason."}
    )
    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(
            attrs={"rows": 3, "class": "input", "dir": "auto", "aria-describedby": "note-hint"}
        ),
    )

    def clean_note(self) -> str:
        """On one line, as it is counted and shown."""
        return " ".join(self.cleaned_data["note"].split())
