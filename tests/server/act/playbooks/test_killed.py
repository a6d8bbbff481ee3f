"""kill -9 of the worker at every step of a playbook: afterwards each step has happened, and happened once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
import psycopg
import pytest

from tests.server.act.playbooks.scene import STEPS
from tests.stack import ROOT, Stack, environment, running, wait_until

N = len(STEPS)
AT_ONCE = 4  # jobs of one worker
PATIENCE = 150.0
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
class Aftermath:
    stack: Stack
    runs: dict[int, int]
    killed_at: dict[int, list[str]] = field(default_factory=dict)
    n_killed: int = 0

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.stack.query(sql)


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    with running(tmp_path_factory.mktemp("steps") / "data") as stack:
        stack.query(HOLD)
        with psycopg.connect(stack.database_url, autocommit=True) as holder:
            # Whatever run number comes next: each of the places that may be reached is held beforehand.
            first = int(str(stack.query("select coalesce(max(id), 0) + 1 from act_playbookrun")[0][0]))
            for place in range(N):
                holder.execute("select pg_advisory_lock(%s, %s)", (first + place, place))
            begun = dict(_scene(stack))
            assert sorted(begun) == list(range(first, first + N))
            found = Aftermath(stack, begun)
            for places in (range(AT_ONCE), range(AT_ONCE, N)):
                _kill_at(found, first, places)
                for place in places:
                    holder.execute("select pg_advisory_unlock(%s, %s)", (first + place, place))
        wait_until(lambda: _is_over(stack), PATIENCE)
        time.sleep(2)  # whatever would be done twice would be done now
        yield found


def _scene(stack: Stack) -> list[list[int]]:
    words = [sys.executable, "-m", "tests.server.act.playbooks.scene"]
    more = {
        "DATABASE_URL": stack.database_url,
        "VOICELOOP_DATA": str(stack.data),
        "DJANGO_SETTINGS_MODULE": "voiceloop.server.config.settings",
    }
    done = subprocess.run(
        words, cwd=ROOT, env=environment(**more), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: list[list[int]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _kill_at(found: Aftermath, first: int, places: range) -> None:
    """Wait until a job stands in the middle of each of these steps, and kill the worker that does them."""
    wait_until(lambda: found.rows(WAITING)[0][0] == len(places), PATIENCE)
    for place in places:
        sql = (
            f"select key from act_steprun where run_id = {first + place} and state = 'done' order by position"
        )
        found.killed_at[place] = [str(key) for (key,) in found.rows(sql)]
    for worker in found.stack.processes()["worker"]:
        with suppress(psutil.NoSuchProcess):
            worker.kill()
            found.n_killed += 1
    wait_until(lambda: found.rows(WAITING)[0][0] == 0, PATIENCE)


def _is_over(stack: Stack) -> bool:
    return stack.query("select count(*) from act_playbookrun where state <> 'done'") == [(0,)]


class TestKilledAtEveryStep:
    def test_it_was_killed_in_the_middle_of_each(self, aftermath: Aftermath) -> None:
        keys = [step["key"] for step in STEPS]
        assert aftermath.n_killed >= 2
        assert aftermath.killed_at == {place: keys[:place] for place in range(N)}

    def test_each_step_is_done_once(self, aftermath: Aftermath) -> None:
        sql = "select run_id, count(*), count(*) filter (where state = 'done') from act_steprun group by 1"
        assert {run: (n, done) for run, n, done in aftermath.rows(sql)} == dict.fromkeys(
            aftermath.runs, (N, N)
        )

    def test_each_step_is_told_once(self, aftermath: Aftermath) -> None:
        sql = "select (data->>'step')::int from core_event where type = 'playbook.step_ran'"
        told = Counter(step for (step,) in aftermath.rows(sql))
        assert len(told) == N * N
        assert set(told.values()) == {1}

    def test_no_try_failed(self, aftermath: Aftermath) -> None:
        assert aftermath.rows("select key, error from act_steprun where n_tries > 0") == []

    def test_every_effect_is_there_once(self, aftermath: Aftermath) -> None:
        cases = sorted(aftermath.runs.values())
        for table, n in (("act_note", 2), ("collect_message", 3)):
            about = "case_id" if table == "act_note" else "substring(about from 6)::int"
            where = "true" if table == "act_note" else "about like 'case:%'"
            sql = f"select {about}, count(*) from {table} where {where} group by 1 order by 1"
            assert aftermath.rows(sql) == [(case, n) for case in cases]
        up = "select (data->>'case')::int, count(*) from core_event where type = 'case.escalated'"
        assert aftermath.rows(f"{up} group by 1 order by 1") == [(case, 1) for case in cases]
