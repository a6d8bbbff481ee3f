"""The organisation tree, and the rows of it that a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from voiceloop.server.core.models.user import User

Reader: TypeAlias = "User | AnonymousUser"


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: Reader) -> Self:
        """The user's own unit and all below it."""
        unit = unit_of(user)
        return self.filter(path__startswith=unit.path) if unit else self.none()

    def in_tree_order(self) -> Self:
        return self.order_by("path")


class Unit(models.Model):
    """A node of the organisation: the company, a region, a store or a team."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=32, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # TRICKY: the ids from the root down, "1/4/9/": one prefix test answers "is it below mine?".
    path = models.CharField(max_length=255, unique=True, null=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else ''}{self.pk}/"
        if path != self.path:
            old, self.path = self.path, path
            Unit.objects.filter(pk=self.pk).update(path=path)
            if old:
                self._move_children()

    def _move_children(self) -> None:
        for child in self.children.all():
            child.parent = self
            child.save()

    @property
    def depth(self) -> int:
        return (self.path or "").count("/") - 1

    def ancestors_and_self(self) -> models.QuerySet[Unit]:
        ids = [int(part) for part in (self.path or "").split("/") if part]
        return Unit.objects.filter(pk__in=ids).order_by(Length("path"))


def unit_of(user: Reader) -> Unit | None:
    """Where a person belongs; nobody who is not signed in belongs anywhere."""
    return getattr(user, "unit", None)


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a unit; `visible_to` comes first in every query made for a person."""

    def visible_to(self, user: Reader) -> Self:
        return self.filter(self.scope(user))

    @staticmethod
    def scope(user: Reader) -> Q:
        unit = unit_of(user)
        return Q(unit__path__startswith=unit.path) if unit else Q(pk__in=[])


class SharedQuerySet(ScopedQuerySet):
    """Rows that also serve every unit below their own: a company-wide programme is every store's."""

    @staticmethod
    def scope(user: Reader) -> Q:
        unit = unit_of(user)
        if unit is None:
            return Q(pk__in=[])
        above = [int(part) for part in (unit.path or "").split("/") if part]
        return Q(unit__path__startswith=unit.path) | Q(unit__in=above)

    def changeable_by(self, user: Reader) -> Self:
        """What serves a unit from above is used there and changed above."""
        return self.filter(ScopedQuerySet.scope(user))


class Scoped(models.Model):
    unit = models.ForeignKey("core.Unit", models.PROTECT, related_name="+")

    class Meta:
        abstract = True
