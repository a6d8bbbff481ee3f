"""Robots: what each chat is sent, signed, in measure, again after failure, never into our own network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from procrastinate.contrib.django.models import ProcrastinateJob

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, NoticeChoice, Robot, RobotPost
from voiceloop.server.act.notices import notices, outgoing, robots, saying
from voiceloop.server.act.notices.flavours import Words, dingtalk_sign, feishu_sign
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
TAKEN = {"wecom": {"errcode": 0}, "feishu": {"code": 0}, "dingtalk": {"errcode": 0}}


@dataclass
class Chat:
    """A group chat's side of the web: keeps what it is sent and answers as it is told to."""

    url: str = ""
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    usual: str = "ok"

    @property
    def texts(self) -> list[str]:
        return [json.dumps(body, ensure_ascii=False) for _, body in self.got]


@pytest.fixture
def chat(settings: Any) -> Iterator[Chat]:
    there = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            there.got.append((self.path, body))
            status, text, headers = there.answers.pop(0) if there.answers else (200, there.usual, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    there.url = f"http://127.0.0.1:{server.server_port}/hook?key=abc"
    settings.INTERNAL_HOSTS = {"127.0.0.1"}
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def robot(east: Unit, chat: Chat) -> Callable[..., Robot]:
    def make(flavour: str = "slack", **more: Any) -> Robot:
        if flavour in TAKEN:
            chat.usual = json.dumps(TAKEN[flavour])
        values = {"unit": east, "address": chat.url, "language": "en", "name": "Kitchen"}
        return Robot.objects.create(flavour=flavour, **(values | more))

    return make


@pytest.fixture
def happens(case: Case, bob: User) -> Callable[..., Event]:
    """Something of a kind that the whole team is told."""

    def happen(kind: str = "breach") -> Event:
        cases.note(case, by=bob, text="x")
        event = Event.objects.latest("pk")
        notices.tell(event, to=[], kind=kind)
        return event

    return happen


class TestSay:
    WORDS = Words(
        "One [thing]", (("#7 · said <b> & | more", "https://voice.example/cases/7/"), ("plain", ""))
    )

    def test_wecom_is_sent_markdown(self, robot: Callable[..., Robot], chat: Chat) -> None:
        robots.say(robot("wecom"), self.WORDS)
        path, body = chat.got[0]
        assert (path, body["msgtype"]) == ("/hook?key=abc", "markdown")
        assert "**One ［thing］**" in body["markdown"]["content"]
        assert "](https://voice.example/cases/7/)" in body["markdown"]["content"]

    def test_wecom_is_never_sent_more_than_it_takes(self, robot: Callable[..., Robot], chat: Chat) -> None:
        robots.say(robot("wecom"), Words("x", tuple(("很长" * 100, "") for _ in range(40))))
        assert len(chat.got[0][1]["markdown"]["content"].encode()) <= 4096

    def test_feishu_is_sent_a_signed_post(self, robot: Callable[..., Robot], chat: Chat) -> None:
        robots.say(robot("feishu", secret="hush"), self.WORDS)
        body = chat.got[0][1]
        key = f"{body['timestamp']}\nhush".encode()
        assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        post = body["content"]["post"]["zh_cn"]
        assert (body["msg_type"], post["title"]) == ("post", "One [thing]")
        assert post["content"][0][0]["href"] == "https://voice.example/cases/7/"

    def test_dingtalk_is_signed_in_its_address(self, robot: Callable[..., Robot], chat: Chat) -> None:
        robots.say(robot("dingtalk", secret="SEChush"), self.WORDS)
        path, body = chat.got[0]
        query = parse_qs(urlsplit(path).query)
        assert query["key"] == ["abc"]
        assert query["sign"] == [dingtalk_sign("SEChush", int(query["timestamp"][0]))]
        assert body["markdown"]["title"] == "One [thing]"

    def test_slack_is_sent_its_own_signs_escaped(self, robot: Callable[..., Robot], chat: Chat) -> None:
        robots.say(robot("slack"), self.WORDS)
        assert "<https://voice.example/cases/7/|#7 · said &lt;b&gt; &amp; ¦ more>" in chat.got[0][1]["text"]

    def test_the_signatures_are_those_of_the_manuals(self) -> None:
        """Computed once by `openssl dgst -sha256 -hmac KEY -binary | base64`."""
        assert feishu_sign("abc", 1599360473) == "cgtpJzI2j6bUDggbdGYjskCK3FPgKpTkwosfWsMzKqM="
        assert dingtalk_sign("abc", 1599360473000) == "Y8nO3D/aULDXOeq2JDUacH5B+YsYPRT1cHbBIEqM8WY="

    @pytest.mark.parametrize(
        ("flavour", "answer"),
        [("wecom", {"errcode": 93000}), ("feishu", {"code": 19021}), ("dingtalk", {"errcode": 310000})],
    )
    def test_a_refusal_with_status_200_is_a_refusal(
        self, robot: Callable[..., Robot], chat: Chat, flavour: str, answer: dict[str, int]
    ) -> None:
        one = robot(flavour)
        chat.usual = json.dumps(answer)
        with pytest.raises(outgoing.Refused):
            robots.say(one, self.WORDS)

    @pytest.mark.parametrize(
        ("flavour", "answer"),
        [("wecom", {"errcode": 45009}), ("feishu", {"code": 11232}), ("dingtalk", {"errcode": 130101})],
    )
    def test_too_many_is_for_later(
        self, robot: Callable[..., Robot], chat: Chat, flavour: str, answer: dict[str, int]
    ) -> None:
        one = robot(flavour)
        chat.usual = json.dumps(answer)
        with pytest.raises(outgoing.NotNow):
            robots.say(one, self.WORDS)


class TestSayWaiting:
    def test_a_team_is_told_once(
        self, robot: Callable[..., Robot], chat: Chat, happens: Callable[..., Event], case: Case
    ) -> None:
        one = robot(kinds=["breach"])
        happens()
        assert [saying.say_waiting(one.pk) for _ in range(2)] == [1, 0]
        assert f"#{case.pk}" in chat.texts[0]
        assert "王小明" not in chat.texts[0]

    def test_what_the_team_did_not_choose_is_not_told(
        self, robot: Callable[..., Robot], happens: Callable[..., Event]
    ) -> None:
        robot(kinds=["crisis"])
        happens("breach")
        assert RobotPost.objects.count() == 0

    def test_who_wants_it_is_named(
        self, robot: Callable[..., Robot], chat: Chat, case: Case, alice: User, bob: User
    ) -> None:
        one = robot()
        NoticeChoice.objects.create(user=alice, kind="mention", robot=True)
        cases.note(case, by=bob, text="x")
        notices.tell(Event.objects.latest("pk"), to=[alice], kind="mention")
        saying.say_waiting(one.pk)
        assert "@Alice" in chat.texts[0]

    def test_much_at_once_is_one_summary(
        self, robot: Callable[..., Robot], chat: Chat, happens: Callable[..., Event]
    ) -> None:
        one = robot(kinds=["breach"])
        for _ in range(12):
            happens()
        saying.say_waiting(one.pk)
        assert len(chat.got) == 1
        assert "12 things happened" in chat.texts[0]
        assert "and 4 more" in chat.texts[0]

    def test_the_hour_has_a_measure_and_what_is_left_is_one_summary(
        self, robot: Callable[..., Robot], chat: Chat, happens: Callable[..., Event]
    ) -> None:
        one = robot(kinds=["breach"], per_hour=2)
        for _ in range(5):
            happens()
            saying.say_waiting(one.pk)
        assert len(chat.got) == 2
        RobotPost.objects.exclude(said_at=None).update(said_at=now() - timedelta(hours=2))
        saying.say_waiting(one.pk)
        assert (len(chat.got), "3 things happened" in chat.texts[2]) == (3, True)

    def test_a_failure_is_tried_again_later(
        self, robot: Callable[..., Robot], chat: Chat, happens: Callable[..., Event]
    ) -> None:
        one = robot(kinds=["breach"])
        happens()
        chat.answers = [(429, "slow down", {"Retry-After": "30"})]
        assert saying.say_waiting(one.pk) == 0
        post = RobotPost.objects.get()
        assert post.at > now() + timedelta(seconds=25)
        RobotPost.objects.update(at=now())
        assert saying.say_waiting(one.pk) == 1
        assert len(chat.got) == 2

    def test_it_gives_up_after_five_tries(
        self, robot: Callable[..., Robot], chat: Chat, happens: Callable[..., Event]
    ) -> None:
        one = robot(kinds=["breach"])
        happens()
        chat.answers = [(503, "", {})] * 9
        for _ in range(9):
            saying.say_waiting(one.pk)
            RobotPost.objects.update(at=now())
        assert (len(chat.got), RobotPost.objects.get().failed_at is not None) == (5, True)

    def test_who_died_while_saying_it_does_not_say_it_twice(
        self, robot: Callable[..., Robot], chat: Chat, happens: Callable[..., Event]
    ) -> None:
        one = robot(kinds=["breach"])
        happens()

        def dies(robot: Robot, words: Words) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            saying.say_waiting(one.pk, say=dies)
        assert saying.say_waiting(one.pk) == 0
        assert RobotPost.objects.get().error == saying.INTERRUPTED

    def test_there_is_one_job_however_much_waits(
        self, robot: Callable[..., Robot], happens: Callable[..., Event]
    ) -> None:
        robot(kinds=["breach"])
        for _ in range(3):
            happens()
        assert ProcrastinateJob.objects.filter(task_name=robots.TASK).count() == 1


class TestOutgoing:
    @pytest.mark.parametrize(
        "address",
        [
            "https://127.0.0.1/x",
            "https://10.1.2.3/x",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://localhost/x",
            "https://0.0.0.0/x",
            "https://100.64.0.1/x",
        ],
    )
    def test_it_does_not_call_into_our_own_network(self, address: str) -> None:
        with pytest.raises(outgoing.Refused):
            outgoing.post(address, {})

    @pytest.mark.parametrize(
        "address",
        ["http://example.com/x", "ftp://example.com", "https://user@example.com/", "x", "https://a:99999/"],
    )
    def test_it_calls_no_other_kind_of_address(self, address: str) -> None:
        with pytest.raises(outgoing.Refused):
            outgoing.checked(address)

    def test_it_goes_nowhere_else_when_sent_there(self, chat: Chat) -> None:
        chat.answers = [(302, "", {"Location": chat.url})]
        with pytest.raises(outgoing.Refused):
            outgoing.post(chat.url, {})
        assert len(chat.got) == 1

    def test_nobody_there_is_for_later(self, settings: Any) -> None:
        settings.INTERNAL_HOSTS = {"127.0.0.1"}
        with pytest.raises(outgoing.NotNow):
            outgoing.post("http://127.0.0.1:1/", {})


class TestPages:
    FORM: dict[str, Any] = {"name": "Kitchen", "flavour": "slack", "language": "en", "per_hour": "9"}

    def test_a_lead_sets_one_up_and_its_address_is_kept_encrypted(
        self, signed_in: Callable[[User], Client], bob: User, east: Unit
    ) -> None:
        given = self.FORM | {"unit": east.pk, "address": "https://hooks.slack.com/services/T/B/verysecret"}
        browser = signed_in(bob)
        assert browser.post(reverse("robot_new"), given).status_code == 302
        robot = Robot.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("select address from act_robot")
            assert b"verysecret" not in bytes(cursor.fetchone()[0])
        assert "verysecret" not in browser.get(reverse("robot", args=[robot.pk])).text
        assert browser.post(reverse("robot", args=[robot.pk]), given | {"address": ""}).status_code == 302
        assert Robot.objects.get().address.endswith("verysecret")

    def test_an_inner_address_is_refused_with_the_reason(
        self, signed_in: Callable[[User], Client], bob: User, east: Unit
    ) -> None:
        given = self.FORM | {"unit": east.pk, "address": "http://10.0.0.1/x"}
        answer = signed_in(bob).post(reverse("robot_new"), given, headers={"accept-language": "en"})
        assert (answer.status_code, "https://" in answer.text) == (422, True)

    @pytest.mark.parametrize(("text", "words"), [("ok", "It said hello"), ("no_service", "It did not work")])
    def test_the_button_says_whether_it_works(
        self,
        signed_in: Callable[[User], Client],
        robot: Callable[..., Robot],
        chat: Chat,
        bob: User,
        text: str,
        words: str,
    ) -> None:
        one, browser = robot(), signed_in(bob)
        chat.usual = text
        browser.post(reverse("robot_try", args=[one.pk]), headers={"accept-language": "en"})
        assert words in browser.get(reverse("robots"), headers={"accept-language": "en"}).text

    def test_agents_set_up_none(self, signed_in: Callable[[User], Client], alice: User) -> None:
        assert signed_in(alice).get(reverse("robots")).status_code == 403

    def test_charlie_finds_none(
        self, signed_in: Callable[[User], Client], robot: Callable[..., Robot], charlie: User
    ) -> None:
        assert signed_in(charlie).get(reverse("robot", args=[robot().pk])).status_code == 404
