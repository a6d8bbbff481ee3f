"""The addresses of the list of reasons and of the job behind it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand import views_relabelling as job
from voiceloop.server.understand.reasons import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("voice/reasons/", views.reasons, name="reasons"),
    path("voice/reasons/new/", views.new, name="reason_new"),
    path("voice/reasons/preview/", views.preview, name="reason_preview"),
    path("voice/reasons/undo/", views.undo, name="reasons_undo"),
    path("voice/reasons/history/", views.history, name="reasons_history"),
    path("voice/reasons/back/", views.go_back, name="reasons_back"),
    path("voice/reasons/file.<str:form>", views.download, name="reasons_file"),
    path("voice/reasons/import/", views.upload, name="reasons_import"),
    path("voice/reasons/<slug:code>/edit/", views.reason, name="reason"),
    path("voice/reasons/<slug:code>/merge/", views.merge, name="reason_merge"),
    path("voice/reasons/<slug:code>/archive/", views.archive, name="reason_archive"),
    path("voice/reasons/<slug:code>/restore/", views.restore, name="reason_restore"),
    path("voice/labelling/", job.state, name="relabelling"),
    path("voice/labelling/start/", job.start, name="relabelling_start"),
    path("voice/labelling/cancel/", job.cancel, name="relabelling_cancel"),
    path("voice/labelling/resume/", job.resume, name="relabelling_resume"),
]
