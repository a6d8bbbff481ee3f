"""What a figure costs: against hand-written SQL, pandas and PostgreSQL on the same files, in one run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from voiceloop.analytics.cubes import Cubes
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.result import Result, Row
from voiceloop.bench import dashboards, lakes, questions
from voiceloop.bench.clock import Spent, Turn, in_turn, spent
from voiceloop.bench.figures import beside
from voiceloop.bench.product import say
from voiceloop.bench.questions import Asked
from voiceloop.bench.rivals import COUNTS, Duck, Pandas

RESPONSES, COMPARED = 100_000_000, 10_000_000
ROUNDS, ROUNDS_OF_RIVALS = 7, 5
RATIO, BUILDING = 1.10, 0.006
PANDAS, PANDAS_LOADING, POSTGRES = 3.0, 8.0, 12.0
MEGABYTES = 2048.0
CLOSE = 1e-9


def measure(responses: int | None, scale: float) -> dict[str, Any]:
    """Ask the three questions of a lake of so many responses, and of a tenth with the other engines."""
    large = lakes.of_responses(responses or max(int(RESPONSES * scale), 100_000))
    small = lakes.of_responses(min(COMPARED, responses or max(int(COMPARED * scale), 100_000)))
    return {
        "lake": _facts(large),
        "against_sql": against_sql(large),
        "against_other_engines": against_others(small),
        "memory": _memory(large),
        "dashboard": dashboards.measure(large, scale),
    }


def against_sql(lake: Lake) -> dict[str, Any]:
    """`measure` from rows and the best SQL, in turn."""
    duck = Duck(lake)
    found: dict[str, Any] = {"threads": duck.threads, "rounds": ROUNDS}
    for asked in questions.of(lake):
        say(f"{asked.name}: against hand-written SQL …")
        found[asked.name] = _against_sql(lake, duck, asked)
    return found


def _against_sql(lake: Lake, duck: Duck, asked: Asked) -> dict[str, Any]:
    sql = {name: duck.sql(asked, name) for name in COUNTS}
    sql["count_if, told apart"] = duck.sql(asked, "count_if", told_apart=True)
    turns = {name: partial(duck.run, text) for name, text in sql.items()}
    times = in_turn({"measure": partial(asked.measured, lake), **turns}, ROUNDS)
    ours, best = times.pop("measure"), min((times[name] for name in COUNTS), key=lambda one: one.cpu)
    result = asked.measured(lake)
    listed = spent(lambda: result.rows)
    return {
        "groups": len(result.rows),
        "source": result.source,
        "measure": ours.facts(),
        "sql": {name: time.facts() for name, time in times.items()},
        "rows_listed": listed.facts(),
        "equal": is_equal(result, duck.run(sql["count_if"]).to_pydict(), asked),
        "ratio": round(ours.cpu / best.cpu, 3),
        "aims": {"ratio_less_6_ms": beside(round((ours.cpu - BUILDING) / best.cpu, 3), below=RATIO)},
    }


def against_others(lake: Lake) -> dict[str, Any]:
    """`measure` from rows and from cubes, pandas and PostgreSQL with its indexes, in turn."""
    found: dict[str, Any] = {"lake": _facts(lake), "rounds": ROUNDS_OF_RIVALS}
    Cubes(lake).rebuild()
    if find_spec("pandas") is None:
        return found | {"left_out": "pandas is not installed"}
    # Imported here: the server's programs are looked for, and only this part needs them.
    from voiceloop.bench import postgres_rival

    with postgres_rival.filled(lake) as postgres:
        found["postgres"] = postgres.version
        frames = {
            name: (pandas := Pandas(lake, categories=categories), pandas.load(Pandas.COLUMNS))
            for name, categories in (("pandas", False), ("pandas, categories", True))
        }
        for asked in questions.of(lake):
            say(f"{asked.name}: against pandas and PostgreSQL …")
            found[asked.name] = _against_others(lake, asked, frames, postgres)
    return found


def _against_others(
    lake: Lake, asked: Asked, frames: Mapping[str, tuple[Pandas, Any]], postgres: Any
) -> dict[str, Any]:
    sql = postgres.sql(asked)
    # An index is made once and kept, and so is a cube; where the rivals have one, ours counts as well.
    turns: dict[str, Turn] = {
        "measure": partial(asked.measured, lake),
        "measure, with cubes": partial(asked.measured, lake, use_cubes=True),
        "postgres": partial(postgres.run, sql),
    }
    for name, (pandas, frame) in frames.items():
        turns[name] = partial(pandas.run, asked, frame)
        turns[f"{name}, with loading"] = partial(_loading, pandas, asked)
    times = in_turn(turns, ROUNDS_OF_RIVALS, {"postgres": postgres.process})
    ours, cubed = times["measure"], times["measure, with cubes"]
    rivals = {name: time for name, time in times.items() if not name.startswith("measure")}
    # Processor seconds: on a machine that is shared the wall says more about the others.
    ratios = {name: _ratios(time, ours) for name, time in rivals.items()}
    from_cubes = {name: _ratios(time, cubed) for name, time in rivals.items()}
    promised = {"pandas": PANDAS, "pandas, with loading": PANDAS_LOADING, "postgres": POSTGRES}
    if asked.where:
        # A selective look-up in a covering index is what PostgreSQL is best at: nothing is promised.
        promised.pop("postgres")
    return {
        **{name: time.facts() for name, time in times.items()},
        "times_faster": ratios,
        "times_faster_with_cubes": from_cubes,
        "aims": {name: beside(ratios[name]["cpu"], at_least=aim) for name, aim in promised.items()},
        "aims_with_cubes": {
            name: beside(from_cubes[name]["cpu"], at_least=aim) for name, aim in promised.items()
        },
        "plan_of_postgres": postgres.plan(sql).splitlines(),
    }


def _loading(pandas: Pandas, asked: Asked) -> None:
    pandas.run(asked, pandas.load(pandas.needs(asked), asked.months))


def _ratios(theirs: Spent, ours: Spent) -> dict[str, float]:
    return {"cpu": round(theirs.cpu / ours.cpu, 2), "wall": round(theirs.wall / ours.wall, 2)}


def is_equal(result: Result, columns: Mapping[str, list[Any]], asked: Asked) -> bool:
    """Whether the product says what the SQL says: counts exactly, figures within 1e-9."""
    theirs = {
        tuple(key): figures
        for *key, figures in zip(
            *(columns[name] for name in asked.keys),
            zip(*(columns[name] for name in ("n", "value", "low", "high")), strict=True),
            strict=True,
        )
    }
    for row in result.rows:
        n, *figures = theirs.pop(key_of(row, asked))
        ours = [row.value, row.low, row.high]
        withheld = ours == [None, None, None] and n < 5
        if n != row.n or not (withheld or np.allclose(np.array(ours, float), figures, rtol=0, atol=CLOSE)):
            return False
    return not theirs


def key_of(row: Row, asked: Asked) -> tuple[str, ...]:
    """The keys of a figure as the lake's columns hold them."""
    return tuple(
        f"{row.key['period']:%Y-%m}" if name == "month" else str(row.key[name]) for name in asked.keys
    )


def _memory(lake: Lake) -> dict[str, Any]:
    (found,) = dashboards.ask(lake, "rows", 1, 1)
    peak = found["peak_megabytes"]
    return {"peak_megabytes": peak, "aims": {"peak_megabytes": beside(peak, below=MEGABYTES)}}


def _facts(lake: Lake) -> dict[str, Any]:
    rows = questions.Asked("all", ()).measured(lake, use_cubes=False).one.n
    size = lakes.bytes_of(lake)
    return {
        "responses": rows,
        "months": len(lake.months("answers")),
        "bytes": size,
        "bytes_per_response": round(size / rows, 2),
    }
