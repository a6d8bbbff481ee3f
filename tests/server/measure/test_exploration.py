"""Explore: a metric cut, compared, narrowed; the page of it, with and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from tests.server.feedback import respond
from tests.server.measure.conftest import Explore
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import User
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.why import in_names

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


class TestAsked:
    @pytest.mark.parametrize(
        "query",
        [
            "metric=nps&by=channel&by=segment&days=30&weights=on&sort=value",
            "metric=csat&by=&days=all&every=month&show=table&against=none",
            "metric=nps&by=unit&channel=sms&since=2026-01-01&until=2026-01-31&against=year",
            "metric=nps&by=unit&days=30&against=other&vs=channel%3Aapp",
        ],
    )
    def test_it_says_the_same_question_again(self, dora: User, query: str) -> None:
        asked = Asked.of(dora, QueryDict(query))
        assert Asked.of(dora, QueryDict(asked.query())) == asked

    def test_it_takes_two_dimensions_and_no_more(self, dora: User) -> None:
        assert Asked.of(dora, QueryDict("by=unit&by=unit&by=channel&by=tier")).by == ("unit", "channel")

    def test_a_period_is_compared_with_itself_a_year_earlier(self, dora: User) -> None:
        other = Asked.of(dora, QueryDict("since=2024-02-29&until=2024-03-31&against=year")).other
        assert other is not None
        assert (str(other.since), str(other.last)) == ("2023-03-01", "2023-03-31")

    def test_slices_that_share_rows_are_not_judged(self, dora: User) -> None:
        whole = Asked.of(dora, QueryDict("days=30&against=other&vs=channel:app"))
        part = Asked.of(dora, QueryDict("days=30&channel=sms&against=other&vs=channel:app"))
        assert (whole.is_apart, part.is_apart) == (False, True)

    def test_a_figure_without_scores_drops_the_condition_on_their_classes(self, dora: User) -> None:
        asked = Asked.of(dora, QueryDict("metric=late_rate&score_class=detractor"))
        assert asked.dropped == ("score_class",)
        assert asked.part.where == {}

    @pytest.mark.parametrize("query", ["metric=love", "every=hour"])
    def test_it_refuses_what_is_no_question(self, dora: User, query: str) -> None:
        with pytest.raises(AnalyticsError):
            Asked.of(dora, QueryDict(query))


class TestGroups:
    def test_each_is_judged_against_the_others(self, explore: Explore, carol: User) -> None:
        first, second = explore(carol, "by=touchpoint&sort=-value").groups
        assert (first.key, first.row.value, first.is_signal, first.better) == (("hotline",), 80.0, True, True)
        assert (second.key, second.row.value, second.better) == (("shop",), -50.0, False)

    def test_each_is_judged_against_the_period_before(self, explore: Explore, carol: User) -> None:
        hotline = next(group for group in explore(carol, "by=touchpoint").groups if group.key == ("hotline",))
        assert hotline.then is not None
        assert hotline.change is not None
        assert (hotline.then.value, hotline.change.difference) == (100.0, pytest.approx(-20.0))

    def test_two_slices_stand_side_by_side(self, explore: Explore, carol: User) -> None:
        answer = explore(carol, "by=segment&touchpoint=hotline&against=other&vs=touchpoint:shop")
        assert answer.then is not None
        assert answer.figure.change is not None
        assert (answer.then.value, answer.figure.change.verdict) == (-50.0, "signal")

    def test_the_weighted_figure_stands_beside_the_raw(self, explore: Explore, carol: User) -> None:
        answer = explore(carol, "by=&weights=on&touchpoint=shop")
        assert answer.beside is not None
        assert answer.beside.value == -50.0
        assert answer.figure.result.weighted

    def test_rights_bound_them(self, explore: Explore, charlie: User) -> None:
        assert [group.key for group in explore(charlie, "by=touchpoint").groups] == [("chat",)]

    @pytest.mark.parametrize(
        ("query", "kind"),
        [
            ("by=", "trend"),
            ("by=unit", "bars"),
            ("by=unit&by=channel", "heat"),
            ("by=unit&every=week", "small"),
        ],
    )
    def test_the_cut_decides_the_chart(self, explore: Explore, carol: User, query: str, kind: str) -> None:
        assert explore(carol, query).kind == kind


class TestPage:
    @pytest.mark.requirement(6, 47)
    def test_a_group_leads_down_to_itself_and_to_its_words(
        self, feedback: None, carol: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(carol)
        page = browser.get("/explore/?by=touchpoint").content.decode()
        (address,) = {a for a in re.findall(r'href="(/explore/\?[^"]+)"', page) if "touchpoint=shop" in a}
        inner = browser.get(address.replace("&amp;", "&")).content.decode()
        assert "−50.0" in inner
        assert re.search(r'href="/voice/\?touchpoint=shop&amp;days=90"', inner)

    @pytest.mark.parametrize(
        "query", ["by=touchpoint&by=segment", "by=segment&every=month", "by=&every=week"]
    )
    def test_every_cut_has_a_page(self, feedback: None, carol: User, signed_in: SignIn, query: str) -> None:
        assert signed_in(carol).get(f"/explore/?{query}").status_code == 200

    def test_its_address_is_said_without_empty_fields(
        self, feedback: None, carol: User, signed_in: SignIn
    ) -> None:
        answer = signed_in(carol).get(
            "/explore/?metric=nps&by=unit&by=&touchpoint=&days=90&every=&since=&until="
        )
        assert answer.headers["HX-Push-Url"] == "/explore/?metric=nps&by=unit&days=90"

    def test_an_empty_slice_says_what_to_do(self, feedback: None, carol: User, signed_in: SignIn) -> None:
        page = signed_in(carol).get("/explore/?touchpoint=nowhere", headers={"accept-language": "en"})
        assert "No facts in this slice" in page.content.decode()

    def test_conditions_are_offered_with_the_codes_there_are(
        self, feedback: None, carol: User, signed_in: SignIn
    ) -> None:
        page = signed_in(carol).get("/explore/conditions/?channel=sms").content.decode()
        assert re.search(r'name="segment" value="student"', page)
        assert re.search(r'name="channel" value="sms" checked', page)

    @pytest.mark.requirement(45)
    def test_the_change_is_explained(self, feedback: None, carol: User, signed_in: SignIn) -> None:
        page = signed_in(carol).get("/explore/why/?by=touchpoint", headers={"accept-language": "en"})
        text = page.content.decode()
        assert 'id="waterfall"' in text
        assert 'id="control"' in text

    def test_a_change_without_two_periods_is_said_in_one_sentence(
        self, feedback: None, carol: User, signed_in: SignIn
    ) -> None:
        page: Any = signed_in(carol).get("/explore/why/?days=all", headers={"accept-language": "en"})
        assert "A change is explained between two periods" in page.content.decode()

    @pytest.mark.requirement(47)
    def test_the_words_are_of_the_same_class_of_score(
        self, feedback: None, carol: User, signed_in: SignIn
    ) -> None:
        east = carol.unit
        assert east is not None
        respond(east, 2, words="太慢了")
        respond(east, 10, words="很好")
        page = signed_in(carol).get("/voice/?score_class=detractor").content.decode()
        assert "太慢了" in page
        assert "很好" not in page


@pytest.mark.requirement(65)
def test_who_is_missing_is_called_by_name(feedback: None, carol: User, signed_in: SignIn) -> None:
    found = SimpleNamespace(slices=[SimpleNamespace(dimension="channel", value="sms")])
    with translation.override("zh-hans"):
        said = in_names("声音最少的是 channel sms：占受邀者 18 %", found)  # type: ignore[arg-type]
    assert said == "声音最少的是 渠道 短信：占受邀者 18 %"
