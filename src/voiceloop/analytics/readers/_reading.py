"""Read a file for a metric: choose its shape, find its columns, leave out what cannot be read and say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers import _uses, readers_of
from voiceloop.analytics.readers._cells import Cell, cell
from voiceloop.analytics.readers._fields import Field, Guess, guesses, nearest
from voiceloop.analytics.readers._raw import FILE, ROW, Raw, literal, quoted
from voiceloop.analytics.readers._reader import Facts, Found, Note, Reader, facts
from voiceloop.analytics.scales import off_scale, scale

_WHAT = {
    "number": ("not a number", "不是数字"),
    "seconds": ("not a time in seconds", "不是时长"),
    "time": ("not a date", "不是日期"),
    "flag": ("neither yes nor no", "不是“是/否”"),
    "id": ("no number", "不是编号"),
    "text": ("blank", "为空"),
}


@dataclass(frozen=True)
class Asked:
    """What the caller said about the file."""

    told: Mapping[str, str] = field(default_factory=dict)
    shape: str | None = None
    scale: str | None = None
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: str | None = None
    dated: bool = False
    strict: bool = False


@dataclass(frozen=True)
class LeftOut:
    """Rows that do not count: how many, why, and the line of the first."""

    n: int
    why: Note
    first: str = ""


@dataclass(frozen=True)
class Reading:
    """How a file was read: what to say to whoever relies on its figures.

    Attributes
    ----------
    shape : str
        Name of the reader, and what it is called.
    rows : int
        Rows of the file.
    columns : mapping of str to str
        Measured column → column of the file.
    guessed : tuple of str
        Those of the measured columns that nobody told.
    notes : tuple of (en, zh)
    left_out : tuple of LeftOut
    """

    shape: str
    label: Note
    rows: int
    columns: Mapping[str, str]
    guessed: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    files: tuple[tuple[str, str, str], ...] = ()
    scale: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the reading as plain JSON types."""
        return {
            "shape": self.shape,
            "files": [
                {"name": name, "encoding": encoding, "delimiter": delimiter}
                for name, encoding, delimiter in self.files
            ],
            "rows": self.rows,
            "columns": dict(self.columns),
            "guessed": list(self.guessed),
            "scale": self.scale,
            "notes": [en for en, _ in self.notes],
            "left_out": [{"n": one.n, "why": one.why[0], "first_line": one.first} for one in self.left_out],
        }


@dataclass(frozen=True)
class Read:
    """A file read for a metric."""

    facts: Facts
    reading: Reading


def read(raw: Raw, metric: Metric, asked: Asked) -> Read:
    """Return the rows of the lake's table that the metric counts.

    Raises
    ------
    AnalyticsError
        When a column that the metric needs is not found, or none of its cells can be read.
    """
    needed = _uses.columns_of(metric)
    reader, guessed = chosen(raw, metric, asked)
    found = _found(raw, reader, metric, guessed, needed, asked)
    left_out = _left_out(found, reader, metric, needed, asked)
    made = reader.make(found)
    present = {*found.cells, *made.columns} | ({"day", "month", "at"} if found.has("at") else set())
    _check_present(raw, metric, guessed, present)
    on = _scale(found, made.rows, metric, asked)
    # How a date was read matters only to who asks for periods.
    silent = {"at"} - set(asked.told) - ({"at"} if asked.dated or needed & {"at", "day", "month"} else set())
    notes = [
        _noted(found.columns[name], read.note)
        for name, read in found.cells.items()
        if read.note and name not in silent
    ]
    reading = Reading(
        reader.name,
        (reader.label_en, reader.label_zh),
        raw.n + raw.broken[0],
        found.columns,
        tuple(name for name in found.columns if not guessed[name].is_told),
        (*notes, *made.notes),
        (*left_out, *(LeftOut(n, why) for n, why in made.left_out)),
        tuple((part.path.name, part.encoding, part.delimiter) for part in raw.parts),
        on,
    )
    return Read(facts(reader, found, made), reading)


def chosen(raw: Raw, metric: Metric, asked: Asked) -> tuple[Reader, dict[str, Guess]]:
    """Return the first reader whose columns are all there, with its columns; else the first of all."""
    tried = []
    for reader in readers_of(metric.table, asked.shape):
        fields = reader.fields(metric)
        names = {field.name for field in fields}
        if set(asked.told) <= names or asked.shape:
            guess = guesses(fields, raw.names, asked.told)
            tried.append((reader, guess))
    if not tried:
        raise _no_field(metric, asked)
    for reader, guess in tried:
        if reader.needs and all(guess[name].column for name in reader.needs):
            return reader, guess
    return tried[0]


def _no_field(metric: Metric, asked: Asked) -> AnalyticsError:
    """Return the error that says which told column no reader of the metric's table knows."""
    fields = [field.name for reader in readers_of(metric.table) for field in reader.fields(metric)]
    known = list(dict.fromkeys(fields))
    name = next((name for name in asked.told if name not in known), min(asked.told))
    like = nearest(name, known)
    hint_en = f" Did you mean {like[0]!r}?" if like else ""
    hint_zh = f"是否指“{like[0]}”？" if like else ""
    listed = ", ".join(known)
    return AnalyticsError(
        f"{metric.name} is counted from {metric.table}, where nothing is called {name!r}.{hint_en}"
        f" There are: {listed}.",
        f"指标 {metric.name} 来自 {metric.table}，其中没有“{name}”。{hint_zh}可用的有：{listed}。",
    )


def _found(
    raw: Raw,
    reader: Reader,
    metric: Metric,
    guessed: Mapping[str, Guess],
    needed: frozenset[str],
    asked: Asked,
) -> Found:
    """Read what the metric, the reader or the caller asks for, and all texts, which cost nothing."""
    found = Found(raw, {}, {}, metric, asked.words)
    columns: dict[str, str] = {}
    cells: dict[str, Cell] = {}
    for one in reader.fields(metric):
        column = guessed[one.name].column
        helps = one.feeds or one.name in reader.needs or one.name == "customer_key"
        if column and (one.kind == "text" or one.makes & needed or one.name in asked.told or helps):
            read = cell(raw, column, one.kind, asked.order)
            columns[one.name], cells[one.name] = column, read.within(*one.within) if one.within else read
    if "at" in cells and not (asked.dated or needed & {"at", "day", "month"} or "at" in reader.needs):
        # A date that nobody asked for must not cost a row: with gaps it is no date of the whole file.
        ((gaps,),) = raw.ask(f"SELECT count(*) FILTER (({cells['at'].value}) IS NULL) FROM rows_")
        if gaps:
            del columns["at"], cells["at"]
    return replace(found, columns=columns, cells=cells)


def _left_out(
    found: Found, reader: Reader, metric: Metric, needed: frozenset[str], asked: Asked
) -> tuple[LeftOut, ...]:
    """Count the rows that cannot be read, tell `found` to leave them out, and say where the first stands."""
    raw = found.raw
    if not raw.n and not raw.broken[0]:
        raise AnalyticsError("The file has a header and no rows.", "文件只有表头，没有数据行。")
    checks = _checks(found, reader, metric, needed, asked)
    found.without = " AND ".join(f"NOT ({sql})" for sql, *_ in checks)
    left_out = [_broken(raw)] if raw.broken[0] else []
    sums = ", ".join(
        f"count(*) FILTER ({sql}), min(row({quoted(FILE)}, {ROW})) FILTER ({sql})" for sql, *_ in checks
    )
    counts = raw.ask(f"SELECT {sums} FROM rows_")[0] if checks else ()
    for i, (_, one, why) in enumerate(checks):
        n, first = counts[2 * i : 2 * i + 2]
        if n:
            left_out.append(_told(found, one, why, n, first))
    if asked.strict and left_out:
        worst = left_out[0]
        raise AnalyticsError(
            f"{worst.n} rows cannot be read, the first on line {worst.first}: {worst.why[0]}.",
            f"有 {worst.n} 行无法读取，首个在第 {worst.first} 行：{worst.why[1]}。",
        )
    return tuple(left_out)


def _broken(raw: Raw) -> LeftOut:
    n, first = raw.broken
    return LeftOut(
        n,
        ("not a row of the table (wrong number of cells, or broken text)", "不成行（列数不符或文本损坏）"),
        first,
    )


def _checks(
    found: Found, reader: Reader, metric: Metric, needed: frozenset[str], asked: Asked
) -> list[tuple[str, Field, Note]]:
    """Return (SQL of a row that cannot count, its field, why) for the columns that matter here."""
    checks = []
    # A row without a score is no answer, whatever else it holds.
    scored = f"{found.cells['score'].filled} AND " if metric.scales and "score" in found.cells else ""
    for one in reader.fields(metric):
        if one.name not in found.cells:
            continue
        read, dated = found.cells[one.name], one.name == "at" and asked.dated
        told = one.name in asked.told and one.name != "at"
        if one.kind != "text" and (one.makes & needed or told or one.key or dated):
            checks.append((f"{scored}{read.filled} AND ({read.value}) IS NULL", one, _what(one)))
            _check_some(found, one, read)
        if one.key or dated or (one.name == "weight" and told):
            checks.append((f"{scored}NOT ({read.filled})", one, ("blank", "为空")))
    return checks


def _check_some(found: Found, one: Field, read: Cell) -> None:
    """Raise when no cell of the column at all can be read: it is the wrong column."""
    column = found.columns[one.name]
    n_filled, n_read = found.raw.ask(
        f"SELECT count(*) FILTER ({read.filled}), count({read.value}) FROM rows_"
    )[0]
    if n_filled and not n_read:
        cell_sql = found.raw.text(column)
        ((shown, file, row),) = found.raw.ask(
            f"SELECT {cell_sql}, {quoted(FILE)}, {ROW} FROM rows_ WHERE {read.filled} ORDER BY 2, 3 LIMIT 1"
        )
        en, zh = _what(one)
        raise AnalyticsError(
            f"Column {column!r} holds {shown!r} (line {found.raw.place(file, row)}), which is {en}.",
            f"列“{column}”中的“{shown}”（第 {found.raw.place(file, row)} 行）{zh}。",
        )
    if not n_filled and one.name == "score":
        raise AnalyticsError(f"Column {column!r} holds no score.", f"列“{column}”中没有分数。")


def _what(one: Field) -> Note:
    """Return what a cell of the field is not, when it cannot be read."""
    if one.name == "weight":
        return "not a weight", "不是权重"
    if one.within and one.kind == "seconds":
        hours = f"{one.within[1] / 3600:g}"
        return f"not a time between 0 and {hours} hours", f"不是 0 到 {hours} 小时之间的时长"
    return _WHAT[one.kind]


def _told(found: Found, one: Field, why: Note, n: int, first: Any) -> LeftOut:
    file, row = first.values() if isinstance(first, dict) else first
    column = found.columns[one.name]
    ((shown,),) = found.raw.ask(
        f"SELECT {found.raw.text(column)} FROM rows_"
        f" WHERE {quoted(FILE)} = {literal(str(file))} AND {ROW} = {row}"
    )
    of = f"{column!r}" if shown is None else f"{column!r}, {shown!r}"
    zh = f"“{column}”" if shown is None else f"“{column}”中的“{shown}”"
    return LeftOut(n, (f"{of}: {why[0]}", f"{zh}{why[1]}"), found.raw.place(file, row))


def _check_present(raw: Raw, metric: Metric, guessed: Mapping[str, Guess], present: set[str]) -> None:
    lacking = sorted(_uses.missing(metric, present))
    if not lacking:
        return
    name = lacking[0]
    fits = guessed.get(name, Guess(None)).candidates
    listed = ", ".join(fits or raw.names)
    if fits:
        raise AnalyticsError(
            f"Several columns may be {name}: {listed}; say which with --column {name}=COLUMN.",
            f"有多列可能是 {name}：{listed}；请用 --column {name}=列名 指明。",
        )
    lacking_said = ", ".join(lacking)
    option = "--score COLUMN" if name == "score" else f"--column {name}=COLUMN"
    raise AnalyticsError(
        f"{metric.name} needs {lacking_said}; say which column with {option}. The file has: {listed}.",
        f"{metric.name} 需要 {lacking_said}；请用 {option} 指明所在的列。文件中的列：{listed}。",
    )


def _scale(found: Found, rows: str, metric: Metric, asked: Asked) -> str | None:
    """Return the scale of the scores: the one asked for, else the smallest that holds them all."""
    if not metric.scales:
        return None
    tried = (asked.scale,) if asked.scale else metric.scales
    for id in tried:
        if scale(id).id not in metric.scales:
            raise AnalyticsError(
                f"{metric.name} is not defined on the scale {id}.", f"指标 {metric.name} 不能用于量表 {id}。"
            )
    kept = f"FROM ({rows}) WHERE _score IS NOT NULL"
    scores = [score for (score,) in found.ask(f"SELECT DISTINCT _score {kept} ORDER BY 1 LIMIT 2000")]
    if not scores:
        column = found.columns["score"]
        raise AnalyticsError(f"Column {column!r} holds no score.", f"列“{column}”中没有分数。")
    for id in sorted(tried, key=lambda id: scale(id).high - scale(id).low):
        # A scale of a hundred points whose scores end at ten is another scale.
        fits = asked.scale or scale(id).high <= 10 or scores[-1] > 10
        if fits and all(scale(id).holds(score) for score in scores):
            return id
    on = scale(tried[0])
    score = next(score for score in scores if not on.holds(score))
    ((file, row),) = found.ask(f"SELECT path_, row_ {kept} AND _score = {score!r} ORDER BY 1, 2 LIMIT 1")
    error, place = off_scale(on, score), found.raw.place(file, row)
    raise AnalyticsError(
        f"{error.en[:-1]}; it is in column {found.columns['score']!r}, line {place}.",
        f"{error.zh[:-1]}；见列“{found.columns['score']}”第 {place} 行。",
    )


def _noted(column: str, note: Note) -> Note:
    return f"{column}: {note[0]}", f"{column}：{note[1]}"
