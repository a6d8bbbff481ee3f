"""Words for where a case stands: taken in charge, done, closed; and which of a log's words are which."""

from __future__ import annotations

from collections.abc import Sequence

from voiceloop.analytics.readers._raw import literal
from voiceloop.analytics.readers._reader import Found, Note

# What a word must hold, in any case, to be of a kind; the first kind that fits counts.
PATTERNS = {
    "closed": "clos|cancel|关闭|结案|归档|关单",
    "resolved": "resolv|solved|complet|fixed|finish|解决|完成|办结|处理完",
    "new": "^new$|^open(ed)?$|queue|await.*assign|^unassigned|creat|insert|^submit"
    "|新建|待分派|待受理|创建|提交|登记",
    "taken": "take.*charge|accept|in progress|^active$|^start|assigned to|work|受理|接单|处理中|跟进",
}


def kinds_of(found: Found, column: str, words: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return kind → the words of a column that are of it; what was told (`Found.words`) goes first."""
    seen = [
        word
        for (word,) in found.ask(f"SELECT DISTINCT {column} FROM typed WHERE {column} IS NOT NULL ORDER BY 1")
    ]
    kinds: dict[str, list[str]] = {kind: [] for kind in PATTERNS}
    told = {word.lower(): kind for kind, given in found.words.items() for word in given}
    for word in seen:
        kind = told.get(word.lower()) or _kind(word, found)
        if kind in kinds:
            kinds[kind].append(word)
    return kinds


def among(column: str, words: Sequence[str]) -> str:
    """Return the SQL that says whether a column holds one of some words.

    Examples
    --------
    >>> among("_state", ["New"]), among("_state", [])
    ("coalesce(_state IN ('New'), false)", 'false')
    """
    return f"coalesce({column} IN ({', '.join(map(literal, words))}), false)" if words else "false"


def said(kinds: dict[str, list[str]], names: Sequence[str]) -> tuple[Note, ...]:
    """Return one note that names the words taken for each kind."""
    labels = {"taken": "受理", "resolved": "解决", "closed": "关闭", "new": "新建"}
    parts = [(name, ", ".join(kinds[name]) or "—") for name in names]
    return (
        (
            "; ".join(f"{name}: {words}" for name, words in parts),
            "；".join(f"{labels[name]}：{words}" for name, words in parts),
        ),
    )


def _kind(word: str, found: Found) -> str | None:
    import re

    for kind, pattern in PATTERNS.items():
        # Told words of a kind replace the guess for that kind.
        if not found.words.get(kind) and re.search(pattern, word.lower()):
            return kind
    return None
