"""Playbooks as data: their versions, who follows one, each step, and what they would have caught."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Role, Scoped, ScopedQuerySet, User
from voiceloop.server.core.models.unit import Reader, unit_of


class DoneStep(models.Model):
    """A step that was done before runs were kept; new ones are rows of `StepRun`."""

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="done_steps")
    step = models.CharField(max_length=32)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    params = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="a_step_is_done_once")]

    def __str__(self) -> str:
        return self.step


class Playbook(models.Model):
    """What is to be done when something happens. What it says stands in its versions."""

    code = models.SlugField(max_length=32, unique=True)
    # Where several fit, the first in this order is followed.
    position = models.PositiveSmallIntegerField(default=100)
    created_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        newest = self.active or self.draft
        return str(newest) if newest else self.code

    @property
    def active(self) -> PlaybookVersion | None:
        return self._in("active")

    @property
    def draft(self) -> PlaybookVersion | None:
        return self._in("draft")

    def _in(self, state: str) -> PlaybookVersion | None:
        """Read from what was prefetched, so that a list of playbooks asks once."""
        return next((one for one in self.versions.all() if one.state == state), None)


class PlaybookVersion(models.Model):
    """One wording of a playbook. Only a draft changes; a case keeps the version it began with."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("In use")
        RETIRED = "retired", _("Replaced")

    class Trigger(models.TextChoices):
        DETRACTOR = "detractor", _("A detractor answers")
        PASSIVE = "passive", _("A passive answers")
        PROMOTER = "promoter", _("A promoter answers")
        AT_RISK = "at_risk", _("A customer may leave")
        BY_HAND = "by_hand", _("A case is opened by hand")
        CRISIS = "crisis", _("A case is put into a crisis room")
        STAGE = "stage", _("A customer moves to another stage of life")

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    motto = models.CharField(max_length=200, blank=True)
    motto_en = models.CharField(max_length=200, blank=True)
    trigger = models.CharField(max_length=12, choices=Trigger.choices)
    # {"all": [rule, …]} or {"any": […]}; a rule is {"fact", "is", "value"} or such a group again.
    conditions = models.JSONField(default=dict, blank=True)
    # [{"key", "action", "params", "mode", "who", "minutes", "wait"}, …] in their order.
    steps = models.JSONField(default=list, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["playbook", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="one_playbook_a_number"),
            models.UniqueConstraint(
                fields=["playbook", "state"],
                condition=Q(state__in=["draft", "active"]),
                name="one_live_version",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def saying(self) -> str:
        return self.motto_en if self.motto_en and get_language() == "en" else self.motto


class PlaybookRun(Scoped):
    """One case or answer for which a playbook is followed, in the version of that day."""

    class State(models.TextChoices):
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    version = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="runs")
    case = models.OneToOneField("act.Case", models.CASCADE, null=True, related_name="playbook_run")
    response = models.OneToOneField(
        "collect.Response", models.CASCADE, null=True, related_name="playbook_run"
    )
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When the next automatic step falls due; null while only people have something to do.
    next_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(response__isnull=False), name="a_run_is_about_something"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="run_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["version", "-id"], name="run_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.case or self.response}"


class StepRunQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: Reader) -> Q:
        """Steps of one's own customers, and those that another branch handed over."""
        unit = unit_of(user)
        if unit is None:
            return Q(pk__in=[])
        return Q(run__unit__path__startswith=unit.path) | Q(unit__path__startswith=unit.path)

    def handed_to(self, user: Reader) -> Self:
        """Steps that another department gave to the reader's."""
        unit = unit_of(user)
        return self.filter(unit__path__startswith=unit.path) if unit else self.none()

    def for_role_of(self, user: User) -> Self:
        """Steps of the reader's branch that are for somebody of their role."""
        if user.unit is None:
            return self.none()
        return self.filter(role=user.role, run__unit__path__startswith=user.unit.path)

    def open(self) -> Self:
        return self.filter(state="open")


class StepRun(models.Model):
    """One step of one run: when it was due, who or what did it, or why not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")
        RETURNED = "returned", _("Given back")

    run = models.ForeignKey(PlaybookRun, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=32)
    action = models.CharField(max_length=32)
    is_automatic = models.BooleanField(default=False)
    params = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # The department it was handed to, the role it is for, and the person who took it.
    unit = models.ForeignKey("core.Unit", models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=16, blank=True)
    owner = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="steps")
    opened_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # An automatic step is tried at this time, and a failed one again.
    next_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    n_tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    note = models.TextField(blank=True)

    objects = StepRunQuerySet.as_manager()

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="one_step_a_position"),
            models.UniqueConstraint(fields=["run", "key"], name="one_step_a_key"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "state", "due_at"], name="step_handed", condition=Q(unit__isnull=False)
            ),
            models.Index(fields=["role", "state"], name="step_of_role", condition=~Q(role="")),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def role_name(self) -> str:
        return Role.name_of(self.role)

    def awaits(self, user: User) -> bool:
        """Whether somebody of the user's role is to answer for it, and nobody does yet."""
        return self.state == self.State.OPEN and self.owner_id is None and self.role == user.role

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.SKIPPED)

    @property
    def is_late(self) -> bool:
        until = self.done_at if self.is_over else now()
        return self.due_at is not None and until is not None and until > self.due_at


class DryRun(models.Model):
    """What a version would have caught in the last days, counted before it is put into use."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Counting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    version = models.ForeignKey(PlaybookVersion, models.CASCADE, related_name="dry_runs")
    days = models.PositiveSmallIntegerField(default=90)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    ended_at = models.DateTimeField(null=True, blank=True)
    n_done = models.PositiveIntegerField(default=0)
    n_total = models.PositiveIntegerField(default=0)
    # What it was counted for: a change of the draft makes the count an old one.
    digest = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["version", "-id"], name="dry_run_newest")]

    def __str__(self) -> str:
        return f"{self.version} {self.days} d"


class RemedyQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: object) -> Q:
        unit = getattr(user, "unit", None)
        return Q(case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])

    def waiting(self) -> Self:
        return self.filter(approved_at=None, declined_at=None)

    def given(self) -> Self:
        """Approved, and not taken back since."""
        return self.filter(approved_at__isnull=False, reverses=None, reversal=None)


class Remedy(models.Model):
    """What we give to make it good. Above an agent's limit it waits for a lead; a storno takes it back."""

    class Kind(models.TextChoices):
        REFUND = "refund", _("Refund")
        VOUCHER = "voucher", _("Voucher")
        REDO = "redo", _("Do it again")
        GIFT = "gift", _("Gift")

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="remedies")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, db_index=True)
    note = models.TextField(blank=True)
    # When it was asked for: {"each", "month", "spent", "by": person or role, "over": each, month or ""}.
    limit = models.JSONField(default=dict, blank=True)
    approved_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    # The line that this one takes back, with the amount below zero: nothing is deleted from the ledger.
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")

    objects: Any = RemedyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ¥{self.amount}"

    @property
    def is_waiting(self) -> bool:
        return self.approved_at is None and self.declined_at is None

    @property
    def is_given(self) -> bool:
        return self.approved_at is not None and self.reverses_id is None and not hasattr(self, "reversal")


class SpendingLimit(models.Model):
    """What somebody may give without asking, at once and in a month; a person's goes before the role's."""

    role = models.CharField(max_length=16, blank=True)
    person = models.OneToOneField(
        "core.User", models.CASCADE, null=True, blank=True, related_name="spending_limit"
    )
    each = models.DecimalField(max_digits=10, decimal_places=2)
    # Null: no budget for the month.
    month = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["role"], condition=~Q(role=""), name="one_limit_a_role"),
            models.CheckConstraint(
                condition=(Q(role="") & Q(person__isnull=False)) | (~Q(role="") & Q(person=None)),
                name="a_limit_is_of_a_role_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"¥{self.each}"
