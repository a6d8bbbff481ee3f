"""What is done to an installation as a whole: make it ready, look at its health, take it away."""

from __future__ import annotations

import json
import os
import shutil
import sys
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path
from typing import Any

from voiceloop.progress import Steps
from voiceloop.server.config import place, processes
from voiceloop.speech import Trouble, pick

STAMP = "prepared.json"
# Nothing but what Voiceloop itself made is ever deleted.
OURS = (
    *("postgres", "postgres.new", "postgres.lock", "postgres.users", "lake", "logs", "static", "files"),
    *("uploads", "secrets.json", STAMP, "voiceloop.lock"),
)


def prepare(*, demo: bool) -> None:
    """Bring the database up to date; make the demo company where nobody is yet."""
    steps = Steps()
    with steps.step(pick("数据表", "tables"), expected=4):
        processes.django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    if demo and not _has_people():
        make_demo()
    (place.data_dir() / STAMP).write_text(_state(demo=demo))


def is_prepared(folder: Path, *, demo: bool) -> bool:
    """Whether `prepare` was here with the very same migrations; asks no database."""
    stamp = folder / STAMP
    return not os.environ.get("DATABASE_URL") and stamp.exists() and stamp.read_text() == _state(demo=demo)


def _state(*, demo: bool) -> str:
    """The migrations of this code and of the packages that bring their own."""
    server = Path(__file__).parents[1]
    ours = sorted(str(path.relative_to(server)) for path in server.glob("*/migrations/*.py"))
    theirs = [f"{name} {version(name)}" for name in ("django", "django-allauth", "procrastinate")]
    return json.dumps([*ours, *theirs, demo])


def make_demo() -> None:
    from django.core.management import call_command, get_commands
    from django.utils import translation

    if "make_demo" in get_commands():
        with translation.override(pick("zh-hans", "en")):
            call_command("make_demo")


def _has_people() -> bool:
    from django.contrib.auth import get_user_model

    return bool(get_user_model().objects.exists())


def reset(*, yes: bool) -> int:
    """Delete the data folder's contents, after asking."""
    folder = place.data_dir()
    ours = [folder / name for name in OURS if (folder / name).exists()]
    if not ours:
        print(pick(f"{folder} 中没有数据。", f"There is nothing to delete in {folder}."))
        return 0
    lock = place.claim(folder)
    try:
        if not (yes or _agreed(folder)):
            print(pick("未删除任何数据。", "Nothing was deleted."))
            return 1
        for path in ours:
            _delete(path)
    finally:
        os.close(lock)
    print(pick(f"已删除 {folder} 中的数据。", f"The data in {folder} are deleted."))
    if os.environ.get("DATABASE_URL"):
        print(pick("DATABASE_URL 指向的数据库保持不变。", "The database of DATABASE_URL is left as it is."))
    return 0


def _agreed(folder: Path) -> bool:
    if not sys.stdin.isatty():
        raise Trouble("此命令需要确认：请加 --yes。", "This asks first, and nobody can answer: add --yes.")
    question = pick(f"删除 {folder} 中的全部数据？[y/N] ", f"Delete all data in {folder}? [y/N] ")
    return input(question).strip().lower() in ("y", "yes", "是")


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def health(*, port: int) -> int:
    """Print the state of every part as JSON; 0 when all of them are well."""
    folder = place.data_dir()
    parts = {"web": _web(port), "disk": _disk(folder), **_database()}
    well = all(part["ok"] for part in parts.values())
    print(json.dumps({"ok": well, **parts}, ensure_ascii=False, indent=2))
    return 0 if well else 1


def _web(port: int) -> dict[str, Any]:
    address = os.environ.get("VOICELOOP_BASE_URL") or f"http://127.0.0.1:{port}"
    try:
        with urllib.request.urlopen(f"{address}/", timeout=5) as answer:
            return {"ok": True, "address": address, "status": answer.status}
    except urllib.error.HTTPError as error:
        return {"ok": error.code < 500, "address": address, "status": error.code}
    except OSError as error:
        return {"ok": False, "address": address, "error": str(error)}


def _disk(folder: Path) -> dict[str, Any]:
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return {"ok": free > place.ROOM_NEEDED, "free_bytes": free}


def _database() -> dict[str, dict[str, Any]]:
    try:
        processes.django()
        from django.db import DatabaseError, connection

        with connection.cursor() as cursor:
            cursor.execute("select status::text, count(*) from procrastinate_jobs group by 1")
            jobs = dict(cursor.fetchall())
    except (DatabaseError, Trouble) as error:
        return {"database": {"ok": False, "error": str(error).strip()}}
    from voiceloop.server.store.sync import lag

    return {
        "database": {"ok": True},
        "jobs": {"ok": not jobs.get("failed"), **jobs},
        "lake": {"ok": True, "rows_behind": lag()},
    }
