"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class MeasureConfig(AppConfig):
    name = "voiceloop.server.measure"
    label = "measure"

    def ready(self) -> None:
        # What goes with the mails of this room is known wherever a mail is sent.
        from voiceloop.server.measure import mailing  # noqa: F401
