"""The watch: one spike, one crisis."""

from __future__ import annotations

import pytest

from tests.server.act.crisis.conftest import Complains
from voiceloop.server.act.crisis import crises, opening, settings
from voiceloop.server.act.models import Crisis, CrisisAlarm, CrisisWatch
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(194)]


class TestWatch:
    def test_it_stays_calm_while_nothing_happens(self, calm: None) -> None:
        assert opening.watch() == []

    def test_it_says_nothing_in_an_empty_company(self, db: None) -> None:
        assert opening.watch() == []

    def test_it_opens_one_crisis_where_the_spike_is(
        self, calm: None, store: Unit, bob: User, complains: Complains
    ) -> None:
        complains(store, 12)
        (crisis,) = opening.watch()
        assert (crisis.unit, crisis.touchpoint, crisis.owner) == (store, "dining", bob)
        assert crisis.state == "open"
        assert crisis.alarms.count() > 1

    def test_it_opens_no_second_one_for_the_same_spike(
        self, calm: None, store: Unit, complains: Complains
    ) -> None:
        complains(store, 12)
        opening.watch()
        complains(store, 5)
        assert opening.watch() == []
        hour = CrisisAlarm.objects.filter(grain="hour", place="store-1", chart="negative").get()
        assert hour.n == 17

    def test_it_opens_none_for_a_spike_that_was_dismissed(
        self, calm: None, store: Unit, bob: User, complains: Complains
    ) -> None:
        complains(store, 12)
        (crisis,) = opening.watch()
        crises.dismiss(crisis, by=bob)
        complains(store, 3)
        assert opening.watch() == []

    def test_it_opens_another_where_another_spike_is(
        self, calm: None, store: Unit, other: Unit, complains: Complains
    ) -> None:
        complains(store, 12)
        opening.watch()
        complains(other, 12, touchpoint="delivery")
        (second,) = opening.watch()
        assert second.unit == other

    def test_it_is_the_whole_company_when_all_places_are_struck(
        self, calm: None, root: Unit, store: Unit, other: Unit, west: Unit, dora: User, complains: Complains
    ) -> None:
        for unit, point in ((store, "dining"), (other, "delivery"), (west, "app")):
            complains(unit, 8, touchpoint=point)
        (crisis,) = opening.watch()
        assert (crisis.unit, crisis.touchpoint, crisis.level) == (root, "", Crisis.Level.GRAVE)

    def test_it_hears_crisis_words_at_once(self, calm: None, store: Unit, complains: Complains) -> None:
        complains(store, 5, text="孩子吃完拉肚子")
        (crisis,) = opening.watch()
        assert crisis.alarms.filter(chart="words").exists()

    def test_it_proposes_where_people_decide(
        self, calm: None, store: Unit, dora: User, complains: Complains
    ) -> None:
        watch = CrisisWatch.current()
        settings.save(
            by=dora,
            answer="propose",
            false_a_year=watch.false_a_year,
            at_least=5,
            times=2.0,
            charts=watch.charts,
            words=watch.words,
        )
        complains(store, 12)
        (crisis,) = opening.watch()
        assert crisis.state == "proposed"
        assert not crisis.tasks.exists()
        crises.confirm(crisis, by=dora)
        assert crisis.state == "open"
        assert crisis.tasks.exists()

    def test_it_judges_a_spike_by_what_came_in_late(
        self, calm: None, store: Unit, complains: Complains
    ) -> None:
        complains(store, 12, days=1)
        (crisis,) = opening.watch()
        assert crisis.unit == store


class TestPreview:
    def test_it_names_the_days_that_would_have_alarmed(
        self, calm: None, store: Unit, complains: Complains
    ) -> None:
        complains(store, 12, days=5)
        (day,) = settings.preview(CrisisWatch.current(), n_days=20)
        assert day.rarest.n >= 12

    def test_it_writes_nothing(self, calm: None, store: Unit, complains: Complains) -> None:
        complains(store, 12, days=5)
        settings.preview(CrisisWatch.current(), n_days=20)
        assert not Crisis.objects.exists()
