"""A language model of the tests' own: a local server that answers as it is told and remembers what it got."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from voiceloop.server.core.models import User
from voiceloop.server.understand.assistant import asking
from voiceloop.server.understand.models import AssistantSetting


@dataclass
class Model:
    """What it will answer next, and everything that it was sent."""

    url: str = ""
    status: int = 200
    words: str = "OK"
    raw: bytes | None = None
    wait: float = 0.0
    drip: float = 0.0
    location: str = ""
    got: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    @property
    def heard(self) -> str:
        return "\n".join(json.loads(body)["messages"][-1]["content"] for _, _, body in self.got)


class _Handler(BaseHTTPRequestHandler):
    model: Model

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.model.got.append((self.path, dict(self.headers), told))
        time.sleep(self.model.wait)
        answer = {"choices": [{"message": {"role": "assistant", "content": self.model.words}}]}
        body = json.dumps(answer).encode() if self.model.raw is None else self.model.raw
        try:
            self.send_response(self.model.status)
            if self.model.location:
                self.send_header("Location", self.model.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for at in range(0, len(body), 8 if self.model.drip else max(len(body), 1)):
                self.wfile.write(body[at : at + (8 if self.model.drip else len(body))])
                time.sleep(self.model.drip)
        except OSError:
            return  # who asked did not wait

    do_GET = do_POST

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def model() -> Iterator[Model]:
    told = Model()
    handler = type("Handler", (_Handler,), {"model": told})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def switched_on(model: Model, dora: User) -> AssistantSetting:
    return asking.set_up(
        by=dora, is_on=True, base_url=model.url, model="tiny", key="sk-secret", seconds=2, calls_a_day=20
    )
