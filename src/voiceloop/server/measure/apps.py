"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class MeasureConfig(AppConfig):
    name = "voiceloop.server.measure"
    label = "measure"
