"""The command bar: pages, cases, customers, messages and actions that fit what somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.models import Case, Macro
from voiceloop.server.act.threads import search
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User
from voiceloop.server.web import navigation

EACH = 6
LONGEST = 120
# Names are sealed in the database; those of the newest open cases are read, so that part of one is enough.
KNOWN = 300
# What can be done to the case at hand: the key of the page's own button, its icon and its words. A button
# that the page does not have now is not offered.
ACTIONS = (
    ("r", "message", gettext_lazy("Answer the customer")),
    ("c", "phone", gettext_lazy("Contact the customer")),
    ("n", "note", gettext_lazy("Write a note")),
    ("e", "check", gettext_lazy("Resolve the case")),
    ("a", "user", gettext_lazy("Assign the case")),
    ("u", "flag", gettext_lazy("Set severity and priority")),
    ("p", "player-pause", gettext_lazy("Pause or go on")),
    ("s", "clock-pause", gettext_lazy("Put the case off or take it up again")),
    ("m", "bolt", gettext_lazy("Run a macro")),
    ("o", "arrow-back-up", gettext_lazy("Reopen the case")),
    (".", "dots", gettext_lazy("Merge, link or split the case")),
    ("z", "arrow-back-up", gettext_lazy("Undo the last step")),
)
BOTH = ("zh-hans", "en")


@dataclass(frozen=True)
class Hit:
    """One line: a page to go to, a key to press, or a macro to look at."""

    icon: str
    label: str
    sub: str = ""
    href: str = ""
    press: str = ""
    macro: str = ""


@dataclass(frozen=True)
class Group:
    name: Any
    hits: list[Hit]


def find(user: User, words: str, *, case: int | None = None) -> list[Group]:
    """Without words: what can be done here, and where one can go."""
    words = " ".join(words[:LONGEST].split())
    groups = [
        Group(_("Case #%(number)s") % {"number": case}, _here(user, words, case)),
        Group(_("Cases"), _cases(user, words)),
        Group(_("Customers"), _customers(user, words)),
        Group(_("Go to"), _pages(user, words)),
        Group(_("Messages"), _messages(user, words)),
    ]
    return [group for group in (groups if case else groups[1:]) if group.hits]


def fits(label: Any, words: str) -> bool:
    """Whether every word is in the label, in Chinese or in English, whoever reads."""
    said = " ".join(_in_both(label)).casefold()
    return all(word in said for word in words.casefold().split())


def begins(label: Any, words: str) -> bool:
    """Whether a word of the label begins with what was typed: such a line stands first."""
    said = f" {' '.join(_in_both(label))}".casefold()
    return not words or f" {words.casefold()}" in said


def _in_both(label: Any) -> Iterator[str]:
    for language in BOTH:
        with translation.override(language):
            yield str(label)


def _here(user: User, words: str, case: int | None) -> list[Hit]:
    return [*_actions(user, words), *_macros(user, words, case)] if user.may("cases.work") else []


def _actions(user: User, words: str) -> list[Hit]:
    fitting = [one for one in ACTIONS if fits(one[2], words)]
    ranked = sorted(fitting, key=lambda one: not begins(one[2], words))
    return [Hit(icon, str(label), press=key) for key, icon, label in ranked]


def _macros(user: User, words: str, case: int | None) -> list[Hit]:
    rows = Macro.objects.visible_to(user).live() if words and case else ()
    fitting = [one for one in rows if fits(f"{one.name} {one.name_en}", words)][:EACH]
    return [
        Hit("bolt", str(one), _("Macro"), macro=reverse("case_macro", args=[case, one.pk])) for one in fitting
    ]


def _cases(user: User, words: str) -> list[Hit]:
    if not words or not user.may("cases.see"):
        return []
    rows = Case.objects.visible_to(user).select_related("customer", "unit", "owner")
    plain = words.lstrip("#")
    number = rows.filter(pk=int(plain)) if plain.isdigit() and len(plain) < 10 else rows.none()
    named = rows.filter(customer__in=_found(user, words)).order_by("-opened_at", "-pk")
    unique = {case.pk: case for case in [*number, *named[:EACH]]}
    return [_case(case) for case in unique.values()]


def _case(case: Case) -> Hit:
    label = f"#{case.pk} {case.customer or ''}".strip()
    return Hit("alert-triangle", label, case.summary[:60], reverse("case", args=[case.pk]))


def _customers(user: User, words: str) -> list[Hit]:
    if not words or not user.may("customers.see"):
        return []
    return [
        Hit("users", str(one), str(one.unit), reverse("customer", args=[one.pk]))
        for one in Customer.objects.filter(pk__in=_found(user, words)).select_related("unit")[:EACH]
    ]


def _found(user: User, words: str) -> list[int]:
    """By a whole name, phone, address or number; or by part of the name, among those with open cases."""
    visible: Any = Customer.objects.visible_to(user)
    whole = list(visible.found_by(words).order_by("-pk").values_list("pk", flat=True)[:EACH])
    if whole:
        return whole
    return [one.pk for one in _lately(user) if words.casefold() in (one.name or "").casefold()][:EACH]


def _lately(user: User) -> Iterable[Any]:
    rows = Case.objects.visible_to(user).open().exclude(customer=None).order_by("-opened_at")
    mine = list(rows.values_list("customer", flat=True)[:KNOWN])
    return Customer.objects.filter(pk__in=mine)


def _pages(user: User, words: str) -> list[Hit]:
    entries = [entry for group in navigation.groups(user) for entry in group.entries]
    fitting = [entry for entry in entries if fits(entry.room.label, words)]
    ranked = sorted(fitting, key=lambda one: not begins(one.room.label, words))
    return [Hit(one.room.icon, str(one.room.label), "", one.url) for one in ranked[: 2 * EACH]]


def _messages(user: User, words: str) -> list[Hit]:
    if len(words) < 2 or not user.may("cases.see"):
        return []
    hits = search.find(user, words, most=EACH).hits
    return [
        Hit(hit.icon, hit.text[:90], f"#{hit.case.pk} · {hit.kind_name}", reverse("case", args=[hit.case.pk]))
        for hit in hits
    ]
