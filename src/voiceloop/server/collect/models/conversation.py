"""One exchange with a customer, whatever it runs over: a call, a chat, a thread of mails, a visit."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced


class Conversation(Scoped, Moment, Synced):
    """What was counted of an exchange. Over which channel it ran is a dimension of its moment.

    Times are those of the telephone system or the mailbox, in seconds; NULL is "not known", never 0. An
    imported call and a thread that is led here are rows of one table; only the imported one has a `batch`.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        CHAT = "chat", _("Chat")
        MAIL = "mail", _("E-mail")
        MESSAGE = "message", _("Message")
        VISIT = "visit", _("Visit")
        SELF_SERVICE = "self_service", _("Self-service")

    # One a conversation of one source: a digest of its id there, else of its content. Whoever brings it in a
    # second time finds the first one by it.
    key = models.CharField(max_length=120)
    external_id = models.CharField(max_length=120, blank=True)
    customer = models.ForeignKey(
        "collect.Customer", models.CASCADE, null=True, blank=True, related_name="conversations"
    )
    batch = models.ForeignKey(
        "collect.Import", models.CASCADE, null=True, blank=True, related_name="conversations"
    )
    kind = models.CharField(max_length=32, default=Kind.CALL)
    topic = models.CharField(max_length=64, blank=True)
    # How it ended, in the words of the definitions: answered, abandoned; others stay as the source has them.
    outcome = models.CharField(max_length=64, blank=True)
    # The ticket that it was about, by its number in the other system.
    ticket = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    wait_seconds = models.FloatField(null=True, blank=True)
    handle_seconds = models.FloatField(null=True, blank=True)
    first_response_seconds = models.FloatField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        # A constraint, not `unique=True`, which would add an index for LIKE that nothing asks for.
        constraints = [models.UniqueConstraint(fields=["key"], name="one_conversation_a_key")]

    def __str__(self) -> str:
        return self.external_id or f"conversation {self.pk}"
