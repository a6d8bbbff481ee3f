"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ActConfig(AppConfig):
    name = "voiceloop.server.act"
    label = "act"
