"""Sales: one order a row with its amount, or one line of an order a row with quantity and price."""

from __future__ import annotations

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import Field
from voiceloop.analytics.readers._names import CUSTOMER, rest_of, when
from voiceloop.analytics.readers._reader import Found, Made, Note, Reader

_OWN = (
    Field(
        "transaction_id",
        "text",
        (
            "transactionid invoice invoiceno invoiceid invoicenumber orderid orderno ordernumber receipt "
            "receiptno "
            "订单号 订单编号 单号 小票号 发票号",
            "order transaction 订单 交易编号",
        ),
    ),
    Field("quantity", "number", ("quantity qty units 数量 件数",), feeds=("amount", "kind")),
    Field("price", "number", ("price unitprice itemprice 单价 价格",), feeds=("amount",)),
    Field(
        "amount",
        "number",
        (
            "amount orderamount totalamount paidamount revenue spend dollars 金额 订单金额 实付金额 "
            "交易金额 消费金额",
            "total totalprice sales value 总价 总额 销售额",
        ),
    ),
    Field("kind", "text", ("kind transactiontype ordertype 交易类型 订单类型",)),
    when(),
    CUSTOMER,
    Field("wait_minutes", "number", ("waitminutes 等待分钟 等待分钟数",)),
)


def _fields(metric: Metric | None) -> tuple[Field, ...]:
    return rest_of("transactions", _OWN)


def _make(found: Found) -> Made:
    amount = _amount(found)
    kind = _kind(found)
    notes = _notes(found)
    if not found.has("transaction_id"):
        return Made({"amount": amount, "kind": kind, "transaction_id": "row_ + 1"}, notes=notes)
    whole = f"sum({amount})"
    columns = {
        "transaction_id": "CAST(hash(_transaction_id) >> 2 AS BIGINT)",
        "amount": whole,
        "kind": f"CASE WHEN bool_or({kind} = 'return') OR {whole} < 0 THEN 'return' ELSE min({kind}) END",
    }
    # What differs between the lines of an order is no property of the order.
    same = "CASE WHEN min({0}) = max({0}) THEN min({0}) END"
    if found.has("at"):
        columns |= {
            "at": "min(_at) AT TIME ZONE 'UTC'",
            "day": "CAST(min(_at) AS DATE)",
            "month": "strftime(min(_at), '%Y-%m')",
        }
    return Made(columns, group="_transaction_id", one_of=same, notes=notes)


def _amount(found: Found) -> str:
    if found.has("amount"):
        return "_amount"
    if found.has("quantity", "price"):
        return "_quantity * _price"
    return "_price" if found.has("price") else "CAST(NULL AS DOUBLE)"


def _kind(found: Found) -> str:
    """SQL of a row's kind: a return when its number says so (C…), or what is paid or counted is negative."""
    signs = [f"{_amount(found)} < 0"]
    if found.has("transaction_id"):
        signs.insert(0, "regexp_matches(_transaction_id, '^[Cc]\\d')")
    is_return = " OR ".join(f"coalesce({sign}, false)" for sign in signs)
    other = "lower(_kind)" if found.has("kind") else "'purchase'"
    return f"CASE WHEN {is_return} THEN 'return' ELSE {other} END"


def _notes(found: Found) -> tuple[Note, ...]:
    notes: list[Note] = []
    own = ", ".join(f"file_{i}" for i in range(len(found.raw.names)))
    if found.has("transaction_id"):
        lines, orders, returns = found.ask(
            "SELECT count(*), count(DISTINCT _transaction_id),"
            f" count(DISTINCT CASE WHEN {_kind(found)} = 'return' THEN _transaction_id END) FROM typed"
        )[0]
        notes.append(
            (
                f"{lines:,} lines make {orders:,} orders, {returns:,} of them returns (number C… or an "
                "amount below 0)",
                f"{lines:,} 行合为 {orders:,} 笔订单，其中退货 {returns:,} 笔（单号以 C 开头或金额为负）",
            )
        )
        ((n,),) = found.ask(f"SELECT count(*) - count(DISTINCT hash({own})) FROM typed")
        if n:
            notes.append(
                (f"{n:,} lines repeat another one exactly; they count", f"{n:,} 行与其他行完全相同，仍计入")
            )
    if found.has("customer_key"):
        ((n,),) = found.ask("SELECT count(*) FROM typed WHERE _customer_key IS NULL")
        if n:
            notes.append(
                (
                    f"{n:,} rows name no customer; they count for orders, not for customers",
                    f"{n:,} 行没有客户，计入订单但不计入客户",
                )
            )
    return tuple(notes)


READER = Reader("orders", "transactions", "orders or their lines", "订单或订单明细", _fields, (), _make)
