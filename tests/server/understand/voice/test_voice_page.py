"""The voice page: three lanes, every filter, evidence to ask about, files, and the way to a case."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client

from tests.server.understand.voice.conftest import said
from voiceloop.analytics import registry
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers, saved_views
from voiceloop.server.measure.models import SavedView
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import lanes, quotes
from voiceloop.server.understand.tally import Tally, tally
from voiceloop.server.understand.voice_asked import Asked

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement(67, 72)]


def asked(user: User, query: str = "") -> Asked:
    return Asked.of(user, QueryDict(query))


def found(user: User, query: str = "") -> set[str]:
    return {row.text[:2] for row in asked(user, query).rows(user)}


@pytest.fixture
def now(spoken: None, carol: User) -> Tally:
    return tally(carol, asked(carol))


class TestLanes:
    def test_they_count_each_voice(self, now: Tally) -> None:
        assert [(lane.code, lane.n) for lane in lanes.lanes(now, None)] == [
            ("praise", 40),
            ("problem", 40),
            ("suggestion", 10),
        ]

    def test_a_share_is_the_metrics_own_figure(self, now: Tally, carol: User) -> None:
        ours = lanes.lanes(now, None)[1].row
        figure = numbers.result("problem_share", Slice.of(carol)).one
        assert (ours.n, ours.value, ours.low, ours.high) == (figure.n, figure.value, figure.low, figure.high)
        assert ours.metric == registry.metric("problem_share")

    def test_words_cases_and_scores_are_counted_in_the_database_to_the_same_figures(
        self, now: Tally, carol: User
    ) -> None:
        there = tally(carol, asked(carol, "class=detractor"))
        assert there.source == "database"
        assert there.n("voice", "problem") == 40
        whole = tally(carol, asked(carol, "case=without"))
        assert {k: sum(v.values()) for k, v in whole.counts.items()} == {
            k: sum(v.values()) for k, v in now.counts.items()
        }

    def test_the_change_against_the_period_before_has_a_verdict(self, now: Tally, carol: User) -> None:
        before = asked(carol).before()
        assert before is not None
        praise, problem, _ = lanes.lanes(now, tally(carol, before, over_time=False))
        assert praise.change is not None
        assert praise.change.verdict == "signal"
        assert praise.better is False
        assert problem.change is not None
        assert problem.change.difference == pytest.approx(400 / 9)

    def test_what_was_not_understood_is_told(self, now: Tally) -> None:
        row = lanes.understood(now)
        assert (row.n, row.value) == (92, pytest.approx(100 * 90 / 92))

    def test_a_label_narrows_them(self, spoken: None, carol: User) -> None:
        part = tally(carol, asked(carol, "reason=waiting"))
        assert (part.n("voice", "problem"), part.n("voice", "praise")) == (40, 0)


class TestRows:
    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("voice=suggestion", {"建议"}),
            ("reason=waiting", {"太慢"}),
            ("reason=waiting&side=positive", set()),
            ("reason=waiting&reason=attitude", {"太慢", "热情"}),
            ("sentiment=unknown", {"👍"}),
            ("need=wish", {"建议"}),
            ("touchpoint=hotline", {"太慢"}),
            ("class=promoter", {"热情"}),
            ("q=座位", {"建议"}),
            ("case=with", set()),
            ("voice=praise&voice=problem&touchpoint=shop", {"热情"}),
        ],
    )
    def test_every_filter_filters(self, spoken: None, carol: User, query: str, words: set[str]) -> None:
        assert found(carol, query) == words

    def test_nobody_reads_another_branch(self, spoken: None, charlie: User) -> None:
        assert found(charlie) == {"西部"}

    def test_the_address_says_the_whole_question(self, spoken: None, carol: User) -> None:
        query = "days=30&touchpoint=hotline&voice=problem&reason=waiting&side=negative&case=without&q=等"
        once = asked(carol, query)
        assert asked(carol, once.query()) == once


class TestPieces:
    def test_a_marked_word_says_which_label_it_speaks_for(self, east: Unit) -> None:
        verbatim = said(
            east, "太慢了", sentiment="negative", voice="problem", reasons={"waiting": -1}, days_ago=1
        )
        pieces = quotes.pieces(verbatim.text, verbatim.annotations.all())
        assert [(piece.text, piece.tone) for piece in pieces] == [("太慢", "neg"), ("了", "")]
        assert "−1.20" in pieces[0].why
        assert "·" in pieces[0].why

    def test_evidence_outside_the_text_is_cut_off(self, east: Unit) -> None:
        verbatim = said(east, "慢", sentiment="negative", voice="problem", days_ago=1)
        assert [piece.text for piece in quotes.pieces(verbatim.text, verbatim.annotations.all())] == ["慢"]


class TestPage:
    def test_it_shows_lanes_comments_and_coverage(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        page = signed_in(carol).get("/voice/?days=90")
        html = page.content.decode()
        assert page.status_code == 200
        assert "data-why" in html
        assert "sentiment=unknown" in html
        assert "voice=problem" in html

    def test_whoever_may_not_see_numbers_still_reads(
        self, spoken: None, alice: User, signed_in: SignIn
    ) -> None:
        html = signed_in(alice).get("/voice/").content.decode()
        assert "太慢</mark>了" in html
        assert 'class="c kpi' not in html

    def test_nothing_found_says_what_to_do(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        assert "清除全部条件" in signed_in(carol).get("/voice/?q=没有人说过").content.decode()

    def test_a_reader_elsewhere_sees_none_of_it(self, spoken: None, charlie: User, signed_in: SignIn) -> None:
        assert "太慢" not in signed_in(charlie).get("/voice/?days=all").content.decode()


class TestExport:
    def test_the_csv_holds_all_that_is_filtered(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        answer = signed_in(carol).get("/voice/export.csv?reason=waiting")
        lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[arg-type]  # streamed
        assert len(lines) == 41
        assert all("太慢了" in line[1] for line in lines[1:])

    def test_a_comment_that_begins_like_a_formula_is_only_a_comment(
        self, east: Unit, carol: User, signed_in: SignIn
    ) -> None:
        said(east, "=cmd()", sentiment="negative", voice="problem")
        answer = signed_in(carol).get("/voice/export.csv")
        assert b"'=cmd()" in b"".join(answer)  # type: ignore[arg-type]  # streamed

    def test_the_workbook_opens(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        answer = signed_in(carol).get("/voice/export.xlsx?voice=suggestion")
        sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")
        assert sheet.count(b"<row ") == 11

    def test_it_needs_the_right(self, spoken: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/voice/export.csv").status_code == 403


class TestCase:
    def test_one_click_opens_the_case_of_a_comment(
        self, spoken: None, alice: User, signed_in: SignIn
    ) -> None:
        verbatim = Verbatim.objects.filter(text__startswith="太慢").first()
        assert verbatim is not None
        for _ in range(2):
            answer = signed_in(alice).post(f"/responses/{verbatim.response_id}/case/")
        case = Case.objects.get(response=verbatim.response_id)
        assert answer.url == f"/cases/{case.pk}/"  # type: ignore[attr-defined]  # a redirection
        assert case.owner == alice
        assert found(alice, "case=with") == {"太慢"}

    def test_not_for_a_response_elsewhere(self, spoken: None, charlie: User, signed_in: SignIn) -> None:
        verbatim = Verbatim.objects.filter(text__startswith="太慢").first()
        assert verbatim is not None
        answer = signed_in(charlie).post(f"/responses/{verbatim.response_id}/case/")
        assert answer.status_code == 404


class TestSavedView:
    def test_a_question_of_the_voice_page_is_kept_and_opens_there(
        self, spoken: None, carol: User, signed_in: SignIn
    ) -> None:
        signed_in(carol).post(
            "/views/new/", {"name": "等待", "query": "days=30&voice=problem&reason=waiting", "page": "voice"}
        )
        view = SavedView.objects.get(name="等待")
        answer = signed_in(carol).get(f"/views/{view.pk}/")
        assert answer.url.startswith("/voice/?")  # type: ignore[attr-defined]  # a redirection
        assert "reason=waiting" in view.query

    def test_it_has_no_mails(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        view = saved_views.save(by=carol, name="等待", query="voice=problem", page="voice")
        assert signed_in(carol).get(f"/views/{view.pk}/mails/").status_code == 404


class TestApi:
    def test_it_gives_comments_with_their_evidence(
        self, spoken: None, carol: User, signed_in: SignIn
    ) -> None:
        answer = signed_in(carol).get("/api/voice?reason=waiting&limit=3").json()
        assert (answer["n"], len(answer["items"])) == (40, 3)
        assert answer["items"][0]["labels"][0]["evidence"][0]["start"] == 0

    def test_it_gives_lanes_with_n_interval_and_verdict(
        self, spoken: None, carol: User, signed_in: SignIn
    ) -> None:
        answer = signed_in(carol).get("/api/voice/lanes").json()
        praise = answer["lanes"][0]
        assert (praise["n_comments"], praise["share"]["n"], praise["change"]["verdict"]) == (40, 90, "signal")
        assert praise["share"]["low"] < praise["share"]["value"] < praise["share"]["high"]

    def test_an_unknown_class_is_refused(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        assert signed_in(carol).get("/api/voice?class=angry").status_code == 422

    def test_it_keeps_to_the_rights(
        self, spoken: None, alice: User, charlie: User, signed_in: SignIn
    ) -> None:
        assert signed_in(alice).get("/api/voice/lanes").status_code == 403
        assert signed_in(charlie).get("/api/voice").json()["n"] == 8
