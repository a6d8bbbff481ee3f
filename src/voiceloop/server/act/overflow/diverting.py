"""Pointing a customer to self-service: what is said, to whom it never is, and the row that remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voiceloop.server.act.cases import clocks
from voiceloop.server.act.models import Case, Diversion, GreenCase, OverflowRule, SelfServicePage
from voiceloop.server.act.overflow import queues, rules
from voiceloop.server.act.overflow.events import CustomerDiverted
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

if TYPE_CHECKING:
    from voiceloop.server.act.models import Inlet, Post

Channel = OverflowRule.Channel
# Whom a person must answer, however many wait.
SPARED: dict[str, Any] = {
    "green": gettext_lazy("goes through the green channel"),
    "urgent": gettext_lazy("is urgent"),
    "angry": gettext_lazy("the customer is angry"),
}


def in_words(page: SelfServicePage) -> str:
    """Title and address in the language that is active; a space lets every reader see where a link begins."""
    return f"{page}{':' if translation.get_language() == 'en' else ''} {page.here}"


@dataclass(frozen=True)
class Busy:
    """A queue that is longer than its lead wants."""

    n: int
    wait: queues.Wait | None
    pages: list[SelfServicePage]

    def words(self, *, is_open: bool = True) -> str:
        """In the language that is active."""
        lines = [self.queue()]
        if is_open and self.wait:
            lines.append(self.time())
        links = [in_words(page) for page in self.pages]
        said = " ".join(lines) if translation.get_language() == "en" else "".join(lines)
        return "\n".join([said, _("Perhaps this helps you at once:"), *links])

    def queue(self) -> str:
        return ngettext(
            "Many write to us right now: %(n)s customer waits besides you.",
            "Many write to us right now: %(n)s customers wait besides you.",
            self.n,
        ) % {"n": self.n}

    def time(self) -> str:
        assert self.wait is not None
        said = {"minutes": self.wait.minutes, "n": self.wait.n}
        if self.wait.is_more:
            return _("It can take longer than %(minutes)s minutes until somebody answers.") % said
        return _("Lately 8 of 10 had an answer within %(minutes)s minutes (n = %(n)s).") % said


def busy(unit: Unit, channel: str, *, besides: Any = None) -> Busy | None:
    """If this unit points to self-service now, what it says."""
    rule = rules.rule_for(unit, channel)
    if rule is None or not rule.is_on:
        return None
    n = queues.waiting(rule.unit, channel, besides=besides)
    pages = rules.pages_for(unit)
    return Busy(n, queues.expected(rule.unit, channel), pages) if n > rule.threshold and pages else None


def spared(case: Case) -> str:
    """Why this customer is not sent away, or ""."""
    if GreenCase.objects.filter(case=case).exists():
        return "green"
    if case.priority == Case.Priority.URGENT or case.severity == Case.Severity.CATASTROPHIC:
        return "urgent"
    return "angry" if case.emotion == "angry" else ""


@verb
def addition(heard: Post) -> str:
    """What the acknowledgment says besides, in the language that is active; written down once a message."""
    thread, case = heard.thread, heard.thread.case
    if thread.channel not in (Channel.CHAT, Channel.EMAIL) or spared(case):
        return ""
    found = busy(case.unit, thread.channel, besides=thread)
    if found is None:
        return ""
    is_open = clocks.hours_for(case).is_open(heard.at)
    minutes = found.wait.minutes if found.wait and is_open else None
    _write(case, f"ack:{heard.pk}", found, how="auto", channel=thread.channel, thread=thread, minutes=minutes)
    return found.words(is_open=is_open)


def greeting(inlet: Inlet) -> Busy | None:
    """What the chat page says to who has not written yet."""
    return busy(inlet.unit, Channel.CHAT)


class NotNow(Exception):
    """There is nothing to send, nobody to send it to, or somebody who must not be sent away."""


@verb
def send_link(case: Case, *, by: User) -> Diversion:
    """An agent on the phone sends the pages as a message; a second time sends nothing new."""
    from voiceloop.server.act import letters

    pages = rules.pages_for(case.unit)
    if not pages:
        raise NotNow(_("No self-service page is entered yet."))
    if reason := spared(case):
        raise NotNow(_("Answer this one yourself: %(reason)s.") % {"reason": SPARED[reason]})
    texts = {language: _letter(pages, language) for language in ("zh-hans", "en")}
    about = f"case:{case.pk}"
    message = case.customer and letters.own_words(
        case.customer, unit=case.unit, about=about, text=texts["zh-hans"], text_en=texts["en"]
    )
    if not message:
        raise NotNow(_("No address is known for this customer."))
    found = Busy(queues.waiting(case.unit, Channel.PHONE), None, pages)
    return _write(case, f"message:{message.pk}", found, how="agent", channel="phone", by=by)


def _letter(pages: list[SelfServicePage], language: str) -> str:
    with translation.override(language):
        links = [in_words(page) for page in pages]
        return "\n".join([_("as said on the phone, here you can do it yourself at once:"), *links])


def _write(
    case: Case, key: str, found: Busy, *, how: str, channel: str, by: User | None = None, **more: Any
) -> Diversion:
    pages = [page.pk for page in found.pages]
    values = {"how": how, "channel": channel, "case": case, "unit": case.unit, "n_waiting": found.n}
    made, is_new = Diversion.objects.get_or_create(
        key=key, defaults={**values, "pages": pages, "by": by, **more}
    )
    if is_new:
        event = CustomerDiverted(case=case.pk, customer=case.customer_id, n=found.n)
        record(event, by=by, unit=case.unit)
    return made
