"""The addresses of crises."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.crisis import views, views_affected, views_room, views_settings

urlpatterns: list[URLPattern | URLResolver] = [
    path("crises/", views.crisis_list, name="crises"),
    path("crises/new/", views.new, name="crisis_new"),
    path("crises/watch/", views_settings.watch, name="crisis_watch"),
    path("crises/templates/", views_settings.template_list, name="crisis_templates"),
    path("crises/templates/new/<slug:kind>/", views_settings.template_new, name="crisis_template_new"),
    path("crises/templates/<int:pk>/", views_settings.template_edit, name="crisis_template"),
    path(
        "crises/templates/<int:pk>/archive/", views_settings.template_archive, name="crisis_template_archive"
    ),
    path("crises/<int:pk>/", views.crisis, name="crisis"),
    path("crises/<int:pk>/live/", views.live, name="crisis_live"),
    path("crises/<int:pk>/confirmation/", views.confirm, name="crisis_confirm"),
    path("crises/<int:pk>/dismissal/", views.dismiss, name="crisis_dismiss"),
    path("crises/<int:pk>/owner/", views.give, name="crisis_give"),
    path("crises/<int:pk>/level/", views.grade, name="crisis_grade"),
    path("crises/<int:pk>/name/", views.name, name="crisis_name"),
    path("crises/<int:pk>/notes/", views.note, name="crisis_note"),
    path("crises/<int:pk>/review/", views.review, name="crisis_review"),
    path("crises/<int:pk>/reopening/", views.reopen, name="crisis_reopen"),
    path("crises/<int:pk>/statements/", views_room.statement_new, name="crisis_statement_new"),
    path(
        "crises/statements/<int:pk>/approval/", views_room.statement_approve, name="crisis_statement_approve"
    ),
    path(
        "crises/statements/<int:pk>/withdrawal/",
        views_room.statement_withdraw,
        name="crisis_statement_withdraw",
    ),
    path("crises/<int:pk>/tasks/", views_room.task_add, name="crisis_task_add"),
    path("crises/tasks/<int:pk>/", views_room.task_edit, name="crisis_task"),
    path("crises/tasks/<int:pk>/tick/", views_room.task_tick, name="crisis_task_tick"),
    path("crises/tasks/<int:pk>/drop/", views_room.task_drop, name="crisis_task_drop"),
    path("crises/<int:pk>/affected/", views_affected.affected_list, name="crisis_affected"),
    path("crises/<int:pk>/affected.<str:form>", views_affected.export, name="crisis_affected_export"),
    path("crises/<int:pk>/cases/", views_affected.open_cases, name="crisis_open_cases"),
    path("crises/<int:pk>/messages/", views_affected.message, name="crisis_message"),
    path("crises/<int:pk>/links/", views_affected.link, name="crisis_link"),
    path("crises/<int:pk>/unlinking/", views_affected.unlink, name="crisis_unlink"),
]
