"""One visit of the web chat: who comes again, what they see, and when somebody is there for them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from voiceloop.analytics.business_hours import BusinessHours
from voiceloop.server.act.cases.calendars import hours_of
from voiceloop.server.act.models import BusinessCalendar, Inlet, Post, ServicePromise, Thread
from voiceloop.server.act.threads.outgoing import UNDO
from voiceloop.server.collect.models import Customer

COOKIE, SALT = "voiceloop_chat", "voiceloop.chat"
KEPT = timedelta(days=30)
# What one visitor sees of a long chat, and how many messages they may send a minute. Our choice.
SHOWN, A_MINUTE = 100, 15
_PHONE = re.compile(r"^\+?[\d\s-]{7,20}$")


@dataclass(frozen=True)
class Desk:
    """Whether somebody is there, and by when a message written now is answered."""

    is_open: bool
    opens_at: datetime | None
    answer_by: datetime


def visitor_of(request: HttpRequest) -> str:
    """Who wrote from this browser before, or ""."""
    found = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=int(KEPT.total_seconds()))
    return found or ""


def new_visitor() -> str:
    return secrets.token_urlsafe(16)


def remember(response: HttpResponse, request: HttpRequest, visitor: str, path: str) -> None:
    response.set_signed_cookie(
        COOKIE, visitor, salt=SALT, max_age=int(KEPT.total_seconds()), path=path, httponly=True,
        samesite="Lax", secure=request.is_secure(),
    )  # fmt: skip


def posts_for(visitor: str) -> list[Post]:
    """What the visitor wrote and what we answered, once it cannot be taken back any more."""
    if not visitor:
        return []
    threads = Thread.objects.filter(channel=Thread.Channel.CHAT, address=visitor)
    is_out = Q(is_automatic=True) | Q(at__lte=now() - timedelta(seconds=UNDO))
    ours = Q(direction=Post.Direction.OUT, withdrawn_at=None) & is_out
    seen = Post.objects.filter(Q(direction=Post.Direction.IN) | ours, thread__in=threads)
    newest = seen.select_related("by").prefetch_related("attachments").order_by("-at", "-pk")
    return list(newest[:SHOWN])[::-1]


def stamp_of(posts: list[Post]) -> str:
    """Another one as soon as there is something else to see."""
    return f"{len(posts)}-{max((post.pk for post in posts), default=0)}"


def writes_too_often(visitor: str) -> bool:
    if not visitor:
        return False
    lately = Post.objects.filter(
        thread__channel=Thread.Channel.CHAT,
        thread__in=Thread.objects.filter(address=visitor),
        direction=Post.Direction.IN,
        at__gt=now() - timedelta(minutes=1),
    )
    return lately.count() >= A_MINUTE


def desk() -> Desk:
    """By the hours and the general promise of a first answer."""
    promises = ServicePromise.objects.open().filter(clock=ServicePromise.Clock.FIRST_CONTACT)
    promise = promises.filter(kind="", severity="", tier="", channel__in=("", "chat")).order_by("minutes")
    found = promise.select_related("calendar").first()
    hours: BusinessHours = hours_of(found.calendar if found else BusinessCalendar())
    is_open = hours.is_open(now())
    by = hours.after(now(), 60.0 * (found.minutes if found else 120))
    return Desk(is_open, None if is_open else hours.after(now(), 60), by)


def claimed(name: str, contact: str, inlet: Inlet) -> Customer | None:
    """The customer a visitor says to be: nothing of that one is ever shown to the visitor."""
    field = _kind_of(contact)
    if not field:
        return None
    known: Customer | None = Customer.objects.filter(**{field: contact}).order_by("-pk").first()
    return known or Customer.objects.create(unit=inlet.unit, name=name[:120] or None, **{field: contact})


def _kind_of(contact: str) -> str:
    if _PHONE.match(contact):
        return "phone"
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return "email"
