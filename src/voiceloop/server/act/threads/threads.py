"""Threads: what a customer says is heard, what we say goes out over the channel they chose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.timezone import now

from voiceloop.analytics.text.masking import mask
from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.casework import silence
from voiceloop.server.act.models import Case, Contact, Inlet, Post, Thread
from voiceloop.server.act.threads import acknowledging, counting, files, finding, opening, outgoing
from voiceloop.server.act.threads.events import PostHeard, PostReturned, PostSent, PostWithdrawn, WordsShown
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.collect import messages
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

LONGEST = 20_000


class Refused(Exception):
    """Files that are not taken, each with its reason; nothing was written."""

    def __init__(self, refused: Iterable[dict[str, Any]]) -> None:
        self.refused = list(refused)
        super().__init__("; ".join(files.sentence(one) for one in self.refused))


@verb
def hear(
    case: Case | None,
    *,
    channel: str,
    address: str,
    text: str,
    key: str,
    at: datetime | None = None,
    attachments: Iterable[Upload] = (),
    refused: Iterable[dict[str, Any]] = (),
    subject: str = "",
    name: str = "",
    quoted: str = "",
    external_id: str = "",
    inlet: Inlet | None = None,
    customer: Customer | None = None,
    thread: Thread | None = None,
    is_automatic: bool = False,
) -> Post:
    """A customer's message, heard once however often it is brought.

    It joins the thread it answers while that one's case is open, else an open case of the customer, and
    opens one where nobody is at work for them. A machine's answer is kept and changes nothing.
    """
    key = _short(key)
    finding.hold(channel, address)
    known: Post | None = Post.objects.filter(key=key).select_related("thread__case").first()
    if known:
        return known
    at = at or now()
    found = thread or finding.thread_of(channel, address)
    who = customer or (found.customer if found else finding.customer_of(channel, address, inlet, name))
    if case is None:
        case = _case_for(found, who, text, is_automatic)
    if case is None:
        case = opening.open_for_words(who, channel=channel, text=text, subject=subject, inlet=inlet)
    cases.lock(case)
    ours = _thread_in(
        case, found, channel=channel, address=address, customer=who, subject=subject, inlet=inlet,
        key=key, at=at,
    )  # fmt: skip
    checked = files.check(attachments)
    words = text.strip()[:LONGEST]
    masked = mask(words).text
    post: Post = Post.objects.create(
        thread=ours, direction=Post.Direction.IN, at=at, key=key, text=masked,
        as_typed=words if masked != words else None, quoted=mask(quoted[:LONGEST]).text,
        external_id=external_id[:250], is_automatic=is_automatic, refused=[*refused, *checked.refused],
    )  # fmt: skip
    files.keep(post, checked)
    if not is_automatic:
        _take_in(post, at)
    return post


@verb
def reply(thread: Thread, *, by: User, text: str, attachments: Iterable[Upload] = (), key: str = "") -> Post:
    """An answer over the thread's own channel; it leaves after a moment in which it can be taken back."""
    case = thread.case
    cases.lock(case)
    key = (
        _short(key) if key else f"reply:{hashlib.sha256(f'{thread.pk}:{now()}:{text}'.encode()).hexdigest()}"
    )
    known: Post | None = Post.objects.filter(key=key).select_related("thread__case").first()
    if known:
        return known
    checked = files.check(attachments)
    if refused := [*checked.refused, *outgoing.refuses(thread, checked)]:
        raise Refused(refused)
    contact = _contact(case, by=by, channel=thread.channel)
    post = Post.objects.create(
        thread=thread, direction=Post.Direction.OUT, by=by, at=contact.at, key=key,
        text=text.strip()[:LONGEST], contact=contact,
    )  # fmt: skip
    files.keep(post, checked)
    thread.answered_at = post.at
    thread.save(update_fields=["answered_at"])
    counting.answered(thread, post.at)
    outgoing.send(post)
    clocks.wind(case)
    _record(PostSent, post, by=by)
    return post


@verb
def talk(
    case: Case, *, by: User, result: str, note: str = "", channel: str = "phone", at: datetime | None = None
) -> Case:
    """What was said in a call or at the counter, kept in the conversation beside what was written."""
    contact = _contact(case, by=by, channel=channel, result=result, note=note)
    address = (case.customer.phone if case.customer else None) or f"case:{case.pk}"
    thread = _thread_in(
        case,
        None,
        channel=Thread.Channel.PHONE,
        address=address,
        customer=case.customer,
        key=f"phone:{case.pk}",
        at=contact.at,
    )
    Post.objects.create(
        thread=thread,
        direction=Post.Direction.TALK,
        by=by,
        at=at or contact.at,
        text=note[:LONGEST],
        key=f"contact:{contact.pk}",
        contact=contact,
    )
    return case


@verb
def withdraw(post: Post, *, by: User) -> bool:
    """Take an answer back before it left; whether that was in time. The promise runs on as if unsaid."""
    case = post.thread.case
    cases.lock(case)
    post.refresh_from_db()
    if post.withdrawn_at or post.direction != Post.Direction.OUT or not outgoing.hold(post):
        return False
    post.withdrawn_at = now()
    contact, post.contact = post.contact, None
    post.save(update_fields=["withdrawn_at", "contact"])
    if contact:
        contact.delete()
    _unanswer(case, post.thread)
    _record(PostWithdrawn, post, by=by)
    return True


@verb
def try_again(post: Post, *, by: User) -> Post:
    """A person has a message that failed sent once more."""
    if post.message:
        post.message = messages.try_again(message=post.message, by=by)
    return post


@verb
def returned(post: Post, *, why: str) -> Post:
    """Our mail came back: its thread says so, and nothing more is sent there by itself."""
    thread = post.thread
    if thread.bounced_at is None:
        thread.bounced_at = now()
        thread.save(update_fields=["bounced_at"])
        if post.message:
            post.message.held_back_by, post.message.error = "bounced", why[:500]
            post.message.save(update_fields=["held_back_by", "error"])
        _record(PostReturned, post)
    return post


@verb
def show_words(post: Post, *, by: User) -> str:
    """The words as typed, numbers and all; looking is written down."""
    case = post.thread.case
    record(WordsShown(case=case.pk, customer=case.customer_id, post=post.pk), by=by, unit=case.unit)
    return post.as_typed or post.text


@verb
def thread_to(case: Case, *, channel: str, address: str) -> Thread:
    """The case's thread over this channel, begun now if there is none: we write first."""
    finding.hold(channel, address)
    return _thread_in(
        case, None, channel=channel, address=address, customer=case.customer,
        key=f"ours:{case.pk}:{channel}", at=now(),
    )  # fmt: skip


def _case_for(found: Thread | None, who: Customer | None, text: str, is_automatic: bool) -> Case | None:
    if found and (found.case.is_open or is_automatic or finding.is_only_thanks(text)):
        return found.case
    return finding.open_case_of(who) or silence.broken(found.case if found else None, customer=who)


def _thread_in(
    case: Case,
    found: Thread | None,
    *,
    channel: str,
    address: str,
    customer: Customer | None,
    key: str,
    at: datetime,
    subject: str = "",
    inlet: Inlet | None = None,
) -> Thread:
    if found and found.case_id == case.pk:
        found.case = case
        return found
    mine: Thread | None = (
        Thread.objects.filter(case=case, channel=channel, address=address).order_by("pk").first()
    )
    if mine:
        mine.case = case
        return mine
    return Thread.objects.create(
        case=case, customer=customer, inlet=inlet, channel=channel, address=address,
        subject=subject[:200], created_at=at,
        conversation=counting.begin(case, channel=channel, customer=customer, key=f"thread:{key}", at=at),
    )  # fmt: skip


def _take_in(post: Post, at: datetime) -> None:
    thread, case = post.thread, post.thread.case
    thread.heard_at, thread.bounced_at = at, None
    thread.save(update_fields=["heard_at", "bounced_at"])
    counting.heard(thread, at)
    if case.is_open:
        cases.resume(case)
        clocks.wind(case)
    _record(PostHeard, post)
    acknowledging.acknowledge(post)


def _contact(
    case: Case, *, by: User, channel: str, result: str = Contact.Result.REACHED, note: str = ""
) -> Contact:
    """The verb of the case does what a contact does: claim, first contact, going on, clocks."""
    cases.contact(case, by=by, result=result, channel=channel, note=note)
    made: Contact = case.contacts.latest("pk")
    return made


def _unanswer(case: Case, thread: Thread) -> None:
    answers = thread.posts.filter(direction=Post.Direction.OUT, is_automatic=False, withdrawn_at=None)
    thread.answered_at = answers.order_by("at").values_list("at", flat=True).last()
    thread.save(update_fields=["answered_at"])
    reached = case.contacts.filter(result=Contact.Result.REACHED).order_by("at")
    case.first_contact_at = reached.values_list("at", flat=True).first()
    case.save(update_fields=["first_contact_at"])
    clocks.wind(case)


def _record(
    kind: type[PostHeard | PostSent | PostWithdrawn | PostReturned], post: Post, by: User | None = None
) -> None:
    thread, case = post.thread, post.thread.case
    event = kind(
        case=case.pk, customer=case.customer_id, thread=thread.pk, post=post.pk, channel=thread.channel
    )
    record(event, by=by, unit=case.unit)


def _short(key: str) -> str:
    return key if len(key) <= 120 else hashlib.sha256(key.encode()).hexdigest()
