"""The comments of a filter as a file, masked as on screen; never more than a batch of them in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from voiceloop.server.core.models import User
from voiceloop.server.core.spreadsheets import XLSX, Response, named, streamed
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import in_words
from voiceloop.server.understand.voice_asked import Asked
from voiceloop.server.understand.voice_words import kind_word
from voiceloop.server.understand.voices import voices

BATCH = 1_000
# Our choice: a sheet that spreadsheets still open quickly; the CSV holds everything.
MOST_IN_A_BOOK = 100_000
PLACES = ("touchpoint", "channel", "segment", "tier", "region", "team", "language")
KINDS = ("sentiment", "voice", "reason", "emotion", "urgency", "severity", "need", "theme")


def head() -> list[str]:
    places = [dimension_label(name) for name in PLACES]
    kinds = [kind_word(kind) for kind in KINDS]
    return [
        _("When"),
        _("Comment"),
        _("Score"),
        dimension_label("unit"),
        *places,
        *kinds,
        _("Case"),
        _("Response"),
    ]


def lines(user: User, asked: Asked) -> Iterator[list[Any]]:
    """Newest first, read a batch at a time."""
    for verbatim in asked.rows(user).iterator(chunk_size=BATCH):
        yield _line(verbatim)


def _line(verbatim: Any) -> list[Any]:
    response = verbatim.response
    [voice] = voices([verbatim])
    of_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for note in verbatim.annotations.all():
        if note.kind in of_kind:
            side = {1: " +", -1: " −"}.get(note.polarity, "") if note.kind == "reason" else ""
            of_kind[note.kind].append(f"{label(note.kind, note.label)}{side}")
    case = getattr(response, "case", None)
    return [
        f"{localtime(response.at):%Y-%m-%d %H:%M}",
        verbatim.text,
        voice.score,
        str(response.unit),
        *(label(name, code) if (code := getattr(response, name)) else "" for name in PLACES),
        *("; ".join(names) for names in of_kind.values()),
        case.pk if case else None,
        response.pk,
    ]


def as_csv(user: User, asked: Asked) -> HttpResponseBase:
    return _attached(streamed([head()], lines(user, asked)), "csv")


def as_book(user: User, asked: Asked) -> HttpResponseBase:
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as made:
        sheet = made.add_worksheet(_("Comments"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 1, 80)
        sheet.write_row(0, 0, head(), made.add_format({"bold": True, "bottom": 1}))
        n = 0
        for n, line in enumerate(lines(user, asked), 1):
            if n > MOST_IN_A_BOOK:
                break
            sheet.write_row(n, 0, line)
        about = made.add_worksheet(_("About"))
        about.write_row(0, 0, [_("Filter"), in_words(asked.part), asked.query()])
        if n > MOST_IN_A_BOOK:
            about.write_row(
                1, 0, [_("Only the newest %(n)s; the CSV has all.") % {"n": f"{MOST_IN_A_BOOK:,}"}]
            )
    return _attached(HttpResponse(target.getvalue(), content_type=XLSX), "xlsx")


def _attached(response: Response, kind: str) -> Response:
    said = f"{_('Voice of the customer')} {localdate():%Y-%m-%d}.{kind}"
    return named(response, f"voice.{kind}", said)


EXPORTS: Mapping[str, Callable[[User, Asked], HttpResponseBase]] = {"csv": as_csv, "xlsx": as_book}
