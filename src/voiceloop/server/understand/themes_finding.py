"""Finds the themes of a company and gives every comment its own; killed anywhere, it goes on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localtime, now

from voiceloop.analytics.text.themes.assigning import Assigner
from voiceloop.analytics.text.topics import Topics, topics
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.queueing import queue_once
from voiceloop.server.store.sync import oldest_running
from voiceloop.server.understand.job_models import MOVING, State
from voiceloop.server.understand.locks import held, is_held
from voiceloop.server.understand.themes_events import ThemesFound
from voiceloop.server.understand.themes_models import Theme, ThemeRun

log = logging.getLogger(__name__)
TASK, QUEUE = "understand.find_themes", "text"
BATCH = 5_000
# More would not change the themes, only the time: they are found in a sample, and newer ones count.
MOST = 400_000
# Fewer comments have no themes worth a name: our choice.
FIRST = 100
_LOCK = 0x766C7468  # "vlth"

# A comment's theme carries the feeling of the comment, so that both can be counted together.
_WRITE = """
    with given (verbatim_id, label, probability, evidence) as (
        select * from unnest(%s::bigint[], %s::text[], %s::float8[], %s::jsonb[])),
    old as (
        delete from understand_annotation a using given g
        where a.verbatim_id = g.verbatim_id and a.kind = 'theme' and a.by_id is null and a.label <> g.label
        returning a.id)
    insert into understand_annotation as a
        (verbatim_id, kind, label, polarity, probability, evidence, version, at)
    select g.verbatim_id, 'theme', g.label,
           (select s.polarity from understand_annotation s
             where s.verbatim_id = g.verbatim_id and s.kind = 'sentiment' order by s.id limit 1),
           g.probability, g.evidence, %s, %s
    from given g join collect_verbatim v on v.id = g.verbatim_id
    where g.label <> '' and not exists (
        select from understand_annotation p
        where p.verbatim_id = g.verbatim_id and p.kind = 'theme' and p.by_id is not null)
    on conflict (verbatim_id, kind, label) do update set
        polarity = excluded.polarity, probability = excluded.probability, evidence = excluded.evidence,
        version = excluded.version, at = excluded.at
    where a.by_id is null
      and (a.polarity, a.evidence) is distinct from (excluded.polarity, excluded.evidence)
"""


@verb
def start(unit: Unit, *, by: User | None = None) -> ThemeRun:
    """Queue a run for a company; one that is under way gives way."""
    ThemeRun.objects.filter(unit=unit, state__in=MOVING).update(state=State.REPLACED, ended_at=now())
    run: ThemeRun = ThemeRun.objects.create(unit=unit, by=by)
    queue(run)
    return run


def queue(run: ThemeRun) -> bool:
    """Queue the job in this transaction, unless it is waiting already."""
    return queue_once(TASK, once=f"{TASK}:{run.pk}", queue=QUEUE, run_id=run.pk)


def resume_dead() -> list[int]:
    """Queue again what says it runs and whose process is gone."""
    moving = ThemeRun.objects.filter(state__in=MOVING)
    return [run.pk for run in moving if not is_held(_LOCK, run.pk) and queue(run)]


def find(run: ThemeRun, on_batch: Callable[[ThemeRun], object] = lambda _: None) -> ThemeRun:
    """Do what is left; whoever else does the same returns at once."""
    with held(_LOCK, run.pk) as mine:
        if mine:
            _find(run, on_batch)
    run.refresh_from_db()
    return run


def _find(run: ThemeRun, on_batch: Callable[[ThemeRun], object]) -> None:
    _moving(run).filter(started_at=None).update(started_at=now())
    if not _moving(run).update(state=State.RUNNING):
        return
    try:
        run.refresh_from_db()
        if run.fitted_at is None:
            _fit(run)
        _give_all(run, on_batch)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the job is taken up again when it is back
    except Exception as error:
        log.exception("finding themes %s stopped", run.pk)
        _moving(run).update(state=State.FAILED, ended_at=now(), error=type(error).__name__)


def verbatims(unit: Unit) -> QuerySet[Verbatim]:
    found: QuerySet[Verbatim] = Verbatim.objects.filter(response__unit__path__startswith=unit.path or "")
    return found


def _recent(run: ThemeRun) -> QuerySet[Verbatim]:
    return verbatims(run.unit).filter(response__at__gte=run.created_at - timedelta(days=run.days))


def _fit(run: ThemeRun) -> None:
    high = oldest_running()
    rows = list(_recent(run).order_by("-pk").values_list("text", "response__at")[:MOST])
    known = Theme.objects.filter(unit=run.unit, gone_at=None).order_by("pk")
    found = topics(
        [text for text, _ in reversed(rows)],
        at=[localtime(at).date() for _, at in reversed(rows)],
        known={theme.key: theme.words for theme in known},
    )
    _keep(run, found, high)
    run.refresh_from_db()


@transaction.atomic
def _keep(run: ThemeRun, found: Topics, high: int) -> None:
    """The themes and that they were found: both, or neither."""
    if not _moving(run).select_for_update().exists():
        return
    taken = set(Theme.objects.exclude(unit=run.unit).values_list("key", flat=True))
    known = {theme.key: theme for theme in Theme.objects.filter(unit=run.unit)}
    n_new = 0
    for one in found.themes:
        # Another company may have found the same words first.
        key = f"{one.id}-{run.unit_id}" if one.id in taken else one.id
        theme = known.get(key) or Theme(unit=run.unit, key=key, split_from=known.get(one.split_from))
        n_new += theme.pk is None
        theme.name, theme.phrases, theme.words = one.name[:120], list(one.phrases), one.words
        theme.n, theme.x, theme.y, theme.gone_at = one.n, one.x, one.y, None
        theme.is_new, theme.rises, theme.g2 = one.is_new, one.rises, one.g2
        theme.save()
        known[key] = theme
    for old, new in found.merged.items():
        Theme.objects.filter(unit=run.unit, key=old, merged_into=None).update(merged_into=known[new])
    Theme.objects.filter(unit=run.unit, key__in=found.gone).update(gone_at=now(), is_new=False, rises=False)
    n_total = _recent(run).count()
    _moving(run).update(
        fitted_at=now(), idf=found.idf, coverage=found.coverage, n_total=n_total, n_done=0, cursor=0, xid=high
    )
    record(ThemesFound(run=run.pk, n=len(found.themes), n_new=n_new), by=run.by, unit=run.unit)


def _give_all(run: ThemeRun, on_batch: Callable[[ThemeRun], object]) -> None:
    giver = Giver(run)
    while batch := list(
        _recent(run).filter(pk__gt=run.cursor).order_by("pk").values_list("pk", "text")[:BATCH]
    ):
        with transaction.atomic():
            if not _moving(run).select_for_update().exists():
                return
            giver.give(batch)
            _moving(run).update(cursor=batch[-1][0], n_done=F("n_done") + len(batch))
        run.refresh_from_db()
        on_batch(run)
    _moving(run).update(state=State.DONE, ended_at=now())


class Giver:
    """The themes of a run, ready to be given to comments."""

    def __init__(self, run: ThemeRun) -> None:
        themes = list(Theme.objects.filter(unit=run.unit, gone_at=None).order_by("pk"))
        self.keys = [theme.key for theme in themes]
        self.version = f"themes-{run.pk}"
        self._assigner = Assigner([theme.words for theme in themes], run.idf)

    def give(self, rows: Sequence[tuple[int, str]]) -> None:
        """Write the theme of each (id, text), in the caller's transaction."""
        found = self._assigner.give([text for _, text in rows], evidence=True)
        labels = [self.keys[place] if place >= 0 else "" for place in found.of]
        values: Any = [
            [pk for pk, _ in rows],
            labels,
            [round(float(cosine), 3) for cosine in found.likeness],
            [json.dumps(spans) for spans in found.evidence],
            self.version,
            now(),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, values)


def give_waiting() -> int:
    """Give comments that came since to the themes of the last run of their company."""
    high, n = oldest_running(), 0
    for unit in Unit.objects.filter(parent=None):
        run = ThemeRun.objects.filter(unit=unit, state=State.DONE).order_by("-pk").first()
        if run is not None and run.xid < high:
            n += _give_new(run, high)
    return n


def _give_new(run: ThemeRun, high: int) -> int:
    window = Q(xid__gte=run.xid, xid__lt=high)
    rows = list(verbatims(run.unit).filter(window).order_by("pk").values_list("pk", "text"))
    giver = Giver(run) if rows else None
    for first in range(0, len(rows), BATCH):
        with transaction.atomic():
            if giver:
                giver.give(rows[first : first + BATCH])
    ThemeRun.objects.filter(pk=run.pk).update(xid=high)
    return len(rows)


def start_all() -> list[int]:
    """Every night: a run for every company that has comments."""
    return [start(unit).pk for unit in Unit.objects.filter(parent=None) if verbatims(unit).exists()]


def start_first() -> list[int]:
    """Who has just begun need not wait for the night: as soon as enough is said and labelled."""
    if Verbatim.objects.filter(labelled_by="").exists():
        return []
    without = Unit.objects.filter(parent=None).exclude(pk__in=ThemeRun.objects.values("unit"))
    return [start(unit).pk for unit in without if verbatims(unit)[: FIRST + 1].count() > FIRST]


def _moving(run: ThemeRun) -> QuerySet[ThemeRun]:
    found: QuerySet[ThemeRun] = ThemeRun.objects.filter(pk=run.pk, state__in=MOVING)
    return found
