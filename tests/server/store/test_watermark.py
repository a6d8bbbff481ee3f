"""The trap of marks that follow ids or times: under overlapping transactions they lose a row for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

Reading = Callable[[psycopg.Connection[Any]], list[str]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connect() -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Connections to the database of the test, with a table that has every kind of mark."""
    opened: list[psycopg.Connection[Any]] = []

    def one() -> psycopg.Connection[Any]:
        params = connection.get_connection_params()  # type: ignore[attr-defined]
        known = {
            name: params[name] for name in ("dbname", "user", "password", "host", "port") if name in params
        }
        opened.append(psycopg.connect(**known))
        return opened[-1]

    with one() as setup:
        setup.execute("""
            create table said (id bigserial, word text, updated_at timestamptz default now(),
                               xid xid8 default pg_current_xact_id())
        """)
    yield one
    for each in opened:
        each.close()
    with one() as setup:
        setup.execute("drop table said")
    setup.close()


def behind(column: str) -> Reading:
    """What most follow: everything greater than the greatest value seen."""
    mark: list[Any] = []

    def read(source: psycopg.Connection[Any]) -> list[str]:
        found = source.execute(f"select {column}, word from said order by 1").fetchall()  # type: ignore[arg-type]
        fresh = [(value, word) for value, word in found if not mark or value > mark[0]]
        mark[:] = [max([*mark, *(value for value, _ in fresh)])]
        source.commit()
        return [word for _, word in fresh]

    return read


def in_windows() -> Reading:
    """What we follow: up to the oldest transaction that is still running."""
    mark = [0]

    def read(source: psycopg.Connection[Any]) -> list[str]:
        high = source.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()[0]  # type: ignore[index]
        bounds = [str(mark[0]), str(high)]
        found = source.execute(
            "select word from said where xid >= %s::xid8 and xid < %s::xid8", bounds
        ).fetchall()
        mark[0] = high
        source.commit()
        return [word for (word,) in found]

    return read


def read_while_one_commits_late(connect: Callable[[], psycopg.Connection[Any]], read: Reading) -> list[str]:
    """Slow begins first and ends last; between, fast is written and read. Then we read again, and again."""
    slow, fast, reader = connect(), connect(), connect()
    slow.execute("insert into said (word) values ('slow')")
    fast.execute("insert into said (word) values ('fast')")
    fast.commit()
    found = read(reader)
    slow.commit()
    fast.execute("insert into said (word) values ('later')")
    fast.commit()
    return sorted([*found, *read(reader), *read(reader), *read(reader)])


class TestOverlappingTransactions:
    def test_a_mark_on_the_id_loses_the_late_one_for_ever(
        self, connect: Callable[[], psycopg.Connection[Any]]
    ) -> None:
        assert read_while_one_commits_late(connect, behind("id")) == ["fast", "later"]

    def test_a_mark_on_the_time_loses_the_late_one_for_ever(
        self, connect: Callable[[], psycopg.Connection[Any]]
    ) -> None:
        assert read_while_one_commits_late(connect, behind("updated_at")) == ["fast", "later"]

    def test_a_window_of_transactions_reads_each_once(
        self, connect: Callable[[], psycopg.Connection[Any]]
    ) -> None:
        assert read_while_one_commits_late(connect, in_windows()) == ["fast", "later", "slow"]
