"""What a person types about a reason."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.text.lexicon import inflections
from voiceloop.analytics.text.taxonomy import Reason
from voiceloop.server.core.models import Unit
from voiceloop.server.understand.reasons.verbs import LONGEST_NAME

BETWEEN = re.compile(r"[\n,，、;；]+")


class ReasonForm(forms.Form):
    zh = forms.CharField(label=_("Chinese name"), max_length=LONGEST_NAME)
    en = forms.CharField(label=_("English name"), max_length=LONGEST_NAME, required=False)
    keywords = forms.CharField(
        label=_("Keywords"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Separated by commas or lines. “charge~” also finds charges, charged, charging."),
    )
    lookalikes = forms.CharField(
        label=_("Words that only look like them"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Longer words that contain a keyword and mean something else, such as 评价 for 价."),
    )
    examples = forms.CharField(
        label=_("Examples"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Comments that name it, one a line. The next fit of the reasons learns from them."),
    )
    owner = forms.ChoiceField(label=_("Who answers for it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, str(unit)) for unit in Unit.objects.order_by("path")]
        self.fields["owner"].choices = [("", "—"), *units]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["examples"] = [line.strip() for line in given["examples"].splitlines() if line.strip()]
        return given | {name: words(given[name]) for name in ("keywords", "lookalikes")}


def words(text: str) -> list[str]:
    found = (word.strip() for word in BETWEEN.split(text))
    return list(dict.fromkeys(form for word in found if word for form in inflections(word)))


def initial(reason: Reason, owner: str) -> dict[str, str]:
    return {
        "zh": reason.label_zh,
        "en": reason.label_en,
        "keywords": "、".join(reason.keywords),
        "lookalikes": "、".join(reason.lookalikes),
        "examples": "\n".join(reason.examples),
        "owner": owner,
    }
