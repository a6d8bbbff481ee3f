"""Where learned models are kept: one file each, in the data folder."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from voiceloop.analytics.text.sentiment import Model
from voiceloop.server.understand.models import TextModel


def new_path(kind: str) -> str:
    return f"models/{kind}-{secrets.token_hex(6)}.npz"


def full(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def save(model: Any, path: str) -> None:
    full(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    model.save(full(path))


def load(kind: str, path: str) -> Any:
    if kind == TextModel.Kind.SENTIMENT:
        return Model.load(full(path))
    # Imported when a company has one: no process needs it at its start.
    from voiceloop.analytics.text.heads import LearnedHeads

    return LearnedHeads.load(full(path))
