"""What the page of a case shows of its conversation: days of posts and notes, and where an answer can go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Attachment, Case, Contact, Note, Post, Thread
from voiceloop.server.act.threads import files, outgoing
from voiceloop.server.collect import channels
from voiceloop.server.core.models import User

# The newest of a long conversation; the older ones are a click away.
SHOWN = 60
ICONS = {"email": "mail", "chat": "message-2", "wechat": "brand-wechat", "phone": "phone"}


@dataclass
class Item:
    """One bubble: `side` is in, out or aside."""

    id: str
    side: str
    at: datetime
    by: Any
    text: str
    channel: str = ""
    channel_name: str = ""
    icon: str = "note"
    post: Post | None = None
    state: outgoing.State | None = None
    # Of a talk: how it was led and whether they were reached.
    talk: str = ""
    files: list[Attachment] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    day: date
    items: list[Item]


@dataclass(frozen=True)
class Way:
    """Where an answer can go: a thread that exists, or a channel on which we write first."""

    value: str
    label: str
    icon: str
    note: str = ""


def context(case: Case, user: User, *, all_of_it: bool = False) -> dict[str, Any]:
    items = newest(case, 0 if all_of_it else SHOWN + 1)
    has_more = not all_of_it and len(items) > SHOWN
    ways = list(ways_of(case)) if user.may("cases.work") else []
    return {
        "days": days(items[-SHOWN:] if has_more else items),
        "has_more_posts": has_more,
        "ways": ways,
        "reply_key": uuid4().hex,
        "reply_way": ways[0].value if ways else "",
        "reply_most": files.MOST_BYTES,
    }


def newest(case: Case, most: int = 0) -> list[Item]:
    """Posts and notes in order; the newest ones only where `most` is given."""
    posts = Post.objects.filter(thread__case=case).select_related("thread", "by", "message", "contact")
    notes = case.notes.select_related("by")
    posts = posts.prefetch_related("attachments").order_by("-at", "-pk")
    notes = notes.order_by("-at", "-pk")
    found = [*(_of_post(one) for one in (posts[:most] if most else posts))]
    found += [_of_note(one) for one in (notes[:most] if most else notes)]
    found.sort(key=lambda item: item.at)
    return found[-most:] if most else found


def days(items: list[Item]) -> list[Day]:
    grouped = groupby(items, key=lambda item: localtime(item.at).date())
    return [Day(day, list(those)) for day, those in grouped]


def item_of(post: Post) -> Item:
    return _of_post(post)


def ways_of(case: Case) -> Iterator[Way]:
    """The thread in which the customer spoke last comes first."""
    threads = [one for one in case.threads.all() if one.channel != Thread.Channel.PHONE]
    threads.sort(key=lambda one: one.heard_at or one.created_at, reverse=True)
    for thread in threads:
        label = str(thread.get_channel_display())
        note = _("mail came back") if thread.bounced_at else ""
        yield Way(f"thread:{thread.pk}", f"{label} · {hidden(thread)}", ICONS[thread.channel], note)
    mail = channels.channel("email").address_of(case.customer) if case.customer else ""
    if mail and not any(one.channel == Thread.Channel.EMAIL for one in threads):
        yield Way("new:email", f"{_('E-mail')} · {_masked(mail)}", "mail", _("we write first"))


def hidden(thread: Thread) -> str:
    """Enough of an address to know it again."""
    if thread.channel == Thread.Channel.EMAIL:
        return _masked(thread.address)
    if thread.channel == Thread.Channel.CHAT:
        return str(_("visitor %(name)s") % {"name": thread.address[:4]})
    return f"…{thread.address[-4:]}"


def _masked(mail: str) -> str:
    name, at, domain = mail.partition("@")
    return f"{name[:2]}***{at}{domain}"


def _of_post(post: Post) -> Item:
    side = {"in": "in", "out": "out", "talk": "aside"}[post.direction]
    thread = post.thread
    is_talk = post.direction == Post.Direction.TALK
    talk = _how(post.contact) if post.contact else str(post.get_direction_display())
    return Item(
        id=f"post-{post.pk}",
        side=side,
        at=post.at,
        by=post.by or (_("Automatic") if post.direction == Post.Direction.OUT else ""),
        text=post.text,
        talk=talk if is_talk else "",
        channel=thread.channel,
        channel_name=str(thread.get_channel_display()),
        icon=ICONS[thread.channel],
        post=post,
        state=outgoing.state(post) if post.direction == Post.Direction.OUT else None,
        files=list(post.attachments.all()),
        refused=[files.sentence(one) for one in post.refused],
    )


def _how(contact: Contact) -> str:
    from voiceloop.server.act.cases.forms import CHANNELS

    channel = dict(CHANNELS).get(contact.channel, contact.channel)
    return f"{channel} · {contact.get_result_display()}"


def _of_note(note: Note) -> Item:
    by = note.by or _("From the re-survey")
    return Item(id=f"note-{note.pk}", side="aside", at=note.at, by=by, text=note.text)
