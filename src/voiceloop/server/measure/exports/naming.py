"""What a file is called."""

from __future__ import annotations

from django.utils.timezone import localdate

from voiceloop.server.core.spreadsheets import Response, named
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.cards import metric_label


def filename(asked: Asked, kind: str) -> str:
    return f"{metric_label(asked.metric)} {localdate():%Y-%m-%d}.{kind}".replace("/", "-")


def attached(response: Response, asked: Asked, kind: str) -> Response:
    return named(response, f"{asked.metric.name}.{kind}", filename(asked, kind))
