"""Customers of a real shop are kept, come again and send back as counted without the engine."""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from voiceloop.analytics import FileSource, measure

REAL = (
    Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "transactions_2009_12_to_2010_11.csv.gz"
)
NAMES = ("invoice", "quantity", "invoice_date", "price", "customer_id")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The shop's lines where they are at hand, else a seeded file of their shape; and its orders."""
    path = REAL if REAL.is_file() else _made(tmp_path_factory.mktemp("golden") / "lines.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return path, _orders(csv.DictReader(file))


def _made(path):
    draw = random.Random(2010)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        for number in range(4000):
            back, at = draw.random() < 0.1, datetime(2010, 1, 1, 9) + DAY * draw.randrange(330)
            customer = draw.choice(["", *range(300)])
            for _ in range(draw.randint(1, 3)):
                count = draw.randint(1, 9) * (-1 if back else 1)
                writer.writerow([f"{'C' * back}{number}", count, at, draw.choice([1.25, 4.5]), customer])
    return path


def _orders(lines):
    """(customer, day, amount, whether it is a return) of each invoice."""
    found = {}
    for line in lines:
        amount = float(line["quantity"]) * float(line["price"])
        customer, day, before = found.get(line["invoice"], (line["customer_id"], date.max, 0.0))
        found[line["invoice"]] = (customer, min(day, _day(line)), before + amount)
    return [(*order, number.startswith("C") or order[2] < 0) for number, order in found.items()]


def _day(line):
    return date.fromisoformat(line["invoice_date"][:10])


def _windows(orders):
    """Customer → days of buying, in the 90 days before and within each window."""
    last = max(day for _, day, _, _ in orders)
    bought = defaultdict(set)
    for customer, day, amount, is_return in orders:
        if customer and amount > 0 and not is_return:
            bought[customer].add(day)
    months = {(day.year, day.month) for _, day, _, _ in orders}
    ends = [date(year + month // 12, month % 12 + 1, 1) - DAY for year, month in months]
    for end in (end for end in ends if end < last):
        for days in bought.values():
            since = [(end - day).days for day in days]
            yield sum(90 <= ago < 180 for ago in since), sum(0 <= ago < 90 for ago in since)


@pytest.mark.requirement(16, 17)
class TestTheShop:
    def test_it_keeps_as_many_customers(self, shop):
        path, orders = shop
        kept = [within > 0 for before, within in _windows(orders) if before]
        retained, churned = (measure(FileSource(path), f"{name}_rate").one for name in ("retention", "churn"))
        assert (retained.n, churned.n) == (len(kept), len(kept))
        assert retained.value == pytest.approx(100 * sum(kept) / len(kept))
        assert retained.value + churned.value == pytest.approx(100)

    def test_as_many_buy_again(self, shop):
        path, orders = shop
        again = [within > 1 for _, within in _windows(orders) if within]
        row = measure(FileSource(path), "repeat_purchase_rate").one
        assert (row.n, row.value) == (len(again), pytest.approx(100 * sum(again) / len(again)))

    def test_as_much_comes_back(self, shop):
        path, orders = shop
        sold, back = (sum(max(sign * order[2], 0) for order in orders) for sign in (1, -1))
        row = measure(FileSource(path), "return_rate").one
        assert (row.n, row.value) == (len(orders), pytest.approx(100 * back / sold))
