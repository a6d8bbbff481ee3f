"""kill -9 of the worker at every step of a playbook: afterwards each step has happened, and happened once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.server.act.playbooks.scene import STEPS
from tests.stack import ROOT, environment, wait_until
from voiceloop.server.config import postgres

N = len(STEPS)
AT_ONCE = 4  # jobs of one worker
PATIENCE = 600.0  # a killed worker is given up after a quarter of a minute; a full machine takes longer
# A step that is about to be written as done waits here for as long as the test holds the lock of its run and
# place: its effect is made, nothing of it is committed, and the step before it is.
HOLD = """
create function hold_a_step() returns trigger language plpgsql as $$
begin perform pg_advisory_xact_lock_shared(new.run_id::int, new.position::int); return new; end $$;
create trigger hold_a_step before update on act_steprun for each row
when (new.state = 'done' and old.state <> 'done') execute function hold_a_step()
"""
WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted and objsubid = 2"

pytestmark = pytest.mark.requirement(106, 147)


@dataclass
class Works:
    """A database of its own, and the product's worker beside it, which dies and is started again."""

    data: Path
    url: str
    runs: dict[int, int] = field(default_factory=dict)
    killed_at: dict[int, list[str]] = field(default_factory=dict)
    n_killed: int = 0
    worker: subprocess.Popen[bytes] | None = None

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self._around(), capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "-m", "voiceloop", "worker"]
        with (self.data / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(command, cwd=ROOT, env=self._around(), stdout=log, stderr=log)

    def kill(self) -> None:
        assert self.worker is not None
        assert self.worker.poll() is None, (self.data / "worker.log").read_text()
        self.worker.kill()
        self.worker.wait()
        self.n_killed += 1

    def _around(self) -> dict[str, str]:
        return environment(
            DATABASE_URL=self.url,
            VOICELOOP_DATA=str(self.data),
            DJANGO_SETTINGS_MODULE="voiceloop.server.config.settings",
        )


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    data = tmp_path_factory.mktemp("steps")
    server = postgres.Server(data / "postgres", log=data / "postgres.log")
    server.acquire()
    found = Works(data, server.url)
    try:
        found.run("voiceloop", "prepare")
        found.rows(HOLD)
        _kill_at_every_step(found)
        wait_until(lambda: _is_over(found), PATIENCE)
        time.sleep(2)  # whatever would be done twice would be done now
        yield found
    finally:
        if found.worker and found.worker.poll() is None:
            found.worker.kill()
            found.worker.wait()
        server.release()


def _kill_at_every_step(works: Works) -> None:
    """One run is held at its first step, the next one at its second …; each worker dies in four of them."""
    with psycopg.connect(works.url, autocommit=True) as holder:
        first = int(str(works.rows("select coalesce(max(id), 0) + 1 from act_playbookrun")[0][0]))
        for place in range(N):
            holder.execute("select pg_advisory_lock(%s, %s)", (first + place, place))
        works.runs = dict(json.loads(works.run("tests.server.act.playbooks.scene").splitlines()[-1]))
        assert sorted(works.runs) == list(range(first, first + N))
        works.start()
        for places in (range(AT_ONCE), range(AT_ONCE, N)):
            wait_until(lambda places=places: works.rows(WAITING)[0][0] == len(places), PATIENCE)
            for place in places:
                works.killed_at[place] = _done(works, first + place)
            works.kill()
            # A session that waits for a lock hears that its client is dead only when it has got it.
            for place in places:
                holder.execute("select pg_advisory_unlock(%s, %s)", (first + place, place))
            wait_until(lambda: works.rows(WAITING)[0][0] == 0, PATIENCE)
            works.start()


def _done(works: Works, run: int) -> list[str]:
    done = f"select key from act_steprun where run_id = {run} and state = 'done' order by position"
    return [str(key) for (key,) in works.rows(done)]


def _is_over(works: Works) -> bool:
    return works.rows("select count(*) from act_playbookrun where state <> 'done'") == [(0,)]


class TestKilledAtEveryStep:
    def test_it_was_killed_in_the_middle_of_each(self, works: Works) -> None:
        keys = [step["key"] for step in STEPS]
        assert works.n_killed == 2
        assert works.killed_at == {place: keys[:place] for place in range(N)}

    def test_each_step_is_done_once(self, works: Works) -> None:
        sql = "select run_id, count(*), count(*) filter (where state = 'done') from act_steprun group by 1"
        assert {run: (n, done) for run, n, done in works.rows(sql)} == dict.fromkeys(works.runs, (N, N))

    def test_each_step_is_told_once(self, works: Works) -> None:
        sql = "select (data->>'step')::int from core_event where type = 'playbook.step_ran'"
        told = Counter(step for (step,) in works.rows(sql))
        assert len(told) == N * N
        assert set(told.values()) == {1}

    def test_no_try_failed(self, works: Works) -> None:
        assert works.rows("select key, error from act_steprun where n_tries > 0") == []

    def test_every_effect_is_there_once(self, works: Works) -> None:
        cases = sorted(works.runs.values())
        notes = "select case_id, count(*) from act_note group by 1 order by 1"
        letters = "select substring(about from 6)::int, count(*) from collect_message group by 1 order by 1"
        up = "select (data->>'case')::int, count(*) from core_event where type = 'case.escalated'"
        assert works.rows(notes) == [(case, 2) for case in cases]
        assert works.rows(letters) == [(case, 3) for case in cases]
        assert works.rows(f"{up} group by 1 order by 1") == [(case, 1) for case in cases]
