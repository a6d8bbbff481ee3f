"""How each table of the lake is read out of the database."""

from __future__ import annotations

from voiceloop.server.core.moment import DIMENSIONS
from voiceloop.server.store.fact import Also, Fact

INVITATION_STATUS = """
    case when f.suppressed_by <> '' then 'suppressed' when f.answered_at is not null then 'answered'
         when f.started_at is not null then 'started' when f.failed_at is not null then 'failed'
         when f.sent_at is not null then 'sent' else 'queued' end as status
"""
OF_A_RESPONSE = "join collect_response r on r.id = f.response_id"
# Each Chinese character counts as a word, as does each run of other letters.
WORDS = """
    (select count(*)::int from collect_verbatim v,
            regexp_matches(v.text, '[\u3400-\u9fff]|[^\\W\u3400-\u9fff]+', 'g') where v.response_id = f.id)
"""

RESPONSES = Fact(
    "responses",
    "collect_response",
    "response_id",
    "f.at",
    (
        "f.invitation_id",
        "f.state",
        "(select count(*)::int from collect_answer a where a.response_id = f.id) as n_answers",
        f"{WORDS} as n_words",
        # Only an invitation keeps the moment of the first answer.
        """case when asked.started_at < f.completed_at
                then extract(epoch from f.completed_at - asked.started_at)::float8 end as seconds""",
    ),
    joins="left join collect_invitation asked on asked.id = f.invitation_id",
    moves=True,
    attributes="nullif(f.attributes, '{}')::text",
    also=(Also("x.response_id", "collect_answer x"), Also("x.response_id", "collect_verbatim x")),
)
ANSWERS = Fact(
    "answers",
    "collect_answer",
    "answer_id",
    "r.at",
    ("f.response_id", "f.question", "f.scale", "f.score", "r.weight"),
    joins=OF_A_RESPONSE,
    # A score may change but is never taken back, so a row that is a fact stays one.
    where="f.score is not null",
    moment="r",
    moves=True,
    customer="r.customer_id",
    attributes="nullif(r.attributes, '{}')::text",
    spread_by=("f.response_id", "r.id"),
    also=(
        Also("k.id", "collect_answer k join collect_response x on x.id = k.response_id", belongs_to_it=True),
    ),
)
ANNOTATIONS = Fact(
    "annotations",
    "understand_annotation",
    "annotation_id",
    "r.at",
    ("f.verbatim_id", "v.response_id", "f.kind", "f.label", "f.polarity", "f.probability", "f.version"),
    joins="""join collect_verbatim v on v.id = f.verbatim_id
             join collect_response r on r.id = v.response_id""",
    moment="r",
    moves=True,
    customer="r.customer_id",
    also=(
        Also(
            "k.id",
            """understand_annotation k join collect_verbatim said on said.id = k.verbatim_id
               join collect_response x on x.id = said.response_id""",
            belongs_to_it=True,
        ),
    ),
)
INVITATIONS = Fact(
    "invitations",
    "collect_invitation",
    "invitation_id",
    "f.created_at",
    (
        INVITATION_STATUS,
        "nullif(f.suppressed_by, '') as reason",
        "f.sent_at",
        "f.started_at",
        "f.answered_at",
    ),
)
CASES = Fact(
    "cases",
    "act_case",
    "case_id",
    "f.opened_at",
    (
        "f.kind",
        "f.severity",
        "(array['urgent', 'high', 'normal', 'low'])[f.priority] as priority",
        "cause.code as root_cause",
        "f.opened_at",
        "f.first_contact_due_at",
        "f.first_contact_at",
        # By when it is to be solved; where the clock broke, when that was.
        "(select due_at from act_clock k where k.case_id = f.id and k.kind = 'solution') as due_at",
        "resolution.at as resolved_at",
        "outcome.at as closed_at",
        # The promise is the first contact. While nobody was reached and the case is open, it is not known.
        """case when f.first_contact_due_at is null then null
                when f.first_contact_at is not null then (f.first_contact_at <= f.first_contact_due_at)::int
                when resolution.at is not null then 0 end as sla_met""",
        "(select count(*)::int from act_contact made where made.case_id = f.id) as n_contacts",
        """(select greatest(count(*) - 1, 0)::int from act_assignment given
             where given.case_id = f.id and given.to_id is not null) as n_reassigned""",
        """(select count(*)::int from act_reopening again
             where again.case_id = f.id and not again.is_undo) as n_reopened""",
        "outcome.code as outcome",
    ),
    joins="""left join act_resolution resolution on resolution.case_id = f.id
             left join act_rootcause cause on cause.id = resolution.root_cause_id
             left join act_outcome outcome on outcome.case_id = f.id
             left join core_user owner on owner.id = f.owner_id""",
    # What was told twice counts once; a merge buries the fact of the one that went.
    where="f.merged_into_id is null",
    # Who answers for the case; whom the customer spoke with before is a fact of the response.
    instead={"agent": "owner.code"},
)

# What a case is about: its cause once it is resolved, until then what the customer's words complain of.
TOPIC = """
    coalesce(cause.code, (select a.label from understand_annotation a
        join collect_verbatim v on v.id = a.verbatim_id
        where v.response_id = c.response_id and a.kind = 'reason'
        order by a.polarity nulls last, a.probability desc nulls last, a.id limit 1)) as topic
"""
OF_A_CASE = """
    join act_case c on c.id = f.case_id left join core_user caller on caller.id = f.by_id
    left join act_resolution resolution on resolution.case_id = c.id
    left join act_rootcause cause on cause.id = resolution.root_cause_id
"""
UNKNOWN = ("null::float8 as wait_seconds", "null::float8 as handle_seconds", "null::float8 as cost")
CONTACTS = Fact(
    "conversations",
    "act_contact",
    "conversation_id",
    "f.at",
    (
        "f.channel as kind",
        TOPIC,
        "f.result as outcome",
        "f.case_id",
        """case when f.at = c.first_contact_at
                then extract(epoch from f.at - c.opened_at)::float8 end as first_response_seconds""",
        "null::int as solved",
        *UNKNOWN,
    ),
    joins=OF_A_CASE,
    # An answer in a thread is a part of that one conversation, which is a row of its own.
    where="""not exists (select 1 from act_post said join act_thread thread on thread.id = said.thread_id
             where said.contact_id = f.id and thread.conversation_id is not null)""",
    moment="c",
    customer="c.customer_id",
    instead={"agent": "caller.code", "channel": "f.channel"},
    also=(Also("k.id", "act_contact k join act_case x on x.id = k.case_id", belongs_to_it=True),),
    slots=2,
)
CALLBACKS = Fact(
    "conversations",
    "act_callback",
    "conversation_id",
    "f.done_at",
    (
        "'callback' as kind",
        TOPIC,
        "f.result as outcome",
        "f.case_id",
        "null::float8 as first_response_seconds",
        "case f.result when 'solved' then 1 when 'not_solved' then 0 end as solved",
        *UNKNOWN,
    ),
    joins=OF_A_CASE,
    where="f.done_at is not null",
    moment="c",
    customer="c.customer_id",
    instead={"agent": "caller.code", "channel": "'phone'"},
    also=(Also("k.id", "act_callback k join act_case x on x.id = k.case_id", belongs_to_it=True),),
    slot=1,
    slots=2,
)


def _id(noun: str) -> str:
    """An id that an event names; whatever else an event may say under this name is nobody's."""
    return f"case when f.data->>'{noun}' ~ '^[0-9]{{1,18}}$' then (f.data->>'{noun}')::bigint end"


# The log is only ever added to, so a row's one transaction made it. Its moment is that of what it tells of.
EVENTS = Fact(
    "events",
    "core_event",
    "event_id",
    "f.at",
    ("f.about[1] as subject", "f.type as activity", "who.role as actor", "null::timestamptz as until_at"),
    joins=f"""left join core_user who on who.id = f.by_id
              left join act_case c on c.id = {_id("case")}
              left join collect_response r on r.id = {_id("response")}""",
    customer=_id("customer"),
    instead={name: f"coalesce(c.{name}, r.{name})" for name in DIMENSIONS}
    | {"agent": "coalesce(who.code, c.agent, r.agent)"},
    created="f.xid",
)
TRANSACTIONS = Fact(
    "transactions",
    "collect_transaction",
    "transaction_id",
    "f.at",
    ("f.kind", "f.amount::float8 as amount", "f.wait_minutes", "f.promised_minutes"),
    attributes="nullif(f.attributes, '{}')::text",
)


# What other systems tell, imported from their files.
CONVERSATIONS = Fact(
    "conversations",
    "collect_conversation",
    "conversation_id",
    "f.started_at",
    (
        "f.kind",
        "nullif(f.topic, '') as topic",
        "nullif(f.outcome, '') as outcome",
        # A ticket of the system that the call log is of; tickets of ours have keys above zero.
        """case when f.ticket <> ''
                then -1 - (hashtextextended(f.ticket, 0) & ((1::int8 << 62) - 1)) end as case_id""",
        "f.wait_seconds",
        "f.handle_seconds",
        "f.first_response_seconds",
        "f.solved::int as solved",
        "f.cost::float8 as cost",
    ),
    attributes="nullif(f.attributes, '{}')::text",
    slots=-1,
)
TICKETS = Fact(
    "cases",
    "collect_importedticket",
    "case_id",
    "f.opened_at",
    (
        *(f"nullif(f.{name}, '') as {name}" for name in ("kind", "severity", "priority", "root_cause")),
        "f.opened_at",
        "f.first_contact_due_at",
        "f.first_contact_at",
        "f.due_at",
        "f.resolved_at",
        "f.closed_at",
        "f.sla_met::int as sla_met",
        "f.n_contacts",
        "f.n_reassigned",
        "f.n_reopened",
        "nullif(f.outcome, '') as outcome",
    ),
    attributes="nullif(f.attributes, '{}')::text",
    slots=-1,
)
ACTIVITIES = Fact(
    "events",
    "collect_importedactivity",
    "event_id",
    "f.at",
    (
        "'ticket:' || f.ticket_id as subject",
        "f.activity",
        "nullif(f.actor, '') as actor",
        "f.until_at",
    ),
    joins="join collect_importedticket t on t.id = f.ticket_id",
    customer="t.customer_id",
    slots=-1,
)

# What people look at first comes first.
FACTS = (
    ANSWERS,
    RESPONSES,
    ANNOTATIONS,
    INVITATIONS,
    CASES,
    CONTACTS,
    CALLBACKS,
    EVENTS,
    TRANSACTIONS,
    CONVERSATIONS,
    TICKETS,
    ACTIVITIES,
)
