"""What the columns of a file mean: the roles there are, and a mapping of columns to roles."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from voiceloop.analytics.intake import SHAPES
from voiceloop.analytics.scales import SCALES
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing.kinds import (
    ATTRIBUTE,
    IGNORE,
    KINDS,
    NEEDS,
    SURVEY,
    field_of,
    roles_of,
)
from voiceloop.server.collect.importing.values import DATE_FORMATS

SCORE, COMMENT, AT = "score", "comment", "at"
# The questions that figures are shown of; every other score has a question of its own.
MAIN = ("nps", "csat", "ces")
# A role that a row has once; its value is frozen on the response under the same name.
DIMENSIONS = ("touchpoint", "channel", "agent", "team", "segment", "tier", "region", "stage", "language")
# Roles that several columns may have.
SEVERAL = (SCORE, COMMENT, ATTRIBUTE, IGNORE)

ROLES = roles_of(SURVEY)


@dataclass(frozen=True)
class Column:
    """One column as understood. `blank` are values that mean "no answer", such as 0 on a scale of 1 to 5."""

    name: str
    role: str = ATTRIBUTE
    question: str = ""
    scale: str = ""
    format: str = ""
    blank: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    columns: tuple[Column, ...]
    source: str = ""
    # Cases are opened for detractors who answered in so many last days.
    recent_days: int = 0
    kind: str = SURVEY
    # What 03/04/2026 means, where a column cannot say: "dmy", "mdy" or "".
    order: str = ""
    # Of tickets and logs: which words mean taken, resolved, closed or new, where the reader guesses wrong.
    words: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, data: dict[str, Any]) -> Self:
        columns = tuple(
            Column(**{**column, "blank": tuple(column.get("blank", ()))}) for column in data["columns"]
        )
        return cls(
            columns,
            data.get("source", ""),
            int(data.get("recent_days", 0)),
            data.get("kind", SURVEY),
            data.get("order", ""),
            data.get("words", {}),
        )

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    def of(self, role: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.role == role]

    @property
    def fields(self) -> dict[str, str]:
        """The reader's fields, each with its column."""
        known = {field.name for field in SHAPES[self.kind].fields}
        return {field_of(c.role): c.name for c in self.columns if field_of(c.role) in known}

    def checked(self) -> Self:
        """Itself, or the one thing that is wrong with it."""
        for wrong in (_no_kind, _unknown, _nothing, _twice, _same_question):
            if sentence := wrong(self):
                raise Unreadable(sentence)
        return self


def _no_kind(mapping: Mapping) -> str:
    if mapping.kind in KINDS:
        return ""
    known = ", ".join(KINDS)
    return _("There is no kind of file “%(kind)s”; there are: %(known)s.") % {
        "kind": mapping.kind,
        "known": known,
    }


def _unknown(mapping: Mapping) -> str:
    roles = roles_of(mapping.kind)
    for column in mapping.columns:
        if column.role not in roles:
            return _("There is no role “%(role)s”.") % {"role": column.role}
        if column.role == SCORE and column.scale not in SCALES:
            return _("Choose the scale of %(column)s.") % {"column": column.name}
        if column.role == AT and column.format and column.format not in DATE_FORMATS:
            return _("There is no date format “%(format)s”.") % {"format": column.format}
    return ""


def _nothing(mapping: Mapping) -> str:
    if mapping.kind != SURVEY:
        marks = SHAPES[mapping.kind].marks
        is_enough = any(all(mapping.of(role) for role in mark) for mark in marks)
        return "" if is_enough else str(NEEDS[mapping.kind])
    if mapping.of(SCORE) or mapping.of(COMMENT):
        return ""
    return _("No column is a score or a comment. Choose at least one.")


def _twice(mapping: Mapping) -> str:
    for role, label in roles_of(mapping.kind).items():
        places = mapping.of(role)
        if len(places) > 1 and role not in SEVERAL:
            names = ", ".join(mapping.columns[place].name for place in places)
            return _("Only one column can be “%(role)s”, not %(names)s.") % {"role": label, "names": names}
    return ""


def _same_question(mapping: Mapping) -> str:
    for role in (SCORE, COMMENT):
        questions = [mapping.columns[place].question for place in mapping.of(role)]
        for question in questions:
            if questions.count(question) > 1:
                return _("Two columns answer the same question “%(question)s”.") % {"question": question}
    return ""


def code_of(name: str) -> str:
    """A name as the code of a question: lower case, letters and digits of any script."""
    plain = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[^\w]+", "_", plain).strip("_")[:64] or "question"


def family_of(scale: str) -> str:
    """The question that a scale usually answers: nps, csat or ces; stars are satisfaction."""
    family = scale.partition("_")[0]
    return "csat" if family == "stars" else family


def header_digest(columns: Sequence[str]) -> str:
    """What recognises a file of the same shape."""
    return hashlib.blake2b("\x1f".join(columns).encode("utf-8", "replace"), digest_size=24).hexdigest()


@dataclass
class Codes:
    """Gives each column a question code that no other column of the file has."""

    taken: set[str] = field(default_factory=set)

    def take(self, wish: str) -> str:
        code, n = wish, 2
        while code in self.taken:
            code, n = f"{wish[:60]}_{n}", n + 1
        self.taken.add(code)
        return code
