"""Regular expressions of patterns.toml, with their shared parts filled in."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern by section and name.

    Examples
    --------
    >>> bool(pattern("voice", "suggestion").search("建议增加停车位"))
    True
    """
    return re.compile("|".join(_filled(line) for line in _data()[section][name]))


def has(section: str, name: str) -> bool:
    """Tell whether there is such a pattern.

    Examples
    --------
    >>> has("urgency", "media"), has("urgency", "safety")
    (True, False)
    """
    return name in _data()[section]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("patterns.toml").read_text("utf-8"))


def _filled(line: str) -> str:
    for name, part in _data()["parts"].items():
        line = line.replace(f"<{name}>", part)
    return line
