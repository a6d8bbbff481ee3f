"""The index of words over everything said and noted about cases, in the order in which it was said."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Said(models.Model):
    """One text of a case with the terms by which it is found; the text itself stays where it is.

    `terms` are hashes: of characters, pairs and words of the text, and, under a key, of the customer's
    name, so that nobody reads a name off this table.
    """

    class Kind(models.IntegerChoices):
        CASE = 1
        POST = 2
        NOTE = 3
        CONTACT = 4
        RESOLUTION = 5

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="+")
    unit = models.ForeignKey("core.Unit", models.PROTECT, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    # The row of that kind that holds the text.
    source = models.BigIntegerField()
    at = models.DateTimeField()
    terms = ArrayField(models.IntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source"], name="a_text_is_said_once")]
        indexes = [
            GinIndex(fields=["terms"], name="said_terms"),
            models.Index(fields=["-at"], name="said_newest"),
            models.Index(fields=["unit", "-at"], name="said_newest_in"),
        ]


class SaidMark(models.Model):
    """How far the rows of a kind were read into the index by the pass that looks for missing ones."""

    kind = models.PositiveSmallIntegerField(unique=True)
    upto = models.BigIntegerField(default=0)
