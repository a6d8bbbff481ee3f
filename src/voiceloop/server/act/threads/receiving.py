"""A mail that arrived becomes a post, or nothing: bounces and machines open no cases and get no answers."""

from __future__ import annotations

import hashlib

from voiceloop.server.act.models import Inlet, Post, Thread
from voiceloop.server.act.threads import addresses, threads
from voiceloop.server.act.threads.mail import Bounce, Mail, parse


def receive(raw: bytes, *, inlet: Inlet | None = None) -> Post | None:
    """Hear a raw mail; None where nobody said anything to us."""
    mail = parse(raw)
    if mail.bounce:
        _returned(mail.bounce)
        return None
    thread = _thread_of(mail)
    if addresses.is_ours(mail.sender) or (mail.is_automatic and thread is None):
        return None
    return threads.hear(
        None,
        channel=Thread.Channel.EMAIL,
        address=thread.address if thread else mail.sender,
        text=mail.text,
        # Of this sender: whoever knows the id of a mail to come cannot keep it from being heard.
        key=f"mail:{mail.sender}:{mail.id or hashlib.sha256(raw).hexdigest()}",
        at=mail.at,
        attachments=mail.files,
        subject=mail.subject,
        name=mail.name,
        quoted=mail.quoted,
        external_id=mail.id,
        inlet=inlet,
        thread=thread,
        is_automatic=mail.is_automatic,
    )


def _thread_of(mail: Mail) -> Thread | None:
    """By the signed address it was sent to; by what it answers only if the same person writes."""
    pk = addresses.thread_in(mail.recipients)
    if pk:
        return _by_key(pk)
    answered = Post.objects.filter(pk__in=addresses.posts_in(mail.references))
    known = answered | Post.objects.filter(external_id__in=[one for one in mail.references.split() if one])
    for post in known.select_related("thread__case").order_by("-pk")[:20]:
        if post.thread.channel == Thread.Channel.EMAIL and post.thread.address.lower() == mail.sender:
            thread: Thread = post.thread
            return thread
    return None


def _by_key(pk: int) -> Thread | None:
    return Thread.objects.filter(pk=pk, channel=Thread.Channel.EMAIL).select_related("case").first()


def _returned(bounce: Bounce) -> None:
    """Anybody can write a report: it must be about the mail that went to that very address."""
    sent = Post.objects.filter(pk__in=addresses.posts_in(bounce.original), direction=Post.Direction.OUT)
    for post in sent.select_related("thread__case", "message"):
        if post.thread.address.lower() == bounce.recipient:
            threads.returned(post, why=bounce.why)
