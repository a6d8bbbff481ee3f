"""How fast a file of feedback, and one of orders, reaches the database and the lake."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from voiceloop.bench.figures import beside
from voiceloop.bench.machine import watched
from voiceloop.bench.product import Product, say

ROWS, ROWS_A_SECOND = 200_000, 20_000
ORDERS = 500_000
GIVEN_UP_AFTER = 600.0
HEADER = ["客户编号", "推荐度", "评论", "时间", "触点"]
TOUCHPOINTS = ("到店用餐", "外卖", "预订", "客服热线", "会员")
BEGINNINGS = ("上菜很快", "等位太久", "服务员很热情", "菜有点凉", "外卖包装好", "电话打不通", "价格偏高")
MIDDLES = ("前台", "后厨", "骑手", "经理", "收银", "客服", "停车", "座位", "空调", "菜单")
ENDINGS = ("下次还来", "希望改进", "朋友都满意", "有点失望", "建议多放人手", "没有人管", "打包很用心")
NUMBERED = 0.05  # the share of comments with a number in them, which may be a phone and is looked at closely


def measure(product: Product, scale: float) -> dict[str, Any]:
    n, n_orders = max(int(ROWS * scale), 1_000), max(int(ORDERS * scale), 1_000)
    folder = product.data.parent
    write_file(folder / "feedback.csv", n)
    write_orders(folder / "orders.csv", n_orders)
    feedback = _brought(product, folder / "feedback.csv", n, "answers")
    aim = beside(feedback["rows_per_second"]["lake"], at_least=ROWS_A_SECOND)
    orders = _brought(product, folder / "orders.csv", n_orders, "transactions")
    return {**feedback, "aims": {"rows_per_second_into_both": aim}, "orders": orders}


def _brought(product: Product, file: Path, n: int, table: str) -> dict[str, Any]:
    product.settle()
    say(f"import: {n:,} rows of {file.stem} …")
    before = _in_lake(product, table)
    busy: dict[str, Any] = {}
    with watched(product.process, busy):
        pk = product.ask("import", file)
        seconds = _followed(product, pk, table, before + n)
    in_database, in_job = product.query(
        "select n_new, extract(epoch from ended_at - started_at)::float8 from collect_import where id = %s",
        pk,
    )[0]
    return {
        **busy,
        "rows": n,
        "megabytes": round(file.stat().st_size / 1e6, 1),
        "new_in_database": in_database,
        "new_in_lake": _in_lake(product, table) - before,
        "seconds_until_in": {name: round(value, 2) for name, value in seconds.items()},
        "rows_per_second": {
            "job": round(n / in_job),
            "database": round(n / seconds["database"]),
            "lake": round(n / seconds["lake"]),
        },
    }


def _followed(product: Product, pk: int, table: str, n_in_lake: int) -> dict[str, float]:
    """Seconds from the file's arrival until its last row is in the database, and in the lake."""
    received = "select extract(epoch from created_at)::float8 from collect_import where id = %s"
    began = product.query(received, pk)[0][0]
    in_database = _wait(began, lambda: _is_done(product, pk))
    return {"database": in_database, "lake": _wait(began, lambda: _in_lake(product, table) >= n_in_lake)}


def write_file(path: Path, n: int, seed: int = 7) -> None:
    """Feedback of the last year: each customer answers some five times."""
    luck = random.Random(seed)
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for i in range(n):
            at = last - timedelta(seconds=luck.randrange(365 * 86_400))
            words = "，".join(luck.choice(part) for part in (BEGINNINGS, MIDDLES, ENDINGS))
            words += f"，桌号{i}" if luck.random() < NUMBERED else ""
            customer = f"K{luck.randrange(n // 5 + 1):07}"
            score = luck.choices(range(11), (1, 1, 1, 1, 2, 4, 6, 12, 20, 26, 26))[0]
            rows.writerow([customer, score, words, f"{at:%Y-%m-%d %H:%M:%S}", luck.choice(TOUCHPOINTS)])


def write_orders(path: Path, n: int, seed: int = 7) -> None:
    """Orders of the last year, one a row: each customer buys some ten times."""
    luck = random.Random(seed)
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["订单号", "下单时间", "金额", "客户编号", "渠道", "城市"])
        for i in range(n):
            at = last - timedelta(seconds=luck.randrange(365 * 86_400))
            customer = f"K{luck.randrange(n // 10 + 1):07}"
            amount = luck.randrange(900, 60_000) / 100
            where = luck.choice(("app", "门店", "小程序")), luck.choice(("北京", "上海", "广州"))
            rows.writerow([f"D{i:09}", f"{at:%Y-%m-%d %H:%M:%S}", amount, customer, *where])


def _is_done(product: Product, pk: int) -> bool:
    state, error = product.query("select state, error from collect_import where id = %s", pk)[0]
    if state == "failed":
        raise RuntimeError(error)
    return bool(state == "done")


def _in_lake(product: Product, table: str) -> int:
    files = list(product.lake.uris(table))
    if not files:
        return 0
    with duckdb.connect() as engine:
        # Counts of whole files stand in their footers: looking does not disturb what is looked at.
        found = engine.execute("select count(*) from read_parquet(?)", [files]).fetchone()
    return int(found[0]) if found else 0


def _wait(began: float, holds: Callable[[], bool]) -> float:
    while not holds():
        if time.time() - began > GIVEN_UP_AFTER:
            raise TimeoutError
        time.sleep(0.05)
    return time.time() - began
