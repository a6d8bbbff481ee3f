"""A churn model as one file: arrays and JSON, read without running any code."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.additive import Additive
from voiceloop.analytics.value.cells import Floats
from voiceloop.analytics.value.kinds import Dropped, Feature

if TYPE_CHECKING:
    from voiceloop.analytics.value.churn import ChurnModel

FORMAT = "voiceloop churn 1"
_PLAIN = ("target", "n_fit", "rate", "report", "positive")


def packed(model: ChurnModel) -> tuple[str, dict[str, Floats]]:
    """Return a model as JSON and arrays."""
    header = {
        "format": FORMAT,
        **{name: getattr(model, name) for name in _PLAIN},
        "intercept": model.model.intercept,
        "features": [asdict(feature) for feature in model.features],
        "dropped": [asdict(one) for one in model.dropped],
    }
    arrays = {f"main_{j}": table for j, table in enumerate(model.model.mains)}
    arrays |= {f"pair_{a}_{b}": table for (a, b), table in model.model.pairs.items()}
    return json.dumps(header, ensure_ascii=False, sort_keys=True), arrays


def save(model: ChurnModel, path: str | Path) -> None:
    """Write a model.

    Raises
    ------
    AnalyticsError
        When the file cannot be written.
    """
    header, arrays = packed(model)
    text = np.frombuffer(header.encode(), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, header=text, **arrays)  # type: ignore[arg-type]  # numpy's stub wants a bool
    try:
        Path(path).write_bytes(stream.getvalue())
    except OSError as error:
        why = error.strerror or str(error)
        raise AnalyticsError(f"{path} cannot be written: {why}.", f"无法写入 {path}：{why}。") from error


def load(path: str | Path) -> dict[str, Any]:
    """Return the parts of a model that `save` wrote.

    Raises
    ------
    AnalyticsError
        When the file is not there, damaged or no such model.
    """
    try:
        # Read whole, so that no broken archive keeps the file open.
        with np.load(io.BytesIO(Path(path).read_bytes()), allow_pickle=False) as file:
            header = json.loads(bytes(file["header"]))
            arrays = {name: file[name] for name in file.files if name != "header"}
        if header["format"] != FORMAT:
            raise KeyError(header["format"])
        return _unpacked(header, arrays)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise AnalyticsError(f"{path} is not a churn model.", f"{path} 不是流失模型文件。") from error


def _unpacked(header: Mapping[str, Any], arrays: Mapping[str, Floats]) -> dict[str, Any]:
    features = tuple(_feature(one) for one in header["features"])
    pairs = {tuple(map(int, name.split("_")[1:])): table for name, table in arrays.items() if name[0] == "p"}
    mains = tuple(arrays[f"main_{j}"] for j in range(len(features)))
    return {
        **{name: header[name] for name in _PLAIN},
        "features": features,
        "dropped": tuple(Dropped(**one) for one in header["dropped"]),
        "model": Additive(header["intercept"], mains, pairs),  # type: ignore[arg-type]  # two numbers each
    }


def _feature(one: Mapping[str, Any]) -> Feature:
    lists = {name: tuple(one[name]) for name in ("edges", "centres", "levels", "shares")}
    return Feature(one["name"], one["kind"], **lists)
