"""Columns are guessed from their names and values, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import pytest

from voiceloop.server.collect.importers import open_file
from voiceloop.server.collect.importing.columns import Mapping
from voiceloop.server.collect.importing.guess import guess

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"

SURVEY = [[str(n % 11), f"{1 + n % 5}", f"{0.5 + n % 3}", f"2017-0{1 + n % 9}-11", str(n)] for n in range(60)]
REVIEWS = [
    [
        str(n),
        str(1 + n % 10),
        f"2023-11-{1 + n % 28:02}",
        f"The crew was kind and the flight left on time, row {n}",
        "yes",
    ]
    for n in range(60)
]
PHONE = [
    [f"用户{n}", str(1 + n % 10), str(1 + (n + 3) % 10), "-1", "三星", f"2021-08-{1 + n % 28:02}"]
    for n in range(60)
]
HOTEL = [[str(n % 2), f"房间很干净，早餐也不错，服务员态度好，第{n}次来住了"] for n in range(60)]
LOUNGE = [[f"{1 + n % 5}.0", str(n % 6), "0"] for n in range(60)]
CONTACTS = [[f"1380013{n:04}", f"guest{n}@example.com", f"王{n}", "9", "VIP"] for n in range(60)]

CASES: list[tuple[str, Sequence[str], list[list[str]], dict[str, str]]] = [
    (
        "a survey with weights",
        ["recommend_0_10", "rate_overall", "weight", "date", "respondent"],
        SURVEY,
        {
            "recommend_0_10": "score nps nps_0_10",
            "rate_overall": "score csat csat_1_5",
            "weight": "weight",
            "date": "at ymd",
            "respondent": "attribute",
        },
    ),
    (
        "reviews",
        ["review_id", "overall_rating", "date", "text", "recommended"],
        REVIEWS,
        {
            "review_id": "external_id",
            "overall_rating": "score csat csat_1_10",
            "date": "at ymd",
            "text": "comment why",
            "recommended": "attribute",
        },
    ),
    (
        "a telephone company",
        [
            "用户id",
            "手机上网整体满意度",
            "网络覆盖与信号强度",
            "居民小区",
            "客户星级标识",
            "码号资源-激活时间",
        ],
        PHONE,
        {
            "用户id": "customer_number",
            "手机上网整体满意度": "score csat csat_1_10",
            "网络覆盖与信号强度": "score 网络覆盖与信号强度 csat_1_10",
            "居民小区": "attribute",
            "客户星级标识": "tier",
            "码号资源-激活时间": "attribute",
        },
    ),
    ("a sentiment label", ["label", "text"], HOTEL, {"label": "attribute", "text": "comment why"}),
    (
        "ratings where 0 does not apply",
        ["seat_comfort", "ease_of_booking", "had_problem"],
        LOUNGE,
        {
            "seat_comfort": "score seat_comfort csat_1_5",
            "ease_of_booking": "score ces ces_1_5",
            "had_problem": "attribute",
        },
    ),
    (
        "contacts",
        ["手机号", "email", "姓名", "打分", "会员等级"],
        CONTACTS,
        {"手机号": "customer_phone", "email": "customer_email", "姓名": "customer_name", "会员等级": "tier"},
    ),
    (
        "scores around zero",
        ["推荐意愿", "反馈内容"],
        [[str(n % 21 - 10), f"菜量足，味道也好，第{n}次来"] for n in range(60)],
        {"推荐意愿": "score nps nps_signed", "反馈内容": "comment why"},
    ),
    (
        "stars in halves and a month first",
        ["星级", "Created at"],
        [[f"{1 + n % 9 / 2}", f"{1 + n % 12}/{13 + n % 15}/2024"] for n in range(60)],
        {"星级": "score csat stars_1_5", "Created at": "at mdy"},
    ),
]


def said(mapping: Mapping) -> dict[str, str]:
    return {
        column.name: " ".join(
            part for part in (column.role, column.question, column.scale, column.format) if part
        )
        for column in mapping.columns
    }


@pytest.mark.requirement(51)
class TestGuess:
    @pytest.mark.parametrize(
        ("header", "rows", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
    )
    def test_it_knows_the_columns(
        self, header: Sequence[str], rows: list[list[str]], expected: dict[str, str]
    ) -> None:
        found = said(guess(header, rows))
        assert {name: found[name] for name in expected} == expected

    def test_it_takes_zero_for_no_answer_on_an_aspect(self) -> None:
        found = guess(["overall rating", "seat_comfort"], [[str(1 + n % 10), str(n % 6)] for n in range(60)])
        assert found.columns[1].blank == ("0",)

    def test_it_finds_stores_by_their_values(self) -> None:
        rows = [["9", "East store"], ["3", "east"], ["5", "East store"], ["7", "east"]]
        found = guess(["nps", "where"], rows, {"east", "East store"})
        assert found.columns[1].role == "unit"

    def test_it_calls_no_column_a_score_when_none_is(self) -> None:
        assert not guess(["a", "b"], [["x", "y"]] * 20).of("score")


REAL: dict[str, dict[str, str]] = {
    "sfo_survey/nps_2017.csv": {
        "recommend_0_10": "score nps nps_0_10",
        "rate_overall": "score csat csat_1_5",
        "weight": "weight",
        "year": "at year",
        "ease_find_way": "score ces ces_1_5",
    },
    "sfo_survey/csat_2010_2017.csv.gz": {"rate_overall": "score csat csat_1_5", "weight": "weight"},
    "zh_hotel/reviews.csv.gz": {"text": "comment why", "label": "attribute"},
    "zh_waimai/reviews.csv.gz": {"text": "comment why", "label": "attribute"},
    "zh_shopping/reviews.csv.gz": {"text": "comment why", "cat": "attribute"},
    "zh_asap_sample/reviews.csv": {"text": "comment why", "star": "score csat stars_1_5"},
    "zh_mobile_satisfaction/internet.csv.gz": {
        "手机上网整体满意度": "score csat csat_1_10",
        "用户id": "customer_number",
    },
    "zh_mobile_satisfaction/voice.csv.gz": {"语音通话整体满意度": "score csat csat_1_10"},
    "airline_reviews/british_airways.csv.gz": {
        "overall_rating": "score csat csat_1_10",
        "text": "comment why",
        "date": "at ymd",
        "review_id": "external_id",
    },
    "airline_reviews/lounges.csv.gz": {"overall_rating": "score csat csat_1_10", "text": "comment why"},
    "airline_tweets/tweets.csv.gz": {"text": "comment why", "tweet_created": "at ymd"},
    "nps_bank/responses.csv": {"nps": "score nps nps_0_10", "survey_date": "at ymd", "id": "external_id"},
    "cfpb_complaints/complaints.csv.gz": {
        "consumer_complaint_narrative": "comment why",
        "date_received": "at ymd",
        "submitted_via": "channel",
    },
    "zh_gov_messages/hot_topics.csv.gz": {"message": "comment why", "message_time": "at ymd"},
}


@pytest.fixture
def present() -> Callable[[str], Path | None]:
    return lambda name: DATA / name if (DATA / name).exists() else None


@pytest.mark.requirement(51, 61)
class TestRealFiles:
    @pytest.mark.parametrize("name", REAL)
    def test_it_knows_public_data_where_it_is_at_hand(
        self, name: str, present: Callable[[str], Path | None]
    ) -> None:
        path = present(name)
        if path is None:
            return  # the public sets are not part of the repository
        with open_file(path) as reader:
            rows = [line.cells for line in islice(reader.lines(), 2000) if not line.fault]
        found = said(guess(reader.columns, rows))
        assert {column: found[column] for column in REAL[name]} == REAL[name]
