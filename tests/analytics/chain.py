"""The demo company's lake, made from its tables as the product's synchronisation would."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from voiceloop.analytics import Lake

DIMENSIONS = ("programme", "touchpoint", "stage", "channel", "region", "unit", "team", "agent")
SEEN = ("segment", "tier", "language")


def lake_of(company, path):
    """Write invitations, conversations and NPS answers of a company into a new lake."""
    lake = Lake(path)
    lake.append("invitations", _invitations(company.invitations))
    lake.append("conversations", _conversations(company.interactions))
    lake.append("answers", _answers(company.responses))
    return lake


def _day(at):
    return pc.assume_timezone(pc.local_timestamp(at), "UTC").cast(pa.date32())


def _numbered(table, key, at, **columns):
    shared = {name: table[name] for name in (*DIMENSIONS, *SEEN) if name in table.column_names}
    # Numbers like C0000017: the digits are as good a pseudonym as any.
    customer = pc.utf8_slice_codeunits(table["customer"], 1).cast(pa.int64())
    whole = {
        **shared,
        key: pa.array(range(table.num_rows)),
        "customer_key": customer,
        "at": at,
        "day": _day(at),
    }
    return pa.table({**whole, **columns})


def _invitations(table):
    names = ("status", "reason", "sent_at", "started_at", "answered_at")
    return _numbered(table, "invitation_id", table["created_at"], **{name: table[name] for name in names})


def _conversations(table):
    solved = table["resolved"].cast(pa.int8())
    return _numbered(table, "conversation_id", table["at"], kind=table["touchpoint"], solved=solved)


def _answers(table):
    table = table.filter(pc.is_valid(table["nps"]))
    n = table.num_rows
    fixed = {"question": pa.array(["nps"] * n), "scale": pa.array(["nps_0_10"] * n)}
    return _numbered(
        table,
        "answer_id",
        table["at"],
        response_id=pa.array(range(n)),
        score=table["nps"].cast(pa.float64()),
        **fixed,
    )
