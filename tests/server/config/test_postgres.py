"""The embedded PostgreSQL: shared, taken over, and started wherever its folder lies."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.stack import wait_until
from voiceloop.server.config.postgres import Server
from voiceloop.speech import Trouble

Make = Callable[[Path], Server]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Server] = []

    def server(folder: Path) -> Server:
        made.append(Server(folder / "postgres", log=folder / "log", settings={"shared_buffers": "16MB"}))
        return made[-1]

    yield server
    for each in made:
        each.release()
    for each in made:
        # Whoever started a server that another one stopped still has to hear that it ended.
        if each._process:
            each._process.wait(30)


def ask(server: Server, sql: str) -> object:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


class TestAcquire:
    def test_it_commits_to_the_disk_before_it_answers(self, make: Make, tmp_path: Path) -> None:
        server = make(tmp_path)
        server.acquire()
        assert ask(server, "show fsync") == ask(server, "show synchronous_commit") == "on"

    def test_it_starts_where_the_path_is_too_long_for_a_socket(self, make: Make, tmp_path: Path) -> None:
        folder = tmp_path / ("数据" * 30)
        folder.mkdir()
        server = make(folder)
        server.acquire()
        assert ask(server, "select lower('Ä')") == "ä"

    def test_it_starts_after_a_kill(self, make: Make, tmp_path: Path) -> None:
        server = make(tmp_path)
        server.acquire()
        process = server._running()
        assert process
        process.kill()
        wait_until(lambda: not server.is_running())
        server.acquire()
        assert ask(server, "select 1") == 1

    def test_it_starts_when_a_strangers_process_has_the_old_number(self, make: Make, tmp_path: Path) -> None:
        server = make(tmp_path)
        server.acquire()
        server.release()
        lines = [str(os.getppid()), str(server.folder), "1", "5432", str(server.folder), "", "0 0", "ready"]
        (server.folder / "postmaster.pid").write_text("\n".join(lines))
        server.acquire()
        assert ask(server, "select 1") == 1

    def test_it_says_where_to_look_when_it_cannot_start(self, make: Make, tmp_path: Path) -> None:
        server = make(tmp_path)
        server.settings["shared_buffers"] = "nonsense"
        with pytest.raises(Trouble, match=r"PostgreSQL cannot start; .*log says why"):
            server.acquire()


class TestRelease:
    def test_it_leaves_the_server_to_those_who_still_use_it(self, make: Make, tmp_path: Path) -> None:
        first, second = make(tmp_path), make(tmp_path)
        first.acquire()
        second.acquire()
        first.release()
        assert ask(second, "select 1") == 1
        second.release()
        assert not second.is_running()
