"""Where the demo company's last deliveries stand, and who was told of their delays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F

from voiceloop.server.act.models import Case, Milestone, OverflowRule, SelfServicePage
from voiceloop.server.collect.models import Transaction
from voiceloop.server.core.models import Unit

N_ORDERS, N_CASES = 400, 200
# Later than promised by so many minutes is a delay.
LATE = 8
PAGES = (
    ("自助退款与发票", "Refunds and invoices", "refunds"),
    ("配送进度查询", "Where is my order", "orders"),
)
HELD = ("no_address", "superseded", "refused", "late")


def load_standing() -> None:
    rows = Transaction.objects.filter(kind="delivery", customer__isnull=False, wait_minutes__isnull=False)
    late = rows.filter(promised_minutes__gt=0, wait_minutes__gt=F("promised_minutes") + LATE)
    chosen = {one.pk: one for part in (rows, late) for one in part.order_by("-at", "-pk")[:N_ORDERS]}
    made = [one for order in chosen.values() for one in _of_order(order)]
    cases = Case.objects.open().exclude(customer=None).order_by("-opened_at", "-pk")[:N_CASES]
    made += [one for case in cases.prefetch_related("assignments") for one in _of_case(case)]
    Milestone.objects.bulk_create(made)
    _help_yourself(Unit.objects.filter(parent=None).order_by("pk")[0])


def _help_yourself(root: Unit) -> None:
    """Where customers are pointed once so many wait that the demo company does not get there by itself."""
    for title, title_en, place in PAGES:
        zh, en = (f"https://help.example.com/{language}/{place}" for language in ("zh", "en"))
        SelfServicePage.objects.create(unit=root, title=title, title_en=title_en, address=zh, address_en=en)
    for channel, threshold in (("chat", 20), ("email", 50)):
        OverflowRule.objects.create(unit=root, channel=channel, is_on=True, threshold=threshold)


def _of_order(order: Transaction) -> Iterator[Milestone]:
    """On its way, perhaps delayed, delivered; every fourth delay was not told, for one reason or another."""
    wait, promised = order.wait_minutes or 0.0, order.promised_minutes or 0.0
    done = order.at + timedelta(minutes=wait)
    yield _told(order, "underway", order.at + timedelta(minutes=wait * 0.4))
    if promised and wait > promised + LATE:
        at = order.at + timedelta(minutes=promised)
        held = HELD[order.pk // 4 % len(HELD)] if order.pk % 4 == 0 else ""
        yield _told(order, "delayed", at, new_time=done, held=held)
    yield _told(order, "delivered", done)


def _told(
    order: Transaction, kind: str, at: datetime, new_time: datetime | None = None, held: str = ""
) -> Milestone:
    return Milestone(
        order=order, customer_id=order.customer_id, unit_id=order.unit_id, kind=kind, at=at, recorded_at=at,
        new_time=new_time, key=f"order:{order.pk}:{kind}", due_at=at, told_at=None if held else at,
        held_back_by=held,
    )  # fmt: skip


def _of_case(case: Case) -> Iterator[Milestone]:
    given = case.assignments.all()
    found = [
        ("case_received", "received", case.opened_at),
        *(("case_taken", "taken", a.at) for a in given[:1]),
    ]
    for kind, key, at in found:
        yield Milestone(
            case=case, customer_id=case.customer_id, unit_id=case.unit_id, kind=kind, at=at, recorded_at=at,
            key=f"case:{case.pk}:{key}", due_at=at, held_back_by=Milestone.Held.OFF,
        )  # fmt: skip
