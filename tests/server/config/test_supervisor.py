"""The supervisor: everything starts, nothing stays dead, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.stack import Stack, free_port, running, status, voiceloop, wait_until

NAMES = ("web", "worker", "reactor", "sync")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated data folder to start from: migrating is what takes long."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    done = voiceloop("prepare", "--data", str(data))
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Stack]:
    with running(copy(prepared, tmp_path_factory.mktemp("up"))) as stack:
        yield stack


def copy(prepared: Path, folder: Path) -> Path:
    """Keeps owners, as PostgreSQL's files may have one of their own."""
    subprocess.run(["cp", "-a", str(prepared), str(folder / "data")], check=True)
    return folder / "data"


def is_complete(stack: Stack) -> bool:
    return set(stack.processes()) == set(NAMES) and status(f"{stack.url}/accounts/login/") == 200


class TestUp:
    def test_it_answers_with_every_process_running(self, product: Stack) -> None:
        wait_until(lambda: is_complete(product))
        assert product.url in product.output.read_text()

    @pytest.mark.parametrize("name", NAMES)
    def test_it_starts_a_killed_process_again(self, product: Stack, name: str) -> None:
        wait_until(lambda: is_complete(product))
        killed = {process.pid for process in product.processes()[name]}
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

        def is_new() -> bool:
            there = {process.pid for process in product.processes().get(name, [])}
            return bool(there) and not there & killed

        wait_until(lambda: is_new() and is_complete(product))

    def test_it_starts_a_killed_database_again_with_what_was_committed(self, product: Stack) -> None:
        wait_until(lambda: is_complete(product))
        product.query("create table promise (n int)")
        product.query("insert into promise values (1)")
        killed = product.postmaster()
        killed.kill()
        wait_until(lambda: _answers(product))
        assert product.postmaster().pid != killed.pid
        assert product.query("select n from promise") == [(1,)]

    def test_it_refuses_a_data_folder_in_use(self, product: Stack) -> None:
        refused = voiceloop("up", "--port", str(free_port()), "--data", str(product.data))
        assert refused.returncode == 1
        assert refused.stderr == (
            f"voiceloop: Another Voiceloop is using this data folder: {product.data}. "
            "Choose another with --data.\n"
        )

    def test_it_refuses_a_taken_port(self, product: Stack, tmp_path: Path) -> None:
        port = product.url.rsplit(":", 1)[1]
        refused = voiceloop("up", "--port", port, "--data", str(tmp_path), VOICELOOP_LANG="zh")
        assert refused.returncode == 1
        assert refused.stderr == f"voiceloop: 端口 {port} 已被占用，请用 --port 另选端口。\n"

    def test_its_health_names_every_part(self, product: Stack) -> None:
        port = product.url.rsplit(":", 1)[1]
        wait_until(lambda: is_complete(product))
        asked = voiceloop("health", "--port", port, "--data", str(product.data))
        assert all(f'"{part}"' in asked.stdout for part in ("web", "disk", "database", "jobs", "lake"))
        assert asked.returncode == 0, asked.stdout

    def test_its_data_are_not_deleted_while_it_runs(self, product: Stack) -> None:
        refused = voiceloop("reset", "--yes", VOICELOOP_DATA=str(product.data))
        assert refused.returncode == 1
        assert (product.data / "postgres").is_dir()


class TestStop:
    @pytest.fixture
    def data(self, tmp_path: Path, prepared: Path) -> Path:
        return copy(prepared, tmp_path)

    def test_ctrl_c_leaves_no_process_and_all_data(self, data: Path) -> None:
        with running(data) as stack:
            stack.query("create table promise (n int)")
            database = stack.postmaster()
            assert stack.stop(signal.SIGINT) == 0
            assert stack.processes() == {}
            assert not database.is_running()
        with running(data) as stack:
            assert stack.query("select count(*) from promise") == [(0,)]

    def test_the_next_one_takes_over_from_a_killed_one(self, data: Path) -> None:
        with running(data) as stack:
            wait_until(lambda: set(stack.processes()) == set(NAMES))
            left = [p for several in stack.processes().values() for p in several]
            stack.stop(signal.SIGKILL)
        with running(data) as stack:
            assert not any(p.is_running() for p in left)
            wait_until(lambda: is_complete(stack))
            assert stack.stop() == 0
            assert stack.processes() == {}

    def test_reset_deletes_what_it_left(self, data: Path) -> None:
        with running(data) as stack:
            stack.stop()
        keep = data / "mine.txt"
        keep.write_text("not Voiceloop's")
        assert voiceloop("reset", VOICELOOP_DATA=str(data)).returncode == 1, "nobody could answer"
        assert voiceloop("reset", "--yes", VOICELOOP_DATA=str(data)).returncode == 0
        assert list(data.iterdir()) == [keep]


def _answers(stack: Stack) -> bool:
    try:
        return stack.query("select 1") == [(1,)]
    except psycopg.OperationalError:
        return False
