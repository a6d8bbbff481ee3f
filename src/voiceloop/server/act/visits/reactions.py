"""What a visit does unasked: the store is reminded of what the customer must not have."""

from __future__ import annotations

from voiceloop.server.act.visits import visits
from voiceloop.server.collect.events import OrderTaken
from voiceloop.server.collect.models import Transaction
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to


@reacts_to(OrderTaken)
def remind_the_store(event: Event) -> None:
    order = Transaction.objects.select_related("unit").filter(pk=event.typed.order).first()
    if order:
        visits.announce(order)
