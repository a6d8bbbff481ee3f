"""kill -9 of the worker while it labels history: in the end every comment is labelled, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil
import pytest

from tests.stack import Stack, environment, running, wait_until
from voiceloop.bench import company, labelling

N = 15_000  # three batches
PATIENCE = 240.0

pytestmark = pytest.mark.requirement(72)


@dataclass
class Aftermath:
    stack: Stack
    job: int
    n_at_death: int
    killed: list[int]

    def one(self, sql: str) -> object:
        return self.stack.query(sql)[0][0]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    with running(tmp_path_factory.mktemp("relabelled") / "data") as stack:
        ask = partial(company.ask, data=stack.data, database=stack.database_url, environment=environment())
        ask("invite", 1)  # the first unit
        labelling.fill(stack.database_url, N)
        job = ask("relabel")
        wait_until(lambda: _done(stack, job) > 0, PATIENCE)
        killed = []
        for worker in stack.processes()["worker"]:
            with suppress(psutil.NoSuchProcess):
                worker.kill()
                killed.append(worker.pid)
        n_at_death = _done(stack, job)
        sql = f"select 1 from understand_relabelling where id = {job} and state = 'done'"
        wait_until(lambda: stack.query(sql) != [], PATIENCE)
        yield Aftermath(stack, job, n_at_death, killed)


def _done(stack: Stack, job: int) -> int:
    return int(stack.query(f"select n_done from understand_relabelling where id = {job}")[0][0])  # type: ignore[call-overload]


class TestKilled:
    def test_it_was_really_killed_in_the_middle(self, aftermath: Aftermath) -> None:
        assert aftermath.killed
        assert 0 < aftermath.n_at_death < N
        now = [process.pid for process in aftermath.stack.processes()["worker"]]
        assert now
        assert not set(now) & set(aftermath.killed)

    def test_every_comment_is_labelled_and_none_twice(self, aftermath: Aftermath) -> None:
        found = labelling.checked(aftermath.stack.query)
        assert found["sentiments"] == found["comments_labelled"] == N
        assert (found["comments_left_out"], found["labels_twice"]) == (0, 0)

    def test_progress_counts_each_comment_once(self, aftermath: Aftermath) -> None:
        assert aftermath.one(f"select n_done from understand_relabelling where id = {aftermath.job}") == N
