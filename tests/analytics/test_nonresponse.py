"""Answers are weighted to those who were asked, and the silent are named."""

from __future__ import annotations

import json
from datetime import date

import pytest

from voiceloop.analytics import Lake
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.nonresponse import non_response

DAY = date(2026, 3, 10)


def answers(counts):
    """Answers from {(channel, tier, score): n}."""
    found = [key for key, n in counts.items() for _ in range(n)]
    fixed = {"day": DAY, "question": "nps", "scale": "nps_0_10"}
    return [
        {**fixed, "answer_id": i, "response_id": i, "channel": channel, "tier": tier, "score": float(score)}
        for i, (channel, tier, score) in enumerate(found, 1)
    ]


def invitations(counts):
    """Invitations from {(channel, tier, status, reason): n}."""
    found = [key for key, n in counts.items() for _ in range(n)]
    names = ("channel", "tier", "status", "reason")
    return [
        {"invitation_id": i, "day": DAY, **dict(zip(names, key, strict=True))}
        for i, key in enumerate(found, 1)
    ]


@pytest.fixture
def lake(tmp_path):
    """Half of the web answers and praises; a tenth of the text messages do, and complain."""
    lake = Lake(tmp_path)
    lake.append("answers", answers({("web", "gold", 10): 50, ("sms", "gold", 2): 5, ("sms", "silver", 2): 5}))
    lake.append(
        "invitations",
        invitations(
            {
                ("web", "gold", "answered", None): 50,
                ("web", "gold", "sent", None): 50,
                ("sms", "gold", "answered", None): 5,
                ("sms", "gold", "expired", None): 45,
                ("sms", "silver", "answered", None): 5,
                ("sms", "silver", "sent", None): 45,
                ("sms", "silver", "suppressed", "opted_out"): 30,
                ("sms", "silver", "suppressed", "by_agent"): 20,
                ("web", "gold", "queued", None): 7,
            }
        ),
    )
    return lake


@pytest.mark.requirement(65)
class TestNonResponse:
    def test_it_weights_the_answers_to_those_asked(self, lake):
        found = non_response(lake, "nps", by="channel")
        assert found.raw.value == pytest.approx(100 * 40 / 60)
        assert found.weighted.value == pytest.approx(0)
        assert found.raking.has_converged

    def test_its_interval_is_wider_by_the_design_effect(self, lake):
        found = non_response(lake, "nps", by="channel")
        assert found.effective_n == pytest.approx(60 / found.raking.design_effect)
        assert found.weighted.high - found.weighted.low > found.raw.high - found.raw.low

    def test_it_meets_several_margins_at_once(self, lake):
        found = non_response(lake, "nps", by=("channel", "tier"))
        off = [abs(one.weighted_share - one.population_share) for one in found.slices]
        assert max(off) < 1e-6

    def test_it_can_weight_to_everybody_who_might_have_been_asked(self, lake):
        found = non_response(lake, "nps", by="channel", population="occasions")
        assert found.weighted.value == pytest.approx(100 * (100 - 150) / 250)

    def test_it_can_weight_to_known_totals(self, lake):
        found = non_response(lake, "nps", by="channel", population={"channel": {"web": 9, "sms": 1}})
        assert found.weighted.value == pytest.approx(80)

    def test_it_counts_who_was_not_asked_and_who_did_not_answer(self, lake):
        sms = next(one for one in non_response(lake, "nps", by="channel").slices if one.value == "sms")
        assert (sms.n_occasions, sms.n_asked, sms.n_answered, sms.n_answers) == (150, 100, 10, 10)
        assert sms.suppressed == {"opted_out": 30, "by_agent": 20}
        assert (sms.asked_rate, sms.answer_rate) == (pytest.approx(2 / 3), 0.1)

    def test_it_names_the_least_heard_first_and_in_words(self, lake):
        found = non_response(lake, "nps", by="channel")
        assert found.slices[0].value == "sms"
        assert "channel sms" in found.says_en
        assert "channel sms" in found.says_zh

    def test_it_states_its_limit_and_what_it_leaves(self, lake):
        found = non_response(lake, "nps", by="channel", limit=2)
        assert found.raking.limit == 2
        assert max(found.raking.factors.values()) == 2
        assert found.raking.trimmed == pytest.approx(10 / 60)
        assert found.raking.error > 0.1

    def test_it_says_who_is_missing_altogether(self, lake):
        lake.append(
            "invitations",
            [{"invitation_id": 900 + i, "day": DAY, "channel": "app", "status": "sent"} for i in range(50)],
        )
        said = non_response(lake, "nps", by="channel").to_dict()
        assert said["raking"]["missing"] == [{"dimension": "channel", "value": "app", "share": 0.2}]

    def test_it_becomes_plain_json(self, lake):
        said = json.loads(json.dumps(non_response(lake, "nps", by=("channel", "tier")).to_dict()))
        assert said["suppressed"] == {"opted_out": 30, "by_agent": 20}
        assert {one["dimension"] for one in said["slices"]} == {"channel", "tier"}

    def test_it_refuses_when_nobody_knows_who_was_asked(self, tmp_path):
        lake = Lake(tmp_path)
        lake.append("answers", answers({("web", "gold", 10): 9}))
        with pytest.raises(AnalyticsError, match="who was asked"):
            non_response(lake, "nps", by="channel")

    def test_it_refuses_without_answers(self, lake):
        with pytest.raises(AnalyticsError, match="no answers"):
            non_response(lake, "nps", by="channel", since=date(2027, 1, 1))

    def test_it_refuses_a_population_that_leaves_out_a_dimension(self, lake):
        with pytest.raises(AnalyticsError, match="tier"):
            non_response(lake, "nps", by=("channel", "tier"), population={"channel": {"web": 1}})
