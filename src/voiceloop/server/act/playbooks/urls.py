"""The addresses of playbooks and of steps across departments."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.playbooks import views, views_editing, views_handing

urlpatterns: list[URLPattern | URLResolver] = [
    path("playbooks/", views.playbook_list, name="playbooks"),
    path("playbooks/new/", views_editing.playbook_new, name="playbook_new"),
    path("playbooks/import/", views_editing.playbook_import, name="playbook_import"),
    path("playbooks/<int:pk>/", views.playbook, name="playbook"),
    path("playbooks/<int:pk>/export/", views.playbook_export, name="playbook_export"),
    path("playbooks/<int:pk>/draft/", views_editing.playbook_draft, name="playbook_draft"),
    path("playbooks/<int:pk>/edit/", views_editing.playbook_edit, name="playbook_edit"),
    path("playbooks/<int:pk>/discard/", views_editing.playbook_discard, name="playbook_discard"),
    path("playbooks/<int:pk>/dry-run/", views_editing.playbook_dry_run, name="playbook_dry_run"),
    path("playbooks/<int:pk>/activation/", views_editing.playbook_activate, name="playbook_activate"),
    path("playbooks/<int:pk>/archive/", views_editing.playbook_archive, name="playbook_archive"),
    path("playbooks/<int:pk>/restore/", views_editing.playbook_restore, name="playbook_restore"),
    path("playbooks/<int:pk>/copy/", views_editing.playbook_copy, name="playbook_copy"),
    path("playbooks/<int:pk>/move/", views_editing.playbook_move, name="playbook_move"),
    path("playbooks/runs/<int:pk>/stop/", views.run_stop, name="run_stop"),
    path("steps/<int:pk>/claim/", views.step_claim, name="step_claim"),
    path("steps/<int:pk>/skip/", views.step_skip, name="step_skip"),
    path("steps/<int:pk>/retry/", views.step_retry, name="step_retry"),
    path("steps/<int:pk>/again/", views_handing.step_again, name="step_again"),
    path("handed/", views_handing.handed_list, name="handed_list"),
    path("handed/<int:pk>/", views_handing.handed, name="handed"),
    path("handed/<int:pk>/take/", views_handing.handed_take, name="handed_take"),
    path("handed/<int:pk>/done/", views_handing.handed_finish, name="handed_finish"),
    path("handed/<int:pk>/return/", views_handing.handed_return, name="handed_return"),
    path("cases/<int:pk>/handing/", views_handing.case_hand, name="case_hand"),
]
