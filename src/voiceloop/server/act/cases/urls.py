"""The addresses of cases and callbacks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.cases import calls, clock_views, lists, promise_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", lists.case_list, name="cases"),
    path("cases/export.<str:form>", lists.export_cases, name="cases_export"),
    path("cases/promises-kept/", clock_views.promises_kept, name="promises_kept"),
    path(
        "cases/promises-kept/export.<str:form>", clock_views.promises_kept_export, name="promises_kept_export"
    ),
    path("cases/ageing/", clock_views.ageing, name="ageing"),
    path("cases/ageing/export.<str:form>", clock_views.ageing_export, name="ageing_export"),
    path("cases/recovery/", lists.recovery_report, name="recovery"),
    path("cases/assign/", lists.assign_many, name="cases_assign"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/contacts/", views.contact, name="case_contact"),
    path("cases/<int:pk>/notes/", views.note, name="case_note"),
    path("cases/<int:pk>/resolution/", views.resolve, name="case_resolve"),
    path("cases/<int:pk>/reopening/", views.reopen, name="case_reopen"),
    path("cases/<int:pk>/assignment/", views.assign, name="case_assign"),
    path("cases/<int:pk>/claim/", views.claim, name="case_claim"),
    path("cases/<int:pk>/escalation/", views.escalate, name="case_escalate"),
    path("cases/<int:pk>/steps/<slug:code>/", views.step, name="case_step"),
    path("cases/<int:pk>/grade/", views.grade, name="case_grade"),
    path("cases/<int:pk>/pause/", views.pause, name="case_pause"),
    path("cases/<int:pk>/going-on/", views.resume, name="case_resume"),
    path("promises/", promise_views.promise_list, name="promises"),
    path("promises/new/", promise_views.promise_edit, name="promise_new"),
    path("promises/critical/", promise_views.promise_critical, name="promise_critical"),
    path("promises/<int:pk>/", promise_views.promise_edit, name="promise_edit"),
    path("promises/<int:pk>/archive/", promise_views.promise_archive, name="promise_archive"),
    path("promises/<int:pk>/restore/", promise_views.promise_restore, name="promise_restore"),
    path("promises/hours/new/", promise_views.calendar_edit, name="calendar_new"),
    path("promises/hours/<int:pk>/", promise_views.calendar_page, name="calendar"),
    path("promises/hours/<int:pk>/edit/", promise_views.calendar_edit, name="calendar_edit"),
    path("remedies/<int:pk>/", views.decide, name="remedy_decide"),
    path("callbacks/", calls.callback_list, name="callbacks"),
    path("callbacks/<int:pk>/", calls.record, name="callback_record"),
    path("responses/<int:pk>/case/", views.open_for_response, name="case_of_response"),
    path("customers/<int:pk>/cases/", views.open_by_hand, name="case_open"),
]
