"""What others publish about themselves: benchmarks of our metrics, and series beside them."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from voiceloop.server.core.models import Scoped
from voiceloop.server.core.models.unit import SharedQuerySet


class Sheet(Scoped):
    """A file of such figures as it came: its cells stay, so that what was taken from it can be checked."""

    class Kind(models.TextChoices):
        BENCHMARKS = "benchmarks"
        SERIES = "series"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SharedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Circumstances(models.Model):
    """What two figures must share to be compared as they are; "" is not known."""

    industry = models.CharField(max_length=64, blank=True)
    size = models.CharField(max_length=64, blank=True)
    country = models.CharField(max_length=64, blank=True)
    # How people were asked: by telephone, by SMS, on the web.
    mode = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


class OwnCircumstances(Scoped, Circumstances):
    """Ours. A row is never changed; of a unit the newest holds, and it holds for those below."""

    at = models.DateTimeField(default=now)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")

    objects = SharedQuerySet.as_manager()

    def __str__(self) -> str:
        return " · ".join(one for one in (self.industry, self.size, self.country, self.mode) if one)


class OfSheetQuerySet(SharedQuerySet):
    def valid(self) -> OfSheetQuerySet:
        return self.filter(sheet__withdrawn_at=None)


class Benchmark(Scoped, Circumstances):
    """One published figure: whose, of which metric on which scale, when."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="benchmarks")
    metric = models.CharField(max_length=64)
    scale = models.CharField(max_length=32, blank=True)
    value = models.FloatField()
    n = models.PositiveIntegerField(null=True, blank=True)
    as_of = models.DateField()
    source = models.CharField(max_length=300)
    peer = models.CharField(max_length=120, blank=True)
    # Our own code of the segment it is comparable with; "" for all customers.
    segment = models.CharField(max_length=64, blank=True)

    objects = OfSheetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.peer or self.source}: {self.metric} {self.value}"


class SeriesPoint(Scoped):
    """One value of an external series, for instance a market share."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="points")
    series = models.CharField(max_length=120)
    at = models.DateField()
    value = models.FloatField()
    measured_in = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300)

    objects = OfSheetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.series} {self.at}: {self.value}"
