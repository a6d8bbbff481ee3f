"""What corrections teach about reasons: one head for each, in use where it proved better than the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.batch import Bools
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.server.understand import engine
from voiceloop.server.understand.learning import material, versus

# Our choice: fewer corrections say little about some twenty reasons.
FEWEST = 40


def fit_reasons(tell: Any) -> tuple[Any, dict[str, Any]]:
    """Heads learned from what people corrected, and how they compare with what is in use."""
    from voiceloop.analytics.text.heads import fit_heads

    pks, texts, said = material.of_reasons()
    words = engine.in_use()
    if len(texts) < FEWEST:
        raise AnalyticsError(
            f"{len(texts)} comments were corrected; learning reasons needs {FEWEST}.",
            f"已修正 {len(texts)} 条原话；学习原因至少需要 {FEWEST} 条。",
        )
    current = [_current(sides, words.taxonomy) for sides in said]
    made = fit_heads(texts, current, words.taxonomy)
    tell(1, 1 + versus.FOLDS)
    told = versus.verdict(*_judged(texts, current, words, tell))
    figures = {
        "candidates": {
            "words": {"macro_f1": made.rule_macro_f1}, "words+heads": {"macro_f1": made.macro_f1},
        },
        "heads": [
            {"code": head.code, "words": head.rule_f1, "head": head.head_f1, "is_used": head.took_over}
            for head in made.heads.heads
        ],
        "versus": told | {"against": words.heads.version if words.heads else words.taxonomy.version},
    }  # fmt: skip
    used = any(head.took_over for head in made.heads.heads)
    values = {"version": made.heads.version, "n": made.n, "n_corrected": made.n, "last_seen": max(pks)}
    return made.heads, {**values, "chosen": "words+heads" if used else "words", "figures": figures}


def _judged(
    texts: list[str], said: list[dict[str, int]], words: engine.Engine, tell: Any
) -> tuple[Bools, Bools]:
    """Of each comment: are exactly its reasons named, by what is in use, and by heads of other folds?"""
    from voiceloop.analytics.text.heads import fit_heads

    fold = np.random.default_rng(versus.SEED).permutation(len(texts)) % versus.FOLDS
    old, new = np.zeros(len(texts), np.bool_), np.zeros(len(texts), np.bool_)
    for number in range(versus.FOLDS):
        test, train = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        try:
            heads = fit_heads([texts[i] for i in train], [said[i] for i in train], words.taxonomy).heads
        except AnalyticsError:
            heads = None
        for right, using in ((old, words.heads), (new, heads)):
            right[test] = _right([texts[i] for i in test], [said[i] for i in test], words, using)
        tell(2 + number, 1 + versus.FOLDS)
    return old, new


def _right(
    texts: Sequence[str], said: Sequence[Mapping[str, int]], words: engine.Engine, heads: Any
) -> list[bool]:
    found = analyse(texts, evidence=False, model=words.model, taxonomy=words.taxonomy, heads=heads)
    return [
        {one.code for one in analysis.reasons} == set(wanted)
        for analysis, wanted in zip(found, said, strict=True)
    ]


def _current(sides: Mapping[str, int], taxonomy: Taxonomy) -> dict[str, int]:
    """What people said, in the words of the list as it is now."""
    known = {reason.code for reason in (*taxonomy, *taxonomy.retired)}
    named = {taxonomy.current(code): side for code, side in sides.items() if code in known}
    return {code: side for code, side in named.items() if code}
