"""Groups across cultures and industries: what style could explain is never sold as a finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from django.utils.translation import override

from tests.server.feedback import lake_in
from voiceloop.analytics import Lake
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.styles import known_groups, styles
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.measure import benchmarks as verbs
from voiceloop.server.measure.benchmarks_models import OwnCircumstances
from voiceloop.server.measure.benchmarks_reading import compared, own_circumstances
from voiceloop.server.measure.slices import Slice
from voiceloop.server.measure.styles import Comparison

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(88)]
QUESTIONS = ("got_speed", "got_taste", "got_price")


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    return lake_in(tmp_path, monkeypatch)


def people(lake: Lake, first: int, n: int, *, stretch: float = 1.0, more: float = 0.0, **known: Any) -> None:
    """People who answer three questions on a scale of five."""
    rng = np.random.default_rng(first)
    opinion = 0.9 + more + rng.normal(0, 0.7, (n, 1)) + rng.normal(0, 0.7, (n, len(QUESTIONS)))
    said = np.clip(np.rint(stretch * opinion + 3), 1, 5)
    day = localdate() - timedelta(days=3)
    usual = {"day": day, "at": now(), "unit": "east", "scale": "csat_1_5"}
    lake.append(
        "answers",
        [
            {
                "answer_id": (first + person) * 10 + item, "response_id": first + person,
                "question": question, "score": float(said[person, item]), **usual, **known,
            }
            for person in range(n)
            for item, question in enumerate(QUESTIONS)
        ],
    )  # fmt: skip


class TestStyles:
    def test_a_group_that_only_uses_the_ends_is_no_signal(self, lake: Lake) -> None:
        people(lake, 1, 800, language="zh")
        people(lake, 2001, 800, language="es", stretch=1.7)
        found = styles(lake, "language", against="zh")
        one = found.groups[1].compared
        assert one is not None
        assert one.raw.is_apart
        assert one.verdict == "style"
        assert sorted(found.items) == sorted(QUESTIONS)

    def test_a_group_that_is_more_content_is_a_signal(self, lake: Lake) -> None:
        people(lake, 1, 800, language="zh")
        people(lake, 2001, 800, language="es", stretch=1.3, more=0.4)
        one = styles(lake, "language", against="zh").groups[1].compared
        assert one is not None
        assert one.verdict == "signal"

    def test_attributes_are_groups_too(self, lake: Lake) -> None:
        people(lake, 1, 60, attributes={"industry": "零售"})
        people(lake, 2001, 50, attributes={"industry": "银行"})
        found = styles(lake, "attributes.industry")
        assert [(one.code, one.respondents) for one in found.groups] == [("零售", 60), ("银行", 50)]
        assert known_groups(lake, ("attributes.industry", "language")) == {
            "attributes.industry": 2,
            "language": 0,
        }

    def test_small_groups_are_left_out_and_named(self, lake: Lake) -> None:
        people(lake, 1, 60, language="zh")
        people(lake, 2001, 29, language="es")
        found = styles(lake, "language")
        assert [one.code for one in found.groups] == ["zh"]
        assert found.left_out == (("es", 29),)

    def test_a_scale_of_two_points_is_refused(self, lake: Lake) -> None:
        with pytest.raises(AnalyticsError):
            styles(lake, "language", on="yes_no")


class TestPage:
    @pytest.fixture
    def two(self, lake: Lake) -> None:
        people(lake, 1, 800, language="zh")
        people(lake, 2001, 790, language="en", stretch=1.7)

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_it_cautions_in_a_plain_sentence(
        self, two: None, dora: User, signed_in: SignIn, language: str
    ) -> None:
        answer = signed_in(dora).get("/benchmarks/groups/", headers={"accept-language": language})
        assert answer.status_code == 200
        assert ("it could be style" if language == "en" else "习惯相同，则为") in answer.text

    def test_the_file_and_the_endpoint_say_the_same(self, two: None, dora: User, signed_in: SignIn) -> None:
        browser = signed_in(dora)
        answer: Any = browser.get("/benchmarks/groups/export.csv")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        out = browser.get("/api/group-styles").json()
        assert len(rows) == 3
        assert float(rows[2][7].lstrip("'")) == pytest.approx(
            out["groups"][1]["difference"]["raw"]["value"], abs=1e-4
        )
        assert out["groups"][1]["difference"]["verdict"] == "style"
        assert out["groups"][0]["difference"] is None
        assert browser.get("/benchmarks/groups/export.xlsx").status_code == 200

    def test_another_reference_turns_the_difference(self, two: None, dora: User) -> None:
        one = Comparison(dora, {"against": "zh"}).lines[1].group.compared
        other = Comparison(dora, {"against": "en"}).lines[1].group.compared
        assert one is not None
        assert other is not None
        assert one.raw.value == pytest.approx(-other.raw.value)

    def test_without_groups_it_says_what_to_bring(self, lake: Lake, dora: User, signed_in: SignIn) -> None:
        assert "/imports/" in signed_in(dora).get("/benchmarks/groups/").text

    def test_a_period_that_is_none_is_refused(self, dora: User, lake: Lake, signed_in: SignIn) -> None:
        assert signed_in(dora).get("/api/group-styles?days=soon").status_code == 422

    def test_another_branch_sees_nothing_of_ours(self, two: None, charlie: User, signed_in: SignIn) -> None:
        assert signed_in(charlie).get("/api/group-styles").json()["groups"] == []


class TestCircumstances:
    HEADER = ("指标", "数值", "量表", "日期", "来源", "样本量", "企业", "行业", "国家")

    @pytest.fixture
    def benchmark(self, lake: Lake, dora: User) -> None:
        assert dora.unit is not None
        row = ["NPS", "35", "nps_0_10", "2025-06", "行业报告", "400", "同行甲", "银行", "中国"]
        sheet = verbs.bring(
            by=dora, unit=dora.unit, kind="benchmarks", name="f.csv", columns=list(self.HEADER), lines=[row]
        )
        verbs.take(sheet, by=dora)

    def test_what_differs_is_said_exactly(self, benchmark: None, dora: User) -> None:
        verbs.say_circumstances(by=dora, industry="餐饮", size="", country="中国", mode="短信")
        one = compared(dora, Slice(None, None))[0]
        with override("zh-hans"):
            assert one.differs == ["行业不同：银行（我方：餐饮）"]
        assert one.gap.verdict in ("ahead", "behind", "open", "no_own")
        assert one.chip == ""

    def test_what_nobody_said_of_us_is_said_too(self, benchmark: None, dora: User) -> None:
        one = compared(dora, Slice(None, None))[0]
        assert (one.differs, one.unknown) == ([], ["银行", "中国"])

    def test_the_nearest_unit_holds_and_then_the_newest(
        self, dora: User, bob: User, charlie: User, east: Unit
    ) -> None:
        verbs.say_circumstances(by=dora, industry="餐饮")
        verbs.say_circumstances(by=bob, industry="外卖")
        verbs.say_circumstances(by=dora, industry="连锁餐饮")
        assert [own_circumstances(who).industry for who in (dora, bob, charlie)] == [
            "连锁餐饮",
            "外卖",
            "连锁餐饮",
        ]

    def test_the_page_and_the_endpoint_keep_it(self, benchmark: None, dora: User, signed_in: SignIn) -> None:
        browser = signed_in(dora)
        assert browser.post("/benchmarks/circumstances/", {"industry": "餐饮"}).status_code == 302
        assert "行业不同：银行（我方：餐饮）" in browser.get("/benchmarks/").text
        out = browser.put("/api/circumstances", {"industry": "银行"}, content_type="application/json")
        assert out.json()["industry"] == "银行"
        assert browser.get("/api/benchmarks").json()[0]["differs"] == []
        assert Event.objects.filter(type="benchmarks.circumstances").count() == 2

    def test_whoever_may_not_edit_says_nothing(self, carol: User, signed_in: SignIn) -> None:
        assert signed_in(carol).post("/benchmarks/circumstances/", {"industry": "x"}).status_code == 403
        assert not OwnCircumstances.objects.exists()
