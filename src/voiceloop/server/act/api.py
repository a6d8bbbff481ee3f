"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from ninja import Router

from voiceloop.server.act.anticipation.api import router as anticipation
from voiceloop.server.act.cases.api import router as cases
from voiceloop.server.act.cases.clock_api import router as clocks
from voiceloop.server.act.casework.api import router as casework
from voiceloop.server.act.compensation.api import router as compensation
from voiceloop.server.act.crisis.api import router as crisis
from voiceloop.server.act.growth.api import router as growth
from voiceloop.server.act.growth.mouth_api import router as word_of_mouth
from voiceloop.server.act.hours.api import router as hours
from voiceloop.server.act.notices.api import router as notices
from voiceloop.server.act.overflow.api import router as overflow
from voiceloop.server.act.playbooks.api import router as playbooks
from voiceloop.server.act.routing.api import router as routing
from voiceloop.server.act.status.api import router as status
from voiceloop.server.act.threads.api import router as threads
from voiceloop.server.act.visits.api import router as visits

router = Router()
router.add_router("", cases)
router.add_router("", clocks)
router.add_router("", casework)
router.add_router("", crisis)
router.add_router("", anticipation)
router.add_router("", growth)
router.add_router("", word_of_mouth)
router.add_router("", playbooks)
router.add_router("", compensation)
router.add_router("", notices)
router.add_router("", routing)
router.add_router("", threads)
router.add_router("", visits)
router.add_router("", hours)
router.add_router("", status)
router.add_router("", overflow)
