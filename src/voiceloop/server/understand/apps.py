"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "voiceloop.server.understand"
    label = "understand"

    def ready(self) -> None:
        from voiceloop.server.measure.labels import NAMERS
        from voiceloop.server.measure.saved_views import SETTLERS
        from voiceloop.server.understand.models import Theme
        from voiceloop.server.understand.voice_asked import settled

        SETTLERS["voice"] = settled
        NAMERS["theme"] = lambda: {theme.key: str(theme) for theme in Theme.objects.all()}
