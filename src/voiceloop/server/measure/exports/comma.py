"""The table of an answer as CSV, line by line."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from voiceloop.server.core.spreadsheets import streamed
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.naming import attached


def response(answer: Exploration) -> StreamingHttpResponse:
    content = Content(answer)
    return attached(streamed([content.head()], content.lines()), answer.asked, "csv")
