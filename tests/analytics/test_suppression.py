"""The one agent who asks selectively is found, and nobody else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tests.analytics.chain import lake_of
from voiceloop.analytics import Lake
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.suppression import suspicious_agents
from voiceloop.analytics.synth import company

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
HONEST = [f"A{i:02}" for i in range(1, 12)]


def contact_rows(rng, agents, *, n=80, skip=0.03, skip_bad=None, talks=True):
    """Invitations, conversations and answers: each agent asks all but a few, of good contacts and bad."""
    invited, talked = [], []
    for agent, special in agents.items():
        for _ in range(n):
            number = len(invited) + 1
            at = START + timedelta(minutes=7 * number)
            is_bad = rng.random() < 0.2
            chance = special if special is not None and is_bad else skip_bad if skip_bad and is_bad else skip
            skipped, quick = rng.random() < chance, rng.random() < 0.05
            answered = not skipped and rng.random() < 0.4
            shared = {
                "customer_key": number,
                "agent": agent,
                "day": at.date(),
                "touchpoint": "hotline",
                "channel": "sms",
            }
            talked.append({**shared, "conversation_id": number, "at": at, "solved": int(not is_bad)})
            later = at + timedelta(seconds=30 if quick else 4000)
            invited.append(
                {
                    **shared,
                    "invitation_id": number,
                    "at": at + timedelta(minutes=5),
                    "status": "suppressed" if skipped else "answered" if answered else "sent",
                    "reason": "by_agent" if skipped else None,
                    "sent_at": None if skipped else at,
                    "answered_at": later if answered else None,
                }
            )
    return invited, talked if talks else []


def lake_with(path, invited, talked=(), answers=()):
    lake = Lake(path)
    for table, rows in (("invitations", invited), ("conversations", talked), ("answers", answers)):
        if rows:
            lake.append(table, rows)
    return lake


@pytest.mark.requirement(49)
class TestSuspiciousAgents:
    @pytest.mark.parametrize(("seed", "customers"), [(7, 12_000), (8, 6_000)])
    def test_it_finds_exactly_the_one_planted_in_the_demo_company(self, tmp_path, seed, customers):
        made = company(seed, today=date(2026, 11, 20), customers=customers)
        found = suspicious_agents(lake_of(made, tmp_path))
        assert [one.who for one in found] == [made.truth["skipping_agent"]]
        assert found[0].signs[0].kind == "skips_bad"
        assert found[0].signs[0].rate > 0.6 > 0.1 > found[0].signs[0].usual

    def test_it_finds_nobody_in_an_honest_team_even_if_all_ask_less_after_bad_contacts(self, tmp_path):
        rows = contact_rows(np.random.default_rng(1), dict.fromkeys(HONEST), skip_bad=0.3)
        assert suspicious_agents(lake_with(tmp_path, *rows)) == ()

    def test_it_finds_one_who_leaves_out_many_without_any_conversation_known(self, tmp_path):
        agents = {**dict.fromkeys(HONEST), "A99": 1.0}
        rows = contact_rows(np.random.default_rng(2), agents, n=200, talks=False)
        (found,) = suspicious_agents(lake_with(tmp_path, *rows))
        assert (found.who, found.signs[0].kind) == ("A99", "skips")

    def test_it_does_not_count_customers_spared_by_rule(self, tmp_path):
        invited, talked = contact_rows(np.random.default_rng(3), {**dict.fromkeys(HONEST), "A99": 0.9})
        spared = [{**one, "reason": one["reason"] and "opted_out"} for one in invited]
        assert suspicious_agents(lake_with(tmp_path, spared, talked)) == ()

    def test_it_finds_answers_at_the_ceiling(self, tmp_path):
        rng = np.random.default_rng(4)
        fixed = {"question": "nps", "scale": "nps_0_10", "day": date(2026, 3, 2), "touchpoint": "hotline"}
        answers = [
            {
                **fixed,
                "answer_id": 1000 * i + j,
                "response_id": 1000 * i + j,
                "agent": agent,
                "score": float(score),
            }
            for i, agent in enumerate([*HONEST, "A99"])
            for j, score in enumerate(
                rng.choice(
                    [10, 9, 7, 3], 80, p=[0.97, 0.03, 0, 0] if agent == "A99" else [0.4, 0.2, 0.2, 0.2]
                )
            )
        ]
        (found,) = suspicious_agents(lake_with(tmp_path, [], (), answers))
        assert (found.who, found.signs[0].kind) == ("A99", "ceiling")

    def test_it_finds_answers_given_on_the_spot(self, tmp_path):
        invited, talked = contact_rows(np.random.default_rng(5), dict.fromkeys([*HONEST, "A99"]))
        quick = [
            {**one, "answered_at": one["sent_at"] + timedelta(seconds=20)}
            if one["agent"] == "A99" and one["answered_at"]
            else one
            for one in invited
        ]
        (found,) = suspicious_agents(lake_with(tmp_path, quick, talked))
        assert (found.who, found.signs[0].kind) == ("A99", "on_the_spot")

    def test_it_says_why_in_one_sentence_of_each_language(self, tmp_path):
        rows = contact_rows(np.random.default_rng(6), {**dict.fromkeys(HONEST), "A99": 0.9})
        (found,) = suspicious_agents(lake_with(tmp_path, *rows))
        assert found.says_en.startswith("A99 leaves out")
        assert found.says_zh.startswith("A99 在问题未解决的服务后，跳过了")
        assert json.loads(json.dumps(found.to_dict()))["signs"][0]["kind"] == "skips_bad"

    def test_it_looks_only_at_the_days_asked_for(self, tmp_path):
        rows = contact_rows(np.random.default_rng(6), {**dict.fromkeys(HONEST), "A99": 0.9})
        assert suspicious_agents(lake_with(tmp_path, *rows), since=date(2027, 1, 1)) == ()

    def test_it_watches_units_too(self, tmp_path):
        invited, talked = contact_rows(np.random.default_rng(6), {**dict.fromkeys(HONEST), "A99": 0.9})
        named = [{**one, "unit": one["agent"].replace("A", "S")} for one in invited]
        (found,) = suspicious_agents(lake_with(tmp_path, named, talked), who="unit")
        assert found.who == "S99"

    def test_it_watches_nothing_else(self, tmp_path):
        with pytest.raises(AnalyticsError, match="region"):
            suspicious_agents(Lake(tmp_path), who="region")
