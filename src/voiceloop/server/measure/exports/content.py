"""What every file says of an answer: title, finding, table, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from voiceloop.server.core.numerals import difference, formatted
from voiceloop.server.measure.breakdown import Group, Look, groups
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import in_words
from voiceloop.server.measure.words import AGAINST, MORE, source_in_words


class Content:
    """The words and the table of an answer; numbers stay numbers until they are set in type."""

    def __init__(self, answer: Exploration) -> None:
        self.answer, self.asked = answer, answer.asked
        self.fmt = FORMATS[answer.metric.unit]

    @property
    def title(self) -> str:
        return metric_label(self.answer.metric)

    @property
    def filter(self) -> str:
        return in_words(self.asked.part)

    @property
    def finding(self) -> str:
        """The figure with its uncertainty, in one sentence."""
        row = self.answer.figure.row
        if row.value is None:
            return _("%(title)s: too few answers to show, n = %(n)s") % {
                "title": self.title,
                "n": f"{row.n:,}",
            }
        value, low, high = (self.said(one) for one in (row.value, row.low, row.high))
        words = {"title": self.title, "value": value, "low": low, "high": high, "n": f"{row.n:,}"}
        return _("%(title)s %(value)s (95%% interval %(low)s to %(high)s, n = %(n)s)") % words

    @property
    def verdict(self) -> str:
        """Whether the difference from what it is compared with is more than chance."""
        change = self.answer.figure.change
        if change is None or change.difference is None:
            return ""
        words = {"change": difference(change.difference, self.fmt), "what": AGAINST[self.asked.against]}
        if change.verdict == "signal":
            return _("%(change)s against %(what)s: a signal, more than chance explains") % words
        return _("%(change)s against %(what)s: noise, chance alone explains it") % words

    @property
    def footnote(self) -> str:
        """Method, source and date of the data, and when the file was made."""
        result = self.answer.figure.result
        as_of = f"{localtime(result.as_of):%Y-%m-%d %H:%M}" if result.as_of else "—"
        parts = [
            _("Interval: %(method)s") % {"method": result.method},
            _("Data as of %(when)s, %(source)s") % {"when": as_of, "source": source_in_words(result.source)},
            f"{self.answer.metric.id}",
            _("Voiceloop, %(when)s") % {"when": f"{localtime(now()):%Y-%m-%d %H:%M}"},
        ]
        return " · ".join(parts)

    @cached_property
    def groups(self) -> list[Group]:
        """The lines of the table: groups or periods, or the one figure there is."""
        if self.asked.by:
            return self.answer.groups
        return groups(self.answer.result) or [Group((), "", self.answer.figure.row)]

    @cached_property
    def more(self) -> list[str]:
        return [name for name in self.answer.figure.row.more if name in MORE]

    @property
    def keys(self) -> list[str]:
        return [*self.asked.by, *(["period"] if self.asked.every else [])]

    @property
    def is_compared(self) -> bool:
        return bool(self.asked.other and self.asked.by and not self.asked.every)

    def head(self) -> list[str]:
        names = [_("Period") if name == "period" else dimension_label(name) for name in self.keys]
        found = [*names, "n", self.title, _("low"), _("high"), *(str(MORE[name]) for name in self.more)]
        found += [_("raw")] if self.asked.weighted else []
        if self.asked.by and not self.asked.every:
            found += [_("against the others"), _("verdict")]
        if self.is_compared:
            found += [_("compared n"), _("compared figure"), _("difference"), _("verdict")]
        return [*found, _("method"), _("as of"), _("source")]

    def lines(self) -> Iterator[list[Any]]:
        """Numbers as they are, codes by their names."""
        result = self.answer.result
        origin = [result.method, result.as_of.isoformat() if result.as_of else "", result.source]
        for group in self.groups:
            yield [*self._keys(group), *self._figures(group), *self._looks(group), *origin]

    def said(self, value: float | None) -> str:
        return formatted(value, self.fmt)

    def _keys(self, group: Group) -> list[str]:
        return [_key(name, group.row.key[name]) for name in self.keys]

    def _figures(self, group: Group) -> list[Any]:
        row = group.row
        found: list[Any] = [row.n, row.value, row.low, row.high]
        found += [row.more.get(name) for name in self.more]
        if self.asked.weighted:
            raw = self.answer.raw.get(group.key) if self.asked.by else self.answer.beside
            found.append(raw.value if raw else None)
        return found

    def _looks(self, group: Group) -> list[Any]:
        found = _look(group.against_rest) if self.asked.by and not self.asked.every else []
        if self.is_compared:
            then = [group.then.n, group.then.value] if group.then else [None, None]
            found += [*then, *_look(group.change)]
        return found


def _look(look: Look | None) -> list[Any]:
    if look is None:
        return [None, ""]
    return [look.difference, _("signal") if look.is_signal else _("noise")]


def _key(name: str, code: Any) -> str:
    return f"{code:%Y-%m-%d}" if name == "period" else label(name, code)
