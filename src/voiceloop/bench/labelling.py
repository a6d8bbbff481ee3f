"""How fast a job labels history, and that no comment is lost or doubled when its process is killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil
import psycopg

from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say

COMMENTS, KILLED_AT = 1_000_000, 0.4
GIVEN_UP_AFTER = 3_600.0
GLANCE = 0.2

RESPONSES = """
    insert into collect_response (idempotency_key, unit_id, state, at, weight, wants_contact, attributes,
        programme, survey, touchpoint, stage, channel, source, segment, tier, region, team, agent, language,
        about)
    select 'words:' || i, unit.id, 'complete', now() - i %% 700 * interval '1 day', 1, false, '{}',
        'relation', 'service', 't' || i %% 20, 'stage' || i %% 5, 'c' || i %% 8, 'asked',
        's' || i %% 12, 'gold', 'r' || i %% 31, 'team' || i %% 50, 'a' || i %% 5000, 'zh', ''
    from generate_series(1, %s) i cross join (select min(id) as id from core_unit) unit
"""
# Some fifty characters each, no two alike. They count as labelled, so that only the job labels them.
VERBATIMS = """
    insert into collect_verbatim (response_id, question, text, language, labelled_by)
    select id, 'why',
        (array['上菜很快，', '等位等了四十分钟，', '服务员很热情，', '菜端上来是凉的，', '外卖少送了一份，',
               '电话一直打不通，', '价格偏高，', 'The staff were friendly, ', '账单多收了钱，'])[1 + id % 9]
        || (array['前台也没有人解释', '后厨很干净', '骑手打了三次电话', '经理过来道歉了', '停车位太少',
                  '空调坏了很热', '菜单看不清'])[1 + id / 9 % 7]
        || (array['，下次还来。', '，希望改进流程。', '，有点失望！', '，建议多放人手。', '，没有人管。'])
            [1 + id / 63 % 5]
        || (array['味道还可以', '孩子很喜欢', '再也不来了', ''])[1 + id / 315 % 4] || '，第' || id || '桌',
        'zh', 'bench'
    from collect_response where idempotency_key like 'words:%' order by id
"""
OURS = """
    from collect_verbatim v join collect_response r
        on r.id = v.response_id and starts_with(r.idempotency_key, 'words:')
"""
LABELS = f"{OURS} join understand_annotation a on a.verbatim_id = v.id"
TWICE = """
    select count(*) from (
        select from understand_annotation group by verbatim_id, kind, label having count(*) > 1) twice
"""


def measure(product: Product, scale: float) -> dict[str, Any]:
    n = max(int(COMMENTS * scale), 10_000)
    fill(product.database, n)
    product.settle()
    say(f"labelling: {n:,} comments, the worker killed once …")
    busy: dict[str, Any] = {}
    with watched(product.process, busy):
        began = time.time()
        job = int(product.ask("relabel"))
        killed = _kill_worker(product, job, int(n * KILLED_AT))
        _wait(lambda: _state(product, job)[0] == "done")
        seconds = time.time() - began
    return {"comments": n, "seconds": round(seconds, 1), "comments_per_second": round(n / seconds)} | {
        "killed_after": killed,
        **checked(product.query),
        **_pace(product, job),
        **busy,
    }


def fill(database: str, n: int) -> None:
    say(f"labelling: {n:,} comments into the database …")
    with psycopg.connect(database) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(RESPONSES, [n])
        connection.execute(VERBATIMS.encode())
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("vacuum analyze collect_response, collect_verbatim")


def checked(query: Callable[..., Any]) -> dict[str, int]:
    """What the database holds when it is over."""
    ((n_labels, n_labelled),) = query(f"select count(*), count(distinct v.id) {LABELS}")
    ((n_sentiments,),) = query(f"select count(*) {LABELS} where a.kind = 'sentiment'")
    ((n_waiting,),) = query(f"select count(*) {OURS} where v.labelled_by in ('', 'bench')")
    ((n_twice,),) = query(TWICE)
    return {
        "labels": int(n_labels),
        "comments_labelled": int(n_labelled),
        "sentiments": int(n_sentiments),
        "comments_left_out": int(n_waiting),
        "labels_twice": int(n_twice),
    }


def _kill_worker(product: Product, job: int, after: int) -> int:
    _wait(lambda: _state(product, job)[1] >= after)
    for child in product.process.children(recursive=True):
        with suppress(psutil.Error):
            if child.cmdline()[-1:] == ["worker"]:
                child.kill()
    return _state(product, job)[1]


def _state(product: Product, job: int) -> tuple[str, int]:
    ((state, n),) = product.query("select state, n_done from understand_relabelling where id = %s", job)
    return state, n


def _pace(product: Product, job: int) -> dict[str, Any]:
    """Progress as the job itself counted it: each comment once, although it was begun twice."""
    ((n_done, seconds),) = product.query(
        "select n_done, extract(epoch from ended_at - started_at)::float8"
        " from understand_relabelling where id = %s",
        job,
    )
    return {"counted_by_the_job": n_done, "seconds_of_the_job": round(seconds, 1)}


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.time() + GIVEN_UP_AFTER
    while not holds():
        if time.time() > deadline:
            raise TimeoutError
        time.sleep(GLANCE)
