"""Files that come with a post: known by their first bytes, kept outside the web root under their digest."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Attachment, Post
from voiceloop.server.act.threads.kinds import kind_of

# Our choice: what a phone's camera makes passes, a film does not.
MOST_BYTES, MOST_FILES, MOST_TOGETHER = 10 * 2**20, 10, 25 * 2**20


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: its sender's name for it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """`refused` says of each file that is not taken its name and why, as JSON."""

    taken: tuple[tuple[Upload, str], ...]
    refused: tuple[dict[str, Any], ...]


def check(uploads: Iterable[Upload]) -> Checked:
    """Which files are taken, with their kind, and which are not."""
    taken: list[tuple[Upload, str]] = []
    refused: list[dict[str, Any]] = []
    together = 0
    for upload in uploads:
        kind = kind_of(upload.content, upload.name)
        fault = _fault(upload, kind, len(taken), together)
        if fault:
            refused.append({"name": name_of(upload.name), "fault": fault, "size": len(upload.content)})
        else:
            together += len(upload.content)
            taken.append((upload, kind))
    return Checked(tuple(taken), tuple(refused))


def _fault(upload: Upload, kind: str, n: int, together: int) -> str:
    size = len(upload.content)
    if n >= MOST_FILES:
        return "too_many"
    if size > MOST_BYTES or together + size > MOST_TOGETHER:
        return "too_big"
    return "" if kind else "empty" if not size else "kind"


def sentence(refused: dict[str, Any]) -> str:
    """Why a file was not taken, in the reader's language."""
    name = refused.get("name", "")
    why = {
        "too_many": _("“%(name)s” was not taken: at most %(n)s files at once."),
        "too_big": _("“%(name)s” was not taken: it is larger than %(most)s."),
        "empty": _("“%(name)s” was not taken: it is empty."),
        "on_its_way": _("A file is being fetched from the channel it came by."),
        "not_wechat": _("“%(name)s” was not sent: over WeChat only PNG and JPEG pictures can be."),
        "not_fetched": _("A file could not be fetched from the channel it came by."),
    }.get(
        refused.get("fault", ""),
        _("“%(name)s” was not taken: only pictures, PDF, Office files, text, sound and film are."),
    )
    return why % {"name": name, "n": MOST_FILES, "most": filesizeformat(MOST_BYTES)}


def keep(post: Post, checked: Checked) -> list[Attachment]:
    """Write the bytes, then the rows; a file without a row is swept up later."""
    rows = [
        Attachment(
            post=post,
            name=name_of(upload.name),
            kind=kind,
            size=len(upload.content),
            digest=_written(upload.content),
        )
        for upload, kind in checked.taken
    ]
    return Attachment.objects.bulk_create(rows)


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def folder() -> Path:
    return Path(settings.DATA) / "attachments"


def name_of(name: str) -> str:
    """A name that is safe in a header and on a disk: no folders, no control or direction characters."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return (f"{stem[:140]}{dot}{ending[:12]}" if dot else clean[:150]) or "file"


def _written(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=".half-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    return digest


def sweep(older_than: float) -> int:
    """Remove files whose rows are gone, with a customer who was erased or a transaction that failed."""
    n = 0
    for path in folder().glob("*/*"):
        is_old = path.stat().st_mtime < older_than
        if is_old and not Attachment.objects.filter(digest=path.name).exists():
            path.unlink(missing_ok=True)
            n += 1
    return n
