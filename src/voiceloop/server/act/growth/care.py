"""Care: what would have made this passive a promoter?"""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from voiceloop.server.act.models import CareTask
from voiceloop.server.collect.models import Response
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import User

DUE_IN = timedelta(days=3)


@verb
def open_for_response(response: Response, *, owner: User | None = None) -> CareTask:
    """The one care task of this response."""
    task, _ = CareTask.objects.get_or_create(
        response=response,
        defaults={
            "unit": response.unit,
            "customer": response.customer,
            "owner": owner,
            "due_at": now() + DUE_IN,
        },
    )
    return task
