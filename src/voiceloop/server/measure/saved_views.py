"""Saved views: questions that somebody keeps under a name. The verbs."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.events_saved import ViewChanged, ViewRemoved, ViewRestored, ViewSaved
from voiceloop.server.measure.models import SavedView

LONGEST = 120
# Pages of later rooms whose questions can be kept: how each is checked and put in order.
SETTLERS: dict[str, Callable[[User, str], str]] = {}


@verb
def save(*, by: User, name: str, query: str, is_shared: bool = False, page: str = "explore") -> SavedView:
    """Keep a question; its metric is kept in the version that is now in force."""
    _check_page(page)
    if by.unit is None:
        raise AnalyticsError("Who belongs nowhere sees no numbers.", "没有所属单位，无法查看指标。")
    view = SavedView.objects.create(
        name=name[:LONGEST],
        owner=by,
        unit=by.unit,
        page=page,
        query=settled(by, query, page),
        is_shared=is_shared,
    )
    record(ViewSaved(saved_view=view.pk, name=view.name), by=by, unit=view.unit)
    return view


@verb
def change(
    view: SavedView, *, by: User, name: str = "", query: str = "", is_shared: bool | None = None
) -> SavedView:
    """A new name, a new question, or other readers; what is not said stays."""
    before = (view.name, view.query, view.is_shared)
    view.name = name[:LONGEST] or view.name
    view.query = settled(by, query, view.page) if query else view.query
    view.is_shared = view.is_shared if is_shared is None else is_shared
    if (view.name, view.query, view.is_shared) != before:
        view.changed_at = now()
        view.save()
        record(ViewChanged(saved_view=view.pk, name=view.name), by=by, unit=view.unit)
    return view


@verb
def duplicate(view: SavedView, *, by: User) -> SavedView:
    """A copy of one's own, also of what somebody else shared."""
    name = _("Copy of %(name)s") % {"name": view.name}
    return save(by=by, name=name, query=view.query, page=view.page)


@verb
def remove(view: SavedView, *, by: User) -> None:
    """Out of the list, and no more mails; it can be brought back."""
    if SavedView.objects.kept().filter(pk=view.pk).update(removed_at=now()):
        record(ViewRemoved(saved_view=view.pk, name=view.name), by=by, unit=view.unit)


@verb
def restore(view: SavedView, *, by: User) -> None:
    if SavedView.objects.filter(pk=view.pk).exclude(removed_at=None).update(removed_at=None):
        record(ViewRestored(saved_view=view.pk, name=view.name), by=by, unit=view.unit)


def visible(user: User) -> QuerySet[SavedView]:
    rows: QuerySet[SavedView] = SavedView.objects.visible_to(user).kept()
    return rows.select_related("owner", "unit").order_by("-changed_at")


def settled(by: User, query: str, page: str = "explore") -> str:
    """The question as one address: checked, in one order, with the version of its metric."""
    if page in SETTLERS:
        return SETTLERS[page](by, query)
    asked = Asked.of(by, QueryDict(query))
    return asked.query(metric=asked.metric.id)


def _check_page(page: str) -> None:
    if page != "explore" and page not in SETTLERS:
        raise AnalyticsError(f"Views of {page!r} are not kept.", f"“{page}”页面不支持保存视图。")


def asked_by(view: SavedView, user: User) -> Asked:
    """The question of a view, within the rights of whoever opens it."""
    return Asked.of(user, QueryDict(view.query))


def is_current(view: SavedView) -> bool:
    """Whether its metric is still defined as it was."""
    if view.page != "explore":
        return True
    name, _at, version = QueryDict(view.query).get("metric", "").partition("@")
    known = registry.metrics().get(name)
    return known is not None and version in ("", str(known.version))
