"""Saved views: kept, shared, changed, deleted and brought back; mailed at their time, once, within rights."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.http import QueryDict
from django.test import Client

from tests.server.collect.channels.test_email import Mailbox
from voiceloop.server.collect import messages
from voiceloop.server.collect.models import Message
from voiceloop.server.core.models import Event, User
from voiceloop.server.measure import mailing, saved_views, schedules
from voiceloop.server.measure.models import MailRun, SavedView, Schedule

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
QUERY = "metric=nps&by=touchpoint&days=90"
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def view(feedback: None, carol: User) -> SavedView:
    return saved_views.save(by=carol, name="热线", query=QUERY)


class TestSave:
    def test_it_keeps_the_version_of_its_metric(self, view: SavedView) -> None:
        assert QueryDict(view.query)["metric"] == "nps@1"

    def test_it_is_recorded(self, view: SavedView) -> None:
        assert Event.objects.filter(type="view.saved", about=[f"saved_view:{view.pk}"]).count() == 1


class TestVisible:
    def test_a_private_view_is_its_owners(self, view: SavedView, carol: User, bob: User) -> None:
        assert list(saved_views.visible(carol)) == [view]
        assert list(saved_views.visible(bob)) == []

    def test_a_shared_one_is_of_the_unit_and_of_no_other(
        self, view: SavedView, carol: User, bob: User, charlie: User
    ) -> None:
        saved_views.change(view, by=carol, is_shared=True)
        assert list(saved_views.visible(bob)) == [view]
        assert list(saved_views.visible(charlie)) == []


class TestPages:
    def test_it_opens_with_its_question_and_its_name(
        self, view: SavedView, carol: User, signed_in: SignIn
    ) -> None:
        page = signed_in(carol).get(f"/views/{view.pk}/", follow=True)
        assert "<h1>热线</h1>" in page.content.decode()
        assert page.context["asked"].by == ("touchpoint",)

    def test_the_page_keeps_what_is_asked_now(self, view: SavedView, carol: User, signed_in: SignIn) -> None:
        signed_in(carol).post(f"/views/{view.pk}/change/", {"query": "metric=csat&by=unit&days=30"})
        view.refresh_from_db()
        assert QueryDict(view.query).dict() == {"metric": "csat@1", "by": "unit", "days": "30"}

    def test_a_deleted_one_can_be_brought_back(self, view: SavedView, carol: User, signed_in: SignIn) -> None:
        browser = signed_in(carol)
        browser.post(f"/views/{view.pk}/remove/")
        assert browser.get(f"/views/{view.pk}/").status_code == 404
        assert f"/views/{view.pk}/restore/" in browser.get("/views/").content.decode()
        browser.post(f"/views/{view.pk}/restore/")
        assert list(saved_views.visible(carol)) == [view]

    def test_a_copy_of_a_shared_one_is_ones_own(
        self, view: SavedView, carol: User, bob: User, signed_in: SignIn
    ) -> None:
        saved_views.change(view, by=carol, is_shared=True)
        signed_in(bob).post(f"/views/{view.pk}/copy/")
        assert SavedView.objects.get(owner=bob).query == view.query

    def test_others_change_nothing(self, view: SavedView, carol: User, bob: User, signed_in: SignIn) -> None:
        saved_views.change(view, by=carol, is_shared=True)
        assert signed_in(bob).post(f"/views/{view.pk}/remove/").status_code == 404
        assert signed_in(bob).post(f"/views/{view.pk}/edit/", {"name": "x"}).status_code == 404


class TestFollowing:
    @pytest.mark.parametrize(
        ("every", "day", "after", "expected"),
        [
            ("day", 0, "2026-11-22 07:59", "2026-11-22 08:00"),
            ("day", 0, "2026-11-22 08:00", "2026-11-23 08:00"),
            ("week", 0, "2026-11-22 12:00", "2026-11-23 08:00"),
            ("month", 28, "2026-02-28 09:00", "2026-03-28 08:00"),
        ],
    )
    def test_it_is_the_next_such_time_by_the_companys_clock(
        self, every: str, day: int, after: str, expected: str
    ) -> None:
        schedule = Schedule(every=every, day=day, minute=480)
        found = schedules.following(schedule, datetime.fromisoformat(after).replace(tzinfo=CHINA))
        assert f"{found.astimezone(CHINA):%Y-%m-%d %H:%M}" == expected


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.DEFAULT_FROM_EMAIL = "客声 <reports@example.com>"
    yield box
    controller.stop()


@pytest.fixture
def due(view: SavedView, carol: User, charlie: User, mailbox: Mailbox) -> Schedule:
    """A mail to Carol and to Charlie of another branch, for which it is time."""
    for user in (carol, charlie):
        user.email = f"{user.username}@example.com"
        user.save()
    made = schedules.plan(view, by=carol, every="day", day=0, minute=480, receivers=[carol, charlie])
    Schedule.objects.update(next_at=made.created_at)
    return made


def go_out() -> None:
    """What the worker does: due runs, their mails, their sending."""
    schedules.call_due()
    for run in MailRun.objects.all():
        mailing.mail(run.pk)
    messages.send(Message.objects.values_list("pk", flat=True))


class TestMail:
    def test_each_gets_what_their_own_rights_allow(self, due: Schedule, mailbox: Mailbox) -> None:
        go_out()
        html = {m["To"]: m.get_body(("html",)).get_content() for m in mailbox.mails}  # type: ignore[union-attr]
        assert "n = 80" in html["carol@example.com"]
        assert "n = 8）" in html["charlie@example.com"]

    def test_it_brings_the_figure_the_chart_and_the_paper(self, due: Schedule, mailbox: Mailbox) -> None:
        go_out()
        mail = next(m for m in mailbox.mails if m["To"] == "carol@example.com")
        assert mail["Subject"].startswith("热线：") or mail["Subject"].startswith("热线:")
        kinds = [part.get_content_type() for part in mail.walk()]
        assert {"text/plain", "text/html", "image/png", "application/pdf"} <= set(kinds)
        assert "cid:chart" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert "/leave/mails/" in mail["List-Unsubscribe"]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_one_mail_a_run_even_when_the_worker_dies_in_between(
        self, due: Schedule, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        schedules.call_due()
        run = MailRun.objects.first()
        assert run is not None
        with monkeypatch.context() as patch:
            patch.setattr(messages, "write", _die)
            with pytest.raises(KeyboardInterrupt):
                mailing.mail(run.pk)
        run.refresh_from_db()
        assert run.state == MailRun.State.DUE
        for _ in range(3):
            schedules.call_due()
            schedules.call_again()
            go_out()
        assert sorted(m["To"] for m in mailbox.mails) == ["carol@example.com", "charlie@example.com"]

    def test_whoever_holds_the_link_ends_them_without_signing_in(
        self, due: Schedule, mailbox: Mailbox, client: Client
    ) -> None:
        go_out()
        mail = next(m for m in mailbox.mails if m["To"] == "charlie@example.com")
        path = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
        assert client.get(path).status_code == 200
        assert due.receivers.filter(left_at=None).count() == 2, "opening a link changes nothing"
        client.post(path, {"List-Unsubscribe": "One-Click"})
        assert [one.user.username for one in due.receivers.filter(left_at=None)] == ["carol"]

    def test_a_made_up_link_ends_nothing(self, due: Schedule, client: Client) -> None:
        assert client.post("/leave/mails/AAAAAAAAAAAAAAAA1/").status_code == 404

    def test_who_left_gets_none(self, due: Schedule, mailbox: Mailbox, charlie: User) -> None:
        schedules.leave(due, by=charlie)
        go_out()
        assert [m["To"] for m in mailbox.mails] == ["carol@example.com"]

    def test_who_may_not_see_numbers_gets_none_and_the_log_says_so(
        self, due: Schedule, mailbox: Mailbox, charlie: User
    ) -> None:
        User.objects.filter(pk=charlie.pk).update(role="agent")
        go_out()
        run = MailRun.objects.get(user=charlie)
        assert (run.state, run.why_not) == ("refused", "没有查看指标的权限")

    def test_a_deleted_view_is_mailed_no_more(
        self, due: Schedule, view: SavedView, mailbox: Mailbox, carol: User
    ) -> None:
        saved_views.remove(view, by=carol)
        go_out()
        assert mailbox.mails == []

    def test_after_standing_still_one_comes_not_many(self, due: Schedule) -> None:
        Schedule.objects.update(next_at=datetime(2026, 1, 1, tzinfo=CHINA))
        assert [schedules.call_due(), schedules.call_due()] == [2, 0]

    def test_it_is_planned_on_its_page(self, view: SavedView, carol: User, signed_in: SignIn) -> None:
        said = {"every": "week", "weekday": "4", "day": "1", "clock": "09:30", "receivers": [str(carol.pk)]}
        assert signed_in(carol).post(f"/views/{view.pk}/mails/", said).status_code == 302
        made = Schedule.objects.get()
        assert (made.every, made.day, made.clock) == ("week", 4, "09:30")


def _die(**letter: Any) -> None:
    raise KeyboardInterrupt
