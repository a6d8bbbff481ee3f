"""The answer as JSON: the contract of `Result.to_dict`, with the question and its words."""

from __future__ import annotations

import json
from typing import Any

from django.http import StreamingHttpResponse

from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.naming import attached


def response(answer: Exploration) -> StreamingHttpResponse:
    pieces = json.JSONEncoder(ensure_ascii=False, default=str).iterencode(document(answer))
    return attached(StreamingHttpResponse(pieces, content_type="application/json"), answer.asked, "json")


def document(answer: Exploration) -> dict[str, Any]:
    content = Content(answer)
    return {
        "title": content.title,
        "question": answer.asked.pairs(),
        "filter_in_words": content.filter,
        "finding": content.finding,
        "verdict": content.verdict,
        "footnote": content.footnote,
        **answer.result.to_dict(),
        "compared_with": _compared(answer),
    }


def _compared(answer: Exploration) -> dict[str, Any] | None:
    then, change = answer.then, answer.figure.change
    if then is None:
        return None
    return {**then.to_dict(), "change": vars(change) if change else None}
