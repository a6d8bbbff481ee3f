"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from ninja import Router

from voiceloop.server.collect.api_ask import router as ask
from voiceloop.server.collect.api_imports import router as imports
from voiceloop.server.collect.api_orders import router as orders

router = Router(tags=["collect"])
router.add_router("", ask)
router.add_router("", imports)
router.add_router("", orders)
