"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "voiceloop.server.collect"
    label = "collect"
