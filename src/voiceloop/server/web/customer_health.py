"""The health card of one customer: what they said, how it went on, what we owe them, what they raise."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import median
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import scores
from voiceloop.server.act.models import Callback, Case
from voiceloop.server.collect.models import Customer, Message, Preference, Response, Transaction
from voiceloop.server.core.models import User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.customers import preferences
from voiceloop.server.understand.models import Annotation
from voiceloop.server.understand.reasons import book
from voiceloop.server.understand.risk_models import CustomerRisk

# Our choice: a card looks back a quarter and compares it with the one before.
PERIOD = timedelta(days=90)
MOST = 6
# What is usual is read from the newest of these.
LATELY = 50
ORDERS = {"dine_in": _("Dine in"), "delivery": _("Delivery"), "pickup": _("Pick up")}


def context(customer: Customer, user: User, said: list[Response]) -> dict[str, Any]:
    """`said` are the customer's visible responses, newest first."""
    return {
        "classes": _classes(said),
        "promises": _promises(customer, user),
        "preferences": preferences.of(customer),
        "withdrawn": _withdrawn(customer),
        "consents": [one for one in Preference.Consent.choices if one[0]],
        "seen": _seen(customer, user, said),
        "works": user.may("cases.work"),
        "today": now(),
        "raised": _raised(said),
        "card": card(customer, user, said),
    }


def card(customer: Customer, user: User, said: list[Response]) -> list[dict[str, Any]]:
    """Each sign with how it was a quarter ago: purchases, score, problems, promises, risk."""
    since, before = now() - PERIOD, now() - 2 * PERIOD
    bought = customer.transactions.filter(amount__gt=0)
    cases = Case.objects.visible_to(user).filter(customer=customer)
    rows = [
        _sign(
            _("Purchases"),
            bought.filter(at__gte=since).count(),
            bought.filter(at__gte=before, at__lt=since).count(),
        ),
        _sign(_("Average score"), _mean(said, since, now()), _mean(said, before, since), fmt="score"),
        _sign(
            _("Cases opened"),
            cases.filter(opened_at__gte=since).count(),
            cases.filter(opened_at__gte=before, opened_at__lt=since).count(),
            is_good=False,
        ),
    ]
    risk = CustomerRisk.objects.filter(customer=customer).first()
    if risk and risk.probability is not None:
        past = float(risk.history[-1][1]) if risk.history else None
        rows.append(
            _sign(
                _("Risk"),
                100 * risk.probability,
                None if past is None else 100 * past,
                fmt="pct",
                is_good=False,
            )
        )
    return rows


def _sign(
    name: Any, value: float | None, before: float | None, *, fmt: str = "count", is_good: bool = True
) -> dict[str, Any]:
    change = None if value is None or before is None else value - before
    better = None if not change else (change > 0) == is_good
    return {"name": name, "value": value, "before": before, "fmt": fmt, "change": change, "better": better}


def _mean(said: list[Response], since: Any, until: Any) -> float | None:
    found = [answer.score for answer in _answers(said, since, until)]
    return sum(found) / len(found) if found else None


def _answers(said: list[Response], since: Any, until: Any) -> list[Any]:
    inside = (scores.of(response) for response in said if since <= response.at < until)
    return [one for one in inside if one and one.question == "nps" and one.scale == "nps_0_10"]


def _classes(said: list[Response]) -> list[dict[str, Any]]:
    """Newest first: each class that the customer had, and since when."""
    found: list[dict[str, Any]] = []
    for response in reversed(said):
        answer = scores.of(response)
        if answer and answer.question == "nps" and answer.scale == "nps_0_10":
            code = scores.class_of(answer)
            if not found or found[-1]["code"] != code:
                found.append({"code": code, "name": label("score_class", code), "since": response.at})
    return found[::-1][:MOST]


def _promises(customer: Customer, user: User) -> list[dict[str, Any]]:
    """What was promised last and is still owed first: callbacks, and first contacts that are due."""
    cases = Case.objects.visible_to(user).filter(customer=customer)
    calls = (
        Callback.objects.filter(case__in=cases, cancelled_at=None).select_related("case").order_by("-due_at")
    )
    rows = [
        {
            "grace": timedelta(days=1),
            "what": _("Callback"),
            "case": one.case,
            "due_at": one.due_at,
            "kept_at": one.done_at,
        }
        for one in calls[:MOST]
    ]
    rows += [
        {
            "grace": timedelta(0),
            "what": _("First contact"),
            "case": one,
            "due_at": one.first_contact_due_at,
            "kept_at": one.first_contact_at,
        }
        for one in cases.exclude(first_contact_due_at=None).order_by("-opened_at")[:MOST]
    ]
    for row in rows:
        # A callback is a day to call on, a first contact a deadline.
        row["is_late"] = (row["kept_at"] or now()) > row["due_at"] + row["grace"]
    return sorted(rows, key=lambda row: (row["kept_at"] is not None, -row["due_at"].timestamp()))[:MOST]


def _withdrawn(customer: Customer) -> list[Preference]:
    """What may be brought back for a while."""
    gone = Preference.objects.filter(customer=customer, withdrawn_at__gte=now() - preferences.KEPT)
    return list(gone.order_by("-withdrawn_at")[:MOST])


def _seen(customer: Customer, user: User, said: list[Response]) -> list[dict[str, Any]]:
    """What the customer's own deeds tell, recalculated at every reading: from how much, up to when."""
    bought = Transaction.objects.visible_to(user).filter(customer=customer, amount__gt=0)
    orders = list(bought.order_by("-at").values("unit__name", "kind", "amount", "at")[:LATELY])
    answered = [response for response in said if response.channel]
    outbox = Message.objects.visible_to(user).filter(customer=customer)
    written = list(outbox.order_by("-created_at")[:LATELY])
    rows = [
        _usual(_("Answers by"), [(one.channel, one.at) for one in answered], "channel", _("%(n)s answers")),
        _usual(
            _("Reached by"),
            [(one.channel, one.created_at) for one in written],
            "channel",
            _("%(n)s messages"),
        ),
        _usual(_("Mostly at"), [(one["unit__name"], one["at"]) for one in orders], "", _("%(n)s orders")),
        _usual(_("Mostly orders"), [(one["kind"], one["at"]) for one in orders], "kind", _("%(n)s orders")),
    ]
    if orders:
        spent = median(float(one["amount"]) for one in orders)
        rows.append(
            _fact(_("Spends at a time"), f"¥{spent:,.0f}", _("%(n)s orders"), len(orders), orders[0]["at"])
        )
    return [row for row in rows if row]


def _usual(name: Any, found: list[tuple[str, Any]], names: str, what: Any) -> dict[str, Any] | None:
    """The commonest of these, newest first."""
    if not found:
        return None
    code = Counter(code for code, _at in found).most_common(1)[0][0]
    value = str(ORDERS.get(code, code)) if names == "kind" else label(names, code) if names else code
    return _fact(name, value, what, len(found), found[0][1])


def _fact(name: Any, value: str, what: Any, n: int, as_of: Any) -> dict[str, Any]:
    return {"name": name, "value": value, "what": str(what) % {"n": n}, "as_of": as_of}


def _raised(said: list[Response]) -> list[dict[str, Any]]:
    """The reasons in the customer's words, and how they feel about each."""
    rows = Annotation.objects.filter(kind="reason", verbatim__response__in=[response.pk for response in said])
    found: Counter[tuple[str, int | None]] = Counter(rows.values_list("label", "polarity"))
    total: Counter[str] = Counter()
    for (code, _polarity), n in found.items():
        total[code] += n
    return [
        {"name": reason_name(code), "code": code, "n": n, "negative": found[code, -1]}
        for code, n in total.most_common(MOST)
    ]


def reason_name(code: str) -> str:
    known = next((one for one in book.in_use() if one.code == code), None)
    return str(book.called(known)) if known else code
