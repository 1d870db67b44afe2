"""The form an editor fills in for a term."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from glossary.editing import SLUG_TAKEN, was_slug_of_another
from glossary.models import MAX_ASKED, Term, validate_aliases


def text_box(rows: int) -> forms.Textarea:
    """A box for text, as wide as the admin makes its own."""
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class LinesField(forms.CharField):
    """A list of texts, one a line; empty lines and repetitions are left out."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in (super().to_python(value) or "").splitlines()]
        return list({line.casefold(): line for line in reversed(lines) if line}.values())[::-1]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


class TermForm(forms.ModelForm):
    """A term. A name or alias that another term already has is refused, since a link needs one answer."""

    aliases = LinesField(
        required=False,
        validators=[validate_aliases],
        widget=text_box(4),
        help_text=Term._meta.get_field("aliases").help_text,
    )

    class Meta:
        model = Term
        fields = ["name", "slug", "aliases", "definition", "explanation", "see_also", "status"]
        widgets = {"definition": text_box(3), "explanation": text_box(14)}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if was_slug_of_another(slug, self.instance):
            raise ValidationError(SLUG_TAKEN, code="slug_taken")
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, aliases = cleaned.get("name", ""), cleaned.get("aliases", [])
        cleaned["aliases"] = [alias for alias in aliases if alias.casefold() != name.casefold()]
        taken = self._names_of_others()
        for field, spellings in [("name", [name]), ("aliases", cleaned["aliases"])]:
            for spelling in spellings:
                if other := taken.get(spelling.casefold()):
                    self.add_error(field, _already_taken(spelling, other))
        return cleaned

    def _names_of_others(self) -> dict[str, Term]:
        others = Term.objects.exclude(pk=self.instance.pk).only("name", "aliases")
        return {name.casefold(): other for other in others for name in other.names}


class NewTermForm(TermForm):
    """A term made while a story is written: its names and its definition. The rest can follow."""

    publish = forms.BooleanField(required=False)

    class Meta(TermForm.Meta):
        fields = ["name", "aliases", "definition"]
        error_messages = {
            "name": {"required": "Give the term a name."},
            "definition": {"required": "Say what it means, in a sentence or two."},
        }


def _already_taken(spelling: str, other: Term) -> ValidationError:
    return ValidationError(
        f"“{spelling}” already leads to the term “{other}”. Choose another, or change that term first.",
        code="name_taken",
    )


class AskForm(forms.Form):
    """A reader's question about a word. What is wrong with the word, `requests.ask` says."""

    word = forms.CharField(
        required=False,
        label="Word or phrase",
        help_text=f"As it stands in the story, up to {MAX_ASKED} characters.",
    )
    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """An editor says which term a word means that readers ask about."""

    term = forms.ModelChoiceField(
        Term.objects.order_by("name"),
        label="It means the same as",
        empty_label="Choose a term",
        error_messages={"required": "Choose the term that it means."},
        help_text="Of a draft, readers are told when it is published.",
    )
    is_alias = forms.BooleanField(
        required=False,
        initial=True,
        label="Add it to the term’s other names",
        help_text="Stories then link this spelling too.",
    )
