"""The digest on paper: PDF set by typst in the product's own font."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.server.core.numerals import formatted
from voiceloop.server.measure.exports.paper import fonts
from voiceloop.server.understand.digest import words
from voiceloop.server.understand.digest.compose import Digest

# Pictures among the letters: no font for papers has them, and a box in their place says less than nothing.
UNSET = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
TEMPLATE = Path(__file__).with_name("digest.typ")


def pdf(digest: Digest) -> bytes:
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        font_paths=[fonts()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(document(digest))},
    )


def document(digest: Digest) -> dict[str, Any]:
    sections = [asdict(one) for one in words.sections(digest)[1:]]
    return {
        "language": "en" if get_language() == "en" else "zh",
        "title": words.title(digest),
        "period": words.period(digest),
        "headline": words.headline(digest),
        "tiles": tiles(digest),
        "sections": json.loads(UNSET.sub("", json.dumps(sections, ensure_ascii=False))),
        "footnote": footnote(digest),
    }


def tiles(digest: Digest) -> list[dict[str, str]]:
    """The score and the three voices, each with its interval and verdict."""
    score = digest.nps.row
    found = [
        {
            "label": "NPS",
            "value": formatted(score.value, "nps"),
            "unit": f"n = {score.n:,}",
            "note": f"{_ends(score, 'nps')} {words.verdict(digest.nps.change, 'nps')}".strip(),
        }
    ]
    for lane in digest.lanes:
        note = f"{_ends(lane.row, 'pct')} {words.verdict(lane.change, 'pct')}".strip()
        share = formatted(lane.row.value, "pct")
        found.append({"label": lane.name, "value": f"{lane.n:,}", "unit": share, "note": note})
    return found


def _ends(row: Any, fmt: str) -> str:
    return "" if row.low is None else f"{formatted(row.low, fmt)} – {formatted(row.high, fmt)};"


def footnote(digest: Digest) -> str:
    as_of = f"{localtime(digest.as_of):%Y-%m-%d %H:%M}" if digest.as_of else "—"
    parts = [
        words.coverage(digest),
        _("Of what is called a signal at most one in twenty is chance"),
        _("Data as of %(when)s") % {"when": as_of},
        _("Voiceloop, %(when)s") % {"when": f"{localtime(now()):%Y-%m-%d %H:%M}"},
    ]
    return " · ".join(parts)
