"""What the cells of a column mean: number, time, seconds, yes or no; decided on the whole column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from voiceloop.analytics.readers._raw import Raw, literal, quoted

Kind = Literal["text", "number", "seconds", "time", "flag", "id"]

# What people write for "no value"; of a text they are kept, since "None" may be an answer.
_BLANKS = ("na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "--", "\\n", "缺失", "无", "空")
_YES = ("true", "t", "yes", "y", "1", "1.0", "是", "对", "已", "达标", "met", "on time")
_NO = ("false", "f", "no", "n", "0", "0.0", "否", "不", "未", "未达标", "missed", "late")
_NUMERIC = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
    "UTINY",
    "USMALL",
    "UINT",
)

_CLOCK = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_ORDERS = {
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%b %d, %Y"),
}
_ALWAYS = ("%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y")
_PLAIN = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T][\d:.]+)?"
_PARTS = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})(?:\D|$)"

# A unit in the name of a column of times, and how many seconds it has.
_UNITS = (
    (("ms", "millis", "milliseconds", "毫秒"), 0.001),
    (("min", "mins", "minute", "minutes", "分钟", "分"), 60.0),
    (("h", "hour", "hours", "hrs", "小时"), 3600.0),
    (("day", "days", "天"), 86400.0),
)


@dataclass(frozen=True)
class Cell:
    """SQL of a column's values, of whether a cell is filled at all, and what had to be decided."""

    value: str
    filled: str
    note: tuple[str, str] | None = None

    def within(self, low: float, high: float) -> Cell:
        """Return the cell with values outside taken as unreadable."""
        v = self.value
        return Cell(f"CASE WHEN {v} BETWEEN {low!r} AND {high!r} THEN {v} END", self.filled, self.note)


def cell(raw: Raw, column: str, kind: Kind, order: str | None = None) -> Cell:
    """Return how to read a column.

    Parameters
    ----------
    raw : Raw
    column : str
        One of its names.
    kind : {'text', 'number', 'seconds', 'time', 'flag', 'id'}
        'text' is trimmed, 'number' and 'seconds' are DOUBLE, 'time' is a TIMESTAMP as written, 'flag' is 1
        or 0, 'id' is a BIGINT: the number itself, else a hash.
    order : {'dmy', 'mdy'}, optional
        What a date such as 03/04/2026 means, when the column cannot say.
    """
    if kind == "time":
        return _time(raw, column, order)
    return _READ[kind](raw, column)


def _filled(raw: Raw, column: str) -> str:
    text = raw.text(column)
    return f"({text} IS NOT NULL AND lower({text}) NOT IN ({_listed(_BLANKS)}))"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)


def _text(raw: Raw, column: str) -> Cell:
    return Cell(raw.text(column), f"{raw.text(column)} IS NOT NULL")


def _number(raw: Raw, column: str) -> Cell:
    if raw.types[column].startswith(_NUMERIC):
        value = f"CAST({quoted(column)} AS DOUBLE)"
        return Cell(f"CASE WHEN isfinite({value}) THEN {value} END", f"{quoted(column)} IS NOT NULL")
    value, note = f"TRY_CAST({raw.text(column)} AS DOUBLE)", None
    clean = f"regexp_replace({raw.text(column)}, '[¥￥$£€元\\s]', '', 'g')"
    ((n_more, n_comma, n_thousands),) = raw.ask(
        f"SELECT count(*) FILTER ({value} IS NULL AND TRY_CAST({clean} AS DOUBLE) IS NOT NULL),"
        f" count(*) FILTER (regexp_full_match({clean}, '[-+]?\\d+(\\.\\d{{3}})*,\\d+')"
        f" AND NOT regexp_full_match({clean}, '[-+]?\\d{{1,3}}(,\\d{{3}})+')),"
        f" count(*) FILTER (regexp_full_match({clean}, '[-+]?\\d{{1,3}}(,\\d{{3}})+(\\.\\d+)?')) FROM rows_"
    )
    if n_comma:
        point = f"replace(replace({clean}, '.', ''), ',', '.')"
        value = f"TRY_CAST(CASE WHEN contains({clean}, ',') THEN {point} ELSE {clean} END AS DOUBLE)"
        note = ("a comma is the decimal sign", "逗号视为小数点")
    elif n_thousands:
        value = f"TRY_CAST(replace({clean}, ',', '') AS DOUBLE)"
        note = ("commas part the thousands", "逗号视为千位分隔符")
    elif n_more:
        value, note = f"TRY_CAST({clean} AS DOUBLE)", ("signs of money are ignored", "忽略货币符号")
    return Cell(f"CASE WHEN isfinite({value}) THEN {value} END", _filled(raw, column), note)


def _seconds(raw: Raw, column: str) -> Cell:
    number = _number(raw, column)
    factor = _unit(column)
    value, note = number.value, number.note
    if factor != 1:
        value = f"({value}) * {factor!r}"
        note = (f"× {factor:g} to seconds, from its name", f"按列名换算为秒（× {factor:g}）")
    if raw.types[column] != "VARCHAR":
        return Cell(value, number.filled, note)
    parts = f"string_split({raw.text(column)}, ':')"
    clock = (
        f"list_reduce(list_transform({parts}, lambda p: TRY_CAST(p AS DOUBLE)), lambda a, b: a * 60 + b)"
        f" * CASE WHEN len({parts}) BETWEEN 2 AND 3 THEN 1 END"
    )
    return Cell(
        f"CASE WHEN contains({raw.text(column)}, ':') THEN {clock} ELSE {value} END", number.filled, note
    )


def _unit(column: str) -> float:
    words = column.lower().replace("(", "_").replace(")", "").replace("（", "_").replace("）", "").split("_")
    for names, factor in _UNITS:
        if words[-1].strip() in names or words[-1].strip().split(" ")[-1] in names:
            return factor
        if any(name in column for name in names if not name.isascii()):
            return factor
    return 1.0


def _flag(raw: Raw, column: str) -> Cell:
    word = f"lower({raw.text(column)})"
    value = f"CASE WHEN {word} IN ({_listed(_YES)}) THEN 1 WHEN {word} IN ({_listed(_NO)}) THEN 0 END"
    return Cell(value, _filled(raw, column))


def _id(raw: Raw, column: str) -> Cell:
    text = raw.text(column)
    ((n_words,),) = raw.ask(
        f"SELECT count(*) FILTER (TRY_CAST({text} AS DOUBLE) IS NULL"
        f" OR TRY_CAST({text} AS DOUBLE) <> floor(TRY_CAST({text} AS DOUBLE))) FROM rows_ WHERE {text} IS "
        "NOT NULL"
    )
    whole = f"CAST(TRY_CAST({text} AS DOUBLE) AS BIGINT)"
    hashed = f"CAST(hash({text}) >> 2 AS BIGINT)"
    return Cell(
        f"CASE WHEN {text} IS NOT NULL THEN {hashed if n_words else whole} END", f"{text} IS NOT NULL"
    )


def _time(raw: Raw, column: str, order: str | None) -> Cell:
    kind = raw.types[column]
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        # The session is in UTC, so a time with zone is read in UTC.
        return Cell(f"CAST({quoted(column)} AS TIMESTAMP)", f"{quoted(column)} IS NOT NULL")
    text = raw.text(column)
    n, n_iso, n_plain, n_year, n_epoch, first, second = raw.ask(
        f"SELECT count({text}), count({_iso(text)}),"
        f" count(*) FILTER (regexp_full_match({text}, {literal(_PLAIN)})),"
        f" count(*) FILTER (regexp_full_match({text}, '(19|20)\\d\\d(\\.0)?')),"
        f" count(*) FILTER (regexp_full_match({text}, '1\\d{{9}}(\\d{{3}})?')),"
        f" max(TRY_CAST(regexp_extract({text}, {literal(_PARTS)}, 1) AS INTEGER)),"
        f" max(TRY_CAST(regexp_extract({text}, {literal(_PARTS)}, 2) AS INTEGER)) FROM rows_"
    )[0]
    if n and n_iso == n:
        return Cell(f"TRY_CAST({text} AS TIMESTAMP)" if n_plain == n else _iso(text), _filled(raw, column))
    if n and n_year >= n - n_iso and n_year:
        note = ("years only: each stands for its 1 January", "只有年份：按该年 1 月 1 日计")
        return Cell(f"try_strptime(left({text}, 4), '%Y')", _filled(raw, column), note)
    if n and n_epoch == n:
        note = ("seconds since 1970", "按 1970 年起的秒数计")
        seconds = f"TRY_CAST(left({text}, 10) AS BIGINT)"
        return Cell(f"CAST(to_timestamp({seconds}) AS TIMESTAMP)", _filled(raw, column), note)
    decided, why = _order(order, first, second)
    forms = [form + clock for form in (*_ORDERS[decided], *_ALWAYS) for clock in _CLOCK]
    parsed = f"try_strptime({text}, [{_listed(tuple(forms))}])"
    return Cell(f"coalesce({_iso(text)}, {parsed})", _filled(raw, column), why)


def _iso(text: str) -> str:
    """SQL of a time written year first; the clock is kept as written, an offset cut off."""
    bare = f"regexp_replace({text}, '(Z|[+-]\\d\\d:?\\d\\d)$', '')"
    cut = f"CASE WHEN regexp_matches({text}, ':\\d\\d.*(Z|[+-]\\d\\d:?\\d\\d)$') THEN {bare} ELSE {text} END"
    return (
        f"CASE WHEN regexp_matches({text}, '^\\d{{4}}[-/]\\d{{1,2}}[-/]\\d{{1,2}}(\\D|$)')"
        f" THEN TRY_CAST({cut} AS TIMESTAMP)"
        f" WHEN regexp_full_match({text}, '\\d{{4}}-\\d\\d') THEN TRY_CAST({text} || '-01' AS TIMESTAMP) END"
    )


def _order(asked: str | None, first: int | None, second: int | None) -> tuple[str, tuple[str, str] | None]:
    """Decide what 03/04/2026 means: a part above 12 must be the day."""
    if asked or first is None or second is None:
        return asked or "dmy", None
    if second > 12 >= first:
        return "mdy", ("month before day, as its dates show", "月在日前（由数据判断）")
    if first > 12 >= second:
        return "dmy", ("day before month, as its dates show", "日在月前（由数据判断）")
    if first <= 12:
        return "dmy", (
            "AMBIGUOUS, no part is above 12: read day before month; --dates mdy says otherwise",
            "日期有歧义（没有大于 12 的部分）：按日在月前读取；可用 --dates mdy 更改",
        )
    return "dmy", ("both orders occur: read day before month", "两种日期顺序并存：按日在月前读取")


_READ: dict[str, Callable[[Raw, str], Cell]] = {
    "text": _text,
    "number": _number,
    "seconds": _seconds,
    "flag": _flag,
    "id": _id,
}
