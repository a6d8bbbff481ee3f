"""How far the labelling of history has come, for every page that wants to show it."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now

from voiceloop.server.collect.models import Verbatim
from voiceloop.server.understand.models import Relabelling

RECENT_SECONDS = 900


def context() -> dict[str, Any]:
    """The newest job, while it runs and for some minutes after."""
    job = Relabelling.objects.select_related("by").order_by("-pk").first()
    if job is None or not (job.is_moving or job.error or _is_recent(job)):
        return {"job": None}
    return {"job": job, "left": left(job), "progress": {"done": job.n_done, "total": job.n_total}}


def left(job: Relabelling) -> float | None:
    """Seconds, at the pace so far."""
    if not job.started_at or not job.n_done or not job.is_moving:
        return None
    seconds = (now() - job.started_at).total_seconds()
    return float(max(job.n_total - job.n_done, 0) * seconds / job.n_done)


def waiting() -> int:
    """Comments that nobody has labelled yet."""
    return Verbatim.objects.filter(labelled_by="").count()


def _is_recent(job: Relabelling) -> bool:
    ended = job.ended_at
    return ended is not None and (now() - ended).total_seconds() < RECENT_SECONDS
