"""One question to an OpenAI-compatible address: a deadline, a size limit, no redirects, nothing kept."""

from __future__ import annotations

import json
import time
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from voiceloop.server.understand.assistant.faults import Fault

LONGEST_ANSWER = 1_000_000
PIECE = 16_384
OF_STATUS = {401: "key", 403: "key", 429: "busy", 408: "timeout", 504: "timeout"}
Messages = list[dict[str, str]]


class _NoRedirects(HTTPRedirectHandler):
    """What customers said goes to the host that an admin named, and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def ask(*, base_url: str, key: str, model: str, messages: Messages, seconds: int) -> str:
    """The words of the answer; a `Fault` where there are none."""
    body = json.dumps({"model": model, "messages": messages, "temperature": 0.2}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    deadline = time.monotonic() + seconds
    request = Request(f"{checked(base_url)}/chat/completions", body, headers)
    try:
        with build_opener(_NoRedirects).open(request, timeout=seconds) as answer:
            return _words(_read(answer, deadline))
    except HTTPError as error:
        with error:
            moved = "moved" if 300 <= error.code < 400 else "failed"
            raise Fault(OF_STATUS.get(error.code, moved)) from error
    except TimeoutError as error:
        raise Fault("timeout") from error
    except URLError as error:
        raise Fault("timeout" if isinstance(error.reason, TimeoutError) else "unreachable") from error
    except (OSError, HTTPException, UnicodeError) as error:
        raise Fault("unreachable") from error


def checked(base_url: str) -> str:
    """The address without a slash at its end."""
    try:
        parts = urlsplit(base_url.strip())
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None
        wrong = wrong or parts.port == 0 or any(c.isspace() or ord(c) < 32 for c in base_url.strip())
    except ValueError as error:
        raise Fault("address") from error
    if wrong or parts.query or parts.fragment:
        raise Fault("address")
    return base_url.strip().rstrip("/")


def _read(answer: HTTPResponse, deadline: float) -> bytes:
    """A server that sends byte after byte must not hold a page for ever."""
    pieces: list[bytes] = []
    while piece := answer.read1(PIECE):
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise Fault("timeout")
        if sum(map(len, pieces)) > LONGEST_ANSWER:
            raise Fault("garbage")
    return b"".join(pieces)


def _words(data: bytes) -> str:
    try:
        words = json.loads(data)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise Fault("garbage") from error
    if not isinstance(words, str) or not words.strip():
        raise Fault("garbage")
    return words.strip()
