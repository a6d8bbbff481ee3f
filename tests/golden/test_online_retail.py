"""Orders, returns and customers who come back, of an online shop, against pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.golden import shapes

NAME = "online_retail/transactions_2009_12_to_2010_11.csv.gz"


@pytest.fixture(scope="module")
def shop(data):
    path, lines = data(NAME, shapes.retail)
    lines["amount"] = lines.quantity.astype(float) * lines.price.astype(float)
    lines["at"] = pd.to_datetime(lines.invoice_date)
    orders = lines.groupby("invoice").agg(
        amount=("amount", "sum"),
        at=("at", "min"),
        customer=("customer_id", "first"),
        country=("country", "first"),
    )
    return path, lines, orders


class TestTheShop:
    def test_its_orders_are_the_sums_of_their_lines(self, shop, figure):
        path, lines, orders = shop
        found = figure("order_value", path)
        assert (found["n"], found["value"]) == (len(orders), pytest.approx(orders.amount.mean()))
        assert found["read_as"]["rows"] == len(lines)

    def test_it_says_how_many_lines_repeat_another_and_how_many_have_no_customer(self, shop, figure):
        path, lines, orders = shop
        notes = " ".join(figure("order_value", path)["read_as"]["notes"])
        source = lines.drop(columns=["amount", "at"])
        if source.duplicated().any():
            assert f"{int(source.duplicated().sum()):,} lines repeat" in notes
        assert f"{int((lines.customer_id == '').sum()):,} rows name no customer" in notes
        returned = orders.index.str.match("C[0-9]") | (orders.amount < 0)
        assert f"{len(orders):,} orders, {int(returned.sum()):,} of them returns" in notes

    def test_its_return_rate_is_what_went_back_of_what_was_sold(self, shop, figure):
        path, _, orders = shop
        back, sold = -orders.amount[orders.amount < 0].sum(), orders.amount[orders.amount > 0].sum()
        assert figure("return_rate", path)["value"] == pytest.approx(100 * back / sold)

    def test_its_months_are_those_of_the_invoices(self, shop, figure):
        path, _, orders = shop
        found = figure("order_value", path, "--every", "month")["rows"]
        expected = orders.groupby(orders["at"].dt.strftime("%Y-%m-01")).amount.mean()
        assert {row["key"]["period"]: row["value"] for row in found} == pytest.approx(expected.to_dict())

    @pytest.mark.requirement(16)
    @pytest.mark.requirement(17)
    def test_retention_and_churn_are_what_pandas_finds_at_each_month_end(self, shop, figure):
        path, _, orders = shop
        n, kept = _retained(orders)
        found = figure("retention_rate", path)
        assert (found["n"], found["value"]) == (n, pytest.approx(100 * kept / n))
        assert figure("churn_rate", path)["value"] == pytest.approx(100 - found["value"])


def _retained(orders):
    """Customers who bought in the 90 days before a 90-day window ending each month, and bought in it too."""
    bought = orders[(orders.customer != "") & (orders.amount > 0) & ~orders.index.str.match("C[0-9]")]
    days = bought["at"].dt.normalize()
    end = orders["at"].max().normalize()
    n = kept = 0
    for last in pd.date_range(orders["at"].min(), end, freq="ME").normalize():
        if last >= end:
            continue
        start = last - pd.Timedelta(days=90)
        before = set(bought.customer[(days > start - pd.Timedelta(days=90)) & (days <= start)])
        inside = set(bought.customer[(days > start) & (days <= last)])
        n, kept = n + len(before), kept + len(before & inside)
    return n, kept
