"""What the columns of a file mean: the roles there are, and a mapping of columns to roles."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.analytics.scales import SCALES
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing.values import DATE_FORMATS

SCORE, COMMENT, AT, ATTRIBUTE, IGNORE = "score", "comment", "at", "attribute", "ignore"
# The questions that figures are shown of; every other score has a question of its own.
MAIN = ("nps", "csat", "ces")
# A role that a row has once; its value is frozen on the response under the same name.
DIMENSIONS = ("touchpoint", "channel", "agent", "team", "segment", "tier", "region", "stage", "language")
CUSTOMER = ("customer_number", "customer_name", "customer_phone", "customer_email")
SINGLE = (AT, "unit", "weight", "external_id", *CUSTOMER, *DIMENSIONS)

ROLES = {
    SCORE: gettext_lazy("Score"),
    COMMENT: gettext_lazy("Comment"),
    AT: gettext_lazy("Time of the answer"),
    "customer_number": gettext_lazy("Customer: number"),
    "customer_name": gettext_lazy("Customer: name"),
    "customer_phone": gettext_lazy("Customer: phone"),
    "customer_email": gettext_lazy("Customer: e-mail"),
    "touchpoint": gettext_lazy("Touchpoint"),
    "stage": gettext_lazy("Journey stage"),
    "channel": gettext_lazy("Channel"),
    "agent": gettext_lazy("Agent"),
    "team": gettext_lazy("Team"),
    "unit": gettext_lazy("Store or unit"),
    "region": gettext_lazy("Region"),
    "segment": gettext_lazy("Segment"),
    "tier": gettext_lazy("Tier"),
    "language": gettext_lazy("Language"),
    "weight": gettext_lazy("Weight"),
    "external_id": gettext_lazy("Id of the row"),
    ATTRIBUTE: gettext_lazy("Attribute"),
    IGNORE: gettext_lazy("Leave out"),
}


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

    @classmethod
    def load(cls, data: dict[str, Any]) -> Self:
        columns = tuple(
            Column(**{**column, "blank": tuple(column.get("blank", ()))}) for column in data["columns"]
        )
        return cls(columns, data.get("source", ""), int(data.get("recent_days", 0)))

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    def of(self, role: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.role == role]

    def checked(self) -> Self:
        """Itself, or the one thing that is wrong with it."""
        for wrong in (_unknown, _nothing, _twice, _same_question):
            if sentence := wrong(self):
                raise Unreadable(sentence)
        return self


def _unknown(mapping: Mapping) -> str:
    for column in mapping.columns:
        if column.role not in ROLES:
            return _("There is no role “%(role)s”.") % {"role": column.role}
        if column.role == SCORE and column.scale not in SCALES:
            return _("Choose the scale of %(column)s.") % {"column": column.name}
        if column.role == AT and column.format and column.format not in DATE_FORMATS:
            return _("There is no date format “%(format)s”.") % {"format": column.format}
    return ""


def _nothing(mapping: Mapping) -> str:
    if mapping.of(SCORE) or mapping.of(COMMENT):
        return ""
    return _("No column is a score or a comment. Choose at least one.")


def _twice(mapping: Mapping) -> str:
    for role in SINGLE:
        places = mapping.of(role)
        if len(places) > 1:
            names = ", ".join(mapping.columns[place].name for place in places)
            return _("Only one column can be “%(role)s”, not %(names)s.") % {
                "role": ROLES[role],
                "names": names,
            }
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
