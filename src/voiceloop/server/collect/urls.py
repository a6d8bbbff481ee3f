"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.collect import views_survey

urlpatterns: list[URLPattern | URLResolver] = [
    path("s/<str:token>/", views_survey.answer_invitation, name="survey_answer"),
    path("q/<str:slug>/", views_survey.answer_link, name="link_answer"),
    path("u/<str:token>/", views_survey.leave, name="leave"),
    path("privacy/", views_survey.privacy, name="privacy"),
]
