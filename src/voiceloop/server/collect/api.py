"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["collect"])
