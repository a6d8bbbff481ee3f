"""The lake's tables and columns, written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.scales import off_scale, scale

if TYPE_CHECKING:
    import pyarrow as pa

# Codes as they were when the fact happened; unknown is NULL, never "".
DIMENSIONS = (
    "programme",
    "survey",
    "touchpoint",
    "stage",
    "channel",
    "source",
    "segment",
    "tier",
    "region",
    "unit",
    "team",
    "agent",
    "language",
)

_EVERY_TABLE = (
    *((name, "string") for name in DIMENSIONS),
    ("month", "string"),
    ("day", "date"),
    ("at", "timestamp"),
    ("customer_key", "int64"),
    ("attributes", "map"),
)


@dataclass(frozen=True)
class Table:
    """One table of the lake: its name, its identity column and its columns with their types."""

    name: str
    key: str
    own: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> dict[str, str]:
        """Column name to type: 'string', 'int64', 'double', 'float', 'int8', 'int32', 'date', …"""
        return {self.key: "int64", **dict(self.own), **dict(_EVERY_TABLE)}


TABLES = {
    table.name: table
    for table in (
        Table(
            "responses",
            "response_id",
            (
                ("invitation_id", "int64"),
                ("state", "string"),
                ("n_answers", "int32"),
                ("n_words", "int32"),
                ("seconds", "double"),
            ),
        ),
        Table(
            "answers",
            "answer_id",
            (
                ("response_id", "int64"),
                ("question", "string"),
                ("scale", "string"),
                ("score", "double"),
                ("weight", "double"),
            ),
        ),
        Table(
            "annotations",
            "annotation_id",
            (
                ("verbatim_id", "int64"),
                ("response_id", "int64"),
                ("kind", "string"),
                ("label", "string"),
                ("polarity", "int8"),
                ("probability", "float"),
                ("version", "string"),
            ),
        ),
        Table(
            "invitations",
            "invitation_id",
            (
                ("status", "string"),
                ("reason", "string"),
                ("sent_at", "timestamp"),
                ("started_at", "timestamp"),
                ("answered_at", "timestamp"),
            ),
        ),
        Table(
            "cases",
            "case_id",
            (
                ("kind", "string"),
                ("severity", "string"),
                ("priority", "string"),
                ("root_cause", "string"),
                ("opened_at", "timestamp"),
                ("first_contact_due_at", "timestamp"),
                ("first_contact_at", "timestamp"),
                ("due_at", "timestamp"),
                ("resolved_at", "timestamp"),
                ("closed_at", "timestamp"),
                ("sla_met", "int8"),
                ("n_contacts", "int32"),
                ("n_reassigned", "int32"),
                ("n_reopened", "int32"),
                ("outcome", "string"),
            ),
        ),
        # One exchange with a customer: a call, a chat, a mail thread, a self-service session.
        Table(
            "conversations",
            "conversation_id",
            (
                ("kind", "string"),
                ("topic", "string"),
                ("outcome", "string"),
                ("case_id", "int64"),
                ("wait_seconds", "double"),
                ("handle_seconds", "double"),
                ("first_response_seconds", "double"),
                ("solved", "int8"),
                ("cost", "double"),
            ),
        ),
        # One item of one quality review: score 1 is met, 0 is not met.
        Table(
            "reviews",
            "review_id",
            (
                ("subject", "string"),
                ("item", "string"),
                ("score", "double"),
                ("reviewer", "string"),
            ),
        ),
        # What happened to whom: the product's own log, or the activities of an imported one.
        Table(
            "events",
            "event_id",
            (
                ("subject", "string"),
                ("activity", "string"),
                ("actor", "string"),
                ("until_at", "timestamp"),
            ),
        ),
        Table(
            "transactions",
            "transaction_id",
            (
                ("kind", "string"),
                ("amount", "double"),
                ("wait_minutes", "double"),
                ("promised_minutes", "double"),
            ),
        ),
    )
}


def table(name: str) -> Table:
    """Return the table called ``name``.

    Raises
    ------
    AnalyticsError
        When the lake has no such table.

    Examples
    --------
    >>> table("answers").key
    'answer_id'
    """
    if name not in TABLES:
        raise AnalyticsError(f"The lake has no table {name!r}.", f"数据湖中没有表“{name}”。")
    return TABLES[name]


@cache
def arrow_schema(name: str) -> pa.Schema:
    """Return the Arrow schema of a table, in the order in which it is stored.

    Examples
    --------
    >>> arrow_schema("answers").field("at").type
    TimestampType(timestamp[us, tz=UTC])
    """
    # Imported here: a figure from a plain file needs no Arrow, and the import takes a quarter second.
    import pyarrow as pa

    types: dict[str, pa.DataType] = {
        "string": pa.string(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "int64": pa.int64(),
        "int32": pa.int32(),
        "int8": pa.int8(),
        "double": pa.float64(),
        "float": pa.float32(),
        "map": pa.map_(pa.string(), pa.string()),
    }
    return pa.schema([(column, types[kind]) for column, kind in table(name).columns.items()])


def conform(name: str, rows: pa.Table | Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return ``rows`` in the stored shape of a table: columns, types, month and weight filled in.

    Parameters
    ----------
    name : str
        A table of `TABLES`.
    rows : pyarrow.Table or sequence of mappings
        Each has at least the table's key and ``day``.

    Raises
    ------
    AnalyticsError
        When key or day is missing, a column is unknown, or a score is not on its scale.
    """
    import pyarrow as pa

    rows = rows if isinstance(rows, pa.Table) else _tabled(name, rows)
    _check_columns(name, rows.column_names)
    wanted = arrow_schema(name)
    day = rows["day"].cast(pa.date32())
    if day.null_count or rows[table(name).key].null_count:
        raise AnalyticsError(
            f"A row of {name} lacks its key or its day.", f"表 {name} 有一行缺少主键或日期。"
        )
    filled: dict[str, Any] = {column: rows[column] for column in rows.column_names} | {"month": _months(day)}
    if "weight" in wanted.names:
        weight = filled.get("weight", pa.nulls(rows.num_rows, pa.float64()))
        filled["weight"] = weight.cast(pa.float64()).fill_null(1.0)
    columns = [
        filled[field.name].cast(field.type) if field.name in filled else pa.nulls(rows.num_rows, field.type)
        for field in wanted
    ]
    stored = pa.table(columns, schema=wanted)
    if name == "answers":
        _check_scores(stored)
    return stored


def _months(day: Any) -> Any:
    """The month of each day; few days differ, and writing one out takes most of the time of a row."""
    import pyarrow.compute as pc

    known = day.combine_chunks().dictionary_encode()
    return pc.strftime(known.dictionary, "%Y-%m").take(known.indices)


def _tabled(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    present = dict.fromkeys(column for row in rows for column in row)
    known = arrow_schema(name)
    kinds = [(column, known.field(column).type if column in known.names else None) for column in present]
    columns = [pa.array([row.get(column) for row in rows], kind) for column, kind in kinds]
    return pa.table(columns, names=list(present))


def _check_columns(name: str, present: list[str]) -> None:
    known = table(name).columns
    unknown = sorted(set(present) - set(known))
    missing = sorted({table(name).key, "day"} - set(present))
    if unknown or missing:
        raise AnalyticsError(
            f"Rows for {name}: unknown columns {unknown}, missing columns {missing}.",
            f"写入表 {name} 的数据：多余的列 {unknown}，缺少的列 {missing}。",
        )


def _check_scores(answers: pa.Table) -> None:
    import pyarrow.compute as pc

    for id in answers["scale"].unique().to_pylist():
        if id is None:
            raise AnalyticsError("An answer has no scale.", "有一条答案没有量表。")
        known = scale(id)
        scores = answers["score"].filter(pc.equal(answers["scale"], id)).drop_null()
        for score in cast("list[float]", scores.unique().to_pylist()):
            if not known.holds(score):
                raise off_scale(known, score)
