"""A playbook begins when a customer moves into another stage of life."""

from __future__ import annotations

from typing import Any

import pytest

from voiceloop.server.act.models import Case, DryRun, Playbook, PlaybookRun, PlaybookVersion
from voiceloop.server.act.playbooks import dry, dry_page, rules
from voiceloop.server.act.playbooks.facts import FACTS
from voiceloop.server.collect.models import Customer, CustomerLife
from voiceloop.server.core import reactor
from voiceloop.server.core.events import record
from voiceloop.server.core.models import User
from voiceloop.server.understand.customers.lifecycle_events import StageEntered

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(97)]
LAPSED = {"all": [{"fact": "life", "is": "one_of", "value": ["lapsed"]}]}


@pytest.fixture
def winback() -> PlaybookVersion:
    book = Playbook.objects.create(code="winback")
    return PlaybookVersion.objects.create(
        playbook=book, name="召回", name_en="Win back", trigger="stage", state="active", conditions=LAPSED,
        steps=[{"key": "listen", "action": "listen", "minutes": 720}],
    )  # fmt: skip


def moves(customer: Customer, stage: str = "lapsed") -> None:
    record(StageEntered(customer=customer.pk, stage=stage, before="at_risk"), unit=customer.unit)


class TestOpenForStage:
    def test_whoever_enters_the_stage_gets_a_case_that_follows_it(
        self, wang: Customer, alice: User, winback: PlaybookVersion
    ) -> None:
        CustomerLife.objects.create(customer=wang, as_of="2026-10-01", stage="lapsed", course="4")
        moves(wang)
        for _ in range(2):
            reactor.deliver()
        case = Case.objects.get(customer=wang)
        assert (case.playbook, case.channel, case.owner) == ("winback", "lifecycle", alice)
        assert PlaybookRun.objects.get(case=case).version == winback
        assert "已流失" in case.summary

    def test_another_stage_opens_nothing(self, wang: Customer, winback: PlaybookVersion) -> None:
        moves(wang, "loyal")
        reactor.deliver()
        assert not Case.objects.exists()

    def test_without_such_a_playbook_nothing_happens(self, wang: Customer) -> None:
        moves(wang)
        reactor.deliver()
        assert not Case.objects.exists()

    def test_once_within_a_month(self, wang: Customer, winback: PlaybookVersion) -> None:
        for _ in range(2):
            moves(wang)
            reactor.deliver()
        assert Case.objects.count() == 1


class TestEditor:
    def test_the_stage_is_a_fact_with_words(self) -> None:
        assert [code for code, _name in FACTS["life"].options()][-2:] == ["lapsed", "returning"]
        assert not list(rules.faults(LAPSED))
        assert "已流失" in rules.in_words(LAPSED)


class TestDryRun:
    def test_it_counts_who_moved(self, wang: Customer, alice: User, winback: PlaybookVersion) -> None:
        for stage in ("lapsed", "loyal", "lapsed"):
            moves(wang, stage)
        run = dry.count(DryRun.objects.create(version=winback, days=30))
        assert (run.result["n_seen"], run.result["n_caught"], run.n_total) == (3, 2, 3)
        shown: list[dict[str, Any]] = dry_page.dry_run_page(run, alice)["samples"]
        assert [one["name"] for one in shown] == [str(wang), str(wang)]

    def test_charlie_sees_no_examples(self, wang: Customer, charlie: User, winback: PlaybookVersion) -> None:
        moves(wang)
        run = dry.count(DryRun.objects.create(version=winback, days=30))
        assert dry_page.dry_run_page(run, charlie)["samples"] == []
