"""kill -9 of any process at any moment: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import duckdb
import psutil
import psycopg
import pytest

from tests.stack import Stack, environment, running, status, wait_until
from voiceloop.analytics.lake import Lake
from voiceloop.bench import company, importing

SEED = int(os.environ.get("VOICELOOP_KILL_SEED", "62"))  # of this one the database and the worker die first
VICTIMS = ("web", "worker", "reactor", "sync", "database")
N_ROWS = 30_000
N_ASKED = 3_000
# Seconds between two answers of a visitor: ten a second, so that reactions keep up on a busy machine.
THINKING = 0.2
A_FEW = 20  # answers before the first kill, and after the last one
PATIENCE = 900.0

pytestmark = pytest.mark.requirement(10, 99, 147)


@dataclass
class Visitor(threading.Thread):
    """A customer's phone: posts one answer after the other, each until the server says that it has it."""

    port: int
    asked: list[tuple[int, str]]
    acknowledged: dict[int, int] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    is_over: bool = False

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        for number, (invitation, path) in enumerate(self.asked):
            score = (2, 8, 10)[number % 3]
            while not self._is_taken(invitation, path, score):
                if self.is_over:
                    return
                time.sleep(0.1)
            if self.is_over:
                return
            time.sleep(THINKING)

    def _is_taken(self, invitation: int, path: str, score: int) -> bool:
        if taken := self._post(path, score):
            self.acknowledged[invitation] = score
        return taken

    def _post(self, path: str, score: int) -> bool:
        form = urlencode({"q-nps": score, "q-comment": "等得太久了", "lang": "zh"})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, form.encode(), headers)
            code = connection.getresponse().status
        except (OSError, HTTPException) as error:
            self.failures[type(error).__name__] += 1
            return False
        finally:
            connection.close()
        if not 200 <= code < 300:
            self.failures[str(code)] += 1
        return 200 <= code < 300


@dataclass
class Aftermath:
    """The product when everything has come to rest, and what the customers were told."""

    stack: Stack
    told: dict[int, int]
    failures: Counter[str]
    n_killed: int
    programme: str

    def scores(self) -> dict[int, list[int]]:
        """By invitation, every score that the database holds."""
        sql = """
            select r.invitation_id, array_agg(a.score::int) from collect_response r
            join collect_answer a on a.response_id = r.id and a.question = 'nps'
            where r.invitation_id is not null group by 1
        """
        return dict(self.stack.query(sql))  # type: ignore[arg-type]

    def count(self, sql: str) -> int:
        return int(self.stack.query(sql)[0][0])  # type: ignore[call-overload]

    def in_lake(self, what: str, where: str = "true") -> int:
        files = list(Lake(self.stack.data / "lake").uris("answers"))
        sql = f"select {what} from read_parquet(?, hive_partitioning = true) where {where}"
        with duckdb.connect() as engine:
            found = engine.execute(sql, [files]).fetchone()
        return int(found[0]) if found else 0


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    folder = tmp_path_factory.mktemp("killed")
    file = folder / "feedback.csv"
    importing.write_file(file, N_ROWS)
    with running(folder / "data") as stack:
        ask = partial(company.ask, data=stack.data, database=stack.database_url, environment=environment())
        asked = ask("invite", N_ASKED)
        port = int(stack.url.rsplit(":", 1)[1])
        visitors = [Visitor(port, asked[part::2]) for part in range(2)]
        for visitor in visitors:
            visitor.start()
        wait_until(lambda: _n_told(visitors) >= A_FEW, PATIENCE)
        pk = ask("import", file)
        wait_until(lambda: _has_begun(stack, pk), PATIENCE)
        n_killed = _kill_all(stack, random.Random(SEED))
        wait_until(lambda: _is_done(stack, pk), PATIENCE)
        before = _n_told(visitors)
        wait_until(lambda: _n_told(visitors) >= before + A_FEW, PATIENCE)
        told = _stop(visitors)
        _come_to_rest(stack)
        yield Aftermath(stack, told, sum((v.failures for v in visitors), Counter()), n_killed, "feedback")


def _n_told(visitors: list[Visitor]) -> int:
    return sum(len(visitor.acknowledged) for visitor in visitors)


def _kill_all(stack: Stack, luck: random.Random) -> int:
    """One after the other at random moments; each is up again before the next dies."""
    victims = luck.sample(VICTIMS, len(VICTIMS))
    n = 0
    for victim in victims:
        time.sleep(luck.uniform(0.05, 1.2))
        wait_until(lambda victim=victim: _alive(stack, victim), PATIENCE)
        killed = _alive(stack, victim)
        for process in killed:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        n += len(killed)
        wait_until(lambda victim=victim, killed=killed: _is_back(stack, victim, killed), PATIENCE)
    return n


def _alive(stack: Stack, victim: str) -> list[psutil.Process]:
    try:
        return [stack.postmaster()] if victim == "database" else stack.processes().get(victim, [])
    except (OSError, IndexError, ValueError, psutil.Error):
        return []


def _is_back(stack: Stack, victim: str, killed: list[psutil.Process]) -> bool:
    try:
        stack.query("select 1")
    except psycopg.OperationalError:
        return False
    if victim == "web" and status(f"{stack.url}/privacy/") != 200:
        return False
    now = {process.pid for process in _alive(stack, victim)}
    return bool(now) and not now & {process.pid for process in killed}


def _stop(visitors: list[Visitor]) -> dict[int, int]:
    """Let them finish what they have begun to send."""
    told: dict[int, int] = {}
    for visitor in visitors:
        visitor.is_over = True
    for visitor in visitors:
        visitor.join(60)
        told |= visitor.acknowledged
    return told


def _has_begun(stack: Stack, pk: int) -> bool:
    """A machine on which asking takes longer than the import itself finds it done already."""
    return stack.query(f"select 1 from collect_import where id = {pk} and state in ('running', 'done')") != []


def _is_done(stack: Stack, pk: int) -> bool:
    try:
        state, error = stack.query(f"select state, error from collect_import where id = {pk}")[0]
    except psycopg.OperationalError:
        return False
    assert state != "failed", error
    return state == "done"


def _come_to_rest(stack: Stack) -> None:
    """Every completed response has its reactions, and the lake every answer."""
    wait_until(lambda: _waiting(stack) == 0, PATIENCE)
    lake, of_database = (
        Lake(stack.data / "lake"),
        "select count(*) from collect_answer where score is not null",
    )

    def is_in_step() -> bool:
        files = list(lake.uris("answers"))
        with duckdb.connect() as engine:
            found = (
                engine.execute("select count(*) from read_parquet(?)", [files]).fetchone() if files else None
            )
        return bool(found and found[0] >= stack.query(of_database)[0][0])  # type: ignore[operator]

    wait_until(is_in_step, PATIENCE)
    time.sleep(2)  # whatever would be written twice would be written now


def _waiting(stack: Stack) -> int:
    sql = """
        select count(*) from collect_response r left join act_case c on c.response_id = r.id
        where r.invitation_id is not null and r.state = 'complete' and c.id is null
          and exists (select from collect_answer a where a.response_id = r.id and a.score <= 6)
    """
    return int(stack.query(sql)[0][0])  # type: ignore[call-overload]


class TestKilled:
    def test_it_was_really_killed(self, aftermath: Aftermath) -> None:
        assert aftermath.n_killed > len(VICTIMS)  # the web server is more than one process
        assert aftermath.failures, "no customer noticed"
        assert len(aftermath.told) >= 2 * A_FEW, aftermath.failures

    def test_every_acknowledged_answer_is_in_the_database_once(self, aftermath: Aftermath) -> None:
        kept = aftermath.scores()
        assert {invitation: kept.get(invitation) for invitation in aftermath.told} == {
            invitation: [score] for invitation, score in aftermath.told.items()
        }

    def test_every_answer_is_in_the_lake_once(self, aftermath: Aftermath) -> None:
        n = aftermath.count("select count(*) from collect_answer where score is not null")
        assert aftermath.in_lake("count(*)") == n
        assert aftermath.in_lake("count(distinct answer_id)") == n

    def test_the_lake_has_the_scores_of_the_database(self, aftermath: Aftermath) -> None:
        total = aftermath.count("select sum(score) from collect_answer")
        assert aftermath.in_lake("sum(score)") == total

    def test_the_import_brought_exactly_the_rows_of_its_file(self, aftermath: Aftermath) -> None:
        sql = "select count(*) from collect_response where batch_id is not null"
        assert aftermath.count(sql) == N_ROWS
        assert aftermath.in_lake("count(*)", f"programme = '{aftermath.programme}'") == N_ROWS

    def test_each_detractor_has_exactly_one_case(self, aftermath: Aftermath) -> None:
        unhappy = {invitation for invitation, score in aftermath.told.items() if score <= 6}
        sql = """
            select r.invitation_id, count(*) from act_case c join collect_response r on r.id = c.response_id
            group by 1
        """
        cases = dict(aftermath.stack.query(sql))
        assert unhappy <= set(cases)
        assert set(cases.values()) == {1}
