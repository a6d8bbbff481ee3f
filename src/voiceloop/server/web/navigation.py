"""The rooms a person may enter, the one they are in, and what waits for them there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import User
from voiceloop.server.web import live

Label = str | Promise


@dataclass(frozen=True)
class Room:
    """One entry: the name of its URL, its label, its icon, the right it asks for and what it counts."""

    name: str
    label: Label
    icon: str
    right: str = ""
    count: Callable[[User], int] | None = None
    # The name under which an open page hears of a new count.
    counted: str = ""
    # After g: the letter that goes there.
    key: str = ""


@dataclass
class Entry:
    """A room as one person sees it."""

    room: Room
    url: str
    user: User

    @property
    def name(self) -> str:
        return self.room.name

    @cached_property
    def waiting(self) -> int:
        return self.room.count(self.user) if self.room.count else 0


@dataclass
class Group:
    label: Label
    entries: list[Entry]


def _my_open_cases(user: User) -> int:
    from voiceloop.server.act.models import Case

    return Case.objects.visible_to(user).open().owned_by(user).count()


def _unread(user: User) -> int:
    return int(_bell(user)["unread"])


def _bell(user: User) -> dict[str, Any]:
    """Counted once a page, however often it is shown there."""
    from voiceloop.server.act.notices import reading

    if not hasattr(user, "_bell"):
        user._bell = reading.unread(user)  # type: ignore[attr-defined]
    return user._bell  # type: ignore[attr-defined, no-any-return]


def _handed_to_us(user: User) -> int:
    from voiceloop.server.act.models import StepRun

    return StepRun.objects.handed_to(user).open().count()


def _live_crises(user: User) -> int:
    from voiceloop.server.act.models import Crisis

    return Crisis.objects.visible_to(user).live().count()


def _open_proposals(user: User) -> int:
    from voiceloop.server.act.models import OutreachProposal

    return OutreachProposal.objects.visible_to(user).open().count()


def _my_mentions(user: User) -> int:
    from voiceloop.server.act.casework import mentions

    return mentions.n_unseen(user)


ROOMS: tuple[tuple[Label, tuple[Room, ...]], ...] = (
    (
        "",
        (
            Room("home", _("Home"), "home", "measure.see", key="h"),
            Room("explore", _("Explore"), "chart-bar", "measure.see", key="x"),
            Room("forecast", _("Forecast"), "trending-up", "measure.see"),
            Room("touchpoint_board", _("Touchpoints"), "circle-dot", "measure.see"),
            Room("voice", _("Voice"), "message-circle", "voice.see", key="v"),
            Room("risks", _("Risk and value"), "trending-down", "customers.see", key="r"),
            Room("themes", _("Themes"), "message-2", "voice.see", key="t"),
            Room("drivers", _("Drivers"), "bolt", "measure.see", key="d"),
        ),
    ),
    (
        _("Evaluate"),
        (
            Room("targets", _("Targets"), "flag", "measure.see"),
            Room("evaluations", _("Evaluation"), "scale", "measure.see"),
            Room("benchmarks", _("Benchmarks"), "trending-up", "measure.see"),
            Room("nonresponse", _("Who is missing"), "eye-off", "measure.see"),
            Room("hours", _("Peak hours"), "clock", "measure.see"),
            Room("guard", _("Anti-gaming"), "shield-check", "team.see"),
        ),
    ),
    (
        _("Close the loop"),
        (
            Room("workbench", _("Workbench"), "inbox", "cases.work", _my_open_cases, "cases", key="w"),
            Room("notices", _("Notices"), "bell", "", _unread, "unread"),
            Room("cases", _("Cases"), "alert-triangle", "cases.see", key="c"),
            Room("crises", _("Crises"), "urgent", "cases.see", _live_crises),
            Room("macros", _("Macros"), "bolt", "cases.work", key="a"),
            Room("routing_team", _("Who is free"), "user-check", "cases.assign"),
            Room("callbacks", _("Callbacks"), "phone", "cases.see", key="b"),
            Room("anticipation", _("Anticipation"), "bulb", "cases.see", _open_proposals),
            Room("handed_list", _("Handed to us"), "arrow-up-right", "cases.see", _handed_to_us),
            Room("mentions", _("Mentions of me"), "at", "cases.see", _my_mentions, "mentions", key="m"),
            Room("visit", _("Reception"), "user-check", "customers.see"),
            Room("customers", _("Customers"), "users", "customers.see", key="u"),
            Room("tags", _("Customer tags"), "tag", "customers.see"),
            Room("tiers", _("Tiers"), "star", "customers.see"),
            Room("knowledge", _("Knowledge"), "book", key="k"),
            Room("growth", _("Care and referrals"), "heart-handshake", "cases.see"),
            Room("tellings", _("You said, we did"), "message-circle", "cases.see"),
            Room("overflow", _("Busy queues"), "arrows-split", "cases.see"),
            Room("status_notices", _("Status messages"), "send", "cases.see"),
            Room("ledger", _("Compensation ledger"), "gift", "cases.see"),
            Room("coaching", _("Coaching"), "school"),
        ),
    ),
    (
        _("Improve"),
        (
            Room("initiatives", _("Initiatives"), "target-arrow", key="i"),
            Room("causes", _("Root causes"), "sitemap", "cases.see"),
            Room("training", _("To learn"), "school"),
        ),
    ),
    (
        _("Collect"),
        (
            Room("programmes", _("Programmes"), "ruler-measure", "measure.see"),
            Room("surveys", _("Surveys"), "clipboard-list", "measure.see", key="s"),
            Room("invitations", _("Invitations"), "send", "measure.see"),
            Room("imports", _("Imports"), "file-import", "import"),
        ),
    ),
    (
        _("Settings"),
        (
            Room("promises", _("Promises and hours"), "clock", "cases.see", key="p"),
            Room("status_rules", _("What is told"), "speakerphone", "cases.see"),
            Room("channels", _("Ways in"), "message", "settings.edit"),
            Room("playbooks", _("Playbooks"), "list-check", "cases.see"),
            Room("people", _("People and units"), "users-group", "team.see", key="o"),
            Room("reasons", _("Reasons"), "tags", "voice.see"),
            Room("text_models", _("Text models"), "versions", "voice.teach"),
            Room("assistant", _("Language model"), "bolt", "settings.edit"),
            Room("audit", _("Event log"), "history", "audit.see"),
            Room("erasures", _("Erasures"), "shield-lock", "audit.see"),
            Room("health", _("System health"), "activity-heartbeat", "settings.edit"),
        ),
    ),
)


def groups(user: User) -> list[Group]:
    """What the user may enter; a room whose address is unknown is left out."""
    found = (Group(label, list(_entries(user, rooms))) for label, rooms in ROOMS)
    return [group for group in found if group.entries]


def _entries(user: User, rooms: tuple[Room, ...]) -> Iterator[Entry]:
    for room in rooms:
        if room.right and not user.may(room.right):
            continue
        try:
            yield Entry(room, reverse(room.name), user)
        except NoReverseMatch:
            continue


def here(path: str, navigation: list[Group]) -> str:
    """The room whose address is the longest beginning of the path; the start page only matches itself."""
    entries = [entry for group in navigation for entry in group.entries]
    matching = [e for e in entries if path == e.url or (e.url != "/" and path.startswith(e.url))]
    return max(matching, key=lambda entry: len(entry.url)).name if matching else ""


def context(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that pages without a side bar pay nothing."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    found = cache(partial(groups, user))
    return {
        "navigation": SimpleLazyObject(found),
        "here": SimpleLazyObject(lambda: here(request.path, found())),
        "bell": SimpleLazyObject(lambda: _bell(user)),
        "live": SimpleLazyObject(lambda: {"key": live.key_of(user), "since": live.stamp()}),
    }
