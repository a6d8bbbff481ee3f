"""Conversations with a customer over one channel: its posts, and the files that came with them."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.fields import BlindIndexField, EncryptedTextField
from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import Reader, unit_of


def _slug() -> str:
    return secrets.token_urlsafe(9)


class Inlet(Scoped):
    """A way in for customers: a mailbox, a chat page, an official account. New cases belong to its unit."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Web chat")
        WECHAT = "wechat", _("WeChat")

    channel = models.CharField(max_length=16, choices=Channel.choices)
    name = models.CharField(max_length=80)
    # In the address of the chat page or of the callback: short, and nothing that can be counted up.
    slug = models.CharField(max_length=24, unique=True, default=_slug)
    is_open = models.BooleanField(default=True)
    greeting = models.CharField(max_length=300, blank=True)
    app_id = models.CharField(max_length=80, blank=True)
    token = EncryptedTextField(null=True, blank=True)
    secret = EncryptedTextField(null=True, blank=True)
    # How far the mailbox was read: "validity:uid".
    read_to = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["channel", "name"]

    def __str__(self) -> str:
        return self.name


class ThreadQuerySet(ScopedQuerySet):
    """A thread is seen by whom its case is: moving a case moves what was said in it."""

    @staticmethod
    def scope(user: Reader) -> Q:
        unit = unit_of(user)
        return Q(case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])

    def in_order(self) -> Self:
        return self.order_by("created_at", "pk")


class Thread(models.Model):
    """What is said with one customer over one channel about one case."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Web chat")
        WECHAT = "wechat", _("WeChat")
        PHONE = "phone", _("Phone")

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="threads")
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="threads")
    inlet = models.ForeignKey(Inlet, models.SET_NULL, null=True, related_name="threads")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    # Where an answer goes: a mail address, a visitor of the chat, an openid, a number.
    address = EncryptedTextField(index="address_index")
    address_index = BlindIndexField()
    subject = models.CharField(max_length=200, blank=True)
    # Counted there as one conversation of its channel; calls are counted one by one instead.
    conversation = models.OneToOneField(
        "collect.Conversation", models.SET_NULL, null=True, related_name="thread"
    )
    created_at = models.DateTimeField(default=now)
    heard_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # When mail to this address came back; nothing more is sent there until the customer writes again.
    bounced_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.subject or f"{self.get_channel_display()} #{self.pk}"

    @property
    def waits_for_us(self) -> bool:
        return self.heard_at is not None and (self.answered_at is None or self.answered_at < self.heard_at)


class PostQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: Reader) -> Q:
        unit = unit_of(user)
        return Q(thread__case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])

    def in_order(self) -> Self:
        return self.order_by("at", "pk")


class Post(models.Model):
    """One thing that was said: by the customer, by us, or on the phone as we noted it.

    `text` is masked where a customer wrote it; the words as typed stay encrypted, only if they differ.
    """

    class Direction(models.TextChoices):
        IN = "in", _("From the customer")
        OUT = "out", _("From us")
        TALK = "talk", _("Talk")

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts", db_index=False)
    direction = models.CharField(max_length=4, choices=Direction.choices)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    # One effect has one post, however often a mailbox is read or a form is sent.
    key = models.CharField(max_length=120, unique=True)
    text = models.TextField(blank=True)
    as_typed = EncryptedTextField(null=True, blank=True)
    # What a mail repeats of earlier ones, kept but not shown at first.
    quoted = models.TextField(blank=True)
    # The id of the mail or message in its own system, by which an answer finds what it answers.
    external_id = models.CharField(max_length=250, blank=True)
    # Written by nobody: our acknowledgement, their absence note.
    is_automatic = models.BooleanField(default=False)
    # What was refused of it, as [{"name", "fault", …}], said in the reader's language.
    refused = models.JSONField(default=list, blank=True)
    # In the outbox, where the state of its sending is kept.
    message = models.OneToOneField("collect.Message", models.SET_NULL, null=True, related_name="post")
    contact = models.OneToOneField("act.Contact", models.SET_NULL, null=True, related_name="post")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thread", "at"], name="post_of_thread"),
            models.Index(fields=["external_id"], name="post_external", condition=~Q(external_id="")),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AttachmentQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: Reader) -> Q:
        unit = unit_of(user)
        return Q(post__thread__case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])


class Attachment(models.Model):
    """A file that came with a post; its bytes lie in the data folder under their digest."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=160)
    # As its first bytes say, never as its sender does.
    kind = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_index=True)

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/")
