"""HTML mail as safe text: nothing of it is ever shown as HTML, so nothing in it can run or call home."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SILENT = {"script", "style", "head", "title", "template", "svg", "object"}
BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre"}
VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source", "track"}
_QUOTE_CLASS = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|qmbox|mail_quote")


class _Reader(HTMLParser):
    """Collects text; what stands in a quotation is marked as mail programs do it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        # The tags that began a quotation, with the depth at which each ends.
        self._open: list[tuple[str, bool]] = []

    @property
    def _depth(self) -> int:
        return sum(is_quote for _tag, is_quote in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag not in VOID:
            names = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
            self._open.append((tag, tag == "blockquote" or bool(_QUOTE_CLASS.search(names))))
        if tag in BLOCKS or tag == "blockquote":
            self._break()

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        if any(name == tag for name, _ in self._open):
            if tag in BLOCKS or tag == "blockquote":
                self._break()
            while self._open and self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        self.parts.append("\n" + "> " * self._depth)


def text_of(html: str) -> str:
    """The words of an HTML page, a line for each block."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.parts).split("\n")]
    kept = [line for line in lines if line.strip("> ") or not line]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
