"""The filters and tags that every template of the house may use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from voiceloop.server.core import numerals as numbers
from voiceloop.server.web.templatetags import colours, evidence

register = template.Library()


@register.filter
def signed(value: object, digits: int = 0) -> str:
    found = numbers.number(value)
    return numbers.NO_VALUE if found is None else numbers.signed(found, digits)


@register.filter
def score(value: object, digits: int = 2) -> str:
    found = numbers.number(value)
    return numbers.NO_VALUE if found is None else numbers.plain(found, digits)


@register.filter
def pct(value: object, digits: int = 1) -> str:
    found = numbers.number(value)
    return numbers.NO_VALUE if found is None else f"{numbers.plain(found, digits)}%"


@register.filter
def figure(value: object, fmt: str = "score") -> str:
    return numbers.formatted(value, fmt or "score")


@register.filter
def difference(value: object, fmt: str = "score") -> str:
    return numbers.difference(value, fmt or "score")


@register.filter
def duration(seconds: object) -> str:
    return numbers.duration(seconds)


@register.filter
def ago(at: datetime | None) -> str:
    """How long since (or until) the moment, with the moment itself for machines and on hovering."""
    if at is None:
        return numbers.NO_VALUE
    local = timezone.localtime(at)
    full = formats.date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), full, _distance(local))


def _distance(at: datetime) -> str:
    """In words up to a month (our choice), then as a date."""
    seconds = (timezone.now() - at).total_seconds()
    if abs(seconds) > timedelta(days=30).total_seconds():
        return at.strftime("%Y-%m-%d")
    if abs(seconds) < 60:
        return gettext("just now")
    span = numbers.duration(abs(seconds), depth=1)
    return (gettext("%s ago") if seconds > 0 else gettext("in %s")) % span


@register.filter
def initial(name: object) -> str:
    return str(name).strip()[:1].upper()


@register.filter
def class_of(value: object, scale: str = "nps_0_10") -> str:
    return colours.tile(value, scale)


@register.filter
def heat(value: object) -> str:
    found = numbers.number(value)
    return "" if found is None else f"background:rgb{colours.heat(found)}"


@register.filter
def mark_evidence(text: str, spans: Iterable[Any] = ()) -> SafeString:
    return evidence.marked(text, spans)


@register.filter
def json_option(option: Any, element_id: str) -> SafeString:
    return json_script(option, element_id)


@register.filter
def spark_path(points: Sequence[float | None]) -> str:
    """An SVG path through the points, 120 wide and 34 high."""
    known = [(i, p) for i, p in enumerate(points or ()) if p is not None]
    if len(known) < 2:
        return ""
    low, high = min(p for _, p in known), max(p for _, p in known)
    step, reach = 120 / (len(points) - 1), (high - low) or 1
    places = (f"{i * step:.1f} {30 - 26 * (p - low) / reach:.1f}" for i, p in known)
    return "M" + " L".join(places)


@register.simple_tag
def icon(name: str, label: str = "", **attributes: str) -> SafeString:
    """A drawing from the sprite; silent to screen readers unless it has a label."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = f"ic {attributes.get('class', '')}".strip()
    source = f"{static('dist/icons.svg')}#{name}"
    return format_html('<svg class="{}" {}><use href="{}"></use></svg>', classes, spoken, source)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The query string of this page with some parameters replaced; None takes one away."""
    request = context.get("request")
    present: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            present.pop(name, None)
        elif isinstance(value, list | tuple):
            present.setlist(name, [str(one) for one in value])
        else:
            present[name] = str(value)
    return f"?{present.urlencode()}"


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> SafeString:
    """What the page wrote into another block: a heading that repeats the title."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context) if block else SafeString("")
