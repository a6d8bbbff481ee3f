"""`voiceloop up`: the database and all processes of an installation, under one roof until Ctrl-C."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from voiceloop.progress import Steps
from voiceloop.server.config import children, place, postgres, upkeep
from voiceloop.server.config.children import Child
from voiceloop.speech import Trouble, pick

# In the order in which they stop: first nobody comes in, then what came in is carried on.
PROCESSES = ("web", "reactor", "worker", "sync")
PATIENCE = 10.0  # seconds a process has to finish what it does when told to stop
GLANCE = 0.1
START_SECONDS = 180  # until which the web server of a busy machine may take to answer first
DEMO_PASSWORD = "voiceloop-demo"  # that of web.demo.people, which needs a set-up Django to be asked


@dataclass(frozen=True)
class Options:
    port: int = 8000
    host: str = field(default_factory=lambda: os.environ.get("VOICELOOP_HOST", "127.0.0.1"))
    demo: bool = False
    reload: bool = False

    @property
    def base_url(self) -> str:
        return os.environ.get("VOICELOOP_BASE_URL") or f"http://127.0.0.1:{self.port}"


def up(options: Options) -> int:
    folder = place.data_dir()
    place.prepare(folder)
    lock = place.claim(folder)
    try:
        with _signals_as_interrupts():
            Supervisor(options, folder).run()
    finally:
        os.close(lock)
    return 0


class Supervisor:
    def __init__(self, options: Options, folder: Path) -> None:
        self.options, self.folder = options, folder
        self.database = None if os.environ.get("DATABASE_URL") else _embedded(folder)
        self.children: list[Child] = []
        self.steps = Steps()
        self._newest = 0.0

    def run(self) -> None:
        try:
            self._start()
            self._announce()
            while True:
                self._tend()
                time.sleep(GLANCE)
        except KeyboardInterrupt:
            self.steps.say(pick("正在停止……", "Stopping…"))
        finally:
            self._stop()

    def _start(self) -> None:
        if children.end_leftovers(self.folder):
            self.steps.say(pick("已结束上次运行遗留的进程。", "Ended what the last run had left running."))
        _check_port(self.options.host, self.options.port)
        if self.database:
            with self.steps.step(pick("数据库", "database"), expected=3):
                self.database.acquire()
        if not upkeep.is_prepared(self.folder, demo=self.options.demo):
            self._prepare()
        self.children = [self._child(name) for name in PROCESSES]
        with self.steps.step(pick("网站", "web"), expected=3):
            # The others wait their turn, so that pages are there as early as they can be.
            self.children[0].start()
            self._wait_for_web()

    def _prepare(self) -> None:
        """Migrate and, for the demo, make its company; it draws its own progress."""
        command = [*_voiceloop("prepare"), *(["--demo"] if self.options.demo else [])]
        done = subprocess.run(command, env=self._environment() | {children.MARK: ""}, check=False)
        if done.returncode:
            raise Trouble("数据库未能准备好，原因见上。", "The database could not be made ready; see above.")

    def _child(self, name: str) -> Child:
        command = _voiceloop(name)
        if name == "web":
            command += ["--port", str(self.options.port), "--host", self.options.host]
        log = None if self.options.reload else self.folder / "logs" / f"{name}.log"
        return Child(name, command, self._environment(), log)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **({"DATABASE_URL": self.database.url} if self.database else {}),
            **({"VOICELOOP_DEBUG": "1"} if self.options.reload else {}),
            "VOICELOOP_DATA": str(self.folder),
            "VOICELOOP_BASE_URL": self.options.base_url,
            "PYTHONUNBUFFERED": "1",
            children.MARK: str(self.folder),
        }

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(f"http://{_reachable(self.options.host)}:{self.options.port}/"):
            self.children[0].tend(self._report)
            if time.monotonic() > deadline:
                log = self.folder / "logs" / "web.log"
                raise Trouble(
                    f"网站未能启动，原因见 {log}。", f"The web server does not answer; {log} says why."
                )
            time.sleep(GLANCE)

    def _tend(self) -> None:
        if self.database and not self.database.is_running():
            self._report("database", 1, 0)
            self._revive(self.database)
        if self.options.reload and self._has_changed():
            for child in self.children:
                child.stop(PATIENCE)
        for child in self.children:
            child.tend(self._report)

    def _revive(self, database: postgres.Server) -> None:
        try:
            database.acquire()
        except Trouble as trouble:
            # A full disk may be freed any moment: keep trying, keep saying why.
            self.steps.say(str(trouble))
            time.sleep(5)

    def _has_changed(self) -> bool:
        sources = Path(__file__).parents[2].rglob("*.py")
        before, self._newest = self._newest, max(p.stat().st_mtime for p in sources)
        return 0 < before < self._newest

    def _report(self, name: str, code: int, pause: float) -> None:
        self.steps.say(
            pick(
                f"{name} 已退出（{code}），{pause:.0f} 秒后重启",
                f"{name} ended ({code}); starting again in {pause:.0f} s",
            )
        )

    def _announce(self) -> None:
        print(f"\n  {self.options.base_url}", flush=True)
        if self.options.demo:
            self._announce_sign_ins()
        print(pick("\n  按 Ctrl-C 停止。", "\n  Ctrl-C stops it."), flush=True)

    def _announce_sign_ins(self) -> None:
        roles = {
            "agent": pick("坐席", "agent"),
            "analyst": pick("分析师", "analyst"),
            "admin": pick("管理员", "admin"),
        }
        for name, role in roles.items():
            print(f"  {role:8}{name} / {DEMO_PASSWORD}", flush=True)
        if self.options.host not in ("127.0.0.1", "localhost", "::1"):
            warning = pick(
                "演示密码是公开的：仅限可信网络。", "These passwords are public: for a trusted network only."
            )
            print(f"  {warning}", flush=True)

    def _stop(self) -> None:
        # A second Ctrl-C ends them at once.
        patience = PATIENCE
        for child in self.children:
            try:
                child.stop(patience)
            except KeyboardInterrupt:
                patience = 0
                child.stop(patience)
        if self.database:
            self.database.release()


def _embedded(folder: Path) -> postgres.Server:
    return postgres.Server(folder / "postgres", log=folder / "logs" / "postgres.log")


def _voiceloop(*words: str) -> list[str]:
    return [sys.executable, "-m", "voiceloop", *words]


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_trouble(error, host, port) from None


def _port_trouble(error: OSError, host: str, port: int) -> Trouble:
    if error.errno == errno.EADDRINUSE:
        return Trouble(
            f"端口 {port} 已被占用，请用 --port 另选端口。",
            f"Port {port} is taken: choose another with --port.",
        )
    if error.errno == errno.EACCES:
        return Trouble(
            f"没有权限使用端口 {port}。", f"This user may not open port {port}: choose one above 1023."
        )
    return Trouble(f"无法监听 {host}:{port}。", f"Cannot listen on {host}:{port}: {error.strerror}.")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    words = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {word: signal.signal(word, interrupt) for word in words}
    try:
        yield
    finally:
        for word, handler in before.items():
            signal.signal(word, handler)
