"""The lake: Delta tables partitioned by month, and the only file that knows where their bytes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from voiceloop.analytics import schema
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.scan import Scan, Scope

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import CommitProperties, DeltaTable, WriterProperties

# Our choice: long enough for every reader that still holds an old list of files; it is also the
# time within which an erased customer's bytes are gone.
RETENTION_HOURS = 24
# So many rows are named one by one; a condition that names some ten thousand ends the process.
LISTED = 1_000

# Our choice: over fewer months one query for all is faster than one for the newest and one for the rest.
SPLIT_FROM = 6

Rows = Sequence[Mapping[str, Any]]

_PREFIX = "voiceloop."


@dataclass(frozen=True)
class FileFacts:
    """What holds for all rows of a file: `Scan.certain`, and the days between which they lie."""

    certain: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None


_NOTHING_KNOWN = FileFacts()


@dataclass
class _Open:
    """A table as last seen by this process: its snapshot and the files of each month."""

    delta: DeltaTable
    version: int
    files: dict[str, tuple[str, ...]]
    last: dict[str, Any]
    tokens: dict[str, str]
    facts: dict[str, FileFacts]


class Lake:
    """A folder of Delta tables; a table that was never written is empty.

    One process writes at a time (Delta refuses the second of two writers on one month);
    any number may read, and see each commit whole or not at all.

    Parameters
    ----------
    path : str or Path
        The folder. It is made at the first write.

    Examples
    --------
    >>> import tempfile
    >>> lake = Lake(tempfile.mkdtemp())
    >>> lake.version("answers"), lake.uris("answers")
    (-1, ())
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._open: dict[str, _Open] = {}
        self._lock = Lock()

    def append(self, table: str, rows: pa.Table | Rows, *, metadata: Mapping[str, str] | None = None) -> int:
        """Add rows in one commit and return the new version.

        Parameters
        ----------
        table : str
            A table of `schema.TABLES`.
        rows : pyarrow.Table or sequence of mappings
            At least the key and ``day``. Columns left out are NULL, ``weight`` is 1, ``month`` is
            always taken from ``day``.
        metadata : mapping of str to str, optional
            Stored in the same commit, for instance the watermark up to which the rows are complete.

        Raises
        ------
        AnalyticsError
            When the table is unknown or a score does not lie on its scale.
        """
        from deltalake import write_deltalake

        write_deltalake(
            self._target(table),
            schema.conform(table, rows),
            mode="append",
            partition_by=["month"],
            writer_properties=_writer(table),
            commit_properties=self._commit(table, metadata),
        )
        return self.version(table)

    def upsert(
        self,
        table: str,
        rows: pa.Table | Rows,
        key: str | None = None,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """Insert rows or replace those with the same key, in one commit; return the new version.

        A row is looked for only in the months of ``rows``: a fact's day never changes once it is
        written. Of several rows with one key the last wins. ``metadata`` is stored even when
        ``rows`` is empty.
        """
        key = key or schema.table(table).key
        found = _last_of_each(schema.conform(table, rows), key)
        if self.version(table) < 0 or found.num_rows == 0:
            return self.append(table, found, metadata=metadata)
        months = ", ".join(f"'{month}'" for month in found["month"].unique().to_pylist())
        merger = self._delta(table).merge(
            found,
            f"target.month IN ({months}) AND target.{key} = source.{key}",
            source_alias="source",
            target_alias="target",
            writer_properties=_writer(table),
            commit_properties=self._commit(table, metadata),
        )
        merger.when_matched_update_all().when_not_matched_insert_all().execute()
        return self.version(table)

    def delete(
        self,
        table: str,
        column: str,
        values: Iterable[int | str],
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """Delete the rows whose ``column`` is one of ``values``; return how many there were.

        The bytes stay in dead files until `vacuum` has passed their retention.
        """
        import pyarrow as pa

        wanted = sorted(set(values))
        if not wanted or self.version(table) < 0:
            return 0
        kept: Any = {
            "writer_properties": _writer(table),
            "commit_properties": self._commit(table, metadata),
        }
        if len(wanted) > LISTED:
            given = pa.table({"value": wanted})
            same = f"target.{column} = given.value"
            merger = self._delta(table).merge(
                given, same, source_alias="given", target_alias="target", **kept
            )
            return int(merger.when_matched_delete().execute()["num_target_rows_deleted"] or 0)
        named = ", ".join(_literal(value) for value in wanted)
        outcome = self._delta(table).delete(f"{column} IN ({named})", **kept)
        return int(outcome["num_deleted_rows"] or 0)

    def compact(self, table: str) -> None:
        """Merge the many small files that frequent commits leave."""
        if self.version(table) >= 0:
            self._delta(table).optimize.compact(
                writer_properties=_writer(table), commit_properties=self._commit(table, None)
            )

    def vacuum(self, table: str, *, retention_hours: int = RETENTION_HOURS) -> int:
        """Remove files that no version younger than ``retention_hours`` needs; return how many.

        Zero breaks readers that hold an older list of files: only for tests.
        """
        if self.version(table) < 0:
            return 0
        gone = self._delta(table).vacuum(
            retention_hours,
            dry_run=False,
            enforce_retention_duration=False,
            commit_properties=self._commit(table, None),
        )
        return len(gone)

    def version(self, table: str) -> int:
        """Return the number of the table's last commit, −1 before the first."""
        seen = self._current(table)
        return seen.version if seen else -1

    def metadata(self, table: str) -> dict[str, str]:
        """Return what the commits' ``metadata`` add up to: for each name the last value stored."""
        seen = self._current(table)
        # Every commit of ours carries all names on, so that the log may forget old commits.
        last = seen.last if seen else {}
        return {name[len(_PREFIX) :]: str(value) for name, value in last.items() if name.startswith(_PREFIX)}

    def as_of(self, table: str) -> datetime | None:
        """Return when the table last changed, None for a table never written."""
        seen = self._current(table)
        return datetime.fromtimestamp(seen.last["timestamp"] / 1000, UTC) if seen else None

    def months(self, table: str) -> tuple[str, ...]:
        """Return the months ('2026-08') that have rows, in order."""
        seen = self._current(table)
        return tuple(sorted(seen.files)) if seen else ()

    def tokens(self, table: str) -> dict[str, str]:
        """Return for each month a short name of the state of its rows: another when any has changed."""
        seen = self._current(table)
        return seen.tokens if seen else {}

    def files(self, table: str) -> Mapping[str, tuple[str, ...]]:
        """Return month → files that make it up now."""
        seen = self._current(table)
        return seen.files if seen else {}

    def uris(self, table: str, months: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the files that make up the table now, or those of some months."""
        seen = self._current(table)
        if seen is None:
            return ()
        wanted = seen.files if months is None else [month for month in months if month in seen.files]
        return tuple(uri for month in wanted for uri in seen.files[month])

    def scope(self, metric: Metric) -> Scope:
        """Return the columns of the metric's table; each answer tells its own scale."""
        return Scope(tuple(schema.table(metric.table).columns))

    def scan(self, table: str, since: date | None, until: date | None) -> Scan:
        """Return what an engine reads for the days from ``since`` up to, not including, ``until``."""
        seen = self._current(table)
        if seen is None:
            return Scan(table, (str(self.path), table), ())
        first = f"{since:%Y-%m}" if since else ""
        last = f"{until:%Y-%m}" if until else "9999-12"
        months = [files for month, files in seen.files.items() if first <= month <= last]
        settled = months[:-1] if len(months) > SPLIT_FROM else []
        uris = tuple(uri for files in months for uri in files)
        return Scan(
            table,
            (str(self.path), table),
            uris,
            n_settled=sum(len(files) for files in settled),
            version=seen.version,
            **_all_say(seen, uris),
        )

    def scan_files(self, table: str, uris: tuple[str, ...]) -> Scan:
        """Return what an engine reads in some of the table's files."""
        seen = self._current(table)
        said = _all_say(seen, uris) if seen else {}
        return Scan(table, (str(self.path), table), uris, version=self.version(table), **said)

    def _target(self, table: str) -> DeltaTable | str:
        return self._delta(table) if self.version(table) >= 0 else str(self.path / schema.table(table).name)

    def _delta(self, table: str) -> DeltaTable:
        seen = self._current(table)
        assert seen is not None
        return seen.delta

    def _current(self, table: str) -> _Open | None:
        """Return the newest state; one look for the next log entry is all that an unchanged table costs."""
        from deltalake import DeltaTable

        root = self.path / schema.table(table).name
        with self._lock:
            seen = self._open.get(table)
            # A commit that is gone: the table was thrown away, perhaps made anew, by another process.
            if seen is None or not _commit_file(root, seen.version).exists():
                self._open.pop(table, None)
                if not (root / "_delta_log").is_dir() or not DeltaTable.is_deltatable(str(root)):
                    return None
                seen = self._open[table] = _listed(DeltaTable(str(root)))
            elif _commit_file(root, seen.version + 1).exists():
                seen.delta.update_incremental()
                seen = self._open[table] = _listed(seen.delta)
            return seen

    def _commit(self, table: str, metadata: Mapping[str, str] | None) -> CommitProperties:
        from deltalake import CommitProperties

        names = {**self.metadata(table), **(metadata or {})}
        return CommitProperties(custom_metadata={_PREFIX + name: value for name, value in names.items()})


def _commit_file(root: Path, version: int) -> Path:
    return root / "_delta_log" / f"{version:020}.json"


def _listed(delta: DeltaTable) -> _Open:
    files: dict[str, list[str]] = {}
    for uri in delta.file_uris():
        # delta-rs writes a local path as an address: a space or a Chinese letter as %20, %E5 and so on.
        uri = uri if "://" in uri else unquote(uri)
        # delta-rs always writes the partition into the path.
        files.setdefault(uri.rsplit("month=", 1)[1].split("/", 1)[0], []).append(uri)
    by_month = {month: tuple(sorted(files[month])) for month in sorted(files)}
    tokens = {month: _fingerprint(files) for month, files in by_month.items()}
    return _Open(delta, delta.version(), by_month, delta.history(1)[0], tokens, _facts(delta))


# What most questions ask of every row, and files mostly know of all theirs.
_CONSTANT, _KNOWN = ("question", "scale"), ("score",)


def _facts(delta: DeltaTable) -> dict[str, FileFacts]:
    """Return, by file, what its statistics say of all its rows."""
    import pyarrow as pa

    actions = pa.table(cast("Any", delta.get_add_actions(flatten=True))).to_pydict()
    names = [name for name in actions if name.partition(".")[2] in (*_CONSTANT, *_KNOWN, "day")]
    return {
        unquote(path.rsplit("/", 1)[-1]): _file_facts({name: actions[name][i] for name in names})
        for i, path in enumerate(actions["path"])
    }


def _file_facts(said: Mapping[str, Any]) -> FileFacts:
    sure = {name for name in _KNOWN if said.get(f"null_count.{name}") == 0}
    for name in _CONSTANT:
        low, high, missing = (said.get(f"{what}.{name}") for what in ("min", "max", "null_count"))
        # A long value is cut in the statistics, and two that differ later look the same.
        if low is not None and low == high and missing == 0 and len(low) < 32:
            sure.add(f"{name}={low}")
    return FileFacts(frozenset(sure), said.get("min.day"), said.get("max.day"))


def _all_say(seen: _Open, uris: tuple[str, ...]) -> dict[str, Any]:
    """What holds for all rows of some files, as `Scan` takes it."""
    facts = [seen.facts.get(uri.rsplit("/", 1)[1], _NOTHING_KNOWN) for uri in uris]
    if not facts:
        return {}
    firsts, lasts = [one.first_day for one in facts], [one.last_day for one in facts]
    return {
        "certain": frozenset.intersection(*(one.certain for one in facts)),
        "first_day": None if None in firsts else min(cast("list[date]", firsts)),
        "last_day": None if None in lasts else max(cast("list[date]", lasts)),
    }


def _fingerprint(files: tuple[str, ...]) -> str:
    names = "\n".join(file.rsplit("/", 1)[1] for file in files)
    return blake2b(names.encode(), digest_size=12).hexdigest()


def _writer(table: str) -> WriterProperties:
    from deltalake import ColumnProperties, WriterProperties

    # Identities and times hardly repeat: a dictionary of them makes the files half as large again.
    unique = [name for name, kind in schema.table(table).columns.items() if kind in ("int64", "timestamp")]
    plain = ColumnProperties(dictionary_enabled=False)
    return WriterProperties(compression="ZSTD", column_properties=dict.fromkeys(unique, plain))


def _last_of_each(rows: pa.Table, key: str) -> pa.Table:
    keys: Sequence[Any] = rows[key].to_pylist()
    last = {value: position for position, value in enumerate(keys)}
    return rows if len(last) == len(keys) else rows.take(list(last.values()))


def _literal(value: int | str) -> str:
    return str(int(value)) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
