"""Lets a page show what the language model can do only where there is one."""

from __future__ import annotations

from django import template

from voiceloop.server.understand.assistant import asking

register = template.Library()


@register.simple_tag
def assistant_is_on() -> bool:
    return asking.is_on()
