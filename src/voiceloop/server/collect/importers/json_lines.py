"""JSON Lines: one object a line, plain or gzip."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.collect.importers._reader import (
    DAMAGE,
    Bytes,
    Importer,
    Line,
    Reader,
    Unreadable,
    damaged,
)
from voiceloop.server.collect.importers.xlsx import text_of

# Columns are the names in so many first lines; later ones are kept as attributes.
SAMPLE = 2000


class JsonLinesReader(Reader):
    format = "json_lines"

    def __init__(self, path: Path, head: bytes) -> None:
        super().__init__(path)
        self.columns = self._named(path)
        self._bytes = Bytes(path)

    def _named(self, path: Path) -> list[str]:
        content = Bytes(path)
        try:
            objects = [_parsed(raw) for raw in islice(content.stream, SAMPLE)]
        except DAMAGE:
            raise damaged() from None
        finally:
            content.close()
        names = list(dict.fromkeys(key for found in objects if found for key in found))
        if not names:
            raise Unreadable(_("No line of the file is a JSON object with names and values."))
        return names

    def lines(self) -> Iterator[Line]:
        known = set(self.columns)
        try:
            for number, raw in enumerate(self._bytes.stream, start=1):
                if not raw.strip():
                    continue
                found = _parsed(raw)
                if found is None:
                    yield Line(number, [raw.decode("utf-8", "surrogateescape").strip()], "not_json")
                    continue
                cells = [text_of(found.get(name)) for name in self.columns]
                more = {k: text_of(v) for k, v in found.items() if k not in known}
                yield Line(number, cells, "", more or None)
        except DAMAGE:
            raise damaged() from None

    def position(self) -> int:
        return self._bytes.position()

    def close(self) -> None:
        self._bytes.close()


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError):
        return None
    return found if isinstance(found, dict) else None


IMPORTER = Importer(
    name="json_lines",
    label=gettext_lazy("JSON Lines"),
    suffixes=(".jsonl", ".ndjson", ".jsonl.gz"),
    reads=lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{",
    open=JsonLinesReader,
)
