"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ActConfig(AppConfig):
    name = "voiceloop.server.act"
    label = "act"

    def ready(self) -> None:
        # What goes with an answer, and the channels it goes over, are known wherever one is sent.
        from voiceloop.server.act.cases import about_customers
        from voiceloop.server.act.threads import outgoing  # noqa: F401

        about_customers.tell()
