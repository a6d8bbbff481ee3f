"""The company's own list of reasons: every change is a version, and none is ever rewritten."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class TaxonomyVersion(models.Model):
    """The whole list after one change. The newest one counts; without any, the list that is shipped."""

    class What(models.TextChoices):
        ADDED = "added", _("added")
        EDITED = "edited", _("edited")
        MERGED = "merged", _("merged")
        ARCHIVED = "archived", _("archived")
        RESTORED = "restored", _("restored")
        UNDONE = "undone", _("undone")
        IMPORTED = "imported", _("imported")

    number = models.PositiveIntegerField(unique=True)
    # Of what the list says; two versions of one digest label alike.
    digest = models.CharField(max_length=40)
    # [{code, zh, en, keywords, lookalikes, examples, owner, archived, merged_into}, …] in the order of pages.
    content = models.JSONField(default=list)
    what = models.CharField(max_length=12, choices=What.choices)
    # The reason that was changed, and what of it.
    code = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict, blank=True)
    # The version that undoing this one leads back to; none leads to the shipped list.
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.number)
