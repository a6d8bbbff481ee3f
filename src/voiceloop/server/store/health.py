"""Whether the lake keeps step with the database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext

from voiceloop.server.core.health import Finding, checks
from voiceloop.server.store.sync import lag

# Our choice: more than a minute's work of the sync.
FAR_BEHIND = 1_000_000


@checks("lake", gettext_lazy("Lake"))
def _lake() -> Finding:
    n = lag()
    words = ngettext("%(n)s change is not in the lake yet.", "%(n)s changes are not in the lake yet.", n) % {
        "n": f"{n:,}"
    }
    return Finding("warn" if n > FAR_BEHIND else "good", words)
