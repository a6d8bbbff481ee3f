"""Answers as files: exactly what is on screen, within the reader's rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from voiceloop.server.core.spreadsheets import XLSX
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports import comma, excel, paper, plain, slides
from voiceloop.server.measure.exports.naming import attached

Maker = Callable[[Exploration], bytes]

WHOLE: Mapping[str, tuple[str, Maker]] = {
    "xlsx": (XLSX, excel.book),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", slides.deck),
    "pdf": ("application/pdf", paper.pdf),
}


def _whole(kind: str) -> Callable[[Exploration], HttpResponseBase]:
    content_type, make = WHOLE[kind]
    return lambda answer: attached(HttpResponse(make(answer), content_type=content_type), answer.asked, kind)


EXPORTS: Mapping[str, Callable[[Exploration], HttpResponseBase]] = {
    "csv": comma.response,
    "json": plain.response,
    **{kind: _whole(kind) for kind in WHOLE},
}
