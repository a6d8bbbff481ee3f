"""What a page lets its reader do: the links and the forms in it, filled in as a careless person would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

METHODS = ("post", "put", "patch", "delete")
TEXTS = {"number": "1", "date": "2026-01-31", "email": "a@example.com", "checkbox": "on"}


@dataclass
class Form:
    """Where it goes, and what it says when every choice is the first and every text is short."""

    method: str
    path: str
    fields: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {sorted(self.fields)}"


class Page(HTMLParser):
    """Reads the links and forms out of a page."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path = path
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get"):
            if tag not in ("link", "use", "image") and given.get(name, "").startswith(("/", "?")):
                self.links.add(urljoin(self.path, given[name]))
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form("post", self._address(given.get("action", "")))
            self.forms.append(self._form)
        self._acts(given)
        if self._form is not None:
            self._field(tag, given, self._form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""

    def _acts(self, given: dict[str, str]) -> None:
        for method in METHODS:
            if f"hx-{method}" in given:
                self.forms.append(Form(method, self._address(given[f"hx-{method}"])))

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        if tag == "option" and self._select and given.get("value"):
            form.fields.setdefault(self._select, given["value"])
        elif tag == "select":
            self._select = name
        elif tag in ("input", "textarea", "button") and name and name != "csrfmiddlewaretoken":
            kind = given.get("type", "text")
            form.fields.setdefault(name, given.get("value") or TEXTS.get(kind, "something"))

    def _address(self, action: str) -> str:
        return urljoin(self.path, action or self.path)


def shape(address: str) -> tuple[str, tuple[str, ...]]:
    """Two links of one shape ask the same of another object: the path, and which words its query has."""
    parts = urlsplit(address)
    return parts.path, tuple(sorted(parse_qs(parts.query)))
