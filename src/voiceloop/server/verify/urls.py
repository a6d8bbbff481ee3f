"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.verify import views, views_causes, views_outer, views_sources

urlpatterns: list[URLPattern | URLResolver] = [
    path("drivers/causes/", views_sources.sources, name="complaint_sources"),
    path("drivers/deeds/", views_sources.deeds, name="deeds"),
    path("causes/", views_causes.causes, name="causes"),
    path("causes/new/", views_causes.add, name="cause_add"),
    path("causes/<int:pk>/", views_causes.cause, name="cause"),
    path("causes/<int:pk>/name/", views_causes.rename, name="cause_rename"),
    path("causes/<int:pk>/archive/", views_causes.archive, name="cause_archive"),
    path("causes/suggested/", views_outer.suggested, name="causes_suggested"),
    path("causes/<int:pk>/initiative/", views_outer.of_cause, name="initiative_of_cause"),
    path("crises/<int:pk>/initiative/", views_outer.of_crisis, name="initiative_of_crisis"),
    path("initiatives/of-cases/", views_outer.of_cases, name="initiative_of_cases"),
    path("initiatives/<int:pk>/training/", views_outer.training_new, name="training_new"),
    path("training/", views_outer.training_list, name="training"),
    path("training/<int:pk>/learned/", views_outer.learn, name="training_learn"),
    path("training/<int:pk>/archive/", views_outer.training_archive, name="training_archive"),
    path("initiatives/", views.board, name="initiatives"),
    path("initiatives/new/", views.new, name="initiative_new"),
    path("initiatives/<int:pk>/", views.initiative, name="initiative"),
    path("initiatives/<int:pk>/plan/", views.edit, name="initiative_edit"),
    path("initiatives/<int:pk>/start/", views.start, name="initiative_start"),
    path("initiatives/<int:pk>/check/", views.check, name="initiative_check"),
    path("initiatives/<int:pk>/standard/", views.standardise, name="initiative_standardise"),
    path("initiatives/<int:pk>/replan/", views.replan, name="initiative_replan"),
    path("initiatives/<int:pk>/stop/", views.stop, name="initiative_stop"),
]
