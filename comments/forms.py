"""What a reader's forms carry besides the words, which the checks of `comments.pipeline` look at."""

from django import forms

from comments.models import Comment, Rule


class PostForm(forms.Form):
    """The hidden fields of a comment form. `body` is taken as it came, to be given back as it came."""

    key = forms.UUIDField()
    parent = forms.ModelChoiceField(Comment.objects.all(), required=False)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Rule, widget=forms.RadioSelect, error_messages={"required": "Choose a reason."}
    )


class HideForm(forms.Form):
    reason = forms.ChoiceField(
        label="Which rule was broken?",
        choices=Rule,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
        help_text="If somebody answered the comment, readers see this rule in its place.",
    )
