"""How the last import went."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.collect.models import Import
from voiceloop.server.core.health import Finding, checks


@checks("import", gettext_lazy("Last import"))
def _last_import() -> Finding:
    last = Import.objects.order_by("-created_at").first()
    if last is None:
        return Finding("good", _("No file was imported yet."))
    words = f"{last.name}: {last.get_state_display()}, {naturaltime(last.ended_at or last.created_at)}"
    return Finding("warn" if last.state == Import.State.FAILED else "good", words)
