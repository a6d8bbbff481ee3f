"""What the explore page shows of an answer: lists to ask with, pictures, a page of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.analytics.drill import explain
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Row
from voiceloop.server.core.models import User
from voiceloop.server.measure import charts
from voiceloop.server.measure.asking import Asked, metric_id
from voiceloop.server.measure.breakdown import ORDERS, Group
from voiceloop.server.measure.cards import FORMATS, metric_label, shown
from voiceloop.server.measure.choices import OFFERED, Choice, all_codes, choices
from voiceloop.server.measure.drill import Rows
from voiceloop.server.measure.exploration import MOST_BARS, Exploration
from voiceloop.server.measure.labels import DIMENSIONS, OF_A_TABLE, dimension_label
from voiceloop.server.measure.saved_forms import ViewForm
from voiceloop.server.measure.slices import in_words
from voiceloop.server.measure.words import AGAINST, EVERY, MORE, TABLES, source_in_words
from voiceloop.server.store.sync import lake

GROUPS, ROWS = 50, 25


@dataclass(frozen=True)
class Column:
    """A column of the table of groups that it can be ordered by."""

    code: str
    label: str
    sort: str
    direction: str
    is_number: bool = True


@dataclass(frozen=True)
class Line:
    """A group in the table: where a click leads, its raw figure, what else its metric says."""

    group: Group
    url: str
    raw: Row | None
    more: list[float | None]


def context(request: HttpRequest, user: User, answer: Exploration) -> dict[str, Any]:
    asked = answer.asked
    return {
        "answer": answer,
        "asked": asked,
        "part": asked.part,
        "words": in_words(asked.part),
        "other_words": in_words(asked.other) if asked.other else "",
        "fmt": FORMATS[asked.metric.unit],
        "label": metric_label(asked.metric),
        "source": source_in_words(answer.result.source),
        "may_export": user.may("measure.export"),
        "may_read": user.may("voice.see"),
        "choices": choices(user, asked.part),
        "save_form": ViewForm(initial={"query": asked.query()}),
        "dropped": [dimension_label(name) for name in asked.dropped],
        **_questions(asked),
        **_pictures(request, answer),
        **_definition(asked),
        "rows": Paginator(Rows(asked.metric, asked.part), ROWS).get_page(request.GET.get("page")),  # type: ignore[arg-type]  # as long and as sliceable as a list
    }


def _questions(asked: Asked) -> dict[str, Any]:
    """The lists of the bar above the answer."""
    return {
        "metrics": metric_options(asked.metric),
        "bys": [_dimensions(asked, place) for place in (0, 1)],
        "every": [("", _("all in one"), not asked.every), *_options(EVERY, asked.every)],
        "against": _options(AGAINST, asked.against),
        "others": [one for one in all_codes(asked.part) if one.name in (*OFFERED, "channel", "unit", "tier")]
        if asked.against == "other"
        else [],
    }


def metric_options(chosen: Metric) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """By the table whose rows they count; an earlier version stands beside the one in force."""
    grouped: dict[str, list[tuple[str, str, bool]]] = {str(name): [] for name in TABLES.values()}
    known = list(registry.metrics().values())
    for metric in known if chosen in known else [chosen, *known]:
        name = metric_label(metric) if metric in known else f"{metric_label(metric)} (v{metric.version})"
        grouped[str(TABLES.get(metric.table, metric.table))].append(
            (metric_id(metric), name, metric == chosen)
        )
    return [(table, found) for table, found in grouped.items() if found]


def _dimensions(asked: Asked, place: int) -> Choice:
    chosen = asked.by[place] if len(asked.by) > place else ""
    known = DIMENSIONS | OF_A_TABLE.get(asked.metric.table, {})
    known |= {chosen: dimension_label(chosen)} if chosen else {}
    words = {"": _("nothing"), **{name: str(word) for name, word in known.items()}}
    label = pgettext("group", "By") if place == 0 else _("and by")
    return Choice("by", label, _options(words, chosen))


def _options(words: dict[str, Any], chosen: str | None) -> list[tuple[str, str, bool]]:
    return [(code, str(word), code == (chosen or "")) for code, word in words.items()]


def _pictures(request: HttpRequest, answer: Exploration) -> dict[str, Any]:
    found: dict[str, Any] = {
        "card": shown(answer.figure) | {"span": 4, "href": ""},
        "trend": charts.trend(answer),
        "over_time": answer.trend,
        "kind": answer.kind,
        "more": [(MORE[name], value) for name, value in answer.figure.row.more.items() if name in MORE],
        "columns": _columns(answer.asked),
    }
    if answer.asked.by:
        page = Paginator(answer.groups, GROUPS).get_page(request.GET.get("groups"))
        found |= {"groups": page, "lines": [_line(answer, group) for group in page]}
        found["more_words"] = [str(MORE[name]) for name in answer.figure.row.more if name in MORE]
        if answer.kind == "bars":
            found["bars"] = charts.bars(answer, list(page)[:MOST_BARS])
        if answer.kind == "small":
            found["small"] = [(f"small-{i}", *one) for i, one in enumerate(charts.small(answer))]
    return found


def _line(answer: Exploration, group: Group) -> Line:
    more = [group.row.more.get(name) for name in answer.figure.row.more if name in MORE]
    return Line(group, answer.url_of(group.row), answer.raw.get(group.key), more)


def _columns(asked: Asked) -> list[Column]:
    words = {
        "name": _("Group"),
        "n": "n",
        "value": metric_label(asked.metric),
        "rest": _("Against the others"),
        "change": AGAINST[asked.against],
    }
    return [_column(code, str(word), asked.sort) for code, word in words.items() if code in ORDERS]


def _column(code: str, word: str, sort: str) -> Column:
    """A click turns the order; numbers begin with the largest, names with the first."""
    is_on, is_down = sort.lstrip("-") == code, sort.startswith("-")
    first = code if code == "name" else f"-{code}"
    turned = code if is_down else f"-{code}"
    direction = ("descending" if is_down else "ascending") if is_on else "none"
    return Column(code, word, turned if is_on else first, direction, is_number=code != "name")


def _definition(asked: Asked) -> dict[str, Any]:
    metric, english = asked.metric, get_language() == "en"
    return {
        "metric": metric,
        "definition": metric.definition_en if english else metric.definition_zh,
        "explanation": explain(
            lake(), metric, by=asked.by, every=asked.every, weighted=asked.weighted, **asked.part.arguments()
        ),
    }
