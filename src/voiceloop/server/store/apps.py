"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "voiceloop.server.store"
    label = "store"
