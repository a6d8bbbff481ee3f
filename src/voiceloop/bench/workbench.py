"""How long the workbench and the lists take with 50,000 open cases, and with a million cases in all."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from voiceloop.bench.figures import beside, percentile, spread
from voiceloop.bench.home import Browser
from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say
from voiceloop.bench.workbench_data import APART, fill
from voiceloop.server.config.supervisor import DEMO_PASSWORD

OPEN, ALL = 50_000, 1_000_000
VISITS = 12
# Milliseconds: with 50,000 open cases, and with a million in all.
AIM, AIM_OF_MILLION = 200, 400
PEOPLE = ("agent", "lead")
# A case that the agent sees, and so their lead.
SHOWN = """
    select c.id from act_case c join core_unit u on u.id = c.unit_id
    join core_user p on p.username = 'agent' join core_unit above on above.id = p.unit_id
    where c.id >= %s and u.path like above.path || '%%' order by c.id limit 1
"""
STATES = (
    *("open", "overdue", "contacted", "resolved"),
    *("verifying", "recovered", "not_recovered", "no_answer"),
)


def measure(product: Product, scale: float) -> dict[str, Any]:
    n_open, n_all = int(OPEN * scale), int(ALL * scale)
    product.settle()
    upto = _filled(product, n_open=n_open, n_resolved=n_open, since=0)
    found = {"open_cases": _measured(product, AIM, cases=upto)}
    _filled(product, n_open=0, n_resolved=n_all - upto, since=upto)
    return found | {"million_cases": _measured(product, AIM_OF_MILLION, cases=n_all)}


def pages(product: Product) -> dict[str, str]:
    """Every list and order of the screens, with words and without, and cases themselves."""
    cause = product.query("select min(id) from act_rootcause")[0][0]
    store = product.query("select code from core_unit order by path desc limit 1")[0][0]
    shown = product.query(SHOWN, APART)[0][0]
    lists = {f"list, {state}": f"/cases/?state={state}" for state in STATES}
    orders = {f"list, by {sort}": f"/cases/?sort={sort}" for sort in ("urgent", "due", "oldest")}
    return {
        "workbench": "/workbench/",
        "workbench, team": "/workbench/?tab=team",
        "workbench, unassigned": "/workbench/?tab=unassigned",
        "workbench, callbacks": "/workbench/?tab=calls",
        "case": f"/cases/{shown}/",
        "list": "/cases/",
        "list, page 100": "/cases/?page=100",
        **lists,
        **orders,
        "list, mine": "/cases/?owner=me",
        "list, nobody's": "/cases/?owner=nobody",
        "list, one cause": f"/cases/?cause={cause}",
        "list, one store": f"/cases/?unit={store}",
        "list, urgent and angry": "/cases/?priority=1&emotion=angry",
        "list, open, grave, by urgency": "/cases/?state=open&severity=catastrophic&sort=urgent",
        "ageing": "/cases/ageing/",
        "callbacks": "/callbacks/",
        **{f"search, {words}": f"/cases/search/?q={quote(words)}" for words in ("退款", "soup", "空调太冷")},
    }


def _filled(product: Product, *, n_open: int, n_resolved: int, since: int) -> int:
    say(f"workbench: {n_open:,} open and {n_resolved:,} resolved cases …")
    upto = fill(product.database, n_open=n_open, n_resolved=n_resolved, since=since)
    # The lake, the search and whoever reads words follow by themselves; what is measured is a house at rest.
    product.settle()
    product.rest()
    return upto


def _measured(product: Product, aim: float, *, cases: int) -> dict[str, Any]:
    """Milliseconds of each page, for an agent and for the lead who sees everything."""
    busy: dict[str, Any] = {}
    found: dict[str, Any] = {}
    everything: list[float] = []
    began = time.perf_counter()
    with watched(product.process, busy):
        for person in PEOPLE:
            browser = Browser(product.port)
            browser.sign_in(person, DEMO_PASSWORD)
            for name, path in pages(product).items():
                browser.visit(path)
                spent = [browser.visit(path) for _ in range(VISITS)]
                found[f"{person}: {name}"] = spread(spent)
                everything += spent
    slow = {name: one["p95"] for name, one in found.items() if one["p95"] and one["p95"] > aim}
    return {
        "cases": cases,
        "visits_a_page": VISITS,
        "milliseconds": found,
        "aims": {"p95_milliseconds": beside(percentile(everything, 95), below=aim)},
        "pages_above_the_aim": slow,
        "seconds": round(time.perf_counter() - began, 1),
        **busy,
    }
