"""Open workbenches in a process of its own: each asks over its own connection, as the page's script does.

It reads a job and then "stop" on standard input, and writes "open" and then what it saw on standard output.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

EVERY = 1.0  # seconds between two questions, as frontend/src/js/live.js asks them
PAGE = re.compile(r'data-live="(?P<key>[^"]+)" data-live-since="(?P<since>[^"]+)"')
QUEUE = re.compile(r'id="queue"[^>]*?data-live="(?P<topics>[^"]+)"[^>]*?data-live-from="(?P<path>[^"]+)"')
ROW = re.compile(r'data-item="case-(\d+)"')
AT_ONCE = 4  # pages that are opened at the same time


@dataclass
class Seen:
    shown: list[tuple[int, int, float]] = field(default_factory=list)
    asked: int = 0
    fetched: int = 0
    failed: int = 0
    seconds: float = 0.0


@dataclass
class Workbench:
    """One open page."""

    port: int
    user: int
    cookie: str
    seen: Seen
    known: set[int] = field(default_factory=set)
    _ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        status, _, body = await self.get("/workbench/")
        page, queue = PAGE.search(body), QUEUE.search(body)
        if status != 200 or page is None or queue is None:
            raise RuntimeError(f"the workbench of {self.user} answers {status}")
        self.key, self.tag = page["key"], f'"{page["since"]}"'
        self.topics, self.path = set(queue["topics"].split()), queue["path"].replace("&amp;", "&")
        self.known = {int(pk) for pk in ROW.findall(body)}

    async def work(self, way: str) -> None:
        await asyncio.sleep(random.random() * EVERY)
        while True:
            began = time.perf_counter()
            if way == "queue" or await self._is_news():
                await self._fetch()
            await asyncio.sleep(max(EVERY - (time.perf_counter() - began), 0.05))

    async def _is_news(self) -> bool:
        status, tag, body = await self.get(f"/live/?key={self.key}", self.tag)
        self.seen.asked += 1
        if status != 200:
            self.seen.failed += status != 304
            return False
        self.tag = tag or self.tag
        return bool(self.topics & set(json.loads(body)["changed"]))

    async def _fetch(self) -> None:
        status, _, body = await self.get(self.path)
        self.seen.fetched += 1
        self.seen.failed += status != 200
        now = {int(pk) for pk in ROW.findall(body)}
        self.seen.shown += [(self.user, pk, time.time()) for pk in now - self.known]
        self.known = now

    async def get(self, path: str, tag: str = "") -> tuple[int, str, str]:
        """A connection that the server closed meanwhile is opened again, as a browser does."""
        for fresh in (self._ends is None, True):
            try:
                return await self._ask(path, tag)
            except (OSError, asyncio.IncompleteReadError):
                self._ends = None
                if fresh:
                    break
        return 0, "", ""

    async def _ask(self, path: str, tag: str) -> tuple[int, str, str]:
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._ends
        match = f"If-None-Match: {tag}\r\n" if tag else ""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN\r\n"
        writer.write(f"{head}Cookie: sessionid={self.cookie}\r\nHX-Request: true\r\n{match}\r\n".encode())
        return await _read(reader)


async def _read(reader: asyncio.StreamReader) -> tuple[int, str, str]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    status = int(head[0].split()[1])
    if status in (204, 304):
        body = b""
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await _chunks(reader)
    return status, headers.get("etag", ""), body.decode(errors="replace")


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readline()
    return b"".join(parts)


async def run(job: dict[str, Any]) -> Seen:
    seen = Seen()
    desks = [Workbench(job["port"], one["user"], one["session"], seen) for one in job["people"]]
    gate = asyncio.Semaphore(AT_ONCE)

    async def sit(desk: Workbench) -> None:
        async with gate:
            await desk.open()

    await asyncio.gather(*(sit(desk) for desk in desks))
    print("open", flush=True)
    began = time.perf_counter()
    work = [asyncio.create_task(desk.work(job["way"])) for desk in desks]
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    seen.seconds = time.perf_counter() - began
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    return seen


if __name__ == "__main__":
    found = asyncio.run(run(json.loads(sys.stdin.readline())))
    print(json.dumps(vars(found)))
