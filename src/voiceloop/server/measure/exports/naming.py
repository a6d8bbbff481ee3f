"""What a file is called."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote

from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.cards import metric_label

Response = TypeVar("Response", bound=HttpResponseBase)


def filename(asked: Asked, kind: str) -> str:
    return f"{metric_label(asked.metric)} {localdate():%Y-%m-%d}.{kind}".replace("/", "-")


def attached(response: Response, asked: Asked, kind: str) -> Response:
    """To be kept, not shown; the plain name is for programs that read no other."""
    said = quote(filename(asked, kind))
    response["Content-Disposition"] = (
        f"attachment; filename=\"{asked.metric.name}.{kind}\"; filename*=UTF-8''{said}"
    )
    return response
