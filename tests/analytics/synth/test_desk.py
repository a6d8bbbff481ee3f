"""What was planted at the service desk, in returns and in further answers, found again by `measure`."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from voiceloop.analytics import Lake, measure
from voiceloop.analytics.synth import Company


@pytest.fixture(scope="module")
def lake(chain: Company, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("desk") / "lake")
    lake.append("conversations", chain.conversations)
    lake.append("reviews", chain.reviews)
    lake.append("answers", _answers(chain))
    lake.append("answers", _recommend(chain))
    return lake


def _recommend(chain: Company) -> pa.Table:
    """The answers to the recommend question of the same responses."""
    given = chain.responses.filter(pc.is_valid(chain.responses["nps"]))
    number = [int(code[1:]) for code in given["response"].to_pylist()]
    return pa.table(
        {
            "answer_id": pa.array([10_000_000 + one for one in number]),
            "response_id": pa.array(number),
            "day": given["at"].cast(pa.date32()),
            "question": pa.array(["nps"] * len(number)),
            "scale": pa.array(["nps_0_10"] * len(number)),
            "score": given["nps"].cast(pa.float64()),
        }
    )


def _answers(chain: Company) -> pa.Table:
    """The further answers as the product stores them, on the day of their response."""
    row = [int(code[1:]) for code in chain.ratings["response"].to_pylist()]
    day = pc.take(chain.responses["at"], pa.array([number - 1 for number in row])).cast(pa.date32())
    return pa.table(
        {
            "answer_id": pa.array(range(1, len(row) + 1)),
            "response_id": pa.array(row),
            "day": day,
            **{name: chain.ratings[name] for name in ("question", "scale", "score")},
        }
    )


class TestDesk:
    @pytest.mark.requirement(35)
    def test_its_self_service_succeeds_as_often_as_planted(self, chain: Company, lake: Lake) -> None:
        found = measure(lake, "self_service_resolution_rate", confidence=0.999).one
        assert found.low < 100 * chain.truth["self_service_solved_share"] < found.high

    @pytest.mark.requirement(37)
    def test_its_reviews_are_met_as_often_as_planted(self, chain: Company, lake: Lake) -> None:
        for item, share in chain.truth["reviewed_met_share"].items():
            # Two reviews of one conversation hang together.
            found = measure(lake, f"{item}_rate", cluster="subject", confidence=0.999).one
            assert found.low < 100 * share < found.high
        agreed = measure(lake, "review_agreement", confidence=0.999).one
        assert agreed.low < 100 * chain.truth["reviewers_agree_share"] < agreed.high

    def test_it_has_a_figure_for_every_metric_of_conversations(self, lake: Lake) -> None:
        names = ("waiting_time", "handling_time", "service_level", "abandonment_rate", "fcr_agent")
        assert all(measure(lake, name).one.value is not None for name in (*names, "cost_per_resolution"))


class TestFurtherAnswers:
    @pytest.mark.requirement(19)
    def test_the_gaps_have_the_planted_order(self, chain: Company, lake: Lake) -> None:
        found = measure(lake, "expectation_gap", by=["question"]).rows
        planted = chain.truth["expectation_gaps"]
        assert sorted(planted, key=planted.__getitem__) == [
            row.key["question"] for row in sorted(found, key=lambda row: row.value or 0)
        ]

    @pytest.mark.requirement(20)
    def test_the_servqual_dimensions_have_the_planted_order(self, chain: Company, lake: Lake) -> None:
        planted = chain.truth["servqual_shifts"]
        found = {name: measure(lake, f"servqual_{name}").one.value or 0 for name in planted}
        assert sorted(found, key=found.__getitem__) == sorted(planted, key=planted.__getitem__)

    @pytest.mark.requirement(23)
    @pytest.mark.parametrize("side", ["good", "bad"])
    def test_each_class_tells_as_many_as_planted(self, chain: Company, lake: Lake, side: str) -> None:
        classes = ("promoter", "passive", "detractor")
        planted = dict(zip(classes, chain.truth["told"][side], strict=True))
        found = measure(lake, f"told_{side}", by=["question"], confidence=0.999).rows
        assert {row.key["question"] for row in found} >= set(classes)
        for row in found:
            # Ten stands for more, so that a mean may lie a little below.
            if row.key["question"] in planted:
                assert (row.low or 0) * 0.9 < planted[str(row.key["question"])] < (row.high or 0) * 1.1


class TestReturns:
    def test_as_many_are_returned_as_planted(self, chain: Company) -> None:
        taken = pc.sum(pc.not_equal(chain.orders["kind"], "dine_in")).as_py()
        share = chain.truth["returned_takeaway_share"]
        assert chain.returns.num_rows / taken == pytest.approx(share, rel=0.05)

    def test_no_more_comes_back_than_was_paid(self, chain: Company) -> None:
        paid = dict(zip(*(chain.orders[name].to_pylist() for name in ("order", "amount")), strict=True))
        back = zip(*(chain.returns[name].to_pylist() for name in ("order", "amount")), strict=True)
        assert all(0 < -amount <= paid[order] for order, amount in back)
