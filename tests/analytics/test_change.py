"""Why a figure changed: the parts add up, and a paradox is named."""

from __future__ import annotations

from datetime import date

import pytest

from voiceloop.analytics import FileSource, Lake, measure
from voiceloop.analytics.change import REST, explain_change
from voiceloop.analytics.errors import AnalyticsError

MARCH, APRIL = (date(2026, 3, 1), date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 5, 1))
DAYS = {3: date(2026, 3, 10), 4: date(2026, 4, 10)}


def rows(counts):
    """Answers from {(month, channel, tier, score): n}."""
    found = [key for key, n in counts.items() for _ in range(n)]
    return [
        {
            "answer_id": i,
            "response_id": i,
            "day": DAYS[month],
            "question": "nps",
            "scale": "nps_0_10",
            "score": float(score),
            "channel": channel,
            "tier": tier,
        }
        for i, (month, channel, tier, score) in enumerate(found, 1)
    ]


def invited(counts):
    """Invitations from {(month, channel): (sent, answered)}."""
    found = [(key, i < answered) for key, (sent, answered) in counts.items() for i in range(sent)]
    at = {month: f"{day}T08:00:00Z" for month, day in DAYS.items()}
    import pyarrow as pa

    stamps = pa.array([at[month] for (month, _), _ in found]).cast(pa.timestamp("us", tz="UTC"))
    return pa.table(
        {
            "invitation_id": list(range(1, len(found) + 1)),
            "day": [DAYS[month] for (month, _), _ in found],
            "channel": [channel for (_, channel), _ in found],
            "sent_at": stamps,
            "answered_at": pa.array(
                [stamps[i].as_py() if answered else None for i, (_, answered) in enumerate(found)],
                pa.timestamp("us", tz="UTC"),
            ),
        }
    )


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    lake.append(
        "answers",
        rows(
            {
                (3, "web", "gold", 10): 60,
                (3, "web", "gold", 3): 20,
                (3, "sms", "gold", 10): 10,
                (3, "sms", "silver", 2): 10,
                (4, "web", "gold", 10): 30,
                (4, "web", "gold", 3): 30,
                (4, "sms", "silver", 2): 20,
                (4, "app", "silver", 8): 20,
            }
        ),
    )
    return lake


def explained(lake, by="channel", **more):
    return explain_change(lake, "nps", before=MARCH, after=APRIL, by=by, **more)


@pytest.mark.requirement(45)
class TestExplainChange:
    @pytest.mark.parametrize("by", ["channel", ("channel", "tier")])
    def test_its_parts_add_up_to_the_change(self, lake, by):
        found = explained(lake, by)
        value = {
            days: measure(lake, "nps", since=days[0], until=days[1]).one.value for days in (MARCH, APRIL)
        }
        assert found.change == pytest.approx(value[APRIL] - value[MARCH])
        assert found.mix + found.within == pytest.approx(found.change, abs=1e-9)
        assert sum(group.total for group in found.groups) == pytest.approx(found.change, abs=1e-9)

    def test_it_puts_the_largest_first(self, lake):
        sizes = [abs(group.total) for group in explained(lake).groups]
        assert sizes == sorted(sizes, reverse=True)

    def test_it_knows_new_groups(self, lake):
        app = next(group for group in explained(lake).groups if group.key == {"channel": "app"})
        assert (app.value_before, app.value_after, app.within, app.low) == (None, 0.0, 0.0, None)

    def test_it_gives_the_groups_own_change_an_interval(self, lake):
        web = next(group for group in explained(lake).groups if group.key == {"channel": "web"})
        assert web.low < web.within < web.high < 0
        assert web.verdict == "signal"

    def test_it_adds_up_along_one_of_several_dimensions(self, lake):
        found = explained(lake, ("channel", "tier"))
        assert sum(found.along("tier").values()) == pytest.approx(found.change)

    def test_it_does_not_know_answer_rates_without_invitations(self, lake):
        assert explained(lake).answer_rate is None

    def test_it_tells_the_answer_rate_from_the_mix(self, tmp_path):
        lake = Lake(tmp_path)
        answers = {
            (3, "web", None, 10): 50,
            (3, "sms", None, 0): 50,
            (4, "web", None, 10): 50,
            (4, "sms", None, 0): 10,
        }
        lake.append("answers", rows(answers))
        sent = {(3, "web"): (100, 50), (3, "sms"): (100, 50), (4, "web"): (100, 50), (4, "sms"): (100, 10)}
        lake.append("invitations", invited(sent))
        found = explained(lake)
        assert found.answer_rate == pytest.approx(100 * 40 / 60)
        assert (found.mix, found.within) == (pytest.approx(0, abs=1e-9), pytest.approx(0, abs=1e-9))

    def test_it_does_not_take_invitations_for_those_behind_other_figures(self, lake):
        sent = {(month, channel): (500, 9) for month in (3, 4) for channel in ("web", "sms")}
        lake.append("invitations", invited(sent))
        orders = [
            {"transaction_id": i, "day": DAYS[3 + i % 2], "channel": "web", "amount": 40.0 + i}
            for i in range(40)
        ]
        lake.append("transactions", orders)
        spent = explain_change(lake, "order_value", before=MARCH, after=APRIL, by="channel")
        some = explained(lake, where={"score_class": ["promoter", "detractor"]})
        assert (spent.answer_rate, some.answer_rate) == (None, None)

    def test_it_pools_groups_too_small_to_be_shown(self, lake):
        lake.append(
            "answers",
            [{**row, "answer_id": 900 + i} for i, row in enumerate(rows({(4, "kiosk", None, 9): 2}))],
        )
        found = explained(lake)
        assert {group.key["channel"] for group in found.groups} == {"web", "sms", "app", REST}
        assert found.mix + found.within == pytest.approx(found.change, abs=1e-9)

    def test_it_says_it_in_both_languages(self, lake):
        found = explained(lake)
        assert "fell by 60.0 points" in found.says_en
        assert "下降" in found.says_zh

    def test_it_measures_both_periods_on_one_scale(self, lake):
        signed = [
            {**row, "answer_id": 500 + i, "scale": "nps_signed", "score": 9.0}
            for i, row in enumerate(rows({(3, "web", None, 10): 300}))
        ]
        lake.append("answers", signed)
        assert explained(lake).before.n == 100

    def test_it_works_on_a_file(self, tmp_path):
        path = tmp_path / "answers.csv"
        lines = [
            "score,day,shop",
            *(f"{s},2026-0{m}-05,{shop}" for m, s, shop in ((3, 9, "a"), (4, 3, "b")) for _ in range(9)),
        ]
        path.write_text("\n".join(lines))
        source = FileSource(path, {"score": "score", "day": "day"})
        found = explain_change(source, "nps", before=MARCH, after=APRIL, by="shop")
        assert (found.change, found.mix, found.answer_rate) == (-200.0, -200.0, None)

    def test_it_becomes_plain_json(self, lake):
        import json

        said = json.loads(json.dumps(explained(lake, ("channel", "tier")).to_dict()))
        assert said["by"] == ["channel", "tier"]
        assert said["groups"][0]["key"].keys() == {"channel", "tier"}


class TestParadox:
    # Charig et al., British Medical Journal 292 (1986) 879: open surgery against lithotripsy for kidney
    # stones, as in Julious and Mullee, British Medical Journal 309 (1994) 1480.
    STONES = {
        (3, "small", None, 10): 234,
        (3, "small", None, 8): 36,
        (3, "large", None, 10): 55,
        (3, "large", None, 8): 25,
        (4, "small", None, 10): 81,
        (4, "small", None, 8): 6,
        (4, "large", None, 10): 192,
        (4, "large", None, 8): 71,
    }

    def test_it_names_simpsons_paradox(self, tmp_path):
        lake = Lake(tmp_path)
        lake.append("answers", rows(self.STONES))
        found = explained(lake)
        assert found.is_paradox
        assert (round(found.before.value), round(found.after.value)) == (83, 78)
        assert "辛普森悖论" in found.says_zh
        assert "Simpson" in found.says_en
        assert found.within > 0 > found.mix

    def test_it_names_none_where_there_is_none(self, lake):
        assert not explained(lake).is_paradox


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"after": (date(2026, 3, 20), date(2026, 4, 20))}, "overlap"),
            ({"after": (date(2026, 5, 20), date(2026, 4, 20))}, "no days"),
            ({"after": (date(2026, 6, 1), date(2026, 7, 1))}, "only 0 rows"),
            ({"by": ()}, "split the change by"),
            ({"by": "colour"}, "colour"),
        ],
    )
    def test_it_says_what_is_wrong(self, lake, more, said):
        asked = {"before": MARCH, "after": APRIL, "by": "channel", **more}
        with pytest.raises(AnalyticsError, match=said):
            explain_change(lake, "nps", **asked)
