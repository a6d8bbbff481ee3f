"""The addresses of targets, evaluation, benchmarks, the guard and the boards."""

from __future__ import annotations

from django.urls import URLPattern, path

from voiceloop.server.measure import servqual, touchpoints
from voiceloop.server.measure import views_benchmarks as benchmarks
from voiceloop.server.measure import views_evaluation as evaluation
from voiceloop.server.measure import views_forecast as forecasts
from voiceloop.server.measure import views_guard as guard
from voiceloop.server.measure import views_styles as styles
from voiceloop.server.measure import views_targets as targets

urlpatterns: list[URLPattern] = [
    path("forecast/", forecasts.forecast, name="forecast"),
    path("forecast/export.csv", forecasts.forecast_export, name="forecast_export"),
    path("targets/", targets.target_list, name="targets"),
    path("targets/new/", targets.target_new, name="target_new"),
    path("targets/<int:pk>/", targets.target, name="target"),
    path("targets/<int:pk>/edit/", targets.target_edit, name="target_edit"),
    path("targets/<int:pk>/withdraw/", targets.target_withdraw, name="target_withdraw"),
    path("targets/<int:pk>/restore/", targets.target_restore, name="target_restore"),
    path("evaluation/", evaluation.evaluations, name="evaluations"),
    path("evaluation/start/", evaluation.evaluation_start, name="evaluation_start"),
    path("evaluation/servqual/", servqual.page, name="servqual"),
    path("evaluation/<int:pk>/", evaluation.evaluation, name="evaluation"),
    path("evaluation/<int:pk>/edit/", evaluation.evaluation_edit, name="evaluation_edit"),
    path("evaluation/reviews/<int:pk>/", evaluation.indicator_review, name="indicator_review"),
    path("benchmarks/", benchmarks.benchmarks, name="benchmarks"),
    path("benchmarks/export/", benchmarks.benchmarks_export, name="benchmarks_export"),
    path("benchmarks/new/", benchmarks.benchmarks_new, name="benchmarks_new"),
    path("benchmarks/<int:pk>/", benchmarks.benchmark_sheet, name="benchmark_sheet"),
    path("benchmarks/<int:pk>/columns/", benchmarks.benchmark_map, name="benchmark_map"),
    path("benchmarks/<int:pk>/take/", benchmarks.benchmark_take, name="benchmark_take"),
    path("benchmarks/<int:pk>/withdraw/", benchmarks.benchmark_withdraw, name="benchmark_withdraw"),
    path("benchmarks/<int:pk>/restore/", benchmarks.benchmark_restore, name="benchmark_restore"),
    path("benchmarks/groups/", styles.styles, name="group_styles"),
    path("benchmarks/groups/export.<str:form>", styles.styles_export, name="group_styles_export"),
    path("benchmarks/circumstances/", styles.circumstances, name="circumstances"),
    path("guard/", guard.guard, name="guard"),
    path("guard/review/", guard.guard_review, name="guard_review"),
    path("guard/<int:pk>/reopen/", guard.guard_reopen, name="guard_reopen"),
    path("missing/", guard.nonresponse, name="nonresponse"),
    path("touchpoints/", touchpoints.page, name="touchpoint_board"),
]
