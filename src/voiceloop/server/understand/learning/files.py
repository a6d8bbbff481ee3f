"""Where learned models are kept: one file each, in the data folder."""

from __future__ import annotations

import secrets
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

# Loaded when a model is: they bring scipy and scikit-learn, which no process wants at its start.
MODULES = {
    "sentiment": ("voiceloop.analytics.text.learning", "SentimentModel"),
    "reasons": ("voiceloop.analytics.text.heads", "LearnedHeads"),
}


def new_path(kind: str) -> str:
    return f"models/{kind}-{secrets.token_hex(6)}.npz"


def full(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def save(model: Any, path: str) -> None:
    full(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    model.save(full(path))


def load(kind: str, path: str) -> Any:
    module, name = MODULES[kind]
    return getattr(import_module(module), name).load(full(path))
