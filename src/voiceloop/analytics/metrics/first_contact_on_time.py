"""The share of cases with a first-contact deadline that were contacted before it. A case still waiting
within its deadline does not count yet; one past it counts as late."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="first_contact_on_time",
    label_en="First contact on time",
    label_zh="首次联系及时率",
    definition_en=__doc__,
    definition_zh="有首次联系时限的工单中按时联系的占比；时限未到且尚未联系的工单不计入。",
    table="cases",
    where="first_contact_at IS NOT NULL AND first_contact_due_at IS NOT NULL OR first_contact_due_at < :now",
    hit="first_contact_at <= first_contact_due_at",
    source="requirements 32 and 99; definition 9",
)
