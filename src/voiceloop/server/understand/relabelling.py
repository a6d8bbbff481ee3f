"""Labels history anew, a batch and its progress in one transaction; killed anywhere, it goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now

from voiceloop.analytics.text.analyse import Analysis
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.core.queueing import queue_once
from voiceloop.server.understand import corrections, engine, writing
from voiceloop.server.understand.engine import Engine
from voiceloop.server.understand.events import HistoryRelabelled, RelabellingStarted
from voiceloop.server.understand.job_models import MOVING, State
from voiceloop.server.understand.locks import held, is_held
from voiceloop.server.understand.models import Annotation, Correction, Relabelling

log = logging.getLogger(__name__)
TASK, QUEUE = "understand.relabel", "text"
BATCH = 5_000
_LOCK = 0x766C726C  # "vlrl"


class Overtaken(Exception):
    """Somebody cancelled this run, or a newer one took its place."""


class Read(NamedTuple):
    """Some comments in the order of their ids, as they were read."""

    pks: list[int]
    texts: list[str]


@verb
def start(*, by: User | None, why: str, everything: bool = False) -> Relabelling:
    """Queue the work; what is still under way gives way, and what it had left to do is done by this one."""
    engine.hold(alone=True)
    under_way = list(Relabelling.objects.select_for_update().filter(state__in=MOVING))
    everything = everything or any(job.everything for job in under_way)
    Relabelling.objects.filter(pk__in=[job.pk for job in under_way]).update(
        state=State.REPLACED, ended_at=now()
    )
    job = Relabelling.objects.create(by=by, why=why, everything=everything, n_total=Verbatim.objects.count())
    record(RelabellingStarted(relabelling=job.pk, why=why), by=by)
    queue(job)
    return job


@verb
def cancel(*, job: Relabelling, by: User) -> Relabelling:
    """What was labelled until now stays as it is."""
    current = Relabelling.objects.select_for_update().get(pk=job.pk)
    if current.is_moving:
        current.state, current.ended_at = State.CANCELLED, now()
        current.save(update_fields=["state", "ended_at"])
    return current


@verb
def resume(*, job: Relabelling, by: User) -> Relabelling:
    """Go on behind the last comment that was labelled; the newest run only."""
    current = Relabelling.objects.select_for_update().get(pk=job.pk)
    newest = Relabelling.objects.order_by("-pk").values_list("pk", flat=True).first()
    if current.pk == newest and current.state in (State.CANCELLED, State.FAILED):
        current.state, current.ended_at, current.error = State.QUEUED, None, ""
        current.save(update_fields=["state", "ended_at", "error"])
        queue(current)
    return current


def queue(job: Relabelling) -> bool:
    """Queue the job in this transaction, unless it is waiting already."""
    return queue_once(TASK, once=f"{TASK}:{job.pk}", queue=QUEUE, job_id=job.pk)


def resume_dead() -> list[int]:
    """Queue again what says it runs and whose process is gone."""
    moving = Relabelling.objects.filter(state__in=MOVING)
    return [job.pk for job in moving if not is_held(_LOCK, job.pk) and queue(job)]


def run(job: Relabelling, on_batch: Callable[[Relabelling], object] = lambda _: None) -> Relabelling:
    """Do what is left; whoever else runs the same job returns at once."""
    with held(_LOCK, job.pk) as mine:
        if mine:
            _run(job, on_batch)
    job.refresh_from_db()
    return job


def _run(job: Relabelling, on_batch: Callable[[Relabelling], object]) -> None:
    try:
        if not _begin(job):
            return
        words = engine.in_use()
        for batch, found in _ahead(job, words):
            _commit(job, batch, found, words)
            on_batch(job)
        _finish(job)
    except Overtaken:
        return
    except (OperationalError, InterfaceError):
        raise  # the database went away: the job is taken up again when it is back
    except Exception as error:
        log.exception("relabelling %s stopped", job.pk)
        _moving(job).update(state=State.FAILED, ended_at=now(), error=type(error).__name__)


def _begin(job: Relabelling) -> bool:
    _moving(job).filter(started_at=None).update(started_at=now())
    begun = _moving(job).update(state=State.RUNNING)
    job.refresh_from_db()
    return bool(begun)


def _ahead(job: Relabelling, words: Engine) -> Iterator[tuple[Read, list[Analysis]]]:
    """While one batch is written, the next one is analysed."""
    with ThreadPoolExecutor(1) as thread:
        waiting: tuple[Read, Future[list[Analysis]]] | None = None
        cursor = job.cursor
        while batch := _read(cursor):
            cursor = batch.pks[-1]
            future = thread.submit(words.analyse, batch.texts, evidence=job.everything)
            if waiting:
                yield waiting[0], waiting[1].result()
            waiting = batch, future
        if waiting:
            yield waiting[0], waiting[1].result()


def _read(cursor: int) -> Read | None:
    rows = list(Verbatim.objects.filter(pk__gt=cursor).order_by("pk").values_list("pk", "text")[:BATCH])
    return Read([pk for pk, _ in rows], [text for _, text in rows]) if rows else None


@transaction.atomic
def _commit(job: Relabelling, batch: Read, found: list[Analysis], words: Engine) -> None:
    """The labels of a batch and how far the job has come: both, or neither."""
    engine.hold()
    current = Relabelling.objects.select_for_update().get(pk=job.pk)
    if current.state != State.RUNNING:
        raise Overtaken
    n = _write(batch, found, words, everything=job.everything)
    Relabelling.objects.filter(pk=job.pk).update(
        cursor=batch.pks[-1], n_done=F("n_done") + len(batch.pks), n_changed=F("n_changed") + n
    )
    job.cursor = batch.pks[-1]


def _write(batch: Read, found: list[Analysis], words: Engine, *, everything: bool) -> int:
    # Erased while the job ran, or written anew since it was read: those are labelled by who wrote them.
    there = dict(
        Verbatim.objects.select_for_update().filter(pk__in=batch.pks).order_by("pk").values_list("pk", "text")
    )
    rows = [
        (pk, text, one)
        for pk, text, one in zip(batch.pks, batch.texts, found, strict=True)
        if there.get(pk) == text
    ]
    if everything:
        writing.write([pk for pk, _, _ in rows], [one for _, _, one in rows], words.taxonomy)
        return len(rows)
    known = _known([pk for pk, _, _ in rows])
    new = [(pk, text) for pk, text, one in rows if _differs(known.get(pk), one)]
    if new:
        # Only those that changed are explained: that takes most of the time.
        explained = words.analyse([text for _, text in new])
        writing.write([pk for pk, _ in new], explained, words.taxonomy)
    corrections.carry_out(list(Correction.objects.filter(verbatim__in=batch.pks)), words.taxonomy)
    return len(new)


def _differs(known: tuple[set[str], set[tuple[str, str, int | None]]] | None, one: Analysis) -> bool:
    """Whether the model now says something else, leaving out what a person decided."""
    if known is None:
        return True
    decided, labels = known
    return labels != {each for each in writing.said_by(one) if each[0] not in decided}


def _known(pks: Sequence[int]) -> dict[int, tuple[set[str], set[tuple[str, str, int | None]]]]:
    """Of each comment: the kinds that a person decided, and the labels that the model gave."""
    known: dict[int, tuple[set[str], set[tuple[str, str, int | None]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select verbatim_id, kind, label, polarity, by_id from {Annotation._meta.db_table}"
            " where verbatim_id = any(%s) and kind <> all(%s)",
            [list(pks), list(writing.OTHERS)],
        )
        for pk, kind, label, polarity, by in cursor:
            decided, labels = known.setdefault(pk, (set(), set()))
            if by is None:
                labels.add((kind, label, polarity))
            else:
                decided.add(kind)
    for correction in Correction.objects.filter(verbatim__in=pks):
        known.setdefault(correction.verbatim_id, (set(), set()))[0].update(corrections.covered(correction))
    return known


@transaction.atomic
def _finish(job: Relabelling) -> None:
    if _moving(job).update(state=State.DONE, ended_at=now()):
        job.refresh_from_db()
        record(HistoryRelabelled(relabelling=job.pk, n=job.n_done, changed=job.n_changed), by=job.by)


def _moving(job: Relabelling) -> QuerySet[Relabelling]:
    return Relabelling.objects.filter(pk=job.pk, state__in=MOVING)
