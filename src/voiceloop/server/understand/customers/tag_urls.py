"""The addresses of tags and tiers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand.customers import tag_views, tier_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("tags/", tag_views.tag_list, name="tags"),
    path("tags/run/", tag_views.tag_rules_run, name="tag_rules_run"),
    path("tags/start/", tag_views.tag_rules_start, name="tag_rules_start"),
    path("tags/rules/new/", tag_views.tag_rule_new, name="tag_rule_new"),
    path("tags/rules/<int:pk>/", tag_views.tag_rule, name="tag_rule"),
    path("tags/rules/<int:pk>/edit/", tag_views.tag_rule_edit, name="tag_rule_edit"),
    path("tags/rules/<int:pk>/try/", tag_views.tag_rule_try, name="tag_rule_try"),
    path("tags/rules/<int:pk>/switch/", tag_views.tag_rule_switch, name="tag_rule_switch"),
    path("customers/tag/", tag_views.customers_tag, name="customers_tag"),
    path("customers/<int:pk>/tag/", tag_views.customer_tag, name="customer_tag"),
    path("customers/tags/<int:pk>/untag/", tag_views.customer_untag, name="customer_untag"),
    path("customers/tags/<int:pk>/restore/", tag_views.customer_tag_restore, name="customer_tag_restore"),
    path("tiers/", tier_views.tier_list, name="tiers"),
    path("tiers/edit/", tier_views.tier_edit, name="tier_edit"),
    path("tiers/dry/", tier_views.tier_dry, name="tier_dry"),
    path("tiers/apply/", tier_views.tier_apply, name="tier_apply"),
    path("tiers/switch/", tier_views.tier_switch, name="tier_switch"),
    path("tiers/undo/", tier_views.tier_undo, name="tier_undo"),
    path("customers/<int:pk>/tier/hold/", tier_views.tier_hold, name="tier_hold"),
    path("customers/<int:pk>/tier/release/", tier_views.tier_release, name="tier_release"),
]
