"""What a file is, by its first bytes: names and declared types are the sender's to choose."""

from __future__ import annotations

import io
import zipfile

# Beginning, where it stands, kind. The kinds that are taken; every other file is refused.
MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"%PDF-", 0, "application/pdf"),
    (b"#!AMR", 0, "audio/amr"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"WAVE", 8, "audio/wav"),
    (b"OggS", 0, "audio/ogg"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftyp", 4, "video/mp4"),
)
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# What a browser may show on our pages; a film or a paper is downloaded.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_ENDINGS = {"csv": "text/csv", "txt": "text/plain", "log": "text/plain"}


def kind_of(content: bytes, name: str = "") -> str:
    """The kind, or "" where it is none that we take."""
    for magic, at, kind in MAGIC:
        if content[at : at + len(magic)] == magic:
            return kind
    if content[:4] == b"PK\x03\x04":
        return _office(content)
    ending = name.rpartition(".")[2].lower()
    return _ENDINGS.get(ending, "") if content and _is_text(content) else ""


def _office(content: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        return ""
    # A document with macros is a program.
    if any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return next((kind for part, kind in OFFICE.items() if part in names), "")


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
