"""What some customers of the demo company like and must not have, as agents noted it."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Preference
from voiceloop.server.core.models import User

# (kind, words, source, consent); every customer gets the one of their turn, some a second one.
WISHES = (
    ("must_not", "花生过敏，任何菜里都不能有花生", "said", "spoken"),
    ("likes", "靠窗、安静的座位", "seen", ""),
    ("must_not", "不吃香菜和葱", "said", "phone"),
    ("when", "工作日晚上七点以后再打电话", "said", "phone"),
    ("likes", "少盐少油", "said", "spoken"),
    ("dislikes", "不喜欢被推荐办卡", "seen", ""),
    ("reach", "请用微信联系，不要打电话", "said", "written"),
    ("must_not", "乳糖不耐受，饮品换豆奶", "said", "spoken"),
    ("other", "常带两岁孩子来，需要儿童椅", "seen", ""),
    ("address", "称呼“陈老师”", "said", "spoken"),
)
N_CUSTOMERS = 80


def load_wishes() -> None:
    """Two each for customers who have spoken with us lately, so that open cases show some."""
    cases = Case.objects.exclude(customer=None).order_by("-opened_at").select_related("owner")
    owners = {case.customer_id: case.owner for case in cases[: 4 * N_CUSTOMERS] if case.customer_id}
    rows = [
        _row(customer, owner, turn)
        for n, (customer, owner) in enumerate(list(owners.items())[:N_CUSTOMERS])
        for turn in (n, n + 3)
    ]
    Preference.objects.bulk_create(rows)


def _row(customer: int, owner: User | None, turn: int) -> Preference:
    kind, words, source, consent = WISHES[turn % len(WISHES)]
    at = now() - timedelta(days=5 + turn % 60)
    return Preference(
        customer_id=customer, kind=kind, words=words, source=source, consent=consent,
        consent_at=at if consent else None, by=owner, at=at,
    )  # fmt: skip
