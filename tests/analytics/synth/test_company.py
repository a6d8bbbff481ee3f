"""The demo company as a whole: the same for a seed, whole, and alive at its last instant."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.synth import Company, company, scale

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMES = (
    "at",
    "created_at",
    "sent_at",
    "started_at",
    "answered_at",
    "opened_at",
    "first_contact_at",
    "resolved_at",
    "resurvey_at",
    "closed_at",
)


def last(column: pa.ChunkedArray) -> datetime:
    return pc.max(column).as_py()


class TestCompany:
    def test_it_is_the_same_for_the_same_seed(self) -> None:
        one, two = (company(seed=11, now=NOW, customers=400) for _ in range(2))
        assert one.tables == two.tables
        assert one.truth == two.truth

    def test_it_differs_for_another_seed(self) -> None:
        assert (
            company(seed=11, now=NOW, customers=400).orders != company(seed=12, now=NOW, customers=400).orders
        )

    @pytest.mark.parametrize(
        ("table", "low", "high"),
        [
            ("customers", 60_000, 60_000),
            ("orders", 230_000, 250_000),
            ("invitations", 105_000, 116_000),
            ("responses", 30_000, 40_000),
            ("cases", 5_500, 9_000),
        ],
    )
    def test_it_has_the_volumes_of_a_real_chain(
        self, chain: Company, table: str, low: int, high: int
    ) -> None:
        assert low <= chain.tables[table].num_rows <= high

    def test_it_spans_36_calendar_months(self, chain: Company) -> None:
        assert pc.min(chain.orders["at"]).as_py() < datetime(2023, 12, 2, tzinfo=UTC)
        assert pc.min(chain.orders["at"]).as_py() >= datetime(2023, 11, 30, 16, tzinfo=UTC)

    def test_it_says_nothing_about_the_future(self, chain: Company) -> None:
        times = [
            (table, name) for table in chain.tables.values() for name in table.column_names if name in TIMES
        ]
        assert all(last(table[name]) <= NOW for table, name in times)

    @pytest.mark.parametrize("hour", [1, 4, 9, 14, 23])
    def test_it_was_alive_hours_ago_at_any_hour(self, hour: int) -> None:
        now = datetime(2026, 3, 9, hour, 17, tzinfo=UTC)
        assert now - last(company(now=now, customers=20_000).responses["at"]) < timedelta(hours=8)

    def test_it_ends_on_the_day_asked_for(self) -> None:
        made = company(today=date(2025, 1, 1), customers=2_000)
        assert last(made.orders["at"]) <= datetime(2025, 1, 1, 13, tzinfo=UTC)
        assert made.truth["pilot_from"] == date(2024, 8, 1)

    def test_it_links_every_row_to_one_that_exists(self, chain: Company) -> None:
        links = (
            ("orders", "customer", "customers"),
            ("responses", "invitation", "invitations"),
            ("cases", "response", "responses"),
            ("invitations", "order", "orders"),
        )
        for table, column, target in links:
            known = pc.is_in(
                chain.tables[table][column].drop_null(),
                value_set=chain.tables[target][column].combine_chunks(),
            )
            assert pc.all(known).as_py(), (table, column)

    def test_it_names_every_code_in_both_languages(self, chain: Company) -> None:
        named = {
            (row["dimension"], row["code"])
            for row in chain.labels.to_pylist()
            if row["name_zh"] and row["name_en"]
        }
        for dimension in ("segment", "tier", "channel", "language", "stage", "programme"):
            used = set(chain.responses[dimension].to_pylist())
            assert {(dimension, code) for code in used} <= named

    def test_it_refuses_a_company_too_small_to_plant_anything_in(self) -> None:
        with pytest.raises(AnalyticsError, match="50 customers"):
            company(customers=10)


class TestScale:
    def test_it_makes_a_small_world_with_every_table(self) -> None:
        assert all(table.num_rows > 0 for table in scale(200).tables.values())


class TestPeople:
    def test_it_has_24_stores_and_four_agents_for_each_region(self, chain: Company) -> None:
        kinds = Counter(chain.units["kind"].to_pylist())
        assert kinds == {"company": 1, "region": 4, "store": 24, "team": 4}
        agents = [row["unit"] for row in chain.people.to_pylist() if row["role"] == "agent"]
        assert set(Counter(agents).values()) == {4}

    def test_it_has_a_lead_for_each_team_and_an_office(self, chain: Company) -> None:
        roles = Counter(chain.people["role"].to_pylist())
        assert roles == {"agent": 16, "lead": 4, "analyst": 1, "manager": 1, "admin": 1}


class TestCustomers:
    def test_about_8_in_100_prefer_english(self, chain: Company) -> None:
        english = chain.customers["language"].to_pylist().count("en")
        assert 0.07 < english / chain.customers.num_rows < 0.09

    def test_their_telephone_numbers_are_unique(self, chain: Company) -> None:
        assert len(set(chain.customers["phone"].to_pylist())) == chain.customers.num_rows
