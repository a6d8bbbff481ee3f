"""A company with very many cases, written into its database by the database itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg

# Ids that nothing else in the database has.
APART = 1_000_000_000
YEAR_OF_MINUTES = 365 * 24 * 60
# What a column holds that is not named below and may not be empty, by its type in the database.
OTHERWISE = {
    "boolean": "false", "jsonb": "'{}'", "ARRAY": "'{}'", "timestamp with time zone": "now()",
    "smallint": "0", "integer": "0", "bigint": "0", "double precision": "0", "bytea": "'\\x00'",
}  # fmt: skip
WORDS = (
    "等了一个小时才上菜，菜还是凉的", "外卖洒了一半，包装也破了", "服务员态度很差，叫了三次没人理",
    "账单多收了一份饮料的钱", "退款说三天到账，一周了还没有", "汤里有异物，吃完肚子不舒服",
    "排队叫号乱了，后来的人先进去", "会员积分不见了，客服推来推去", "The soup was cold and nobody cared",
    "Charged twice for one delivery", "空调太冷，孩子感冒了", "预订的包间被别人占了",
)  # fmt: skip


def fill(database: str, *, n_open: int, n_resolved: int, since: int = 0) -> int:
    """Write cases number `since` and on, the resolved ones first; return the number of the next."""
    upto = since + n_open + n_resolved
    with psycopg.connect(database, autocommit=True) as connection:
        known = _known(connection)
        # The rows are whole as they stand here: what triggers and keys would do a million times is done.
        connection.execute("set session_replication_role = replica")
        made = {**known, "since": since, "resolved_to": since + n_resolved, "upto": upto - 1, "apart": APART}
        for table, values, rows in _tables(made):
            _insert(connection, table, values, rows)
        connection.execute("set session_replication_role = origin")
        connection.execute("vacuum analyze")
    return upto


def _known(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """The stores, the agents, a cause and the promises that are there."""

    def of(sql: LiteralString) -> list[int]:
        return [row[0] for row in connection.execute(sql).fetchall()]

    leaves: LiteralString = """
        select id from core_unit u where not exists (select from core_unit c where c.parent_id = u.id)
    """
    return {
        "units": of(leaves + " order by id"),
        "agents": of("select id from core_user where role in ('agent', 'lead') and is_active order by id"),
        "causes": of("select id from act_rootcause order by id"),
        "first": of("select min(id) from act_servicepromise where clock = 'first_contact'")[0],
        "solution": of("select min(id) from act_servicepromise where clock = 'solution'")[0],
    }


def _one_of(ids: list[int], of: str = "n") -> str:
    return f"(array{ids}::bigint[])[1 + {of} % {len(ids)}]"


def _tables(made: dict[str, Any]) -> list[tuple[str, dict[str, str], str]]:
    """Table, columns as expressions of `n`, the number of the case, and which cases have such a row."""
    apart, words = made["apart"], ", ".join(f"'{one}'" for one in WORDS)
    every = f"generate_series({made['since']}::bigint, {made['upto']}) n"
    resolved = f"{every} where n < {made['resolved_to']}"
    key = f"{apart} + n"
    # Spread over a year where resolved, over a fortnight where open; a prime step mixes the order.
    opened = (
        f"now() - make_interval(mins => (case when n < {made['resolved_to']}"
        f" then 20160 + (n * 7919) % {YEAR_OF_MINUTES} else (n * 7919) % 20160 end)::int)"
    )
    closed = f"case when n < {made['resolved_to']} then {opened} + interval '1 day' end"
    text = f"(array[{words}])[1 + n % {len(WORDS)}]"
    unit, agent = _one_of(made["units"]), _one_of(made["agents"], "(n / 7)")
    # Of every fiftieth nothing is known yet: the customer's word is waited for.
    outcome = "(array['recovered', 'not_recovered', 'no_answer'])[1 + n % 3]"
    told = f"case when n < {made['resolved_to']} and n % 50 > 0 then {outcome} else '' end"
    spoken = f"case when n < {made['resolved_to']} or n % 2 = 0 then {opened} + interval '1 hour' end"
    return [
        (
            "collect_customer",
            {
                "id": key, "number": f"'B-' || {key}", "unit_id": unit,
                "tier": "(array['regular', 'silver', 'gold', 'black'])[1 + n % 4]",
            },
            f"{every} where n % 3 = 0",
        ),
        (
            "collect_response",
            {
                "id": key, "unit_id": unit, "customer_id": f"{apart} + n - n % 3", "at": opened,
                "idempotency_key": f"'bench-' || {key}", "state": "'complete'", "completed_at": opened,
                "weight": "1", "touchpoint": "'delivery'",
            },
            every,
        ),
        (
            "collect_answer",
            {
                "id": key, "response_id": key, "question": "'nps'", "scale": "'nps_0_10'",
                "score": "n % 7", "options": "'[]'",
            },
            every,
        ),
        (
            "collect_verbatim",
            {
                "id": key, "response_id": key, "question": "'why'", "text": text, "language": "'zh'",
                "labelled_by": "'bench'",
            },
            every,
        ),
        (
            "act_case",
            {
                "id": key, "unit_id": unit, "customer_id": f"{apart} + n - n % 3", "response_id": key,
                "owner_id": f"case when n % 10 > 0 then {agent} end", "summary": text, "opened_at": opened,
                "kind": "(array['recovery', 'complaint', 'request'])[1 + n % 3]",
                "severity": "(array['slight', 'slight', 'serious', 'slight', 'catastrophic'])[1 + n % 5]",
                "priority": "(array[3, 3, 2, 3, 1, 2, 4])[1 + n % 7]", "playbook": "'fast'",
                "emotion": "(array['angry', 'disappointed', '', '', 'understanding'])[1 + n % 5]",
                "first_contact_at": spoken, "first_contact_due_at": f"{opened} + interval '2 hours'",
                "due_at": f"case when n >= {made['resolved_to']} then {opened} + interval '3 days' end",
                "resolved_at": closed, "tier": "(array['regular', 'silver', 'gold', 'black'])[1 + n % 4]",
                "channel": "(array['wechat', 'email', 'phone'])[1 + n % 3]",
                "outcome_code": told,
            },
            every,
        ),
        (
            "act_clock",
            {
                "id": f"{apart} + 2 * n", "case_id": key, "promise_id": str(made["first"]),
                "kind": "'first_contact'", "due_at": f"{opened} + interval '2 hours'",
                "state": f"case when {spoken} is null then 'running' else 'met' end",
                "met_at": spoken, "n_runs": "1",
                "warned_at": "now()", "told_at": "now()", "second_told_at": "now()",
            },
            every,
        ),
        (
            "act_clock",
            {
                "id": f"{apart} + 2 * n + 1", "case_id": key, "promise_id": str(made["solution"]),
                "kind": "'solution'", "state": f"case when {closed} is null then 'running' else 'met' end",
                "due_at": f"{opened} + interval '3 days'", "met_at": closed, "n_runs": "1",
                "warned_at": "now()", "told_at": "now()", "second_told_at": "now()",
            },
            every,
        ),
        (
            "act_assignment",
            {
                "id": key, "case_id": key, "to_id": agent, "at": opened,
                "reason": "'{\"kind\": \"least_loaded\"}'",
            },
            f"{every} where n % 10 > 0",
        ),
        (
            "act_contact",
            {"id": key, "case_id": key, "by_id": agent, "at": spoken, "result": "'reached'"},
            f"{every} where n < {made['resolved_to']} or n % 2 = 0",
        ),
        (
            "act_resolution",
            {
                "id": key, "case_id": key, "by_id": agent, "at": closed,
                "root_cause_id": _one_of(made["causes"]),
            },
            resolved,
        ),
        (
            "act_outcome",
            {
                "id": key, "case_id": key, "at": f"{closed} + interval '4 days'",
                "code": outcome, "score": "n % 11",
            },
            f"{resolved} and n % 50 > 0",
        ),
        (
            "act_callback",
            {
                "id": f"{apart} + 3 * n + i", "case_id": key, "round": "1",
                "step": "(array[1, 24, 72])[1 + i]",
                "due_at": f"{closed} + make_interval(hours => (array[1, 24, 72])[1 + i])",
                "done_at": f"case when n % 50 > 1 then {closed} + interval '3 days' end", "by_id": agent,
            },
            f"generate_series({made['since']}::bigint, {made['resolved_to'] - 1}) n, generate_series(0, 2) i",
        ),
    ]  # fmt: skip


def _insert(connection: psycopg.Connection[Any], table: str, values: Mapping[str, str], rows: str) -> None:
    """Columns that somebody added since have what their type has otherwise."""
    sql = """
        select column_name, data_type from information_schema.columns
        where table_schema = current_schema() and table_name = %s
            and is_nullable = 'NO' and column_default is null and is_identity = 'NO'
    """
    others = {
        name: OTHERWISE.get(kind, "''")
        for name, kind in connection.execute(sql, [table]).fetchall()
        if name not in values
    }
    whole = {**others, **values}
    select = ", ".join(whole.values())
    statement = (
        f"insert into {table} ({', '.join(whole)}) overriding system value select {select} from {rows}"
    )
    connection.execute(statement.encode())
