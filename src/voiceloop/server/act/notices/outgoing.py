"""A call to an address that somebody typed in: never into our own network, never where it is redirected."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

TIMEOUT = 10.0
MOST_BYTES = 65_536


class Refused(Exception):
    """It will not do better when tried again."""


class NotNow(Exception):
    """It may do better later; `after` seconds where the other side said so."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.after = after


@dataclass(frozen=True)
class Said:
    status: int
    body: str

    @property
    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def post(address: str, payload: dict[str, Any]) -> Said:
    """Post JSON and read the answer; the address is looked up once and that very machine is called."""
    parts = checked(address)
    body = json.dumps(payload, ensure_ascii=False).encode()
    host = parts.hostname or ""
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    headers = {"Content-Type": "application/json; charset=utf-8", "Host": parts.netloc.rpartition("@")[2]}
    web = _connection(parts, reachable(host, _port(parts)))
    try:
        web.request("POST", target, body, headers)
        answer = web.getresponse()
        said = Said(answer.status, answer.read(MOST_BYTES).decode(errors="replace"))
        _judge(said, answer.headers.get("Retry-After", ""))
        return said
    except (OSError, http.client.HTTPException) as error:
        raise NotNow(f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        web.close()


def checked(address: str) -> SplitResult:
    """The parts of an address that may be called at all, by how it is written."""
    try:
        parts = urlsplit(address)
        _port(parts)
    except ValueError as error:
        raise Refused(str(_("This is not an address of the web."))) from error
    allowed = (parts.hostname or "") in settings.INTERNAL_HOSTS
    if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
        raise Refused(str(_("The address must begin with https://.")))
    if not parts.hostname or parts.username or parts.password:
        raise Refused(str(_("This is not an address of the web.")))
    return parts


def reachable(host: str, port: int) -> str:
    """The machine behind a name, unless it stands in a network that is not the public one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotNow(str(_("The name of this address is unknown."))) from error
    numbers = [str(one[4][0]) for one in found]
    if host not in settings.INTERNAL_HOSTS and not all(_is_public(number) for number in numbers):
        raise Refused(str(_("The address leads into an internal network.")))
    return numbers[0]


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.split("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connection(parts: SplitResult, number: str) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", _port(parts)
    if parts.scheme == "http":
        web = http.client.HTTPConnection(number, port, timeout=TIMEOUT)
    else:
        web = http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    # TRICKY: the name was judged by this number; a second lookup might give another.
    web._create_connection = lambda _, *rest, **more: socket.create_connection((number, port), *rest, **more)  # type: ignore[attr-defined]
    return web


def _judge(said: Said, after: str) -> None:
    if said.status == 429 or said.status >= 500:
        seconds = float(after) if after.replace(".", "", 1).isdigit() else 0.0
        raise NotNow(f"HTTP {said.status}", min(seconds, 3600.0))
    if said.status >= 300:
        raise Refused(f"HTTP {said.status} {said.body[:120]}")
