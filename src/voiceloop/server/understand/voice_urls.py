"""The addresses of the voice page, its heatmap and its digest."""

from __future__ import annotations

from django.urls import URLPattern, path

from voiceloop.server.understand import voice_views
from voiceloop.server.understand.digest import views as digests

urlpatterns: list[URLPattern] = [
    path("voice/", voice_views.voice, name="voice"),
    path("voice/export.<str:kind>", voice_views.export, name="voice_export"),
    path("voice/heat/", voice_views.heat, name="voice_heat"),
    path("digest/", digests.digest, name="digest"),
    path("digest/file.<str:kind>", digests.file, name="digest_file"),
    path("digest/mails/", digests.mails, name="digest_mails"),
    path("digest/mails/<int:pk>/end/", digests.end, name="digest_end"),
    path("digest/owners/", digests.owner, name="digest_owner"),
    path("digest/notes/", digests.note, name="digest_note"),
    path("leave/digest/<str:token>/", digests.leave, name="digest_leave"),
]
