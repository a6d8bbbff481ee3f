"""The weekly digest: only signals, within rights, the same on page, paper, slides and in the mail."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation
from django.utils.timezone import localdate, now
from pptx import Presentation

from tests.server.feedback import lake_in
from tests.server.understand.voice.conftest import Comment, labels, speak
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.cases import cases
from voiceloop.server.collect import enclosures
from voiceloop.server.collect.models import Message, Response
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import sync
from voiceloop.server.understand.digest import mailing, paper, slides, subscribing, words
from voiceloop.server.understand.digest.compose import Digest, compose, to_dict
from voiceloop.server.understand.digest.picking import picked
from voiceloop.server.understand.digest.weeks import Week
from voiceloop.server.understand.digest_models import DigestMail, DigestSubscription

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement(67)]

LAST = Week.of(None)
SLOW = labels("negative", "problem", {"waiting": -1})
WARM = labels("positive", "praise", {"attitude": 1})


def ago(week: Week, day: int = 2) -> float:
    """Days before now of a day of a week."""
    return (localdate() - week.monday).days - day


def comments(unit: Unit, week: Week, n_slow: int, n_warm: int) -> list[Comment]:
    hotline, shop = {"touchpoint": "hotline"}, {"touchpoint": "shop"}
    slow = [(unit, f"等了{n}分钟，实在太慢了", 2.0, ago(week), SLOW, hotline) for n in range(n_slow)]
    return slow + [(unit, f"第{n}桌的服务员很热情", 10.0, ago(week), WARM, shop) for n in range(n_warm)]


@pytest.fixture
def surge(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East: 3 slow of 23 in each of four weeks, then 25 slow of 45. West: as it always was."""
    lake_in(tmp_path, monkeypatch)
    said: list[Comment] = []
    week = LAST
    for _ in range(4):
        week = week.before
        said += comments(east, week, 3, 20) + comments(west, week, 3, 20)
    said += comments(east, LAST, 25, 20) + comments(west, LAST, 3, 20)
    grave = labels("negative", "problem", urgency="safety", severity="catastrophic")
    said.append((east, "吃坏肚子送医院了", 0, ago(LAST), grave, {"touchpoint": "shop"}))
    said.append((east, "希望增加儿童座椅", 8, ago(LAST), labels("neutral", "suggestion", need="wish"), {}))
    speak(said)
    sync.sync()


@pytest.fixture
def digest(surge: None, carol: User, east: Unit) -> Digest:
    return compose(carol, east, LAST)


class TestCompose:
    def test_it_tells_what_rose_beyond_noise_with_n_and_interval(self, digest: Digest) -> None:
        [waiting] = [move for move in digest.worse if move.subject == "reason:waiting"]
        assert waiting.now.n == 47
        assert waiting.now.value == pytest.approx(100 * 25 / 47)
        assert waiting.change.low is not None
        assert waiting.change.low > 0

    def test_what_chance_explains_is_not_told(self, surge: None, charlie: User, west: Unit) -> None:
        found = compose(charlie, west, LAST)
        assert found.moves == []
        with translation.override("en"):
            assert "beyond noise" in words.headline(found)

    def test_a_reader_gets_their_own_units_only(
        self, surge: None, dora: User, charlie: User, west: Unit
    ) -> None:
        everything = compose(dora, dora.unit, LAST)  # type: ignore[arg-type]  # she has one
        own = compose(charlie, west, LAST)
        assert (everything.n_comments, own.n_comments) == (47 + 23, 23)
        assert {quote.voice.meta[-1] for _name, quotes in own.groups for quote in quotes} == {str(west)}

    def test_a_unit_below_is_told_alone(self, surge: None, dora: User, east: Unit) -> None:
        assert compose(dora, east, LAST).n_comments == 47

    def test_it_lists_what_is_urgent_and_what_is_wished(self, digest: Digest) -> None:
        assert (digest.n_urgent, digest.urgent[0].voice.text) == (1, "吃坏肚子送医院了")
        assert [quote.voice.text for quote in digest.wishes] == ["希望增加儿童座椅"]

    def test_no_quote_is_told_twice_in_almost_the_same_words(self, digest: Digest) -> None:
        assert len(digest.problems) < 3

    def test_an_item_leads_to_its_comments(self, digest: Digest, carol: User, signed_in: SignIn) -> None:
        [waiting] = [move for move in digest.worse if move.subject == "reason:waiting"]
        query = urlsplit(waiting.href).query
        assert signed_in(carol).get(f"/api/voice?{query}").json()["n"] == 25

    def test_it_says_what_became_of_the_week_before(
        self, surge: None, carol: User, bob: User, east: Unit
    ) -> None:
        slow = Response.objects.filter(unit=east, touchpoint="hotline", at__date__lt=LAST.monday)
        cases.take_up(slow.order_by("-at").first(), by=bob)  # type: ignore[arg-type]  # there is one
        told = compose(carol, east, LAST).before
        [waiting] = [one for one in told if one.move.subject == "reason:waiting"]
        assert (waiting.n_said, waiting.n_cases, waiting.n_resolved) == (3, 1, 0)

    def test_a_week_without_comments_says_so(self, surge: None, carol: User, east: Unit) -> None:
        with translation.override("en"):
            assert "Nobody wrote" in words.headline(compose(carol, east, Week.of("2020-W10")))


class TestPicked:
    def test_touchpoints_take_turns(self, east: Unit) -> None:
        said = ["前台接待周到得体", "后厨出品非常稳定", "停车有人引导方便", "收银结账又快又准"]
        rows = speak([(east, text, 9, 2, WARM, {"touchpoint": "a"}) for text in said[:3]])
        rows += speak([(east, said[3], 9, 2, WARM, {"touchpoint": "b"})])
        assert {row.response.touchpoint for row in picked(rows, 2)} == {"a", "b"}


class TestWeek:
    @pytest.mark.parametrize("said", ["2026-W47", "2026-11-16", "2026-11-22"])
    def test_a_week_is_named_by_itself_or_any_of_its_days(self, said: str) -> None:
        assert str(Week.of(said)) == "2026-W47"

    @pytest.mark.parametrize("said", ["2026-W60", "soon", "2026-13-01"])
    def test_what_is_no_week_is_refused(self, said: str) -> None:
        with pytest.raises(AnalyticsError):
            Week.of(said)


class TestFiles:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_paper_and_slides_say_what_the_page_says(self, digest: Digest, language: str) -> None:
        with translation.override(language):
            assert paper.pdf(digest).startswith(b"%PDF")
            made = Presentation(io.BytesIO(slides.deck(digest)))
            said = "".join(
                shape.text_frame.text
                for slide in made.slides
                for shape in slide.shapes
                if shape.has_text_frame
            )
            assert words.headline(digest) in said
            assert all(words.moved(move) in said for move in digest.moves)

    def test_the_json_is_plain(self, digest: Digest, carol: User, signed_in: SignIn) -> None:
        answer = signed_in(carol).get(f"/api/digest?week={LAST}")
        assert answer.status_code == 200
        assert answer.json()["n_comments"] == to_dict(digest)["n_comments"]


class TestPage:
    def test_it_shows_moves_quotes_and_the_way_out(self, surge: None, carol: User, signed_in: SignIn) -> None:
        html = signed_in(carol).get("/digest/").content.decode()
        assert "reason=waiting" in html
        assert "digest/file.pdf" in html

    def test_another_branch_is_not_found(self, surge: None, charlie: User, signed_in: SignIn) -> None:
        assert signed_in(charlie).get("/digest/?of=east").status_code == 404

    def test_who_answers_and_what_is_done_stay_with_the_item(
        self, surge: None, carol: User, bob: User, east: Unit, signed_in: SignIn
    ) -> None:
        browser = signed_in(carol)
        about = {"subject": "reason:waiting", "of": "east", "week": str(LAST)}
        browser.post("/digest/owners/", {**about, "owner": bob.pk})
        browser.post("/digest/notes/", {**about, "text": "加开两个坐席"})
        [waiting] = [m for m in compose(carol, east, LAST).worse if m.subject == "reason:waiting"]
        assert (waiting.owner, [note.text for note in waiting.notes]) == (str(bob), ["加开两个坐席"])


class TestMail:
    @pytest.fixture
    def subscription(self, surge: None, carol: User, east: Unit) -> DigestSubscription:
        User.objects.filter(pk=carol.pk).update(email="carol@example.com")
        carol.refresh_from_db()
        made = subscribing.subscribe(carol, unit=east, by=carol, weekday=now().weekday(), language="en")
        DigestSubscription.objects.update(next_at=now() - timedelta(minutes=1))
        return made

    def go_out(self) -> list[str]:
        return [mailing.mail(pk) for pk in DigestMail.objects.values_list("pk", flat=True)]

    def test_it_brings_the_letter_the_text_and_the_paper(self, subscription: DigestSubscription) -> None:
        assert subscribing.call_due() == 1
        assert self.go_out() == ["written"]
        message = Message.objects.get()
        assert message.to == "carol@example.com"
        enclosed = enclosures.of(message)
        assert enclosed is not None
        assert "What got worse" in message.body
        assert "Waiting" in enclosed.letter
        assert enclosed.files[0].content.startswith(b"%PDF")
        assert enclosed.one_click

    def test_a_week_is_mailed_once(self, subscription: DigestSubscription) -> None:
        for _ in range(2):
            DigestSubscription.objects.update(next_at=now() - timedelta(minutes=1))
            subscribing.call_due()
            self.go_out()
        assert Message.objects.count() == 1

    def test_the_signed_link_ends_it_by_a_post_without_signing_in(
        self, subscription: DigestSubscription, client: Client
    ) -> None:
        path = urlsplit(mailing.leave_address(subscription)).path
        assert client.get(path).status_code == 200
        assert DigestSubscription.objects.running().count() == 1
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert DigestSubscription.objects.running().count() == 0
        assert Event.objects.filter(type="digest.left").count() == 1

    def test_who_lost_the_unit_gets_none_and_the_log_says_why(
        self, subscription: DigestSubscription, carol: User, west: Unit
    ) -> None:
        subscribing.call_due()
        User.objects.filter(pk=carol.pk).update(unit=west)
        assert self.go_out() == ["refused"]
        assert DigestMail.objects.get().why_not
        assert Message.objects.count() == 0

    def test_nobody_subscribes_to_a_unit_they_may_not_see(
        self, surge: None, charlie: User, east: Unit, signed_in: SignIn
    ) -> None:
        answer = signed_in(charlie).put(
            "/api/digest/subscriptions", {"unit": "east"}, content_type="application/json"
        )
        assert answer.status_code == 404
        with pytest.raises(AnalyticsError):
            subscribing.subscribe(charlie, unit=east, by=charlie)
