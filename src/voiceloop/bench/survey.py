"""How many customers can answer at once, and that every answer acknowledged is there exactly once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from voiceloop.bench.client import Outcome, load
from voiceloop.bench.figures import beside, spread
from voiceloop.bench.product import Product, say

REQUESTS, CONNECTIONS, SECONDS = 6_000, 32, 60.0
POSTS_A_SECOND, P99 = 300, 250  # the aims


def measure(product: Product, scale: float) -> dict[str, Any]:
    n = max(int(REQUESTS * scale), CONNECTIONS)
    say(f"survey: inviting {2 * n:,} customers …")
    asked = product.ask("invite", 2 * n)
    say(f"survey: {n:,} pages opened …")
    opened = load(product.port, [("GET", path, "") for _, path in asked[:n]], connections=CONNECTIONS)
    say(f"survey: {n:,} answers given, each kept as it is chosen …")
    kept = _post(product, asked[:n], {"partial": "1"})
    say(f"survey: {n:,} answers given and completed …")
    completed = _post(product, asked[n:], {"q-comment": "服务很好，等位有点久。"})
    return {
        "connections": CONNECTIONS,
        "get": _rates(opened),
        "post_answer": _rates(kept) | _aims(kept) | _proof(product, asked[:n], kept),
        "post_complete": _rates(completed) | _aims(completed) | _proof(product, asked[n:], completed),
    }


def _post(product: Product, asked: list[tuple[int, str]], more: dict[str, str]) -> Outcome:
    """Scores from the whole scale, the unhappy as rare as they are: each eighth."""
    forms = [urlencode({"q-nps": score_of(i), "lang": "zh", **more}) for i in range(len(asked))]
    requests = [("POST", path, form) for (_, path), form in zip(asked, forms, strict=True)]
    return load(product.port, requests, connections=CONNECTIONS, seconds=SECONDS)


def score_of(i: int) -> int:
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


def _proof(product: Product, asked: list[tuple[int, str]], outcome: Outcome) -> dict[str, Any]:
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
