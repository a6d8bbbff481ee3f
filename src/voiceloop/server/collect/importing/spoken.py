"""A mapping said in words on the command line or in a form field: `score=recommend:nps_0_10`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from voiceloop.analytics.scales import SCALES
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing.columns import (
    COMMENT,
    SCORE,
    Codes,
    Column,
    Mapping,
    code_of,
    family_of,
)
from voiceloop.server.collect.importing.guess import scale_of
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, SURVEY, WORDS, roles_of
from voiceloop.server.collect.importing.profile import Profile
from voiceloop.server.collect.importing.values import DATE_FORMATS, date_format_of


def applied(words: Sequence[str], mapping: Mapping, rows: Sequence[Sequence[str]]) -> Mapping:
    """The mapping with what the words say; a role that is named loses the columns guessed for it."""
    if not words:
        return mapping
    said = [_parsed(word, mapping) for word in words]
    roles = {role for role, _place, _form in said} - {ATTRIBUTE}
    columns = [Column(c.name) if c.role in roles else c for c in mapping.columns]
    for role, place, form in said:
        cells = [row[place] for row in rows]
        name = columns[place].name
        columns[place] = _column(name, role, form, cells) if mapping.kind == SURVEY else Column(name, role)
    return replace(mapping, columns=tuple(numbered(columns)))


def spoken_words(said: Sequence[str]) -> dict[str, list[str]]:
    """What words mean of where a ticket stands: `resolved=Closed`, each as often as wanted."""
    found: dict[str, list[str]] = {}
    for one in said:
        name, equals, word = one.partition("=")
        if name not in WORDS or not equals or not word.strip():
            known = ", ".join(WORDS)
            raise Unreadable(_("Say words as NAME=WORD; the names are: %(known)s.") % {"known": known})
        found.setdefault(name, []).append(word.strip())
    return found


def _parsed(word: str, mapping: Mapping) -> tuple[str, int, str]:
    role, _equals, target = word.partition("=")
    names, roles = [column.name for column in mapping.columns], roles_of(mapping.kind)
    if role not in roles:
        known = ", ".join(roles)
        raise Unreadable(
            _("There is no role “%(role)s”; there are: %(known)s.") % {"role": role, "known": known}
        )
    name, _colon, form = target.rpartition(":") if target not in names else (target, "", "")
    if (name or target) not in names:
        message = _("There is no column “%(name)s”; there are: %(known)s.")
        raise Unreadable(message % {"name": name or target, "known": ", ".join(names)})
    if form and form not in SCALES and form not in DATE_FORMATS:
        known = ", ".join(SCALES)
        raise Unreadable(
            _("There is no scale “%(scale)s”; there are: %(known)s.") % {"scale": form, "known": known}
        )
    return role, names.index(name or target), form


def _column(name: str, role: str, form: str, cells: list[str]) -> Column:
    if role == SCORE:
        scale = form or scale_of(Profile.of(name, cells))
        if not scale:
            raise Unreadable(
                _("Say the scale of %(column)s, for instance %(column)s:nps_0_10.") % {"column": name}
            )
        return Column(name, role, family_of(scale), scale)
    if role == "at":
        return Column(name, role, format=form or date_format_of([c.strip() for c in cells if c.strip()][:60]))
    return Column(name, role, question="why" if role == COMMENT else "")


def numbered(columns: Sequence[Column]) -> list[Column]:
    """Each score and each comment with a question code of its own; the first of a family has its name."""
    codes = Codes()
    done = []
    for column in columns:
        if column.role in (SCORE, COMMENT):
            wish = column.question or family_of(column.scale) or "why"
            free = wish not in codes.taken
            column = replace(column, question=codes.take(wish if free else code_of(column.name)))
        done.append(column)
    return done
