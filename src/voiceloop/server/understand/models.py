"""Labels on what customers wrote, made by a model or corrected by a person."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from voiceloop.server.core.moment import Synced
from voiceloop.server.understand.assistant_models import AssistantCall, AssistantSetting
from voiceloop.server.understand.correction_models import Correction
from voiceloop.server.understand.digest_models import (
    DigestMail,
    DigestNote,
    DigestSubscription,
    SubjectOwner,
)
from voiceloop.server.understand.job_models import Fitting, Relabelling
from voiceloop.server.understand.learning_models import TextModel
from voiceloop.server.understand.risk_models import CustomerRisk, RiskModel, RiskRun
from voiceloop.server.understand.tag_models import (
    CustomerTag,
    TagRule,
    TagRuleRun,
    TierApplication,
    TierChange,
    TierHold,
    TierScheme,
)
from voiceloop.server.understand.taxonomy_models import TaxonomyVersion
from voiceloop.server.understand.themes_models import Theme, ThemeRun

__all__ = [
    "Annotation",
    "AssistantCall",
    "AssistantSetting",
    "Correction",
    "CustomerRisk",
    "CustomerTag",
    "DigestMail",
    "DigestNote",
    "DigestSubscription",
    "Fitting",
    "Relabelling",
    "RiskModel",
    "RiskRun",
    "SubjectOwner",
    "TagRule",
    "TagRuleRun",
    "TaxonomyVersion",
    "TextModel",
    "Theme",
    "ThemeRun",
    "TierApplication",
    "TierChange",
    "TierHold",
    "TierScheme",
]


class Annotation(Synced):
    """One label of one verbatim, with the words that speak for it."""

    class Kind(models.TextChoices):
        SENTIMENT = "sentiment"
        REASON = "reason"
        VOICE = "voice"
        EMOTION = "emotion"
        URGENCY = "urgency"
        SEVERITY = "severity"
        NEED = "need"
        THEME = "theme"
        LANGUAGE = "language"

    # Found through the constraint below, which begins with it.
    verbatim = models.ForeignKey(
        "collect.Verbatim", models.CASCADE, related_name="annotations", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    label = models.CharField(max_length=64)
    polarity = models.SmallIntegerField(null=True)
    probability = models.FloatField(null=True)
    # [[start, end, weight], …] in characters of the masked text.
    evidence = models.JSONField(default=list)
    version = models.CharField(max_length=40)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verbatim", "kind", "label"], name="one_label_a_verbatim"),
        ]
        indexes = [models.Index(fields=["kind", "label"], name="annotation_label")]

    def __str__(self) -> str:
        return f"{self.kind}={self.label}"
