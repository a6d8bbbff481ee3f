"""A case: someone owes this customer an answer. Its states are rows: assigned, resolved, reopened …"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced

if TYPE_CHECKING:
    from voiceloop.server.act.models.callback import Callback
    from voiceloop.server.core.models import User


OPEN = Q(resolved_at=None)


class CaseQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(resolved_at=None, merged_into=None)

    def awake(self) -> Self:
        """Without those that somebody put off."""
        snoozes = self.model._meta.get_field("snoozes").related_model
        live = snoozes._default_manager.filter(case=models.OuterRef("pk"), ended_at=None)
        return self.exclude(models.Exists(live))

    def resolved(self) -> Self:
        return self.exclude(resolved_at=None)

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def unowned(self) -> Self:
        return self.filter(owner=None)

    def uncontacted(self) -> Self:
        return self.open().filter(first_contact_at=None)

    def overdue(self) -> Self:
        return self.uncontacted().filter(first_contact_due_at__lt=now())

    def most_urgent_first(self) -> Self:
        """By priority; of the same priority broken promises first, then the nearest deadline."""
        return self.order_by("priority", "due_at", "opened_at", "pk")


class Case(Scoped, Moment, Synced):
    class Kind(models.TextChoices):
        RECOVERY = "recovery", _("Recovery")
        REQUEST = "request", _("Request")
        COMPLAINT = "complaint", _("Complaint")

    class Severity(models.TextChoices):
        SLIGHT = "slight", _("Slight")
        SERIOUS = "serious", _("Serious")
        CATASTROPHIC = "catastrophic", _("Catastrophic")

    class Priority(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        HIGH = 2, _("High")
        NORMAL = 3, _("Normal")
        LOW = 4, _("Low")

    class Level(models.IntegerChoices):
        """How far up the case was handed because of its age or a broken promise."""

        NONE = 0, _("Not handed up")
        LEAD = 1, _("With the lead")
        MANAGER = 2, _("With the manager")

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.RECOVERY)
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.SLIGHT)
    playbook = models.CharField(max_length=32, blank=True)
    # One response opens at most one case, whatever dies in between.
    response = models.OneToOneField("collect.Response", models.CASCADE, null=True, related_name="case")
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="cases")
    # The newest assignment's agent; the rows of Assignment hold the history.
    owner = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="cases")
    summary = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=now, db_index=True)
    first_contact_due_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    # What the priority was read from, or who set it by hand and why; `cases.priority` makes a sentence of it.
    priority_reason = models.JSONField(default=dict, blank=True)
    # angry, disappointed, understanding, or "" where the words do not say.
    emotion = models.CharField(max_length=16, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.NONE)
    # The nearest moment at which one of its running clocks is due; kept by `clocks.wind`.
    due_at = models.DateTimeField(null=True, blank=True)
    # When it was resolved, copied from its resolution by a trigger: among a million cases an index over
    # those that are open must not need a second table.
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The same of its outcome: "" until the customer has answered, or will not any more.
    outcome_code = models.CharField(max_length=16, blank=True, default="", editable=False)
    # Where this case is answered now, when it was told twice; the rows of Merge say who joined them.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", editable=False
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "first_contact_due_at"], name="case_of_owner"),
            models.Index(
                fields=["first_contact_due_at"], name="case_uncontacted", condition=Q(first_contact_at=None)
            ),
            models.Index(fields=["priority", "due_at"], name="case_by_urgency", condition=OPEN),
            models.Index(fields=["owner", "priority", "due_at"], name="case_by_urgency_of", condition=OPEN),
            models.Index(fields=["unit", "priority", "due_at"], name="case_by_urgency_in", condition=OPEN),
            models.Index(fields=["opened_at"], name="case_by_age", condition=OPEN),
            # What each person holds is counted at every choice, from the index alone.
            models.Index(
                fields=["owner"],
                include=["priority", "due_at", "first_contact_at"],
                name="case_load",
                condition=OPEN,
            ),
            models.Index(fields=["due_at"], name="case_by_due", condition=OPEN),
            # With what a list asks of a closed case, so that a million of them are read off the index alone.
            models.Index(fields=["resolved_at"], name="case_resolved", include=["id", "unit"]),
            models.Index(fields=["severity", "priority", "emotion", "-opened_at"], name="case_by_grade"),
            models.Index(
                fields=["outcome_code", "-resolved_at"],
                name="case_by_outcome",
                condition=Q(resolved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.merged_into_id is None and not hasattr(self, "resolution")

    @property
    def is_overdue(self) -> bool:
        due = self.first_contact_due_at
        return self.is_open and self.first_contact_at is None and due is not None and due < now()

    @property
    def next_callback(self) -> Callback | None:
        """Read from what was prefetched, so that a list of cases asks once."""
        waiting = [c for c in self.callbacks.all() if c.done_at is None and c.cancelled_at is None]
        return min(waiting, key=lambda c: c.due_at, default=None)

    @property
    def round(self) -> int:
        """Which solution is tried: 1 at first, 2 after a reopening."""
        return self.reopenings.count() + 1

    @property
    def state(self) -> str:
        """open, contacted, resolved, verifying, merged, or how it came out."""
        if self.merged_into_id:
            return "merged"
        if self.is_open:
            return "contacted" if self.first_contact_at else "open"
        if hasattr(self, "outcome"):
            return str(self.outcome.code)
        return "resolved" if self.next_callback else "verifying"


class Assignment(models.Model):
    """Who got the case, from whom, and in one sentence why."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    to = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    reason = models.JSONField(default=dict)


class Contact(Synced):
    """A talk with the customer, or the attempt at one."""

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_REPLY = "no_reply", _("No reply")

    case = models.ForeignKey(Case, models.CASCADE, related_name="contacts")
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    channel = models.CharField(max_length=32, default="phone")
    result = models.CharField(max_length=16, choices=Result.choices)
    note = models.TextField(blank=True)


class Note(models.Model):
    """Written by a person, or by nobody: the customer's own words in a re-survey."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    text = models.TextField()


class Reopening(models.Model):
    """The solution did not hold; what it was stays here."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reopenings")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    resolved_at = models.DateTimeField()
    root_cause = models.ForeignKey("act.RootCause", models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    # Somebody took their own "resolved" back: that is a slip of the hand, not a solution that did not hold.
    is_undo = models.BooleanField(default=False)
