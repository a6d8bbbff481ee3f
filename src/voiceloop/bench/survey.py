"""How many customers can answer at once, and that every answer acknowledged is there exactly once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from voiceloop.bench.client import Outcome, load
from voiceloop.bench.figures import beside, spread
from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say

REQUESTS, CONNECTIONS, SECONDS = 6_000, 32, 60.0
POSTS_A_SECOND, P99 = 300, 250  # the aims

Asked = tuple[int, str]  # an invitation and its path


def measure(product: Product, scale: float) -> dict[str, Any]:
    n = max(int(REQUESTS * scale), CONNECTIONS)
    say(f"survey: inviting {2 * n:,} customers …")
    asked = product.ask("invite", 2 * n)
    return {
        "connections": CONNECTIONS,
        "get": _get(product, asked[:n]),
        "post_answer": _post(product, asked[:n], {"partial": "1"}),
        "post_complete": _post(product, asked[n:], {"q-comment": "服务很好，等位有点久。"}),
    }


def _get(product: Product, asked: list[Asked]) -> dict[str, Any]:
    say(f"survey: {len(asked):,} pages opened …")
    busy: dict[str, Any] = {}
    with watched(product.process, busy):
        outcome = _load(product, [("GET", path, "") for _, path in asked])
    return _rates(outcome) | busy


def _post(product: Product, asked: list[Asked], more: dict[str, str]) -> dict[str, Any]:
    say(f"survey: {len(asked):,} answers given …")
    busy: dict[str, Any] = {}
    forms = [urlencode({"q-nps": score_of(i), "lang": "zh", **more}) for i in range(len(asked))]
    requests = [("POST", path, form) for (_, path), form in zip(asked, forms, strict=True)]
    with watched(product.process, busy):
        outcome = _load(product, requests)
    return _rates(outcome) | _aims(outcome) | _proof(product, asked, outcome) | busy


def _load(product: Product, requests: list[tuple[str, str, str]]) -> Outcome:
    return load(product.port, requests, connections=CONNECTIONS, seconds=SECONDS)


def score_of(i: int) -> int:
    """Scores of which the unhappy are as rare as they are: each eighth."""
    return 3 if i % 8 == 0 else 7 + i % 4


def _errors(outcome: Outcome) -> int:
    return sum(status != 200 for status in outcome.statuses)


def _rate(outcome: Outcome) -> float:
    return round((len(outcome.statuses) - _errors(outcome)) / outcome.seconds, 1)


def _rates(outcome: Outcome) -> dict[str, Any]:
    return {
        "requests": len(outcome.statuses),
        "errors": _errors(outcome),
        "per_second": _rate(outcome),
        "milliseconds": spread(outcome.milliseconds),
    }


def _aims(outcome: Outcome) -> dict[str, Any]:
    return {
        "aims": {
            "per_second": beside(_rate(outcome), at_least=POSTS_A_SECOND),
            "p99_milliseconds": beside(spread(outcome.milliseconds)["p99"], below=P99),
            "errors": beside(_errors(outcome), below=1),
        }
    }


def _proof(product: Product, asked: list[Asked], outcome: Outcome) -> dict[str, Any]:
    """Read back every acknowledged answer: its score, once."""
    answered = {
        asked[i][0]: score_of(i) for i, s in zip(outcome.sent, outcome.statuses, strict=True) if s == 200
    }
    sql = """
        select r.invitation_id, array_agg(a.score) from collect_response r
        join collect_answer a on a.response_id = r.id and a.question = 'nps'
        where r.invitation_id = any(%s) group by 1
    """
    found = dict(product.query(sql, list(answered)))
    right = sum(found.get(pk) == [score] for pk, score in answered.items())
    return {"acknowledged": len(answered), "found_exactly_once": right}
