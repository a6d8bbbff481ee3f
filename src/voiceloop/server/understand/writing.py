"""Writes the labels of many comments at once: only rows that say something new are touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.timezone import now

from voiceloop.analytics.text.analyse import Analysis
from voiceloop.analytics.text.evidence import Evidence
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.server.core.bulk import copy
from voiceloop.server.understand import corrections
from voiceloop.server.understand.models import Annotation, Correction

COLUMNS = ["verbatim_id", "kind", "label", "polarity", "probability", "evidence", "version", "at"]
# Themes are found among all comments together, by a job of their own.
OTHERS = (Annotation.Kind.THEME.value,)
Row = tuple[Any, ...]

# Rows that stay keep their id: the lake then follows one change instead of a delete and a new row.
FRESH = """
    create temp table fresh (verbatim_id bigint, kind text, label text, polarity smallint,
        probability double precision, evidence jsonb, version text) on commit drop
"""
GONE = """
    delete from understand_annotation a
    where a.verbatim_id = any(%s) and a.by_id is null and a.kind <> all(%s) and not exists (
        select from fresh f where f.verbatim_id = a.verbatim_id and f.kind = a.kind and f.label = a.label)
"""
MERGED = """
    insert into understand_annotation as a
        (verbatim_id, kind, label, polarity, probability, evidence, version, at)
    select verbatim_id, kind, label, polarity, probability, evidence, version, %s from fresh
    on conflict (verbatim_id, kind, label) do update set polarity = excluded.polarity,
        probability = excluded.probability, evidence = excluded.evidence,
        version = excluded.version, at = excluded.at
    where a.by_id is null and (a.polarity, a.probability, a.evidence, a.version)
        is distinct from (excluded.polarity, excluded.probability, excluded.evidence, excluded.version)
"""
MARKED = """
    update collect_verbatim v set labelled_by = %s, language = said.language
    from unnest(%s::bigint[], %s::text[]) as said (id, language)
    where v.id = said.id and (v.labelled_by, v.language) is distinct from (%s, said.language)
"""


def write(pks: Sequence[int], found: Sequence[Analysis], taxonomy: Taxonomy) -> None:
    """Replace the labels of these comments, in the caller's transaction; their rows are locked by it."""
    given = list(Correction.objects.filter(verbatim__in=pks))
    corrections.carry_out(given, taxonomy)
    kept = _kept(pks, given)
    rows = (
        (pk, *row)
        for pk, analysis in zip(pks, found, strict=True)
        for row in rows_of(analysis)
        if (pk, row[0]) not in kept
    )
    if _has_labels(pks):
        _merge(pks, rows)
    else:
        at = now()
        copy(Annotation, COLUMNS, ((*row, at) for row in rows))
    if found:
        _mark(pks, [analysis.language for analysis in found], found[0].version)


def rows_of(analysis: Analysis) -> Iterator[Row]:
    """Kind, label, polarity, probability, evidence and version of everything that was found."""
    for kind, label, polarity, probability, evidence in _found(analysis):
        yield kind, label, polarity, probability, _spans(evidence), analysis.version


def said_by(analysis: Analysis) -> set[tuple[str, str, int | None]]:
    """The labels without what speaks for them: to tell whether another engine says the same."""
    return {(kind, label, polarity) for kind, label, polarity, _, _ in _found(analysis)}


def _found(analysis: Analysis) -> Iterator[Row]:
    feeling = analysis.sentiment
    side = corrections.POLARITY.get(feeling.label)
    yield "language", analysis.language, None, None, ()
    yield "sentiment", feeling.label, side, feeling.probability, feeling.evidence
    yield "voice", analysis.voice.label, side, None, analysis.voice.evidence
    for one in analysis.reasons:
        yield "reason", one.code, one.polarity, one.probability, one.evidence
    if analysis.understood:
        # Also where there is none, so that shares have their whole.
        yield "emotion", analysis.emotion.label, side, None, analysis.emotion.evidence
    for kind, signal in (("urgency", analysis.urgency), ("severity", analysis.severity)):
        if signal.label:
            yield kind, signal.label, side, None, signal.evidence
    if analysis.need:
        yield "need", "wish", side, None, analysis.need


def _kept(pks: Sequence[int], given: Iterable[Correction]) -> set[tuple[int, str]]:
    """The kinds of labels of each comment about which a person had the last word."""
    rows = Annotation.objects.filter(verbatim__in=pks).exclude(by=None)
    named = set(rows.values_list("verbatim_id", "kind"))
    return named | {(one.verbatim_id, kind) for one in given for kind in corrections.covered(one)}


def _has_labels(pks: Sequence[int]) -> bool:
    return Annotation.objects.filter(verbatim__in=pks).exists()


def _merge(pks: Sequence[int], rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FRESH)
        with cursor.copy("copy fresh from stdin") as target:
            for row in rows:
                target.write_row(row)
        cursor.execute(GONE, [list(pks), list(OTHERS)])
        cursor.execute(MERGED, [now()])
        cursor.execute("drop table fresh")


def _mark(pks: Sequence[int], languages: Sequence[str], stamp: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MARKED, [stamp, list(pks), list(languages), stamp])


def _spans(words: Iterable[Evidence]) -> str:
    return json.dumps([[word.start, word.end, round(word.weight, 3)] for word in words])
