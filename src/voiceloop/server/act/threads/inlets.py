"""Ways in for customers: the verbs that set one up, and what is known of its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Inlet
from voiceloop.server.act.threads import addresses, mailbox, wechat
from voiceloop.server.act.threads.events import InletSaved
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

# The mailbox is one, and set up by the machine's own settings.
MADE_HERE = (Inlet.Channel.CHAT, Inlet.Channel.WECHAT)


@dataclass(frozen=True)
class Line:
    """One way in as its list shows it."""

    inlet: Inlet
    address: str
    state: str
    kind: str
    is_page: bool = False


@verb
def save(inlet: Inlet, *, by: User) -> Inlet:
    inlet.save()
    record(InletSaved(inlet=inlet.pk, name=inlet.name), by=by, unit=inlet.unit)
    return inlet


@verb
def starter(unit: Unit) -> Inlet:
    """The chat page that a new organisation begins with."""
    made, _is_new = Inlet.objects.get_or_create(
        channel=Inlet.Channel.CHAT, unit=unit, defaults={"name": "在线客服"}
    )
    return made


def line(inlet: Inlet) -> Line:
    state, kind = _state(inlet)
    return Line(inlet, address_of(inlet), state, kind, inlet.channel == Inlet.Channel.CHAT)


def address_of(inlet: Inlet) -> str:
    if inlet.channel == Inlet.Channel.EMAIL:
        return addresses.ours()
    return settings.BASE_URL + reverse(inlet.channel, args=[inlet.slug])


def test(inlet: Inlet) -> tuple[bool, str]:
    """Try it now: whether it works, and what came of it."""
    if inlet.channel == Inlet.Channel.EMAIL:
        return _test_mailbox(inlet)
    if inlet.channel == Inlet.Channel.WECHAT:
        inlet.tried_at, inlet.error = now(), wechat.check(inlet)
        inlet.save(update_fields=["tried_at", "error"])
        if inlet.error:
            return False, inlet.error
        return True, _("WeChat gave us a key: answers can be sent.")
    return True, _("The page is there: open it and write a message.")


def _test_mailbox(inlet: Inlet) -> tuple[bool, str]:
    if not mailbox.is_set_up():
        return False, _("No mailbox is set: VOICELOOP_MAILBOX_URL is empty.")
    n = mailbox.fetch(inlet)
    return not inlet.error, inlet.error or _("The mailbox answers; %(n)s messages were taken.") % {"n": n}


def _state(inlet: Inlet) -> tuple[str, str]:
    if not inlet.is_open:
        return _("Closed"), ""
    if inlet.error:
        return inlet.error, "neg"
    known: dict[Any, Any] = {Inlet.Channel.EMAIL: _mail_state, Inlet.Channel.WECHAT: _wechat_state}
    read = known.get(inlet.channel)
    return read(inlet) if read else (_("Takes messages"), "pos")


def _mail_state(inlet: Inlet) -> tuple[str, str]:
    if not mailbox.is_set_up():
        return _("Not set up"), "warn"
    return (_("Read every minute"), "pos") if inlet.seen_at else (_("Not read yet"), "warn")


def _wechat_state(inlet: Inlet) -> tuple[str, str]:
    if not inlet.token:
        return _("Token missing"), "warn"
    if not (inlet.app_id and inlet.secret):
        return _("Hears, but cannot answer: AppID or AppSecret missing"), "warn"
    return (_("In use"), "pos") if inlet.seen_at else (_("Nothing heard yet"), "warn")
