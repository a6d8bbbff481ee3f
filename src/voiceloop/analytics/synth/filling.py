"""Any number of synthetic responses written straight into a new lake."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event

import numpy as np
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.transaction import AddAction

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.schema import TABLES, arrow_schema
from voiceloop.analytics.synth.clock import Window, window
from voiceloop.analytics.synth.footer import statistics
from voiceloop.analytics.synth.responses import BATCH_ROWS, Month, days

TABLE = "answers"
UNFINISHED = ".unfinished"
# Our measurement, rounded up: what a response takes on the disk.
BYTES_PER_ROW = 13

_UNIQUE = [name for name, kind in TABLES[TABLE].columns.items() if kind in ("int64", "timestamp")]
# Numbers in a row take no room as differences; instants and customers gain little and are read more slowly.
_ENCODINGS = dict.fromkeys(_UNIQUE, "PLAIN") | dict.fromkeys(
    ("answer_id", "response_id"), "DELTA_BINARY_PACKED"
)


@dataclass(frozen=True)
class Filled:
    """What was written: the lake's folder, its months, its files with their bytes."""

    path: Path
    months: tuple[str, ...]
    rows: int
    files: int
    bytes: int


def fill(
    path: str | Path,
    n: int,
    *,
    months: int = 36,
    seed: int = 7,
    today: date | None = None,
    workers: int | None = None,
    told: Callable[[int], None] = lambda rows: None,
) -> Filled:
    """Write `n` synthetic NPS responses into the `answers` table of a new lake.

    The lake is made in a folder beside its place, ``PATH.unfinished``, and moved there whole: a run that
    is killed leaves no lake, and the next one begins anew.

    Parameters
    ----------
    path : str or Path
        Where the lake shall be; must not exist, or be an empty folder.
    n : int
        Number of responses, one answer each.
    months : int
        Calendar months up to the current one.
    seed : int
        The same arguments give the same rows.
    today : date, optional
        Last day; default the current one.
    workers : int, optional
        Months written at the same time; default one for each processor.
    told : callable
        Told, from any thread, how many rows were written since the last time.

    Returns
    -------
    Filled

    Raises
    ------
    AnalyticsError
        When there is something at ``path`` already, another run writes there, or the disk is too small.

    Examples
    --------
    >>> import tempfile
    >>> filled = fill(Path(tempfile.mkdtemp()) / "lake", 1_000, months=4, today=date(2026, 11, 20))
    >>> filled.rows, filled.months[-1]
    (1000, '2026-11')
    """
    span = window(today, None, months)
    sizes = _sizes(span, n)
    with _place(Path(path), n) as folder:
        made = [Month(span, index, sum(sizes[:index]), size, n, seed) for index, size in enumerate(sizes)]
        files = _written(folder / TABLE, made, workers or _cores(), told)
        _commit(folder / TABLE, files)
    return Filled(
        Path(path), tuple(month.name for month in made), n, len(files), sum(file.size for file in files)
    )


def _sizes(span: Window, n: int) -> list[int]:
    """Responses of each month: as many on each day."""
    ends = np.cumsum([len(days(span, index)) for index in range(span.n_months)])
    return [int(size) for size in np.diff(np.rint(ends / ends[-1] * n), prepend=0)]


@contextmanager
def _place(path: Path, n: int) -> Iterator[Path]:
    """Give an empty folder to write in; put it in its place when all went well, else remove it."""
    _check_free(path)
    folder = path.with_name(path.name + UNFINISHED)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        _alone(lock, path)
        _emptied(folder)
        _check_room(folder, n)
        yield folder
        folder.replace(path)
    except BaseException as error:
        if not isinstance(error, _Busy):
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise _cannot_write(path, error) from error
        raise
    finally:
        os.close(lock)


class _Busy(AnalyticsError):
    """Somebody else writes there."""


def _check_free(path: Path) -> None:
    if path.is_dir() and any(path.iterdir()):
        kind = any(path.glob("*/_delta_log"))
        raise AnalyticsError(
            f"{path} already holds {'a lake' if kind else 'files'}; name a new folder.",
            f"{path} 中已有{'数据湖' if kind else '文件'}；请另选一个新文件夹。",
        )
    if path.exists() and not path.is_dir():
        raise AnalyticsError(f"{path} is a file, not a folder.", f"{path} 是文件，不是文件夹。")


def _alone(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise _Busy(
            f"Another run is writing {path} at this moment.", f"另一个进程正在写入 {path}。"
        ) from error


def _emptied(folder: Path) -> None:
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _check_room(folder: Path, n: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < n * BYTES_PER_ROW:
        need = f"{n * BYTES_PER_ROW / 1e9:.1f} GB"
        raise AnalyticsError(
            f"{n:,} responses need about {need} of disk; {free / 1e9:.1f} GB are free.",
            f"{n:,} 条答复约需 {need} 磁盘空间；现在只有 {free / 1e9:.1f} GB 可用。",
        )


def _cannot_write(path: Path, error: OSError) -> AnalyticsError:
    full = error.errno == errno.ENOSPC
    reason = error.strerror or str(error)
    return AnalyticsError(
        f"{path} cannot be written: {'the disk is full' if full else reason}.",
        f"无法写入 {path}：{'磁盘已满' if full else reason}。",
    )


def _written(folder: Path, months: list[Month], workers: int, told: Callable[[int], None]) -> list[AddAction]:
    stop = Event()
    # Threads, not processes: NumPy and Arrow let go of the interpreter, and one process's memory is bounded.
    with ThreadPoolExecutor(workers, thread_name_prefix="month") as pool:
        running = [pool.submit(_month, folder, month, told, stop) for month in months if month.n]
        try:
            return [future.result() for future in running]
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _month(folder: Path, month: Month, told: Callable[[int], None], stop: Event) -> AddAction:
    name = f"month={month.name}/part-00000-synthetic.zstd.parquet"
    path = folder / name
    path.parent.mkdir(parents=True)
    writer: pq.ParquetWriter | None = None
    for batch in month.batches():
        if stop.is_set():
            break
        writer = writer or pq.ParquetWriter(
            path,
            batch.schema,
            compression="zstd",
            # The stubs forget that it may be a list of columns.
            use_dictionary=[column for column in batch.schema.names if column not in _UNIQUE],  # type: ignore[arg-type]
            column_encoding=_ENCODINGS,
            # Without Arrow's own schema in the file every reader sees plain strings.
            store_schema=False,
        )
        writer.write_batch(batch, row_group_size=BATCH_ROWS)
        told(batch.num_rows)
    if writer:
        writer.close()
    return AddAction(
        name,
        path.stat().st_size,
        {"month": month.name},
        int(time.time() * 1000),
        True,
        json.dumps(statistics(pq.read_metadata(path))),
    )


def _commit(folder: Path, files: list[AddAction]) -> None:
    table = DeltaTable.create(str(folder), arrow_schema(TABLE), partition_by=["month"])
    table.create_write_transaction(list(files), mode="append", schema=table.schema(), partition_by=["month"])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
