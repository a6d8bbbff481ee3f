"""Whether the lake keeps step with the database, how large it is and when it was last looked after."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voiceloop.analytics import lake_upkeep, schema
from voiceloop.server.core.health import Finding, checks
from voiceloop.server.store import upkeep
from voiceloop.server.store.models import Erasure, Upkeep
from voiceloop.server.store.sync import lag, lake

# Our choice: more than a minute's work of the sync.
FAR_BEHIND = 1_000_000
MEGABYTE = 1024**2
# A job of the lake runs at least each hour, unless a long write is before it.
OVERDUE = timedelta(hours=3)


@checks("lake", gettext_lazy("Lake"))
def _lake() -> Finding:
    n = lag()
    words = ngettext("%(n)s change is not in the lake yet.", "%(n)s changes are not in the lake yet.", n) % {
        "n": f"{n:,}"
    }
    return Finding("warn" if n > FAR_BEHIND else "good", words)


@checks("lake_size", gettext_lazy("Size of the lake"))
def _size() -> Finding:
    tables = [lake_upkeep.condition(lake(), name) for name in schema.TABLES]
    words = _("%(rows)s rows in %(files)s files, %(size)s MB.") % {
        "rows": f"{sum(table.rows for table in tables):,}",
        "files": f"{sum(table.files for table in tables):,}",
        "size": f"{sum(table.bytes for table in tables) / MEGABYTE:,.1f}",
    }
    versions = " ".join(f"{table.table} v{table.version}" for table in tables if table.version >= 0)
    return Finding("good", f"{words} {versions}".strip())


@checks("lake_upkeep", gettext_lazy("Upkeep of the lake"))
def _upkeep() -> Finding:
    last = dict(Upkeep.objects.values_list("job", "at"))
    if not last:
        return Finding("good", _("Not run yet."))
    words = _("Files merged: looked at %(compaction)s. Dead files removed: %(vacuum)s. Cubes: %(cubes)s.") % {
        job: f"{localtime(last[job]):%Y-%m-%d %H:%M}" if job in last else "—" for job in upkeep.JOBS
    }
    return Finding("warn" if min(last.values()) < now() - OVERDUE else "good", words)


@checks("erasures", gettext_lazy("Erasures"))
def _erasures() -> Finding:
    undead = list(Erasure.objects.undead().order_by("at"))
    if not undead:
        return Finding("good", _("Every erased customer is gone from the disk."))
    dues = [receipt.bytes_due_at for receipt in undead if receipt.bytes_due_at]
    words = ngettext(
        "%(n)s erased customer is still in dead files.",
        "%(n)s erased customers are still in dead files.",
        len(undead),
    ) % {"n": len(undead)}
    if not dues:
        return Finding("warn" if undead[0].at < now() - OVERDUE else "good", words)
    due = _("The first are gone after %(at)s.") % {"at": f"{localtime(min(dues)):%Y-%m-%d %H:%M}"}
    return Finding("warn" if min(dues) < now() - OVERDUE else "good", f"{words} {due}")
