"""How each table of the lake is read out of the database."""

from __future__ import annotations

from dataclasses import dataclass

from voiceloop.server.core.moment import DIMENSIONS


@dataclass(frozen=True)
class Fact:
    """One lake table: the database table it follows, and how a row of it becomes a fact."""

    table: str
    follows: str
    key: str
    at: str
    columns: tuple[str, ...]
    joins: str = ""
    where: str = "true"
    moment: str = "f"
    customer: str = "f.customer_id"
    attributes: str = "null"
    agent: str = ""

    def query(self) -> str:
        """SQL for the rows written in a window of transaction ids, in the order of their keys.

        Its parameters: %(zone)s, %(low)s, %(high)s, %(after)s, %(limit)s.
        """
        return f"""
            select f.id as {self.key}, {", ".join(self.columns)},
                   {", ".join(self._dimension(name) for name in DIMENSIONS)},
                   unit.code as unit,
                   ({self.at} at time zone %(zone)s)::date as day, {self.at} as at,
                   {self.customer} as customer_key, {self.attributes} as attributes,
                   f.created_xid >= %(low)s::xid8 as is_new
            from {self.follows} f {self.joins} join core_unit unit on unit.id = {self.moment}.unit_id
            where f.xid >= %(low)s::xid8 and f.xid < %(high)s::xid8 and f.id > %(after)s
              and {self.where}
            order by f.id limit %(limit)s
        """

    def _dimension(self, name: str) -> str:
        source = self.agent if name == "agent" and self.agent else f"{self.moment}.{name}"
        return f"nullif({source}, '') as {name}"


INVITATION_STATUS = """
    case when f.suppressed_by <> '' then 'suppressed' when f.answered_at is not null then 'answered'
         when f.started_at is not null then 'started' when f.failed_at is not null then 'failed'
         when f.sent_at is not null then 'sent' else 'queued' end as status
"""
OF_A_RESPONSE = "join collect_response r on r.id = f.response_id"

FACTS = (
    Fact(
        "answers",
        "collect_answer",
        "answer_id",
        "r.at",
        ("f.response_id", "f.question", "f.scale", "f.score", "r.weight"),
        joins=OF_A_RESPONSE,
        # A score may change but is never taken back, so a row that is a fact stays one.
        where="f.score is not null",
        moment="r",
        customer="r.customer_id",
        attributes="nullif(r.attributes, '{}')",
    ),
    Fact(
        "annotations",
        "understand_annotation",
        "annotation_id",
        "r.at",
        (
            "f.verbatim_id",
            "v.response_id",
            "f.kind",
            "f.label",
            "f.polarity",
            "f.probability",
            "f.version",
        ),
        joins="""join collect_verbatim v on v.id = f.verbatim_id
                 join collect_response r on r.id = v.response_id""",
        moment="r",
        customer="r.customer_id",
    ),
    Fact(
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
    ),
    Fact(
        "cases",
        "act_case",
        "case_id",
        "f.opened_at",
        (
            "f.kind",
            "f.severity",
            "cause.code as root_cause",
            "f.opened_at",
            "f.first_contact_due_at",
            "f.first_contact_at",
            "resolution.at as resolved_at",
            "(select count(*) from act_reopening again where again.case_id = f.id) as n_reopened",
            "outcome.code as outcome",
        ),
        joins="""left join act_resolution resolution on resolution.case_id = f.id
                 left join act_rootcause cause on cause.id = resolution.root_cause_id
                 left join act_outcome outcome on outcome.case_id = f.id
                 left join core_user owner on owner.id = f.owner_id""",
        # Who answers for the case; whom the customer spoke with before is a fact of the response.
        agent="owner.code",
    ),
    Fact(
        "transactions",
        "collect_transaction",
        "transaction_id",
        "f.at",
        ("f.kind", "f.amount::float8 as amount", "f.wait_minutes", "f.promised_minutes"),
        attributes="nullif(f.attributes, '{}')",
    ),
)
