"""The list of reasons as it stands: the newest version, or what is shipped where there is none."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from voiceloop.analytics.text.taxonomy import Reason, Taxonomy, taxonomy
from voiceloop.server.understand.models import TaxonomyVersion

Owners = dict[str, str]


def newest() -> TaxonomyVersion | None:
    return TaxonomyVersion.objects.order_by("-number").first()


def in_use() -> Taxonomy:
    """The reasons that are looked for, those that are retired behind them."""
    found = TaxonomyVersion.objects.order_by("-number").values_list("pk", "digest").first()
    return _of(*found) if found else taxonomy()


def owners() -> Owners:
    """By reason, the code of the unit that answers for it."""
    version = newest()
    return owners_of(version) if version else {}


def reasons_of(version: TaxonomyVersion | None) -> Taxonomy:
    return Taxonomy.from_dict(version.content) if version else taxonomy()


def owners_of(version: TaxonomyVersion | None) -> Owners:
    return dict(version.content.get("owners", {})) if version else {}


def content(reasons: Taxonomy, owners: Owners) -> dict[str, Any]:
    known = {reason.code for reason in (*reasons, *reasons.retired)}
    kept = {code: unit for code, unit in owners.items() if code in known and unit}
    # As the database gives it back, so that two can be compared.
    plain: dict[str, Any] = json.loads(json.dumps({"reasons": reasons.to_dict()["reasons"], "owners": kept}))
    return plain


def called(reason: Reason) -> str:
    """What the reader calls a reason."""
    first, second = reason.label_zh, reason.label_en
    return (second or first) if get_language() == "en" else (first or second)


@lru_cache(maxsize=8)
def _of(pk: int, digest: str) -> Taxonomy:
    return Taxonomy.from_dict(TaxonomyVersion.objects.get(pk=pk).content)
