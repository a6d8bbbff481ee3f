"""The addresses of care and referrals."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from voiceloop.server.act.growth import mouth_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("growth/", views.growth, name="growth"),
    path("growth/care/<int:pk>/", views.care_record, name="care_record"),
    path("growth/care/<int:pk>/reopening/", views.care_reopen, name="care_reopen"),
    path("growth/care/<int:pk>/offer/", views.care_offer, name="care_offer"),
    path("growth/ambassadors/<int:pk>/", views.ambassador_join, name="ambassador_join"),
    path("growth/ambassadors/<int:pk>/leaving/", views.ambassador_leave, name="ambassador_leave"),
    path("growth/mouth/", mouth_views.word_of_mouth, name="word_of_mouth"),
    path("growth/mouth/new/", mouth_views.word_hear, name="word_hear"),
    path("growth/mouth/<int:pk>/taking-back/", mouth_views.word_take_back, name="word_take_back"),
    path("growth/mouth/<int:pk>/restoring/", mouth_views.word_restore, name="word_restore"),
    re_path(r"^growth/mouth/export\.(?P<form>csv|xlsx)$", mouth_views.word_export, name="word_export"),
    path("ambassador/<str:token>/", views.ambassador_page, name="ambassador"),
    path("r/<str:code>/", views.share, name="share"),
]
