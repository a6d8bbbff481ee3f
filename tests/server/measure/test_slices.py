"""The one filter: what it reads out of an address, and the rights that bound it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils.timezone import localdate

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.slices import Slice, in_words


class TestOf:
    def test_it_begins_with_the_last_ninety_days(self, dora: User) -> None:
        part = Slice.of(dora, QueryDict(""))
        assert part.until == localdate() + timedelta(days=1)
        assert part.until - part.since == timedelta(days=90)

    def test_the_last_day_that_is_named_is_in(self, dora: User) -> None:
        part = Slice.of(dora, QueryDict("since=2026-01-01&until=2026-01-31"))
        assert (part.since, part.until) == (date(2026, 1, 1), date(2026, 2, 1))

    def test_it_takes_several_values_of_a_dimension(self, dora: User) -> None:
        part = Slice.of(dora, QueryDict("channel=sms&channel=app&color=red"))
        assert part.where == {"channel": ["sms", "app"]}

    @pytest.mark.parametrize(
        "query", ["days=-1", "days=x", "since=2026-13-01", "since=2026-02-01&until=2026-01-01"]
    )
    def test_it_refuses_what_is_no_period(self, dora: User, query: str) -> None:
        with pytest.raises(AnalyticsError):
            Slice.of(dora, QueryDict(query))

    def test_a_branch_sees_only_its_own_units(self, alice: User, east: Unit) -> None:
        assert Slice.of(alice, QueryDict("")).where == {"unit": ["east"]}

    def test_asking_for_another_branch_leaves_nothing(self, alice: User, west: Unit) -> None:
        assert Slice.of(alice, QueryDict("unit=west")).where == {"unit": []}


class TestQuery:
    def test_it_says_the_same_slice_again(self, dora: User) -> None:
        part = Slice.of(dora, QueryDict("since=2026-01-01&until=2026-01-31&channel=sms&channel=app"))
        assert Slice.of(dora, QueryDict(part.query())) == part

    def test_narrowing_replaces_a_condition(self, dora: User) -> None:
        part = Slice.of(dora, QueryDict("channel=sms")).narrowed(channel="app", tier=None)
        assert part.where == {"channel": ["app"]}


class TestBefore:
    def test_it_is_as_long_and_ends_where_this_begins(self, dora: User) -> None:
        part = Slice.of(dora, QueryDict("since=2026-01-11&until=2026-01-20"))
        before = part.before()
        assert before is not None
        assert (before.since, before.until) == (date(2026, 1, 1), date(2026, 1, 11))

    def test_all_time_has_none(self, dora: User) -> None:
        assert Slice.of(dora, QueryDict("days=all")).before() is None


def test_words_name_the_codes(dora: User, east: Unit) -> None:
    assert in_words(Slice.of(dora, QueryDict("days=all&unit=east"))).endswith(": 华东店")
