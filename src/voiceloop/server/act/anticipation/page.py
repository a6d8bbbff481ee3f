"""A rule and its dry run as words, figures and a chart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from voiceloop.server.act.anticipation import kinds, trials
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial, OutreachProposal
from voiceloop.server.core.models import User

# Of the list of rules: what became of the proposals of so many days.
SHOWN_DAYS = 30
Figure = dict[str, Any]


def in_words(rule: AnticipationRule) -> str:
    """Its numbers, each with its name."""
    values = kinds.values(rule.kind, rule.parameters)
    return " · ".join(f"{one.label} {values[one.name]:,}" for one in kinds.of(rule.kind).PARAMETERS)


def listed(user: User) -> list[AnticipationRule]:
    """The rules that hold where this person works, each with its newest trial and its proposals."""
    found = list(AnticipationRule.objects.visible_to(user).live().select_related("unit"))
    mine = OutreachProposal.objects.visible_to(user).filter(rule__in=found)
    made = Q(proposed_at__gt=now() - timedelta(days=SHOWN_DAYS))
    counts = {
        row["rule"]: row
        for row in mine.values("rule").annotate(
            n=Count("pk", filter=made), accepted=Count("pk", filter=made & Q(state="accepted"))
        ).order_by()
    }  # fmt: skip
    for rule in found:
        trial = newest_done(rule)
        rule.said, rule.trial = in_words(rule), trial
        rule.counts = counts.get(rule.pk, {"n": 0, "accepted": 0})
        rule.verdict = verdict(trial.result) if trial else ""
    return found


def newest_done(rule: AnticipationRule) -> AnticipationTrial | None:
    """The newest count of the numbers that the rule has now."""
    done = rule.trials.filter(state=AnticipationTrial.State.DONE, digest=trials.digest(rule))
    found: AnticipationTrial | None = done.order_by("-pk").first()
    return found


def verdict(result: Figure) -> str:
    """few, more, less or same: what the dry run says of whether the rule foretells anything."""
    difference = result.get("difference", {})
    if difference.get("value") is None:
        return "few"
    if difference["verdict"] == "noise":
        return "same"
    return "more" if difference["value"] > 0 else "less"


def trial_page(trial: AnticipationTrial | None, rule: AnticipationRule) -> Figure:
    """What is shown of a dry run; without `result` it is still being counted, or was never made."""
    if trial is None:
        return {"trial": None}
    moving = trial.state in (AnticipationTrial.State.QUEUED, AnticipationTrial.State.RUNNING)
    context: Figure = {
        "trial": trial,
        "moving": moving,
        "is_old": trial.digest != trials.digest(rule),
        "progress": {"done": 0, "total": None, "label": trial.get_state_display()},
    }
    if trial.state != AnticipationTrial.State.DONE:
        return context
    result = trial.result
    return context | {
        "result": result,
        "until": _day(result.get("until")),
        "verdict": verdict(result),
        "others_said": kinds.of(rule.kind).OTHERS,
        "spared": _spared(result),
        "n_spared": sum(result.get("spared", {}).values()),
        "option": _chart(result),
        "table": _table(result),
    }


def _spared(result: Figure) -> list[tuple[str, int]]:
    names = {
        "open_case": _("had an open case"),
        "came_first": _("contacted us before a proposal could be made"),
        "written": _("had been written to within the month"),
        "opted_out": _("do not want to hear from us"),
    }
    counts = result.get("spared", {})
    return [(said, counts[code]) for code, said in names.items() if counts.get(code)]


def _day(text: Any) -> Any:
    return localtime(datetime.fromisoformat(text)).date() if text else None


def _sides(result: Figure) -> list[tuple[str, Figure]]:
    return [(_("Comparable customers"), result["others"]), (_("Named by the rule"), result["named"])]


def _chart(result: Figure) -> Figure | None:
    """Both shares with their intervals, one above the other."""
    if not result.get("named") or result["named"]["value"] is None or result["others"]["value"] is None:
        return None
    sides = _sides(result)
    colours = ("--nps-passive", "--tblr-primary")
    bars = [
        {"value": round(one["value"], 2), "itemStyle": {"color": {"$css": colour}}, "tip": [name, _said(one)]}
        for (name, one), colour in zip(sides, colours, strict=True)
    ]
    reach = [
        {
            "type": "line", "symbol": "rect", "symbolSize": [2, 14], "silent": True, "z": 3,
            "lineStyle": {"width": 2, "color": {"$css": "--tblr-body-color"}},
            "itemStyle": {"color": {"$css": "--tblr-body-color"}},
            "data": [[round(one["low"], 2), place], [round(one["high"], 2), place]],
        }
        for place, (_name, one) in enumerate(sides)
    ]  # fmt: skip
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 8, "bottom": 24, "containLabel": True},
        "tooltip": {"trigger": "item", "formatter": {"$fmt": "tip"}},
        "xAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": {"$fmt": "pct"}}},
        "yAxis": {"type": "category", "data": [name for name, _one in sides]},
        "series": [{"type": "bar", "barWidth": 22, "data": bars}, *reach],
    }


def _said(one: Figure) -> str:
    return f"{one['value']:.1f} % ({one['low']:.1f} – {one['high']:.1f}), n = {one['n']:,}"


def _table(result: Figure) -> Figure | None:
    if not result.get("named"):
        return None
    return {
        "head": [_("Customers"), "n", _("Contacted us"), _("Low"), _("High")],
        "rows": [[name, one["n"], *(_percent(one[part]) for part in ("value", "low", "high"))]
                 for name, one in reversed(_sides(result))],
    }  # fmt: skip


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f} %"
