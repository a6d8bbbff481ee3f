"""What each supervised process does: serve pages, run jobs, deliver events, follow into the lake."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any, NoReturn

from voiceloop.server.config import memory

N_JOBS_AT_ONCE = 4
HEARTBEAT, GIVEN_UP_AFTER = 3.0, 15.0  # seconds; a job of a killed worker starts again after the second


def django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceloop.server.config.settings")
    import django as framework

    framework.setup()


def web(host: str, port: int, workers: int, threads: int) -> NoReturn:
    """Become the web server: one process per core and four threads each served most (FACTS, WSGI)."""
    words = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "workers": workers,
        "blocking-threads": threads,
        "workers-kill-timeout": 8,
        "respawn-interval": 0.3,
        "log-level": "warning",
    }
    options = [word for name, value in words.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "granian", *options, "--respawn-failed-workers"]
    os.execv(sys.executable, [*command, "voiceloop.server.config.wsgi:application"])


def worker() -> None:
    django()
    memory.settle()
    asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    # Django's connector only defers; a worker listens, which takes a connector of its own.
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as jobs:
        async with jobs.open_async():
            rescue = asyncio.create_task(_rescue(jobs))
            await jobs.run_worker_async(
                concurrency=N_JOBS_AT_ONCE,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=GIVEN_UP_AFTER,
                shutdown_graceful_timeout=8,
                delete_jobs="successful",
            )
            rescue.cancel()


async def _rescue(jobs: Any) -> None:
    """Start again the jobs whose worker was killed."""
    while True:
        stalled = await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=GIVEN_UP_AFTER)
        for job in stalled:
            await jobs.job_manager.retry_job(job)
        await asyncio.sleep(GIVEN_UP_AFTER / 3)


def reactor() -> NoReturn:
    """Deliver events the moment they are committed, and look again every two seconds in any case."""
    django()
    import psycopg
    from django.db import close_old_connections

    from voiceloop.server.config import place
    from voiceloop.server.core.reactor import CHANNEL, deliver

    memory.settle()
    with psycopg.connect(place.database_url(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        while True:
            deliver()
            close_old_connections()
            for _ in listener.notifies(timeout=2, stop_after=1):
                pass


def sync() -> None:
    django()
    from voiceloop.server.store.sync import run

    run()
