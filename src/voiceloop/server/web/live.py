"""`/live/`: has anything changed that this reader looks at? Answered from memory, without a database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse

from voiceloop.server.core.models import User
from voiceloop.server.web.feed import Feed

PATH, SALT = "/live/", "voiceloop.live"
VALID = 7 * 24 * 3600
# A page is drawn from rows that were read a moment before: what changed within it is told once more.
MARGIN = 5.0
OBJECT = re.compile(r"(case|crisis):\d{1,18}")
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

feed = Feed()


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    tag: str = ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        common = [("Cache-Control", "no-store"), ("Content-Length", str(len(self.body)))]
        if self.status == 304:
            common = common[:1]
        return [*common, ("Content-Type", "application/json"), *([("ETag", self.tag)] if self.tag else [])]


def key_of(user: User) -> str:
    """Names the reader to `/live/`, which looks up neither session nor person and only says "changed"."""
    path = user.unit.path if user.unit else ""
    return signing.dumps([user.pk, path, int(feed.now() // 3600) * 3600 + VALID], salt=SALT)


def stamp() -> str:
    return f"{feed.now() - MARGIN:.3f}"


def answer(query: str, tag: str) -> Answer:
    """304 while nothing changed; else what did, as the names of the reader's own topics."""
    given = parse_qs(query)
    reader = _reader(given.get("key", [""])[0])
    if reader is None or reader[2] < feed.now():
        return Answer(403)
    user, path, _ = reader
    names = {f"user:{user}": "me", f"unit:{path}": "unit"}
    names |= {one: one.split(":")[0] for one in given.get("of", []) if OBJECT.fullmatch(one)}
    at = feed.now()
    changed = feed.changed(names, _moment(tag))
    if not changed:
        return Answer(304, tag=tag)
    body = json.dumps({"changed": sorted({names[topic] for topic in changed})}).encode()
    return Answer(200, body, f'"{at:.6f}"')


def beside(application: App) -> App:
    """Answer `/live/` before the framework begins: it is asked every second by every open page."""

    def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return application(environ, start_response)
        if not feed.is_listening:
            feed.listen(**_database())
        found = answer(environ.get("QUERY_STRING", ""), environ.get("HTTP_IF_NONE_MATCH", ""))
        start_response(f"{found.status} {_REASONS[found.status]}", found.headers)
        return [found.body]

    return served


def live(request: HttpRequest) -> HttpResponse:
    """The same for servers that do not come in by our entry point: it reads the events at each question."""
    feed.pull(connection)
    found = answer(request.META.get("QUERY_STRING", ""), request.headers.get("If-None-Match", ""))
    return HttpResponse(found.body, status=found.status, headers=dict(found.headers))


_REASONS = {200: "OK", 304: "Not Modified", 403: "Forbidden"}


@lru_cache(maxsize=10_000)
def _reader(key: str) -> tuple[int, str, float] | None:
    try:
        user, path, until = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return int(user), str(path), float(until)


def _moment(tag: str) -> float:
    try:
        return float(tag.removeprefix("W/").strip('"'))
    except ValueError:
        return 0.0


def _database() -> dict[str, Any]:
    there = connection.settings_dict
    found = {"dbname": there["NAME"], "user": there["USER"], "password": there["PASSWORD"]}
    found |= {"host": there["HOST"], "port": there["PORT"]}
    return {name: value for name, value in found.items() if value}
