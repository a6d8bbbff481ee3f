"""What changed and for whom, kept in the memory of a web process: one LISTEN feeds it, not one a reader."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg

log = logging.getLogger(__name__)
CHANNELS = ("voiceloop_events", "voiceloop_live")
MOST = 2_000  # more events at once than anybody could look at: everything counts as changed
REMEMBERED = 50_000
# A burst of commits is read in one go.
GATHER, PATIENCE, AGAIN_AFTER = 0.05, 5.0, 1.0

EVENTS = """
select e.id, e.xid::text::bigint, u.path, e.about, e.data->>'to'
from core_event e left join core_unit u on u.id = e.unit_id
where e.xid >= %s::text::xid8 order by e.id limit 2001
"""
OWNERS = "select case_id, to_id from act_assignment where case_id = any(%s) and to_id is not null"
HORIZON = (
    "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, extract(epoch from clock_timestamp())"
)
NOTICES = "select id, user_id from act_notice where id > %s order by id limit 2001"
NEWEST = "select coalesce(max(id), 0) from act_notice"


@dataclass
class Feed:
    """The moment of the last change of each topic: "user:5", "unit:1/4/", "case:77"."""

    moments: dict[str, float] = field(default_factory=dict)
    # Of what was before, this process knows nothing: whoever asks about then is told that all changed.
    since: float = field(default_factory=time.time)
    _horizon: int = 0
    _notice: int = 0
    _seen: set[int] = field(default_factory=set)
    _ahead: float = 0.0
    _ends: bool = False
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_listening(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def now(self) -> float:
        """The database's clock, which all web processes share."""
        return time.time() + self._ahead

    def changed(self, topics: Iterable[str], since: float) -> list[str]:
        if since < self.since:
            return list(topics)
        return [topic for topic in topics if self.moments.get(topic, 0.0) >= since]

    def listen(self, **where: Any) -> None:
        """Begin, once in this process; a thread of a server's parent does not survive its fork."""
        with self._lock:
            if not self.is_listening:
                self.since = time.time()
                self._thread = threading.Thread(
                    target=self._run, args=(where,), daemon=True, name="live-feed"
                )
                self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection, at its next breath."""
        self._ends = True
        if self._thread:
            self._thread.join()

    def _run(self, where: dict[str, Any]) -> None:
        while not self._ends:
            try:
                with psycopg.connect(
                    **where, autocommit=True, application_name="voiceloop live"
                ) as connection:
                    for channel in CHANNELS:
                        connection.execute(f"listen {channel}".encode())
                    self._begin(connection)
                    self._follow(connection)
            except psycopg.Error as error:
                log.warning("the live feed lost the database: %s", error)
                time.sleep(AGAIN_AFTER)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        """TRICKY: the connection is locked while its notices are walked through, so they are listed first."""
        while not self._ends:
            told = list(connection.notifies(timeout=PATIENCE, stop_after=1))
            if told:
                told += connection.notifies(timeout=GATHER)
                self.hear({one.payload for one in told})
                self.pull(connection)

    def hear(self, topics: Iterable[str]) -> None:
        at = self.now()
        self.moments.update({topic: at for topic in topics if topic})

    def _begin(self, connection: Any) -> None:
        """From here on nothing is missed; what was before counts as changed."""
        with connection.cursor() as cursor:
            self._horizon, self._seen = self._read_clock(cursor), set()
            cursor.execute(NEWEST)
            self._notice = cursor.fetchone()[0]
        self.since = self.now()

    def pull(self, connection: Any) -> None:
        """Read what was committed since the last time; also called by who has no thread to do it."""
        if not self._horizon:
            self._begin(connection)
        with connection.cursor() as cursor:
            horizon = self._read_clock(cursor)
            cursor.execute(EVENTS, [str(self._horizon)])
            rows = cursor.fetchall()
            fresh = [row for row in rows if row[0] not in self._seen]
            topics = self._topics(cursor, fresh) | self._told(cursor)
        if len(rows) > MOST or len(self.moments) > REMEMBERED:
            self.moments.clear()
            self.since = self.now()
        at = self.now()
        self.moments.update(dict.fromkeys(topics, at))
        self._horizon, self._seen = horizon, {row[0] for row in rows if row[1] >= horizon}

    def _read_clock(self, cursor: Any) -> int:
        cursor.execute(HORIZON)
        horizon, clock = cursor.fetchone()
        self._ahead = float(clock) - time.time()
        return int(horizon)

    def _told(self, cursor: Any) -> set[str]:
        cursor.execute(NOTICES, [self._notice])
        rows = cursor.fetchall()
        self._notice = max([self._notice, *(row[0] for row in rows)])
        return {f"user:{row[1]}" for row in rows}

    def _topics(self, cursor: Any, rows: list[Any]) -> set[str]:
        topics: set[str] = set()
        for _, _, path, about, to in rows:
            topics |= {one for one in about if one.startswith(("case:", "crisis:"))}
            topics |= {f"unit:{above}" for above in above_and_self(path or "")}
            topics |= {f"user:{to}"} if to else set()
        cases = [int(topic[5:]) for topic in topics if topic.startswith("case:")]
        if cases:
            cursor.execute(OWNERS, [cases])
            topics |= {f"user:{owner}" for _, owner in cursor.fetchall()}
        return topics


def above_and_self(path: str) -> list[str]:
    """ "1/4/9/" → "1/", "1/4/", "1/4/9/": who looks from any of these sees it."""
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]
