"""主题: what customers talk about, found without labels; people name, merge and archive."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.models.unit import unit_of
from voiceloop.server.core.rights import requires
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.understand import themes, themes_finding, themes_page
from voiceloop.server.understand.themes_models import Theme, ThemeRun

PAGE = 20


@requires("voice.see")
def themes_map(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    part = Slice.of(user, request.GET)
    found = themes_page.lines(user, part)
    n, covered = themes_page.coverage(user, part, found)
    context = {"part": part, "words": in_words(part), "choices": choices(user, part)}
    context |= {"lines": found, "n": n, "coverage": covered, "query": part.query()}
    context |= {"option": themes_page.bubbles(found, part.query()), "finding": themes_page.finding(found)}
    context |= {"news": [line for line in found if line.theme.is_new or line.theme.rises]}
    context |= {"run": _run(user), "put_away": _put_away(user), "may_change": _may_change(user)}
    return render(request, "understand/themes.html", context)


@requires("voice.see")
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    one = get_object_or_404(Theme.objects.visible_to(user), pk=pk)
    part = Slice.of(user, request.GET)
    rows = themes_page.comments(user, part, one)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = themes_page.lines(user, part)
    homes = themes.homes(Theme.objects.visible_to(user))
    keys = [key for key, home in homes.items() if home.pk == one.pk] or [one.key]
    context = {"theme": one, "part": part, "words": in_words(part), "choices": choices(user, part)}
    context |= {"page": page, "comments": themes_page.quotes(page, keys), "query": part.query()}
    context |= {"line": next((line for line in lines if line.pk == one.pk), None)}
    context |= {"others": [line.theme for line in lines if line.pk != one.pk], "room": "themes"}
    context |= {"may_change": _may_change(user), "merged": one.merged.all()}
    return render(request, "understand/theme.html", context)


@require_POST
@requires("voice.teach")
def theme_rename(request: HttpRequest, pk: int) -> HttpResponse:
    one = _own(request, pk)
    themes.rename(one, by=cast(User, request.user), name=request.POST.get("name", ""))
    messages.success(request, _("Saved."))
    return redirect("theme", pk=pk)


@require_POST
@requires("voice.teach")
def theme_merge(request: HttpRequest, pk: int) -> HttpResponse:
    into = _own(request, request.POST.get("into", ""))
    themes.merge(_own(request, pk), by=cast(User, request.user), into=into)
    messages.success(request, _("Merged. It can be separated again below the table of themes."))
    return redirect("theme", pk=into.pk)


@require_POST
@requires("voice.teach")
def theme_archive(request: HttpRequest, pk: int) -> HttpResponse:
    themes.archive(_own(request, pk), by=cast(User, request.user))
    messages.success(request, _("Archived. It can be brought back below the table of themes."))
    return redirect("themes")


@require_POST
@requires("voice.teach")
def theme_restore(request: HttpRequest, pk: int) -> HttpResponse:
    themes.restore(_own(request, pk), by=cast(User, request.user))
    messages.success(request, _("Brought back."))
    return redirect("theme", pk=pk)


@require_POST
@requires("voice.teach")
def themes_find(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    themes_finding.start(company_of(user), by=user)
    return redirect("themes")


@requires("voice.see")
def themes_run(request: HttpRequest) -> HttpResponse:
    """The progress of the run, as the page swaps it in."""
    context = {"run": _run(cast(User, request.user)), "was_moving": True}
    return render(request, "understand/_themes_run.html", context)


def _own(request: HttpRequest, pk: Any) -> Theme:
    number = int(pk) if str(pk).isdecimal() else 0
    return get_object_or_404(themes.changeable_by(cast(User, request.user)), pk=number)


def company_of(user: User) -> Unit:
    unit = unit_of(user)
    assert unit is not None  # "voice.teach" lets nobody else in
    return unit


def _run(user: User) -> ThemeRun | None:
    found: ThemeRun | None = ThemeRun.objects.visible_to(user).order_by("-pk").first()
    return found


def _put_away(user: User) -> list[Theme]:
    """What was archived or merged, for bringing it back."""
    if not _may_change(user):
        return []
    shown = Theme.objects.visible_to(user).select_related("merged_into")
    return [one for one in shown.order_by("-pk") if one.archived_at or one.merged_into_id]


def _may_change(user: User) -> bool:
    return user.may("voice.teach")
