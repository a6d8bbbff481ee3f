"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.collect import (
    views_imports,
    views_invitations,
    views_programmes,
    views_survey,
    views_surveys,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("s/<str:token>/", views_survey.answer_invitation, name="survey_answer"),
    path("q/<str:slug>/", views_survey.answer_link, name="link_answer"),
    path("u/<str:token>/", views_survey.leave, name="leave"),
    path("privacy/", views_survey.privacy, name="privacy"),
    path("programmes/", views_programmes.programme_list, name="programmes"),
    path("programmes/new/", views_programmes.programme_new, name="programme_new"),
    path("programmes/<int:pk>/", views_programmes.programme, name="programme"),
    path("programmes/<int:pk>/plan/", views_programmes.plan_change, name="plan_change"),
    path("programmes/<int:pk>/touchpoints/", views_programmes.touchpoint_new, name="touchpoint_new"),
    path("links/", views_programmes.link_list, name="links"),
    path("links/new/", views_programmes.link_new, name="link_new"),
    path("links/<int:pk>/", views_programmes.link, name="link"),
    path("links/<int:pk>/qr.svg", views_programmes.link_qr, name="link_qr"),
    path("links/<int:pk>/print/", views_programmes.link_print, name="link_print"),
    path("links/<int:pk>/revocation/", views_programmes.link_revoke, name="link_revoke"),
    path("surveys/", views_surveys.survey_list, name="surveys"),
    path("surveys/new/", views_surveys.survey_new, name="survey_new"),
    path("surveys/<int:pk>/", views_surveys.survey, name="survey"),
    path("surveys/<int:pk>/draft/", views_surveys.survey_edit, name="survey_edit"),
    path("surveys/<int:pk>/publication/", views_surveys.survey_publish, name="survey_publish"),
    path("surveys/<int:pk>/copy/", views_surveys.survey_duplicate, name="survey_duplicate"),
    path("surveys/<int:pk>/export/", views_surveys.survey_export, name="survey_export"),
    path("surveys/<int:pk>/preview/", views_surveys.survey_preview, name="survey_preview"),
    path("invitations/", views_invitations.invitation_list, name="invitations"),
    path("invitations/new/", views_invitations.invitation_new, name="invitation_new"),
    path("invitations/<int:pk>/", views_invitations.invitation, name="invitation"),
    path("invitations/<int:pk>/revocation/", views_invitations.invitation_revoke, name="invitation_revoke"),
    path("invitations/<int:pk>/reminder/", views_invitations.invitation_remind, name="invitation_remind"),
    path("outbox/", views_invitations.outbox, name="outbox"),
    path("outbox/<int:pk>/", views_invitations.message, name="message"),
    path("outbox/<int:pk>/handover/", views_invitations.message_hand_over, name="message_hand_over"),
    path("outbox/<int:pk>/again/", views_invitations.message_again, name="message_again"),
    path("imports/", views_imports.import_list, name="imports"),
    path("imports/new/", views_imports.import_new, name="import_new"),
    path("imports/<int:pk>/", views_imports.import_page, name="import"),
    path("imports/<int:pk>/preview/", views_imports.import_preview, name="import_preview"),
    path("imports/<int:pk>/start/", views_imports.import_start, name="import_start"),
    path("imports/<int:pk>/progress/", views_imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/removal/", views_imports.import_remove, name="import_remove"),
    path("imports/<int:pk>/discard/", views_imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/rejected.csv", views_imports.import_rejected, name="import_rejected"),
]
