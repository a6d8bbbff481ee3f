"""One page of a long list of cases: its keys are found in an index, then only its rows are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from voiceloop.server.act.cases import page

# Nobody turns two hundred pages; who looks for one of a million cases searches or narrows.
COUNTED = 10_000
Reads = Callable[[QuerySet[Any]], QuerySet[Any]]


class KeyPages(Paginator):  # type: ignore[type-arg]  # generic only for the checker
    """Counts no further than people turn pages, so that a million cases cost what ten thousand do."""

    object_list: QuerySet[Any]

    def __init__(self, cases: QuerySet[Any], per_page: int, *, reads: Reads = page.for_rows) -> None:
        super().__init__(cases, per_page)
        self._reads = reads

    @cached_property
    def _found(self) -> int:
        return int(self.object_list.order_by()[: COUNTED + 1].count())

    @property
    def count(self) -> int:
        return min(self._found, COUNTED)

    @property
    def has_more(self) -> bool:
        return self._found > COUNTED

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, COUNTED)
        return Page(by_keys(self.object_list, start, end, reads=self._reads), number, self)


def counted(rows: QuerySet[Any], most: int = 1_000) -> str:
    """How many there are; of more than anybody looks through it says only that."""
    return at_most(rows.order_by()[: most + 1].count(), most)


def at_most(n: int, most: int) -> str:
    return f"{most:,}+" if n > most else f"{n:,}"


def by_keys(cases: QuerySet[Any], start: int, end: int, *, reads: Reads = page.for_rows) -> list[Any]:
    """Some of a list: first which they are, then all that their lines show; at once, all would be joined."""
    keys = list(cases.values_list("pk", flat=True)[start:end])
    return in_order(keys, reads(cases.model._default_manager.all()))


def in_order(keys: Iterable[int], rows: QuerySet[Any]) -> list[Any]:
    found = rows.in_bulk(list(keys))
    return [found[key] for key in keys if key in found]
