"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from ninja import Router

from voiceloop.server.understand.api_teaching import router as teaching
from voiceloop.server.understand.customers.lifecycle_api import router as lifecycle
from voiceloop.server.understand.customers.preference_api import router as preferences
from voiceloop.server.understand.customers.tag_api import router as tags
from voiceloop.server.understand.customers.tier_api import router as tiers
from voiceloop.server.understand.digest.api import router as digest
from voiceloop.server.understand.drivers.api import router as drivers
from voiceloop.server.understand.risk.api import router as risk
from voiceloop.server.understand.themes_api import router as themes
from voiceloop.server.understand.voice_api import router as voice

router = Router(tags=["understand"])
router.add_router("", drivers)
router.add_router("", risk)
router.add_router("", themes)
router.add_router("", voice)
router.add_router("", digest)
router.add_router("", teaching)
router.add_router("", preferences)
router.add_router("", tags)
router.add_router("", tiers)
router.add_router("", lifecycle)
