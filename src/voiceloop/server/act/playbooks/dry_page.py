"""A dry run as figures, a chart and examples; links only to what the reader may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Case, DryRun
from voiceloop.server.act.playbooks import rules
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import User


def dry_run_page(run: DryRun, user: User) -> dict[str, Any]:
    """The figures, the chart and the links of a finished count; links only to what the reader may see."""
    result = run.result
    days = [(date.fromisoformat(day), n) for day, n in result.get("days", [])]
    caught, seen = result.get("n_caught", 0), result.get("n_seen", 0)
    return {
        "run": run,
        "n_seen": seen,
        "n_caught": caught,
        "n_lost": result.get("n_lost", 0),
        "share": 100 * caught / seen if seen else None,
        "a_day": caught / run.days,
        "busiest": max(days, key=lambda pair: pair[1], default=None),
        "rules": [
            {"said": rules.rule_in_words(row["rule"]), "n": row["n"], "alone": row["alone"],
             "share": 100 * row["n"] / seen if seen else None}
            for row in result.get("rules", [])
        ],
        "overlap": [
            row | {"said": row["name_en"] if get_language() == "en" and row["name_en"] else row["name"]}
            for row in result.get("overlap", [])
        ],
        "samples": _samples(result.get("samples", []), user),
        "option": _chart(days),
        "table": {"head": [_("Day"), _("Caught")], "rows": [[day.isoformat(), n] for day, n in days if n]},
    }  # fmt: skip


def _chart(days: list[tuple[date, int]]) -> dict[str, Any]:
    blue = {"color": {"$css": "--tblr-primary"}}
    return {
        "animation": False,
        "grid": {"left": 36, "right": 8, "top": 12, "bottom": 24},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [day.strftime("%m-%d") for day, _n in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "data": [n for _day, n in days], "itemStyle": blue}],
    }


def _samples(rows: list[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    cases = Case.objects.visible_to(user).filter(pk__in=[r["case"] for r in rows if r["case"]])
    answers = Response.objects.visible_to(user).filter(pk__in=[r["response"] for r in rows if r["response"]])
    of_case = {case.pk: case for case in cases.select_related("unit", "customer")}
    said = answers.select_related("unit", "customer").prefetch_related("verbatims", "answers")
    of_answer = {response.pk: response for response in said}
    alone = [r.get("customer") for r in rows if not r["case"] and not r["response"]]
    visible = Customer.objects.visible_to(user).filter(pk__in=[pk for pk in alone if pk])
    of_customer = {one.pk: one for one in visible.select_related("unit")}
    found = (
        _sample(of_case.get(row["case"]), of_answer.get(row["response"]))
        or _moved(of_customer.get(row.get("customer")), row["at"])
        for row in rows
    )
    return [one for one in found if one]


def _moved(customer: Customer | None, at: str) -> dict[str, Any] | None:
    """Somebody of whom there is neither an answer nor a case: they moved into a stage."""
    if customer is None:
        return None
    return {
        "name": str(customer),
        "unit": customer.unit,
        "at": datetime.fromisoformat(at),
        "words": "",
        "score": None,
        "href": reverse("customer", args=[customer.pk]),
    }


def _sample(case: Case | None, response: Response | None) -> dict[str, Any] | None:
    one = case or response
    if one is None:
        return None
    words = next(iter(response.verbatims.all()), None) if response else None
    score = next((a.score for a in response.answers.all() if a.score is not None), None) if response else None
    return {
        "name": str(one.customer or _("Anonymous")),
        "unit": one.unit,
        "at": response.at if response else case.opened_at if case else None,
        "words": words.text if words else case.summary if case else "",
        "score": score,
        "href": reverse("case", args=[case.pk]) if case else reverse("response", args=[one.pk]),
    }
