"""Columns as Spark hands them over, in the types that DuckDB gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def floats(table: pa.Table) -> pa.Table:
    """Return the table with decimals as floating point numbers, which is what every figure is made of."""
    import pyarrow as pa

    if not any(pa.types.is_decimal(field.type) for field in table.schema):
        return table
    kinds = [pa.float64() if pa.types.is_decimal(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))


def array(column: Any) -> Any:
    """Return an Arrow column as a NumPy array, masked where NULL; days as dates, texts as objects.

    Examples
    --------
    >>> import pyarrow as pa
    >>> array(pa.chunked_array([["a", None]])).tolist()
    ['a', None]
    """
    import numpy as np
    import pyarrow as pa

    unknown = column.is_null().to_numpy()
    if pa.types.is_date(column.type):
        values = column.cast(pa.int32()).fill_null(0).to_numpy().astype("datetime64[D]")
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        values = column.fill_null(0).to_numpy()
    else:
        # With one more that is no list, so that NumPy never makes a table of lists of one length.
        values = np.array([*column.to_pylist(), None], dtype=object)[:-1]
    return np.ma.array(values, mask=unknown) if unknown.any() else values
