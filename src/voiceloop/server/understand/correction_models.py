"""What a person said that a comment means."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now


class Correction(models.Model):
    """The whole answer as it was given; labels follow from it, also after reasons were merged or parted."""

    verbatim = models.OneToOneField("collect.Verbatim", models.CASCADE, related_name="correction")
    # {sentiment, voice, reasons: {code: polarity}, emotion?, severity?}
    labels = models.JSONField(default=dict)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.verbatim_id}"
