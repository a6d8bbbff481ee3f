"""What a fact of the lake is, in the words of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voiceloop.server.core.moment import DIMENSIONS


@dataclass(frozen=True)
class Window:
    """Rows of transactions from `low` up to `high`, behind id `after`, up to id `upto` (0: all).

    The ids are those of the fact; from the beginning of time (`low` is 0) those it is `spread_by`.
    """

    low: int
    high: int
    after: int = 0
    upto: int = 0

    def holds(self, xid: str) -> str:
        """SQL: was this written in the window? From the beginning of time, no index is asked for it."""
        below = f"{xid} < '{self.high}'::xid8"
        return f"{xid} >= '{self.low}'::xid8 and {below}" if self.low else below


@dataclass(frozen=True)
class Also:
    """Another row that a fact tells of: `x` among `of`, and the ids of the facts that tell of it."""

    ids: str
    of: str
    # A fact is never older than what it belongs to: where that was made in the window, so was the fact.
    belongs_to_it: bool = False

    def changed(self, window: Window, what: str = "") -> str:
        old = f" and x.created_xid < '{window.low}'::xid8" if self.belongs_to_it else ""
        behind = f" and {self.ids} > {window.after}" if window.after else ""
        return f"select {what or self.ids} from {self.of} where {window.holds('x.xid')}{old}{behind}"


@dataclass(frozen=True)
class Fact:
    """One lake table: the database table it follows, and how a row of it becomes a fact.

    Two sources of one lake table share its keys: each takes every `slots`-th, beginning with its `slot`. What
    other systems tell counts downwards from zero (`slots` is -1), so that our own rows keep their keys.
    """

    table: str
    follows: str
    key: str
    at: str
    columns: tuple[str, ...]
    joins: str = ""
    where: str = "true"
    moment: str = "f"
    customer: str = "f.customer_id"
    attributes: str = "null::text"
    # Dimensions that are not those of the moment: {"agent": "owner.code"}.
    instead: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Also, ...] = ()
    created: str = "f.created_xid"
    # Whether its moment may still move: a response begun before midnight and completed after.
    moves: bool = False
    # When everything is read, parts are ranges of these equal ids, the first a column of `follows`. With both
    # sides of a join named, neither is read from its beginning for each part.
    spread_by: tuple[str, ...] = ("f.id",)
    slot: int = 0
    slots: int = 1

    def lake_key(self, id: int) -> int:
        return id * self.slots + self.slot

    def window(self, marks: Mapping[str, str], high: int) -> Window:
        """What is to be read next: what is left of an unfinished window, or all since the last one."""
        low = int(marks.get(self._mark("low"), "0"))
        if marks.get(self._mark("high")):
            return Window(low, int(marks[self._mark("high")]), int(marks[self._mark("after")]))
        return Window(low, high)

    def mark_of(self, window: Window, after: int | None = None) -> dict[str, str]:
        """What a commit says of itself: done up to the window's end, or in it up to an id."""
        values: dict[str, object] = {"low": window.high, "high": "", "after": 0}
        if after is not None:
            values = {"low": window.low, "high": window.high, "after": after}
        return {self._mark(name): str(value) for name, value in values.items()}

    def is_marked(self, marks: Mapping[str, str]) -> bool:
        return self._mark("low") in marks

    def _mark(self, name: str) -> str:
        """The name of a part of this source's watermark in the lake's commits."""
        part = "imported" if self.slots < 0 else self.slot
        return f"{name}.{part}" if part else name

    def query(self, window: Window, *, limit: int = 0) -> str:
        """SQL for the rows of a window, days in the zone of the session; with a limit, the lowest ids."""
        key = f"f.id * {self.slots} + {self.slot}" if self.slots != 1 else "f.id"
        return f"""
            select {key} as {self.key}, {", ".join(self.columns)},
                   {", ".join(self._dimension(name) for name in DIMENSIONS)},
                   unit.code as unit,
                   {self.at}::date as day, {self.at} as at,
                   {self.customer} as customer_key, {self.attributes} as attributes,
                   {self.created} >= '{window.low}'::xid8 as is_new
            from {self.follows} f {self.joins} left join core_unit unit on unit.id = {self.moment}.unit_id
            where {self._in(window)} and {self._part(window)} and {self.where}
            {f"order by f.id limit {limit}" if limit else ""}
        """

    def is_changed(self, window: Window) -> str:
        """SQL: has the window anything for this fact?"""
        of_it = f"x.table = '{self.follows}' and {window.holds('x.xid')}"
        gone = f"select x.xid from store_tombstone x where {of_it}"
        own = f"select x.xid from {self.follows} x where {window.holds('x.xid')}"
        # From the beginning of time every row is new; nothing older can have been changed by another.
        also = self.also if window.low else ()
        asked = (own, gone, *(one.changed(window, "x.xid") for one in also))
        # TRICKY: of `exists` the planner expects to stumble on a row soon and reads the whole table for the
        # nothing that is there most of the time; an order makes it follow the index.
        return " or ".join(f"({sql} order by x.xid limit 1) is not null" for sql in asked)

    def _in(self, window: Window) -> str:
        if not self.also or not window.low:
            return window.holds("f.xid")
        changed = [f"select x.id from {self.follows} x where {window.holds('x.xid')}"]
        changed += [one.changed(window) for one in self.also]
        # TRICKY: a row made behind the window would be new a second time when its own turn comes.
        return f"f.id in ({' union '.join(changed)}) and {self.created} < '{window.high}'::xid8"

    def _part(self, window: Window) -> str:
        ids = ("f.id",) if window.low else self.spread_by
        behind = [f"{name} > {window.after}" for name in ids]
        return " and ".join(behind + [f"{name} <= {window.upto}" for name in ids if window.upto])

    def _dimension(self, name: str) -> str:
        return f"nullif({self.instead.get(name, f'{self.moment}.{name}')}, '') as {name}"
