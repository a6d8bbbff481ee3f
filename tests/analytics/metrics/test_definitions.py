"""Each metric against figures counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from voiceloop.analytics import measure, metrics

NOW = datetime.now(UTC)
EARLIER, LATER = NOW - timedelta(hours=2), NOW + timedelta(hours=2)


def value(lake, name, **asked):
    row = measure(lake, name, min_n=1, **asked).one
    return row.n, row.value


class TestScores:
    @pytest.mark.requirement(1)
    def test_nps_is_promoters_minus_detractors(self, lake, answers):
        lake.append("answers", answers([10, 9, 8, 7, 6, 0, 10, 9]))
        assert value(lake, "nps") == (8, 25)

    @pytest.mark.requirement(2)
    def test_the_signed_score_keeps_the_unclassified_in_the_denominator(self, lake, answers):
        lake.append("answers", answers([10, 9, 7, 0, -8, -9, -10, 10], scale="nps_signed"))
        assert value(lake, "nps_signed") == (8, 12.5)
        assert value(lake, "nps_unclassified_rate") == (8, 25)
        assert value(lake, "nps_stretched") == (8, 100 * (3 - 4) / 8)

    @pytest.mark.requirement(2)
    def test_the_weighted_index_equals_nps_until_weights_are_entered(self, lake, answers):
        lake.append("answers", answers([10, 9, 8, 7, 6, 0, 10, 9]))
        assert value(lake, "weighted_index") == value(lake, "nps")
        heavier = metrics()["weighted_index"].weighing(promoter=1, passive=0.5, detractor=-2)
        assert value(lake, heavier) == (8, 100 * (4 + 1 - 4) / 8)

    @pytest.mark.requirement(8)
    @pytest.mark.parametrize(
        ("scale", "scores", "mean", "satisfied"),
        [
            ("csat_1_5", (5, 4, 3, 1), 3.25, 50),
            ("csat_1_10", (10, 8, 7, 1), 6.5, 50),
            ("csat_0_100", (100, 75, 74.9, 0), 62.475, 50),
            ("stars_1_5", (5, 4.5, 3.5, 1), 3.5, 50),
        ],
    )
    def test_csat_is_a_mean_and_a_satisfied_share(self, lake, answers, scale, scores, mean, satisfied):
        lake.append("answers", answers(scores, scale=scale, question="csat"))
        assert value(lake, "csat") == (4, pytest.approx(mean))
        assert value(lake, "csat_top_box") == (4, satisfied)

    @pytest.mark.requirement(9)
    def test_ces_is_the_mean_ease(self, lake, answers):
        lake.append("answers", answers([7, 5, 3], scale="ces_1_7", question="ces"))
        assert value(lake, "ces") == (3, 5)


class TestInvitations:
    @pytest.mark.requirement(52)
    def test_only_those_sent_can_respond(self, lake, table):
        sent = {"status": "sent", "sent_at": EARLIER}
        rows = [
            sent,
            sent | {"started_at": EARLIER},
            sent | {"started_at": EARLIER, "answered_at": NOW, "status": "answered"},
            {"status": "suppressed", "reason": "budget"},
        ]
        lake.append("invitations", table("invitation_id", rows))
        assert value(lake, "response_rate") == (3, pytest.approx(100 / 3))
        assert value(lake, "completion_rate") == (2, 50)
        assert value(lake, "suppressed_rate") == (4, 25)


class TestCases:
    @pytest.mark.requirement(99)
    def test_first_contact_counts_late_only_once_the_deadline_has_passed(self, lake, table):
        rows = [
            {"first_contact_due_at": NOW, "first_contact_at": EARLIER},
            {"first_contact_due_at": EARLIER, "first_contact_at": NOW},
            {"first_contact_due_at": EARLIER - timedelta(hours=1), "first_contact_at": None},
            {"first_contact_due_at": LATER, "first_contact_at": None},
            {"first_contact_due_at": None, "first_contact_at": NOW},
        ]
        lake.append("cases", table("case_id", rows))
        assert value(lake, "first_contact_on_time") == (3, pytest.approx(100 / 3))

    @pytest.mark.requirement(31, 103)
    def test_a_silent_customer_is_never_recovered(self, lake, table):
        outcomes = ("recovered", "not_recovered", "no_answer", None)
        rows = [
            {"kind": "recovery", "outcome": outcome, "resolved_at": NOW if outcome else None}
            for outcome in outcomes
        ]
        lake.append("cases", table("case_id", [*rows, {"kind": "request", "resolved_at": NOW}]))
        assert value(lake, "recovery_rate") == (3, pytest.approx(100 / 3))
        assert value(lake, "closed_loop_rate") == (4, 50)
        assert value(lake, "resolution_rate") == (5, 80)

    def test_reopened_and_complaints(self, lake, table):
        rows = [
            {"kind": "complaint", "resolved_at": NOW, "n_reopened": 0},
            {"kind": "request", "resolved_at": None, "n_reopened": 1},
            {"kind": "request", "resolved_at": None, "n_reopened": 0},
        ]
        lake.append("cases", table("case_id", rows))
        assert value(lake, "reopened_rate") == (2, 50)
        assert value(lake, "complaint_share") == (3, pytest.approx(100 / 3))


class TestAnnotations:
    @pytest.mark.requirement(67, 72)
    def test_shares_of_sentiments_reasons_and_voices(self, lake, table):
        rows = [
            {"kind": "sentiment", "polarity": -1},
            {"kind": "sentiment", "polarity": 1},
            {"kind": "sentiment", "polarity": 0},
            {"kind": "sentiment", "polarity": None},
            {"kind": "reason", "label": "wait", "polarity": -1},
            {"kind": "reason", "label": "taste", "polarity": 1},
            {"kind": "voice", "label": "problem"},
            {"kind": "voice", "label": "praise"},
        ]
        lake.append("annotations", table("annotation_id", rows))
        assert value(lake, "negative_share") == value(lake, "positive_share") == (3, pytest.approx(100 / 3))
        found = {
            row.key["label"]: row.value
            for row in measure(lake, "reason_negative_share", by=["label"], min_n=1).rows
        }
        assert found == {"wait": 100, "taste": 0}
        assert value(lake, "reason_positive_share") == (2, 50)
        assert value(lake, "problem_share") == (2, 50)

    @pytest.mark.requirement(72, 77, 79, 82)
    def test_coverage_emotions_failures_and_what_must_not_wait(self, lake, table):
        rows = [
            *[{"kind": "sentiment", "polarity": side} for side in (-1, 1, 0, None)],
            *[{"kind": "emotion", "label": label} for label in ("angry", "disappointed", "none", "none")],
            *[
                {"kind": "severity", "label": label}
                for label in ("slight", "serious", "catastrophic", "slight")
            ],
            {"kind": "urgency", "label": "safety"},
            {"kind": "need", "label": "wish"},
        ]
        lake.append("annotations", table("annotation_id", rows))
        assert value(lake, "understood_share") == (4, 75)
        assert value(lake, "angry_share") == value(lake, "disappointed_share") == (4, 25)
        assert value(lake, "understanding_share") == (4, 0)
        assert value(lake, "severe_share") == (4, 50)
        assert value(lake, "urgent_rate")[1] == value(lake, "wish_rate")[1] == 250


class TestTransactions:
    @pytest.mark.requirement(27)
    def test_means_and_late_share(self, lake, table):
        rows = [
            {"amount": 10.0, "wait_minutes": 5.0, "promised_minutes": 10.0},
            {"amount": 30.0, "wait_minutes": 15.0, "promised_minutes": 10.0},
            {"amount": None, "wait_minutes": 40.0, "promised_minutes": None},
        ]
        lake.append("transactions", table("transaction_id", rows))
        assert value(lake, "wait_minutes") == (3, 20)
        assert value(lake, "late_rate") == (2, 50)
        assert value(lake, "order_value") == (2, 20)
