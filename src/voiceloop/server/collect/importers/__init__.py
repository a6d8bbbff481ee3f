"""Reads files of feedback: one module per format, the folder is the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from voiceloop.analytics.registry import plugins
from voiceloop.server.collect.importers._reader import Importer, Line, Reader, Unreadable, head_of

__all__ = ["Importer", "Line", "Reader", "Unreadable", "importers", "open_file"]

_WRONG: tuple[tuple[bytes, Callable[[], str]], ...] = (
    (b"%PDF", lambda: _("This is a PDF, not a table. Save the table as CSV or XLSX.")),
    (
        b"\xd0\xcf\x11\xe0",
        lambda: _(
            "This workbook is protected by a password or in the old XLS format. Save it as plain XLSX."
        ),
    ),
    (b"\x89PNG", lambda: _("This is a picture, not a table.")),
    (b"\xff\xd8\xff", lambda: _("This is a picture, not a table.")),
)


def importers() -> Mapping[str, Importer]:
    return plugins(__name__, "IMPORTER")


def open_file(path: Path) -> Reader:
    """The reader that understands this file, chosen by its bytes, not by its name."""
    if not path.exists():
        raise Unreadable(_("There is no file %(name)s.") % {"name": path.name})
    if path.is_dir():
        raise Unreadable(_("%(name)s is a folder, not a file.") % {"name": path.name})
    head = head_of(path)
    if not head.strip():
        raise Unreadable(_("The file is empty."))
    for magic, sentence in _WRONG:
        if head.startswith(magic):
            raise Unreadable(sentence())
    for importer in sorted(importers().values(), key=lambda i: i.rank):
        if importer.reads(head):
            return importer.open(path, head)
    raise Unreadable(_("This is not a table that can be read. Use CSV, XLSX or JSON Lines."))
