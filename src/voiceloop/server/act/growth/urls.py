"""The addresses of care and referrals."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.growth import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("growth/", views.growth, name="growth"),
    path("growth/care/<int:pk>/", views.care_record, name="care_record"),
    path("growth/care/<int:pk>/reopening/", views.care_reopen, name="care_reopen"),
    path("growth/care/<int:pk>/offer/", views.care_offer, name="care_offer"),
    path("growth/ambassadors/<int:pk>/", views.ambassador_join, name="ambassador_join"),
    path("growth/ambassadors/<int:pk>/leaving/", views.ambassador_leave, name="ambassador_leave"),
    path("ambassador/<str:token>/", views.ambassador_page, name="ambassador"),
    path("r/<str:code>/", views.share, name="share"),
]
