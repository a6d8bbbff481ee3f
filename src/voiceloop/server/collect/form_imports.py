"""The forms of an import: the file with where it belongs, and what its columns mean."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from voiceloop.analytics.scales import SCALES
from voiceloop.server.collect.importers import importers
from voiceloop.server.collect.importing.columns import (
    AT,
    COMMENT,
    MAIN,
    SCORE,
    Column,
    Mapping,
    family_of,
)
from voiceloop.server.collect.importing.guess import scale_of
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, SPEAKING, SURVEY, WORDS, roles_of
from voiceloop.server.collect.importing.preview import Sample
from voiceloop.server.collect.importing.profile import Profile
from voiceloop.server.collect.importing.spoken import numbered
from voiceloop.server.collect.importing.values import date_format_of
from voiceloop.server.collect.models import Import, Programme
from voiceloop.server.core.models import Unit, User

FORMATS = {
    "ymd": gettext_lazy("year–month–day"),
    "dmy": gettext_lazy("day/month/year"),
    "mdy": gettext_lazy("month/day/year"),
    "compact": "20250131",
    "words": gettext_lazy("31 January 2025"),
    "epoch": gettext_lazy("seconds since 1970"),
    "excel": gettext_lazy("Excel day number"),
    "year": gettext_lazy("year only"),
}
# What 03/04/2026 means, where the column cannot say.
ORDERS = {
    "": gettext_lazy("as the dates show"),
    "dmy": gettext_lazy("day before month"),
    "mdy": gettext_lazy("month before day"),
}
QUESTIONS = {
    "nps": gettext_lazy("Recommendation (NPS)"),
    "csat": gettext_lazy("Satisfaction (CSAT)"),
    "ces": gettext_lazy("Effort (CES)"),
    "": gettext_lazy("a question of its own"),
}


Labels: TypeAlias = Mapping_[str, Any]


class FileForm(forms.Form):
    """Which file, for which unit, and for which programme when it is a survey."""

    file = forms.FileField(label=gettext_lazy("File"))
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label=gettext_lazy("Programme"),
        required=False,
        empty_label=gettext_lazy("A new one"),
    )
    new_programme = forms.CharField(
        label=gettext_lazy("Name of the new programme"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For surveys. Empty: the name of the file"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Store or unit"),
        help_text=gettext_lazy("For rows that do not name one"),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units, programmes = self.fields["unit"], self.fields["programme"]
        units.queryset = Unit.objects.visible_to(user).in_tree_order()  # type: ignore[attr-defined]
        units.initial = user.unit_id
        programmes.queryset = Programme.objects.visible_to(user).filter(closed_at=None)  # type: ignore[attr-defined]
        suffixes = [suffix for importer in importers().values() for suffix in importer.suffixes]
        self.fields["file"].widget.attrs["accept"] = ",".join([*suffixes, ".gz"])


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file on the page: its name, some of its values, what it is taken for."""

    place: int
    column: Column
    examples: list[str]
    kind: str = SURVEY

    @property
    def role_choices(self) -> Iterator[tuple[str, object, bool]]:
        return _choices(roles_of(self.kind), self.column.role)

    @property
    def scale_choices(self) -> Iterator[tuple[str, object, bool]]:
        chinese = (get_language() or "").startswith("zh")
        names = {id: scale.label_zh if chinese else scale.label_en for id, scale in SCALES.items()}
        return _choices({"": _("Choose a scale"), **names}, self.column.scale)

    @property
    def question_choices(self) -> Iterator[tuple[str, object, bool]]:
        return _choices(QUESTIONS, self.column.question if self.column.question in MAIN else "")

    @property
    def format_choices(self) -> Iterator[tuple[str, object, bool]]:
        return _choices(FORMATS, self.column.format or "ymd")

    @property
    def blank(self) -> str:
        return ", ".join(self.column.blank)


def _choices(labels: Labels, chosen: str) -> Iterator[tuple[str, object, bool]]:
    return ((value, label, value == chosen) for value, label in labels.items())


def column_rows(mapping: Mapping, sample: Sample) -> list[ColumnRow]:
    return [column_row(mapping, sample, place) for place in range(len(mapping.columns))]


def column_row(mapping: Mapping, sample: Sample, place: int) -> ColumnRow:
    cells = (cells[place].strip()[:60] for cells in sample.whole[:400])
    examples = list(dict.fromkeys(cell for cell in cells if cell))[:3]
    return ColumnRow(place, mapping.columns[place], examples, mapping.kind)


def mapping_from(post: QueryDict, sample: Sample) -> Mapping:
    """What the person chose; what a newly chosen role needs besides is guessed from the values."""
    kind = post.get("kind") or SURVEY
    source = post.get("source", "").strip()[:64]
    if kind != SURVEY:
        columns = [Column(name, post.get(f"role_{i}", ATTRIBUTE)) for i, name in enumerate(sample.columns)]
        order = post.get("order", "") if post.get("order") in ORDERS else ""
        return Mapping(tuple(columns), source, kind=kind, order=order, words=_words(post, kind))
    columns = [_column(post, sample, place, name) for place, name in enumerate(sample.columns)]
    days = post.get("recent_days", "")
    return Mapping(tuple(numbered(columns)), source, min(int(days), 365) if days.isdecimal() else 0)


def _words(post: QueryDict, kind: str) -> dict[str, list[str]]:
    """The words that somebody gave for a state, parted by commas of either script."""
    said = {
        name: post.get(f"word_{name}", "").replace("，", ",").split(",") for name in SPEAKING.get(kind, ())
    }
    found = {name: [word.strip() for word in words if word.strip()] for name, words in said.items()}
    return {name: words for name, words in found.items() if words}


@dataclass(frozen=True)
class KindForm:
    """What is asked besides the columns: the kind itself, what a doubtful date means, words of states."""

    mapping: Mapping

    @property
    def kinds(self) -> Iterator[tuple[str, object, bool]]:
        return _choices(dict(Import.Kind.choices), self.mapping.kind)

    @property
    def orders(self) -> Iterator[tuple[str, object, bool]]:
        return _choices(ORDERS, self.mapping.order)

    @property
    def words(self) -> list[tuple[str, object, str]]:
        names = SPEAKING.get(self.mapping.kind, ())
        return [(name, WORDS[name], ", ".join(self.mapping.words.get(name, ()))) for name in names]


def _column(post: QueryDict, sample: Sample, place: int, name: str) -> Column:
    role = post.get(f"role_{place}", ATTRIBUTE)
    cells = [cells[place] for cells in sample.whole]
    if role == SCORE:
        return _score(post, name, place, cells)
    if role == COMMENT:
        return Column(name, role, question="why")
    if role == AT:
        form = post.get(f"format_{place}") or date_format_of([c.strip() for c in cells if c.strip()][:60])
        return Column(name, role, format=form)
    return Column(name, role)


def _score(post: QueryDict, name: str, place: int, cells: list[str]) -> Column:
    scale = post.get(f"scale_{place}") or scale_of(Profile.of(name, cells))
    asked = post.get(f"question_{place}")
    question = family_of(scale) if asked is None else asked
    blank = tuple(part.strip() for part in post.get(f"blank_{place}", "").split(",") if part.strip())
    return replace(Column(name, SCORE), question=question or name, scale=scale, blank=blank)
