"""The columns of a file as numbers and words, whatever kind of file it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from voiceloop.analytics.engines.duck import DuckEngine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.readers._raw import Raw, quoted

# A column of more words than this is no category, and none of them needs to be looked at one by one.
MOST_WORDS = 2_000


def columns_of(path: Path) -> dict[str, Any]:
    """Return each column of a CSV, CSV.gz or Parquet file: floats with NaN, or texts with None.

    Parameters
    ----------
    path : Path
        UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar.

    Raises
    ------
    AnalyticsError
        When there is no such file, or it holds no rows.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_text("score,who\\n10,x\\n9,\\n")
    >>> found = columns_of(file)
    >>> found["score"].tolist(), found["who"].tolist()
    ([10.0, 9.0], ['x', None])
    """
    if not path.exists():
        raise AnalyticsError(f"There is no file {path}.", f"没有文件 {path}。")
    if not path.is_file():
        raise AnalyticsError(f"{path} is a folder, not a file.", f"{path} 是文件夹，不是文件。")
    if path.stat().st_size == 0:
        raise AnalyticsError(f"The file {path} is empty.", f"文件 {path} 是空的。")
    raw, engine = Raw([path]), DuckEngine()
    cells = {name: f"CAST({raw.text(name)} AS VARCHAR)" for name in raw.names}
    judged = ", ".join(
        f"count({cell}), count(TRY_CAST({cell} AS DOUBLE)), approx_count_distinct({cell})"
        for cell in cells.values()
    )
    counts = engine.run(f"SELECT count(*), {judged} FROM {raw.sql}", None)[0]
    if not counts[0]:
        raise AnalyticsError(f"The file {path} holds no rows.", f"文件 {path} 中没有数据行。")
    facts = {name: counts[1 + 3 * i : 4 + 3 * i] for i, name in enumerate(cells)}
    asked = ", ".join(f"{_read(cells[name], *facts[name])} AS {quoted(name)}" for name in cells)
    arrays = engine.arrays(f"SELECT {asked} FROM {raw.sql} ORDER BY file_row_number", None)
    return {name: _plain(arrays[name]) for name in cells}


def _read(cell: str, n: int, n_numbers: int, n_distinct: int) -> str:
    if n and n_numbers > 0.9 * n:
        return f"TRY_CAST({cell} AS DOUBLE)"
    if n_distinct > MOST_WORDS:
        # Enough to see that these are identifiers or texts.
        return f"left({cell}, 200)"
    return cell


def _plain(found: Any) -> Any:
    gaps = np.ma.getmaskarray(found)
    values = np.ma.getdata(found)
    if values.dtype.kind == "f":
        return np.where(gaps, np.nan, values)
    texts = np.array(values, dtype=object)
    texts[gaps] = None
    return texts
