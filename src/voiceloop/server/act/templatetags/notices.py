"""Parts of a page that stay up to date by themselves."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from voiceloop.server.act.models import Case, Notice

register = template.Library()
# Seconds for which a whole page rests before it is drawn again: our choice for what many change.
REST = 5


@register.simple_tag(takes_context=True)
def live_case(context: template.Context, case: Case) -> SafeString:
    """Attributes of the part that shows a case: drawn anew when it changes, and read by being looked at."""
    user: Any = context.get("user") or getattr(context.get("request"), "user", None)
    address = reverse("case", args=[case.pk])
    sees = format_html(' data-sees="{}"', reverse("case_seen", args=[case.pk])) if _unread(case, user) else ""
    return format_html(' data-live="case:{}" data-live-clocks data-live-from="{}"{}', case.pk, address, sees)


@register.simple_tag(takes_context=True)
def live(context: template.Context, topics: str = "unit") -> SafeString:
    """Attributes of any other part with an id: drawn anew when something of these topics changed."""
    request: Any = context.get("request")
    return format_html(
        ' data-live="{}" data-live-rest="{}" data-live-from="{}"',
        topics,
        REST,
        request.get_full_path() if request else "",
    )


def _unread(case: Case, user: Any) -> bool:
    if user is None or not user.is_authenticated:
        return False
    return Notice.objects.filter(user=user, case=case, seen_at=None, is_shown=True).exists()
