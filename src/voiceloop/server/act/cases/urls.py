"""The addresses of cases and callbacks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.cases import calls, lists, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", lists.case_list, name="cases"),
    path("cases/export.<str:form>", lists.export_cases, name="cases_export"),
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
    path("remedies/<int:pk>/", views.decide, name="remedy_decide"),
    path("callbacks/", calls.callback_list, name="callbacks"),
    path("callbacks/<int:pk>/", calls.record, name="callback_record"),
    path("responses/<int:pk>/case/", views.open_for_response, name="case_of_response"),
    path("customers/<int:pk>/cases/", views.open_by_hand, name="case_open"),
]
