"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from ninja import Router

from voiceloop.server.act.cases.api import router as cases

router = Router()
router.add_router("", cases)
