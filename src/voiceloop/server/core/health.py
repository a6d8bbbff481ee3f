"""How the installation is: each room registers what it can check of itself in its `health.py`."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import django
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils.module_loading import autodiscover_modules
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from voiceloop import __version__
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import ReactionFailure, User
from voiceloop.server.core.people_events import ReactionRetried

State = Literal["good", "warn", "bad"]
GIGABYTE = 1024**3
# Our choice: a job that nobody took for this long means that no worker is running.
PATIENCE = timedelta(minutes=5)
SECONDS = 2


@dataclass(frozen=True)
class Finding:
    """What a check found; `text` is for those who may know details."""

    state: State
    text: str


@dataclass(frozen=True)
class Check:
    """A vital check decides whether the installation counts as up."""

    code: str
    name: Any
    is_vital: bool
    find: Callable[[], Finding]

    def run(self) -> Finding:
        try:
            return self.find()
        except Exception as error:  # whatever fails is what the page is for
            return Finding("bad", f"{type(error).__name__}: {error}"[:200])


CHECKS: dict[str, Check] = {}


def checks(code: str, name: Any, *, vital: bool = False) -> Callable[[Callable[[], Finding]], Any]:
    def register(find: Callable[[], Finding]) -> Callable[[], Finding]:
        CHECKS[code] = Check(code, name, vital, find)
        return find

    return register


def all_checks() -> list[Check]:
    autodiscover_modules("health")
    return list(CHECKS.values())


def pulse() -> dict[str, Any]:
    """For a load balancer: no words, no numbers, nothing that tells a stranger how it is made."""
    known: dict[str, Any] | None = cache.get("pulse")
    if known is None:
        found = {check.code: check.run().state != "bad" for check in all_checks() if check.is_vital}
        known = {"status": "ok" if all(found.values()) else "failing", "checks": found}
        cache.set("pulse", known, SECONDS)
    return known


def versions() -> list[tuple[str, str]]:
    packages = ("procrastinate", "duckdb", "deltalake", "pyarrow", "granian")
    return [
        *(("Voiceloop", __version__), ("Python", platform.python_version()), ("Django", django.__version__)),
        ("PostgreSQL", _server_version()),
        *((name, _version(name)) for name in packages),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "—"


def _server_version() -> str:
    try:
        number = int(connection.pg_version)  # type: ignore[attr-defined]  # of PostgreSQL's own connection
    except DatabaseError:
        return "—"
    return f"{number // 10000}.{number % 10000}"


@checks("database", gettext_lazy("Database"), vital=True)
def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return Finding("good", _("Answers; %(size)s GB.") % {"size": f"{size / GIGABYTE:.2f}"})


@checks("disk", gettext_lazy("Disk"), vital=True)
def _disk() -> Finding:
    room = shutil.disk_usage(settings.DATA)
    words = _("%(free)s GB of %(total)s GB free.") % {
        "free": f"{room.free / GIGABYTE:.1f}",
        "total": f"{room.total / GIGABYTE:.1f}",
    }
    state: State = "bad" if room.free < GIGABYTE / 10 else "warn" if room.free < GIGABYTE else "good"
    return Finding(state, words)


@checks("reactions", gettext_lazy("Reactions"))
def _reactions() -> Finding:
    n = ReactionFailure.objects.count()
    if not n:
        return Finding("good", _("Every event was handled or is being handled."))
    return Finding(
        "warn",
        ngettext("%(n)s event waits for another try.", "%(n)s events wait for another try.", n) % {"n": n},
    )


@checks("jobs", gettext_lazy("Jobs"))
def _jobs() -> Finding:
    waiting = ProcrastinateJob.objects.filter(status="todo")
    n, failed = waiting.count(), ProcrastinateJob.objects.filter(status="failed").count()
    due = waiting.filter(scheduled_at__lt=now() - PATIENCE).exists()
    words = _("%(n)s waiting, %(failed)s failed.") % {"n": n, "failed": failed}
    return Finding("bad" if due else "warn" if failed else "good", words)


@verb
def retry(failure: ReactionFailure, *, by: User) -> ReactionFailure:
    """Try at once instead of when its time comes."""
    failure.next_at = now()
    failure.save(update_fields=["next_at"])
    record(ReactionRetried(reaction=failure.reaction), by=by, unit=by.unit)
    return failure
