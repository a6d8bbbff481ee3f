"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.anticipation import tasks as of_anticipation  # noqa: F401  # its jobs
from voiceloop.server.act.cases import clocks, recovery, watch
from voiceloop.server.act.casework import tasks as of_casework  # noqa: F401  # its jobs
from voiceloop.server.act.crisis import tasks as of_crisis  # noqa: F401  # its jobs
from voiceloop.server.act.notices import tasks as of_notices  # noqa: F401  # its jobs
from voiceloop.server.act.playbooks import tasks as of_playbooks  # noqa: F401  # its jobs
from voiceloop.server.act.routing import tasks as of_routing  # noqa: F401  # its jobs
from voiceloop.server.act.status import tasks as of_status  # noqa: F401  # its jobs
from voiceloop.server.act.telling import tasks as of_telling  # noqa: F401  # its jobs
from voiceloop.server.act.threads import jobs as of_threads  # noqa: F401  # its jobs


@app.periodic(cron="23 * * * *", periodic_id="act.give_up_waiting")
@app.task(queue="default", name="act.give_up_waiting", pass_context=False)
def give_up_waiting(timestamp: int) -> int:
    """Cases whose customers did not answer the re-survey within the week say so."""
    silent = list(recovery.unanswered()[:500])
    for case in silent:
        recovery.give_up(case)
    return len(silent)


@app.periodic(cron="* * * * *", periodic_id="act.watch_clocks")
@app.task(queue="default", name="act.watch_clocks", lock="act.watch_clocks", pass_context=False)
def watch_clocks(timestamp: int) -> int:
    return watch.watch()


@app.task(queue="default", name="act.rewind")
def rewind() -> int:
    """Read the clocks of all open cases anew, because a promise or a calendar is another."""
    return clocks.rewind()
