"""The API as a whole: what its schema says of it is true."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ninja import Schema

from voiceloop.server.config.api import api


def _schemas(of: type[Any]) -> list[type[Any]]:
    return [one for kind in of.__subclasses__() for one in (kind, *_schemas(kind))]


def test_no_two_shapes_share_a_name() -> None:
    """Of two, the schema would describe one and the API would send both."""
    assert api.get_openapi_schema()["paths"]
    ours = {one for one in _schemas(Schema) if one.__module__.startswith("voiceloop.")}
    assert [name for name, n in Counter(one.__name__ for one in ours).items() if n > 1] == []
