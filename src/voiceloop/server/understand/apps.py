"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "voiceloop.server.understand"
    label = "understand"
