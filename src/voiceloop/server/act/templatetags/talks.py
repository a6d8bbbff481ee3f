"""What the pages of conversations need in their templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from voiceloop.server.act.threads.search import Hit

register = template.Library()


@register.filter
def marked(hit: Hit) -> SafeString:
    """The text of a hit with the words that were meant marked."""
    parts: list[tuple[str, SafeString | str, str]] = []
    at = 0
    for start, end in hit.marks:
        parts.append((hit.text[at:start], hit.text[start:end], ""))
        at = end
    return format_html_join("", "{}<mark>{}</mark>{}", parts) + format_html_join("", "{}", [(hit.text[at:],)])
