"""First-contact resolution as customers say it: the share of yes among answers to “was it solved at the
first contact?”."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="fcr_customer",
    label_en="First-contact resolution, customer's view",
    label_zh="首次解决率（客户口径）",
    definition_en=__doc__,
    definition_zh="客户口径的首次解决率：“是否一次就解决了”题中回答“是”的占比。",
    question="fcr",
    scales=("yes_no",),
    hit_classes=("promoter",),
    source="requirement 30; definition 7",
)
