"""Registers the room with Django."""

from __future__ import annotations

from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "voiceloop.server.understand"
    label = "understand"

    def ready(self) -> None:
        from voiceloop.server.measure.labels import NAMERS
        from voiceloop.server.measure.saved_views import SETTLERS
        from voiceloop.server.understand.models import Theme, TierScheme
        from voiceloop.server.understand.voice_asked import settled

        SETTLERS["voice"] = settled
        NAMERS["tier"] = lambda: next((one.names for one in TierScheme.objects.order_by("pk")[:1]), {})
        NAMERS["theme"] = lambda: {theme.key: str(theme) for theme in Theme.objects.all()}
