"""Where an installation keeps its things: the data folder, its secrets, its database."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from voiceloop.server.config import postgres
from voiceloop.speech import Trouble

ROOM_NEEDED = 500 * 1024**2  # ours: below this a demo company or an import would stop half-way


def data_dir() -> Path:
    return Path(os.environ.get("VOICELOOP_DATA") or "data").expanduser().resolve()


def prepare(folder: Path) -> None:
    """Make the data folder; refuse one that cannot be written to or has no room left."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            # TRICKY: PostgreSQL never runs as root; its own user has to pass through, not to read.
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (folder / "logs").mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (PermissionError, FileExistsError, NotADirectoryError):
        raise Trouble(
            f"数据文件夹不可写：{folder}", f"The data folder cannot be written to: {folder}"
        ) from None
    except OSError as error:
        raise Trouble(
            f"无法使用数据文件夹 {folder}：{error.strerror}。",
            f"Cannot use the data folder {folder}: {error.strerror}.",
        ) from None
    if shutil.disk_usage(folder).free < ROOM_NEEDED:
        raise postgres.disk_full(folder)


def claim(folder: Path) -> int:
    """Lock the data folder for this process; the lock goes with the process, however it ends."""
    handle = os.open(folder / "voiceloop.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Trouble(
            f"另一个客声正在使用此数据文件夹：{folder}。请用 --data 另选文件夹。",
            f"Another Voiceloop is using this data folder: {folder}. Choose another with --data.",
        ) from None
    return handle


@cache
def stored_secrets(folder: Path) -> dict[str, Any]:
    """Secrets made at first start, readable by their owner only."""
    path = folder / "secrets.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_private(path, json.dumps(_fresh_secrets()))
    return dict(json.loads(path.read_text()))


def _fresh_secrets() -> dict[str, Any]:
    def key() -> str:
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()

    return {"secret_key": secrets.token_urlsafe(48), "field_keys": [f"k1:{key()}"], "blind_index_key": key()}


def _write_private(path: Path, text: str) -> None:
    # TRICKY: a link either makes the whole file or fails, so of two processes starting at once one wins
    # and the other reads what it wrote. mkstemp makes the file with mode 600.
    handle, new = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(new)


def database_url() -> str:
    """`DATABASE_URL`, or an embedded PostgreSQL in the data folder, shared while this process lives."""
    return os.environ.get("DATABASE_URL") or embedded_postgres().url


@cache
def embedded_postgres() -> postgres.Server:
    folder = data_dir()
    prepare(folder)
    server = postgres.Server(folder / "postgres", log=folder / "logs" / "postgres.log")
    server.acquire()
    return server
