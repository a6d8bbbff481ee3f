"""Which kind of file this is, and what its columns mean under that kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from voiceloop.analytics import intake
from voiceloop.server.collect.importing.columns import COMMENT, SCORE, Column, Mapping
from voiceloop.server.collect.importing.guess import guess, is_place
from voiceloop.server.collect.importing.kinds import CUSTOMER, SURVEY, role_of, roles_of
from voiceloop.server.collect.importing.profile import Profile
from voiceloop.server.collect.importing.staging import distinct

# So many columns of its own tell a shape whatever else is in the file (our choice).
SURE = 3


def recognised(
    columns: Sequence[str], rows: Sequence[Sequence[str]], units: Iterable[str] = (), kind: str = ""
) -> Mapping:
    """The mapping that a person would most likely choose, of a kind or of the one that fits best."""
    survey = guess(columns, rows, units)
    best = intake.recognise(distinct(columns))
    if not kind:
        says = any(column.role in (SCORE, COMMENT) for column in survey.columns)
        kind = best.shape if best and (best.n_own >= SURE or not says) else SURVEY
    return survey if kind == SURVEY else _mapped(kind, survey, rows, {unit.casefold() for unit in units})


def _mapped(kind: str, survey: Mapping, rows: Sequence[Sequence[str]], units: set[str]) -> Mapping:
    """The columns by the names that the readers know; who the customer is, by their values too."""
    names = [column.name for column in survey.columns]
    plain, roles = distinct(names), roles_of(kind)
    found = {plain.index(column): role_of(field) for field, column in intake.guessed(kind, plain).items()}
    columns = [Column(name, found.get(place, "")) for place, name in enumerate(names)]
    given = {column.role for column in columns}
    for place, column in enumerate(survey.columns):
        role = columns[place].role
        if role == "unit" and not is_place(Profile.of(column.name, [row[place] for row in rows]), units):
            columns[place] = Column(column.name)
        elif role not in roles or not role:
            mine = column.role if column.role in {*CUSTOMER, "unit"} - given else Column(column.name).role
            columns[place] = Column(column.name, mine)
    return replace(survey, columns=tuple(columns), kind=kind)
