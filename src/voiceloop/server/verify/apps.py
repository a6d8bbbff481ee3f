"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class VerifyConfig(AppConfig):
    name = "voiceloop.server.verify"
    label = "verify"
