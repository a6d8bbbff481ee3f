"""What a person's notices come to: lines, one for each case, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from voiceloop.server.act.models import Case, Notice
from voiceloop.server.act.notices.notices import is_handover
from voiceloop.server.core.models import Event, User

# The page on which one finds what an event is about, by the first noun that has one.
PAGES = {
    "case": "case",
    "crisis": "crisis",
    "saved_view": "saved_view",
    "digest": "digest_page",
    "initiative": "initiative",
    "customer": "customer",
}
PER_PAGE, IN_PANEL = 30, 8
WAITING = Q(seen_at=None)


@dataclass
class Line:
    """The newest notice about something, and how many more there are about it."""

    notice: Notice
    n: int
    unread: int

    @property
    def href(self) -> str:
        return href_of(self.notice.event)

    @property
    def sentence(self) -> str:
        return self.notice.event.sentence

    @property
    def more(self) -> int:
        return self.unread - 1


def visible(user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = Notice.objects.visible_to(user).shown()
    return rows


def grouped(user: User, *, only: str = "") -> QuerySet[Any]:
    """One row for each case, or for each event that is about none; the newest first."""
    rows = visible(user)
    if only == "unread":
        rows = rows.filter(WAITING)
    elif only in Notice.Kind.values:
        rows = rows.filter(kind=only)
    group = Coalesce(F("case_id"), F("event_id") * Value(-1))
    found: QuerySet[Any] = (
        rows.annotate(group=group)
        .values("group")
        .annotate(newest=Max("pk"), n=Count("pk"), unread=Count("pk", filter=WAITING))
        .order_by("-newest")
    )
    return found


def panel(user: User) -> list[Line]:
    return lines(list(grouped(user)[:IN_PANEL]))


def page(user: User, *, number: str | None, only: str = "") -> Any:
    found = Paginator(grouped(user, only=only), PER_PAGE).get_page(number)
    found.object_list = lines(list(found.object_list))
    return found


def lines(rows: list[dict[str, Any]]) -> list[Line]:
    related = Notice.objects.select_related("event__by", "event__unit", "case__customer", "case__unit")
    known = related.in_bulk([row["newest"] for row in rows])
    return [Line(known[row["newest"]], row["n"], row["unread"]) for row in rows]


def counts(user: User) -> dict[str, Any]:
    """What the navigation shows beside its words."""
    mine = Case.objects.visible_to(user).open().owned_by(user).count() if user.may("cases.work") else 0
    return unread(user) | {"cases": mine}


def unread(user: User) -> dict[str, Any]:
    """How many lines, how many of them name the person, and the newest notice of all."""
    found: dict[str, Any] = (
        visible(user)
        .filter(WAITING)
        .aggregate(
            unread=Count(Coalesce(F("case_id"), F("event_id") * Value(-1)), distinct=True),
            mentions=Count("pk", filter=Q(kind=Notice.Kind.MENTION)),
            newest=Max("pk"),
        )
    )
    return found


def newest(user: User, pk: int | None) -> dict[str, Any] | None:
    """The notice as a browser's own notification says it: of a case only the number."""
    notice = visible(user).select_related("event__by", "case").filter(pk=pk or 0).first()
    if notice is None:
        return None
    return {
        "id": notice.pk,
        "title": notice.get_kind_display(),
        "text": f"{notice.case} · {notice.event.sentence}" if notice.case else notice.event.sentence,
        "href": href_of(notice.event),
        "group": f"case-{notice.case_id}" if notice.case_id else f"event-{notice.event_id}",
    }


def href_of(event: Event) -> str:
    about = dict(one.split(":", 1) for one in event.about)
    if is_handover(event) and "step" in about:
        return reverse("handed", args=[int(about["step"])])
    for noun, name in PAGES.items():
        if noun in about:
            try:
                return reverse(name, args=[int(about[noun])])
            except NoReverseMatch:
                continue
    return reverse("notices")
