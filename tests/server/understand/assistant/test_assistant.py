"""The optional language model: off by default, masked, bounded, its sources checked, its failures said."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from tests.server.feedback import respond
from tests.server.understand.assistant.conftest import Model
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.collect.models import Customer, Verbatim
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand.assistant import asking, client, uses
from voiceloop.server.understand.assistant.faults import Fault
from voiceloop.server.understand.models import AssistantCall, AssistantSetting

SignIn = Callable[[User], Client]


def refused(code: str, by: User) -> None:
    with pytest.raises(Fault) as caught:
        uses.trial(by=by)
    assert caught.value.code == code
    assert caught.value.say("zh") != caught.value.say("en")


class TestOff:
    def test_without_it_nothing_is_asked_and_no_button_shown(
        self, said: list[Verbatim], model: Model, carol: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(carol)
        assert "/draft/" not in browser.get(f"/voice/{said[0].pk}/").content.decode()
        assert browser.post(f"/voice/{said[0].pk}/draft/").status_code == 404
        assert browser.post("/assistant/summary/").status_code == 404
        with pytest.raises(Fault):
            uses.draft(said[0], by=carol)
        assert model.got == []

    def test_it_is_off_until_an_admin_says_otherwise(self, db: None) -> None:
        assert not asking.setting().is_on


class TestSettings:
    def test_an_admin_sets_it_up_and_tries_it(self, model: Model, dora: User, signed_in: SignIn) -> None:
        browser = signed_in(dora)
        form = {"is_on": "on", "base_url": model.url, "model": "tiny", "key": "sk-1", "seconds": 2}
        assert browser.post("/assistant/", form | {"calls_a_day": 5}).status_code == 302
        assert "OK" in browser.post("/assistant/try/").content.decode()
        path, headers, _ = model.got[0]
        assert (path, headers["Authorization"]) == ("/v1/chat/completions", "Bearer sk-1")

    def test_the_key_is_kept_encrypted_and_never_shown(
        self, switched_on: AssistantSetting, dora: User, signed_in: SignIn
    ) -> None:
        assert "sk-secret" not in signed_in(dora).get("/assistant/").content.decode()
        with connection.cursor() as cursor:
            cursor.execute("select key from understand_assistantsetting")
            assert b"sk-secret" not in bytes(cursor.fetchone()[0])

    def test_an_empty_key_stays_and_is_forgotten_when_asked(
        self, switched_on: AssistantSetting, dora: User, signed_in: SignIn
    ) -> None:
        form = {"base_url": switched_on.base_url, "model": "tiny", "seconds": 2, "calls_a_day": 5}
        signed_in(dora).post("/assistant/", form)
        assert asking.setting().key == "sk-secret"
        signed_in(dora).post("/assistant/", form | {"forget_key": "on"})
        assert asking.setting().key is None

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "ftp://x/v1",
            "http://",
            "x",
            "http://u:p@x/v1",
            "http://x/?a=1",
            "http://a b/",
        ],
    )
    def test_only_an_address_of_the_web_is_taken(self, url: str, dora: User) -> None:
        with pytest.raises(AnalyticsError):
            asking.set_up(by=dora, is_on=True, base_url=url, model="tiny")

    def test_nobody_else_may(self, bob: User, charlie: User, signed_in: SignIn) -> None:
        for user in (bob, charlie):
            assert signed_in(user).get("/assistant/").status_code == 403
            assert signed_in(user).post("/assistant/try/").status_code == 403


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "code"), [(401, "key"), (403, "key"), (429, "busy"), (500, "failed"), (404, "failed")]
    )
    def test_a_refusal_is_said(
        self, status: int, code: str, model: Model, switched_on: AssistantSetting, dora: User
    ) -> None:
        model.status = status
        refused(code, dora)

    @pytest.mark.parametrize(
        "raw",
        [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}',
         b"\xff\xfe", b"[" * 100_000, b"x" * 1_100_000],
    )  # fmt: skip
    def test_garbage_is_said(
        self, raw: bytes, model: Model, switched_on: AssistantSetting, dora: User
    ) -> None:
        model.raw = raw
        refused("garbage", dora)

    def test_silence_ends(self, model: Model, switched_on: AssistantSetting, dora: User) -> None:
        AssistantSetting.objects.update(seconds=1)
        model.wait = 3
        refused("timeout", dora)

    def test_an_answer_byte_by_byte_ends_too(
        self, model: Model, switched_on: AssistantSetting, dora: User
    ) -> None:
        AssistantSetting.objects.update(seconds=1)
        model.words, model.drip = "x" * 400, 0.1
        refused("timeout", dora)

    def test_nobody_at_the_address_is_said(
        self, model: Model, switched_on: AssistantSetting, dora: User
    ) -> None:
        AssistantSetting.objects.update(base_url="http://127.0.0.1:1/v1")
        refused("unreachable", dora)

    def test_it_follows_no_redirect(self, model: Model, switched_on: AssistantSetting, dora: User) -> None:
        model.status, model.location = 307, f"{model.url}/elsewhere"
        refused("moved", dora)
        assert len(model.got) == 1

    def test_the_budget_of_a_day_holds(self, model: Model, switched_on: AssistantSetting, dora: User) -> None:
        AssistantSetting.objects.update(calls_a_day=1)
        uses.trial(by=dora)
        refused("budget", dora)
        assert len(model.got) == 1

    def test_a_page_says_it_in_the_readers_language(
        self,
        said: list[Verbatim],
        model: Model,
        switched_on: AssistantSetting,
        carol: User,
        signed_in: SignIn,
    ) -> None:
        model.status = 429
        answer = signed_in(carol).post(f"/voice/{said[0].pk}/draft/", headers={"accept-language": "zh-CN"})
        assert "语言模型繁忙" in answer.content.decode()


class TestMasking:
    def test_nothing_personal_ever_leaves(
        self, east: Unit, model: Model, switched_on: AssistantSetting, carol: User
    ) -> None:
        customer = Customer.objects.create(
            unit=east, number="K77123", name="欧阳静怡", phone="13800138000", email="jing@example.com"
        )
        words = "我叫李小明，电话138 0013 8000，找了王经理和Carol，欧阳静怡说邮箱jing@example.com也没人回"
        response = respond(east, 2, words=words)
        response.customer = customer
        response.save()
        verbatim = response.verbatims.get()
        # As an old import might have left it: with everything in it.
        Verbatim.objects.filter(pk=verbatim.pk).update(text=words)
        verbatim.refresh_from_db()
        model.words = json.dumps({"points": []})
        uses.draft(verbatim, by=carol)
        uses.summarise([verbatim], by=carol, language="zh")
        for secret in ("李小明", "8000", "王经理", "Carol", "欧阳", "jing", "example.com", "K77123"):
            assert all(secret not in body for _, _, body in model.got), secret
        assert "没人回" in model.heard

    def test_the_log_keeps_counts_and_no_words(
        self, said: list[Verbatim], model: Model, switched_on: AssistantSetting, carol: User
    ) -> None:
        uses.draft(said[0], by=carol)
        event = Event.objects.get(type="assistant.asked")
        assert (event.by, event.data["n_comments"]) == (carol, 1)
        assert "上菜" not in json.dumps(event.data, ensure_ascii=False)
        call = AssistantCall.objects.get()
        assert (call.use, call.outcome, call.n_received) == ("reply", "ok", 2)

    def test_a_failed_question_is_in_the_log_too(
        self, model: Model, switched_on: AssistantSetting, dora: User
    ) -> None:
        model.status = 401
        refused("key", dora)
        assert AssistantCall.objects.get().outcome == "key"


class TestSummary:
    def test_only_points_with_sources_that_were_sent_are_shown(
        self,
        said: list[Verbatim],
        model: Model,
        switched_on: AssistantSetting,
        carol: User,
        signed_in: SignIn,
    ) -> None:
        points = [
            {"text": "上菜慢", "ids": [said[0].pk, 999_999]},
            {"text": "编造的", "ids": [999_999]},
            {"text": "没有来源", "ids": []},
        ]
        model.words = "```json\n" + json.dumps({"points": points}) + "\n```"
        page = signed_in(carol).post("/assistant/summary/").content.decode()
        assert "上菜慢" in page
        assert f"/voice/{said[0].pk}/" in page
        assert "999999" not in page
        assert "编造的" not in page
        assert "没有来源" not in page

    def test_it_sends_only_what_the_reader_may_see(
        self,
        said: list[Verbatim],
        model: Model,
        switched_on: AssistantSetting,
        charlie: User,
        signed_in: SignIn,
    ) -> None:
        page = signed_in(charlie).post("/assistant/summary/").content.decode()
        assert "没有可供摘要的原话" in page
        assert model.got == []
        assert signed_in(charlie).post(f"/voice/{said[0].pk}/draft/").status_code == 404

    @pytest.mark.parametrize("words", ["no json", "{}", '{"points": 3}', '{"points": [{"text": "x"}]}'])
    def test_an_answer_of_another_shape_is_said(
        self, words: str, said: list[Verbatim], model: Model, switched_on: AssistantSetting, carol: User
    ) -> None:
        model.words = words
        with pytest.raises(Fault):
            uses.summarise(said, by=carol, language="en")


def test_an_address_is_taken_without_its_last_slash() -> None:
    assert client.checked(" https://api.example.com/v1/ ") == "https://api.example.com/v1"
