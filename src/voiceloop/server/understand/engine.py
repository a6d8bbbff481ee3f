"""What labels comments just now: the company's model, its reasons and what it learned about them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.analyse import Analysis, analyse
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.server.understand.learning import files
from voiceloop.server.understand.models import TextModel
from voiceloop.server.understand.reasons import book

log = logging.getLogger(__name__)

# Held together by those who label, alone by who changes what labels: nobody writes labels of before
# after the change. "vlun" and a number.
_LOCK = 0x766C756E, 1


class Engine(NamedTuple):
    """The parts of one pass over comments. `model` and `heads` are None where what is shipped does it."""

    taxonomy: Taxonomy
    model: Any = None
    heads: Any = None

    def analyse(self, texts: Sequence[str], *, evidence: bool = True) -> list[Analysis]:
        return analyse(texts, evidence=evidence, model=self.model, taxonomy=self.taxonomy, heads=self.heads)


def in_use() -> Engine:
    live = dict(TextModel.objects.filter(state=TextModel.State.LIVE).values_list("kind", "pk"))
    return Engine(book.in_use(), *(_readable(live.get(kind)) for kind in TextModel.Kind.values))


def with_model(model: TextModel) -> Engine:
    """The engine in use, with this model in the place of its kind."""
    loaded = _loaded(model.pk)
    return in_use()._replace(**{"model" if model.kind == TextModel.Kind.SENTIMENT else "heads": loaded})


def hold(*, alone: bool = False) -> None:
    """Until the end of this transaction what labels stays as it is; `alone`, nobody else labels."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(%s, %s)", _LOCK)


def _readable(pk: int | None) -> Any:
    """None where there is no model, or one of a version that this one no longer reads.

    Labelling goes on with what is shipped; the nightly fit makes a model anew.
    """
    try:
        return None if pk is None else _loaded(pk)
    except AnalyticsError as error:
        log.warning("model %s is not used: %s", pk, error)
        return None


@lru_cache(maxsize=8)
def _loaded(pk: int) -> Any:
    model = TextModel.objects.get(pk=pk)
    return files.load(model.kind, model.path)
