"""Who has a case and why, what somebody can do, and the reader's own status, for templates."""

from __future__ import annotations

from typing import Any

from django import template

from voiceloop.server.act.models import AgentProfile, Case, GreenCase
from voiceloop.server.act.routing import explain, facts, page, people

register = template.Library()


@register.inclusion_tag("act/routing/_status.html", takes_context=True)
def my_status(context: template.Context) -> dict[str, Any]:
    """The four buttons of who takes cases."""
    request = context["request"]
    return {"profile": people.profile_of(request.user), "csrf_token": context.get("csrf_token")}


@register.simple_tag
def why_of(case: Case) -> dict[str, Any]:
    return page.why(case)


@register.simple_tag
def green_why(green: GreenCase) -> str:
    return explain.green(green.reason)


@register.simple_tag
def video_of(case: Case) -> str:
    """The room where its owner can be seen, for a customer who came to the video seat."""
    is_asked = case.owner is not None and facts.seat_of(case.channel) == "video"
    return people.profile_of(case.owner).video_url if is_asked and case.owner else ""


@register.simple_tag
def tier_name(code: str) -> str:
    return explain.tier_name(code)


@register.simple_tag
def severity_name(code: str) -> str:
    return str(dict(Case.Severity.choices).get(code, code))


@register.simple_tag
def level(profile: AgentProfile, skill: str) -> int:
    return int(profile.skills.get(skill, 0))
