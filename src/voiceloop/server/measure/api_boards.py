"""The endpoints of targets, evaluation, benchmarks, the guard, forecasts and the boards under one router."""

from __future__ import annotations

from ninja import Router

from voiceloop.server.measure.api_benchmarks import router as benchmarks
from voiceloop.server.measure.api_evaluation import router as evaluation
from voiceloop.server.measure.api_forecast import router as forecasts
from voiceloop.server.measure.api_guard import router as guard
from voiceloop.server.measure.api_styles import router as styles
from voiceloop.server.measure.api_targets import router as targets

router = Router()
for part in (targets, evaluation, benchmarks, styles, guard, forecasts):
    router.add_router("", part)
