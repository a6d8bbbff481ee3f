"""What a customer said: a response, its answers, and the words in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.fields import EncryptedTextField
from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced


class Response(Scoped, Moment, Synced):
    """One person's feedback at one moment, with what was true at that moment."""

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        COMPLETE = "complete", _("Complete")

    # Reserved before anything is written, so that a repeated import or post finds its first copy.
    idempotency_key = models.CharField(max_length=120)
    invitation = models.OneToOneField(
        "collect.Invitation", models.CASCADE, null=True, related_name="response"
    )
    link = models.ForeignKey(
        "collect.PublicLink", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="responses")
    survey_version = models.ForeignKey(
        "collect.SurveyVersion", models.PROTECT, null=True, related_name="+", db_index=False
    )
    plan = models.ForeignKey("collect.Plan", models.PROTECT, null=True, related_name="+", db_index=False)
    batch = models.ForeignKey("collect.Import", models.CASCADE, null=True, related_name="responses")
    about = models.CharField(max_length=48, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.STARTED)
    at = models.DateTimeField(default=now, db_index=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    weight = models.FloatField(default=1.0)
    wants_contact = models.BooleanField(default=False)
    contact = EncryptedTextField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        # A constraint, not `unique=True`, which would add an index for LIKE that nothing asks for; what few
        # responses have is indexed for those only. Imports pay for every index a million times.
        constraints = [models.UniqueConstraint(fields=["idempotency_key"], name="one_response_a_key")]
        indexes = [
            models.Index(fields=["about"], name="response_about", condition=~Q(about="")),
            models.Index(fields=["link"], name="response_link", condition=Q(link__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"response {self.pk}"


class Answer(Synced):
    """The answer to one question. Scores name their scale; choices are option ids, never labels."""

    # Found through the constraint below, which begins with it.
    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", db_index=False)
    question = models.CharField(max_length=64)
    scale = models.CharField(max_length=32, blank=True)
    score = models.FloatField(null=True, blank=True)
    options = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_a_question"),
            models.CheckConstraint(condition=Q(score=None) | ~Q(scale=""), name="a_score_names_its_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.score}"


class Verbatim(Synced):
    """What was written. `text` is masked; the words as typed stay encrypted, only if they differ."""

    # Found through the constraint below, which begins with it.
    response = models.ForeignKey(Response, models.CASCADE, related_name="verbatims", db_index=False)
    question = models.CharField(max_length=64, default="why")
    text = models.TextField()
    as_typed = EncryptedTextField(null=True, blank=True)
    language = models.CharField(max_length=16, blank=True)
    # The version of the text model that labelled it; "" while it waits.
    labelled_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_verbatim_a_question"),
        ]
        indexes = [models.Index(fields=["id"], name="verbatim_waiting", condition=Q(labelled_by=""))]

    def __str__(self) -> str:
        return self.text[:60]
