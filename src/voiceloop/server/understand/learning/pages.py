"""What the pages of text models show: versions, curves, and comments on which two of them disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from voiceloop.analytics.chart import ACCENT, SECOND
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.measure.charts import Picture
from voiceloop.server.measure.labels import label
from voiceloop.server.understand import coverage, engine
from voiceloop.server.understand.engine import Engine
from voiceloop.server.understand.models import Fitting, TextModel
from voiceloop.server.understand.voices import Voice, voices

RECENT, SHOWN = 2_000, 30
FAINT = SECOND


class Disagreement(NamedTuple):
    """A comment, and what each of two versions says of it."""

    comment: Voice
    old: str
    new: str


def context(kind: str) -> dict[str, Any]:
    models = list(TextModel.objects.filter(kind=kind).select_related("by").order_by("-pk")[:30])
    live = next((model for model in models if model.state == TextModel.State.LIVE), None)
    return {
        "kind": kind,
        "models": models,
        "live": live or TextModel.objects.filter(kind=kind, state=TextModel.State.LIVE).first(),
        "fitting": Fitting.objects.filter(kind=kind).order_by("-pk").first(),
    }


def curve(points: Sequence[dict[str, float]]) -> Picture:
    """Accuracy after so many scored comments, with its interval."""
    sizes = [f"{point['n']:,}" for point in points]
    first, last = points[0]["accuracy"], points[-1]["accuracy"]
    finding = _("With %(n)s comments of your own %(last)s are right; the shipped model had %(first)s.") % {
        "n": sizes[-1], "last": f"{last:.1%}", "first": f"{first:.1%}",
    }  # fmt: skip
    values = [[round(100 * point[name], 2) for point in points] for name in ("accuracy", "low", "high")]
    return Picture(
        {
            "aria": {"enabled": True, "label": {"description": finding}},
            "grid": {"left": 48, "right": 16, "top": 16, "bottom": 44},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": sizes, "name": _("scored comments"),
                      "nameLocation": "middle", "nameGap": 28},
            "yAxis": {"type": "value", "min": "dataMin", "axisLabel": {"formatter": "{value}%"}},
            "series": [
                _line(_("right"), values[0], ACCENT),
                _line(_("95% interval, low"), values[1], FAINT, dashed=True),
                _line(_("95% interval, high"), values[2], FAINT, dashed=True),
            ],
        },
        finding,
    )  # fmt: skip


def reliability(pair: Sequence[Sequence[dict[str, float]]]) -> Picture:
    """How sure each model was against how often it was right; on the line the two agree."""
    finding = _("Of each model: how sure it was, and how often it was right.")
    colours = (FAINT, ACCENT)
    names = (_("in use"), _("this model"))
    return Picture(
        {
            "aria": {"enabled": True, "label": {"description": finding}},
            "legend": {"top": 0, "right": 0},
            "grid": {"left": 48, "right": 16, "top": 32, "bottom": 44},
            "tooltip": {"trigger": "item"},
            "xAxis": {"type": "value", "min": 30, "max": 100, "name": _("how sure, %"),
                      "nameLocation": "middle", "nameGap": 28},
            "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
            "series": [
                {"type": "line", "name": name, "symbolSize": 7, "itemStyle": {"color": colour},
                 "lineStyle": {"color": colour},
                 "data": [[round(100 * p["sure"], 1), round(100 * p["right"], 1)] for p in points]}
                for name, points, colour in zip(names, pair, colours, strict=True)
            ] + [
                {"type": "line", "name": _("as sure as right"), "symbol": "none", "silent": True,
                 "lineStyle": {"type": "dashed", "color": FAINT, "width": 1}, "data": [[30, 30], [100, 100]]}
            ],
        },
        finding,
    )  # fmt: skip


def months(part: Any) -> Picture | None:
    """The share that was understood, month by month."""
    rows = [(month, one.share) for month, one in coverage.trend(part) if one.share is not None]
    if len(rows) < 2:
        return None
    finding = _("In the newest month %(share)s of the comments were understood.") % {
        "share": f"{rows[-1][1]:.1f}%"
    }
    return Picture(
        {
            "aria": {"enabled": True, "label": {"description": finding}},
            "grid": {"left": 48, "right": 16, "top": 16, "bottom": 28},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [month for month, _ in rows]},
            "yAxis": {"type": "value", "max": 100, "min": "dataMin"},
            "series": [_line(_("understood, %"), [round(share, 1) for _month, share in rows], ACCENT)],
        },
        finding,
    )


def disagreements(user: User, old: Engine, new: Engine, kind: str) -> tuple[int, int, list[Disagreement]]:
    """Among the newest comments that the reader may see: how many were asked, how many differ, the newest."""
    visible = Response.objects.visible_to(user)
    recent = list(
        Verbatim.objects.filter(response__in=visible)
        .select_related("response__unit")
        .prefetch_related("annotations", "response__answers")
        .order_by("-pk")[:RECENT]
    )
    texts = [verbatim.text for verbatim in recent]
    said = [[_said(one, kind) for one in words.analyse(texts, evidence=False)] for words in (old, new)]
    rows = [row for row in range(len(recent)) if said[0][row] != said[1][row]]
    shown = voices([recent[row] for row in rows[:SHOWN]])
    found = [Disagreement(one, said[0][row], said[1][row]) for one, row in zip(shown, rows, strict=False)]
    return len(recent), len(rows), found


def engine_of(kind: str, model: TextModel | None) -> Engine:
    """The engine in use, with this model of a kind, or with what is shipped."""
    if model:
        return engine.with_model(model)
    words = engine.in_use()
    return words._replace(model=None) if kind == TextModel.Kind.SENTIMENT else words._replace(heads=None)


def _said(one: Any, kind: str) -> str:
    if kind == TextModel.Kind.SENTIMENT:
        return label("sentiment", one.sentiment.label)
    return " · ".join(sorted(label("reason", reason.code) for reason in one.reasons)) or "—"


def _line(name: str, values: list[float], colour: Any, *, dashed: bool = False) -> dict[str, Any]:
    style = {"color": colour, "type": "dashed" if dashed else "solid", "width": 1 if dashed else 2}
    return {"type": "line", "name": name, "data": values, "lineStyle": style, "itemStyle": {"color": colour},
            "symbol": "none" if dashed else "circle"}  # fmt: skip
