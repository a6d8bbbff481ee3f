"""How the pages of crises find what they are about, within the rights of who asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from voiceloop.server.act.models import Crisis, CrisisTask, Statement
from voiceloop.server.core.models import User


def user_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # behind LoginRequiredMiddleware


def seen(request: HttpRequest, pk: int) -> Crisis:
    rows = Crisis.objects.visible_to(user_of(request)).select_related("unit", "owner", "review")
    found: Crisis = get_object_or_404(rows, pk=pk)
    return found


def led(request: HttpRequest, pk: int) -> Crisis:
    rows = Crisis.objects.led_by(user_of(request)).select_related("unit", "owner", "review")
    found: Crisis = get_object_or_404(rows, pk=pk)
    return found


def task_seen(request: HttpRequest, pk: int) -> CrisisTask:
    found: CrisisTask = _within(CrisisTask, Crisis.objects.visible_to(user_of(request)), pk)
    return found


def task_led(request: HttpRequest, pk: int) -> CrisisTask:
    found: CrisisTask = _within(CrisisTask, Crisis.objects.led_by(user_of(request)), pk)
    return found


def statement_led(request: HttpRequest, pk: int) -> Statement:
    found: Statement = _within(Statement, Crisis.objects.led_by(user_of(request)), pk)
    return found


def _within(model: Any, crises: Any, pk: int) -> Any:
    return get_object_or_404(model.objects.select_related("crisis__unit"), pk=pk, crisis__in=crises)
