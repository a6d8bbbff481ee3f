"""The addresses of saved views and their mails."""

from __future__ import annotations

from django.urls import URLPattern, path

from voiceloop.server.measure import views_mails as mails
from voiceloop.server.measure import views_saved as saved

urlpatterns: list[URLPattern] = [
    path("views/", saved.saved_view_list, name="saved_views"),
    path("views/new/", saved.saved_view_new, name="saved_view_new"),
    path("views/<int:pk>/", saved.saved_view, name="saved_view"),
    path("views/<int:pk>/edit/", saved.saved_view_edit, name="saved_view_edit"),
    path("views/<int:pk>/change/", saved.saved_view_change, name="saved_view_change"),
    path("views/<int:pk>/copy/", saved.saved_view_copy, name="saved_view_copy"),
    path("views/<int:pk>/remove/", saved.saved_view_remove, name="saved_view_remove"),
    path("views/<int:pk>/restore/", saved.saved_view_restore, name="saved_view_restore"),
    path("views/<int:pk>/mails/", mails.mails, name="saved_view_mails"),
    path("views/mails/<int:pk>/end/", mails.end, name="mail_end"),
    path("leave/mails/<str:token>/", mails.leave, name="mail_leave"),
    path("views/address/", mails.address, name="mail_address"),
]
