"""The addresses of anticipation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.anticipation import views, views_rules

urlpatterns: list[URLPattern | URLResolver] = [
    path("anticipation/", views.anticipation, name="anticipation"),
    path("anticipation/acceptance/", views.anticipation_accept, name="anticipation_accept"),
    path("anticipation/<int:pk>/dismissal/", views.anticipation_dismiss, name="anticipation_dismiss"),
    path("anticipation/<int:pk>/restoring/", views.anticipation_restore, name="anticipation_restore"),
    path("anticipation/list.<str:form>", views.anticipation_export, name="anticipation_export"),
    path("anticipation/results/", views.anticipation_results, name="anticipation_results"),
    path("anticipation/rules/", views_rules.rule_list, name="anticipation_rules"),
    path("anticipation/rules/start/", views_rules.rules_start, name="anticipation_rules_start"),
    path("anticipation/rules/new/<slug:kind>/", views_rules.rule_new, name="anticipation_rule_new"),
    path("anticipation/rules/<int:pk>/", views_rules.rule, name="anticipation_rule"),
    path("anticipation/rules/<int:pk>/edit/", views_rules.rule_edit, name="anticipation_rule_edit"),
    path("anticipation/rules/<int:pk>/trial/", views_rules.rule_try, name="anticipation_rule_try"),
    path("anticipation/rules/<int:pk>/switch/", views_rules.rule_switch, name="anticipation_rule_switch"),
]
