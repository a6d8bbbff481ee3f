"""Keeps what a customer says in one statement, however often it is posted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.timezone import now

from voiceloop.analytics.text.masking import mask
from voiceloop.server.collect.answers import Given
from voiceloop.server.collect.models import Response, Verbatim

# One statement keeps the response, its answers and its words, and says that the invitation was taken up.
# Of a complete response nothing changes; one closed by silence still takes words, but not another score.
_KEEP = """
with r as (
  insert into collect_response ({columns}) values ({values})
  on conflict (idempotency_key) do update set
    at = case when collect_response.state = 'started' then excluded.at else collect_response.at end,
    state = case when %(closing)s then 'complete' else collect_response.state end,
    completed_at = coalesce(collect_response.completed_at, excluded.completed_at),
    language = case when excluded.language = '' then collect_response.language else excluded.language end,
    wants_contact = case when %(contacted)s then excluded.wants_contact
      else collect_response.wants_contact end,
    contact = case when %(contacted)s then excluded.contact else collect_response.contact end
  where collect_response.state = 'started' or collect_response.attributes ->> 'closed_by' = 'silence'
  returning id, language, wants_contact, attributes ->> 'closed_by' = 'silence' as silenced),
a as (
  insert into collect_answer (response_id, question, scale, score, options)
  select r.id, g.question, g.scale, g.score, g.options::jsonb
  from r, unnest(%(questions)s::text[], %(scales)s::text[], %(scores)s::float8[], %(options)s::text[])
    as g(question, scale, score, options)
  on conflict (response_id, question) do update
    set scale = excluded.scale, score = excluded.score, options = excluded.options
    where (select silenced from r) is not true or excluded.score is null),
v as (
  insert into collect_verbatim (response_id, question, text, as_typed, language, labelled_by)
  select r.id, g.question, g.text, g.as_typed, r.language, ''
  from r, unnest(%(asked)s::text[], %(texts)s::text[], %(typed)s::bytea[]) as g(question, text, as_typed)
  on conflict (response_id, question) do update
    set text = excluded.text, as_typed = excluded.as_typed, labelled_by = ''
    where collect_verbatim.text <> excluded.text
      or collect_verbatim.as_typed is distinct from excluded.as_typed),
gone as (
  delete from collect_answer using r where response_id = r.id and question = any(%(empty)s::text[])),
unsaid as (
  delete from collect_verbatim using r where response_id = r.id and question = any(%(empty)s::text[])),
asked as (
  update collect_invitation set
    started_at = coalesce(started_at, %(at)s),
    answered_at = case when %(closing)s then coalesce(answered_at, %(at)s) else answered_at end
  where id = %(invitation)s and exists (select from r)
    and (started_at is null or (%(closing)s and answered_at is null)))
select id, wants_contact, coalesce(silenced, false) from r
"""


@dataclass(frozen=True)
class Kept:
    """The response that took the answers; `was_silenced` when it had been completed for its author."""

    id: int
    wants_contact: bool
    was_silenced: bool


def keep(blank: Response, given: Given, language: str, *, closing: bool = False) -> Kept | None:
    """Write what was given into the response that has the blank one's key, making it when new.

    None when it was complete already: then nothing changed. The row stays locked until the end of the
    transaction, so of two that close it at once the second one waits and finds it complete.
    """
    blank.language = language or blank.language
    blank.at = now()
    if closing:
        blank.state, blank.completed_at = Response.State.COMPLETE, blank.at
    if given.contact:
        blank.wants_contact, blank.contact = given.contact.wanted, given.contact.to or None
    columns, values = _columns_of(blank)
    sql = _KEEP.replace("{columns}", ", ".join(columns)).replace(
        "{values}", ", ".join(f"%({column})s" for column in columns)
    )
    parameters = {**values, **_answer_rows(given), **_verbatim_rows(given)}
    parameters |= {
        "closing": closing,
        "contacted": given.contact is not None,
        "empty": [id for id, chosen in {**given.options, **given.texts}.items() if not chosen],
        "invitation": blank.invitation_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return Kept(*row) if row else None


def _columns_of(blank: Response) -> tuple[list[str], dict[str, Any]]:
    fields = [f for f in Response._meta.concrete_fields if not f.primary_key and f.editable]
    values = {str(f.column): f.get_db_prep_save(f.pre_save(blank, True), connection) for f in fields}
    return list(values), values


def _answer_rows(given: Given) -> dict[str, list[Any]]:
    chosen = {id: ids for id, ids in given.options.items() if ids}
    n = len(chosen)
    return {
        "questions": [*given.scores, *chosen],
        "scales": [*(scale for scale, _ in given.scores.values()), *[""] * n],
        "scores": [*(score for _, score in given.scores.values()), *[None] * n],
        "options": [*["[]"] * len(given.scores), *map(json.dumps, chosen.values())],
    }


def _verbatim_rows(given: Given) -> dict[str, list[Any]]:
    said = {id: text for id, text in given.texts.items() if text}
    masked = {id: mask(text).text for id, text in said.items()}
    sealed = Verbatim._meta.get_field("as_typed")
    return {
        "asked": list(said),
        "texts": list(masked.values()),
        "typed": [sealed.encrypt(text) if masked[id] != text else None for id, text in said.items()],
    }
