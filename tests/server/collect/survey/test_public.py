"""All public addresses: kind when it is over, limited, light, and never writing on a GET."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from voiceloop.server.collect import invitations, limits, links, tokens
from voiceloop.server.collect.letters import leave_link
from voiceloop.server.collect.models import Customer, Invitation, PublicLink, Response, Survey
from voiceloop.server.core.models import Unit, User

KEY = "6f1c9a9e-5a0c-4e2f-9d4f-0a3b7a1f2c11"


@pytest.fixture
def phone() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


@pytest.fixture
def link(survey: Survey, east: Unit, carol: User) -> PublicLink:
    return links.open(survey=survey, unit=east, by=carol, name="收银台")


@pytest.fixture
def leave_path(wang: Customer) -> str:
    return "/" + leave_link(wang.pk).split("/", 3)[3]


class TestEveryPublicAddress:
    @pytest.fixture
    def addresses(self, path: str, link: PublicLink, leave_path: str) -> list[str]:
        return [path, f"/q/{link.slug}/", f"/q/{link.slug}/?k={KEY}", leave_path, "/privacy/"]

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_it_writes_nothing_when_only_looked_at(
        self, phone: Client, addresses: list[str], method: str
    ) -> None:
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert getattr(phone, method)(address, headers={"purpose": "prefetch"}).status_code == 200
            assert all(q["sql"].lstrip().upper().startswith("SELECT") for q in queries.captured_queries)

    def test_it_allows_only_its_own_style_and_script(self, phone: Client, addresses: list[str]) -> None:
        for address in addresses:
            answer = phone.get(address)
            for tag in re.findall(r"<(?:script|style)>(.*?)</", answer.text, re.S):
                seal = base64.b64encode(hashlib.sha256(tag.encode()).digest()).decode()
                assert f"'sha256-{seal}'" in answer["Content-Security-Policy"]
            assert not re.search(r"\son\w+=", answer.text)
            assert not answer.cookies


@pytest.mark.requirement(1, 52)
class TestWeight:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_it_is_under_twenty_kilobytes_in_all(self, phone: Client, path: str, language: str) -> None:
        answer = phone.get(f"{path}?lang={language}")
        assert len(answer.content) < 20_000
        assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)="(?!data:)', answer.text)


@pytest.mark.requirement(49)
class TestScale:
    def test_it_is_never_coloured_by_class(self, phone: Client, path: str) -> None:
        buttons = re.findall(
            r"<label>(<input type=\"radio\" name=\"q-nps\".*?)</label>", phone.get(path).text
        )
        plain = {
            re.sub(r'value="\d+"|data-c="."|aria-label="[^"]*"|<span>\d+</span>', "", b) for b in buttons
        }
        assert len(buttons) == 11
        assert {re.sub(r"\s+", " ", button) for button in plain} == {'<input type="radio" name="q-nps" >'}


class TestPersonalLink:
    def test_it_thanks_who_comes_again(self, phone: Client, path: str) -> None:
        phone.post(path, {"q-nps": "9"})
        again = phone.get(path)
        assert again.status_code == 200
        assert "已收到，谢谢您" in again.text

    def test_it_says_kindly_that_it_is_unknown(self, phone: Client, root: Unit) -> None:
        answer = phone.get("/s/nonsense/")
        assert answer.status_code == 404
        assert "链接无法识别" in answer.text

    @pytest.mark.parametrize("end", [invitations.revoke, invitations.expire])
    def test_it_says_kindly_that_it_is_over(
        self, phone: Client, path: str, invitation: Invitation, end: Callable[..., Any]
    ) -> None:
        more = {"by": None} if end is invitations.revoke else {}
        end(invitation=invitation, **more)
        assert phone.get(path).status_code == 410
        assert phone.post(path, {"q-nps": "9"}).status_code == 410
        assert not Response.objects.exists()

    def test_it_refuses_a_score_that_is_none(self, phone: Client, path: str) -> None:
        assert phone.post(path, {"q-nps": "11"}).status_code == 400

    def test_it_asks_again_for_the_missing_score(self, phone: Client, path: str) -> None:
        assert 'id="s2" hidden' in phone.post(path, {"q-comment": "慢"}, follow=True).text

    def test_it_answers_scripts_in_json(self, phone: Client, path: str) -> None:
        answer = phone.post(path, {"q-nps": "9"}, headers={"accept": "application/json"})
        assert answer.json() == {"complete": True}

    def test_it_keeps_the_language_that_was_chosen(self, phone: Client, path: str) -> None:
        phone.post(path, {"q-nps": "9", "lang": "en"})
        assert Response.objects.get().language == "en"

    @pytest.mark.requirement(54)
    def test_it_records_nothing_for_a_score_tapped_in_a_mail(self, phone: Client, path: str) -> None:
        assert 'value="9" data-c="p" checked' in phone.get(f"{path}?s=9").text
        assert not Response.objects.exists()


class TestPublicLink:
    def test_it_answers_without_a_cookie(self, phone: Client, link: PublicLink) -> None:
        html = phone.get(f"/q/{link.slug}/").text
        key = re.search(r'name="k" value="([^"]+)"', html)[1]  # type: ignore[index]
        for _ in range(2):
            done = phone.post(f"/q/{link.slug}/", {"k": key, "q-nps": "9"}, follow=True)
        assert "已收到，谢谢您" in done.text
        assert Response.objects.get().idempotency_key == f"link:{link.pk}:{key}"

    def test_it_gives_each_visitor_another_key(self, phone: Client, link: PublicLink) -> None:
        keys = {re.search(r'name="k" value="([^"]+)"', phone.get(f"/q/{link.slug}/").text)[1] for _ in "ab"}  # type: ignore[index]
        assert len(keys) == 2

    def test_it_resumes_by_its_key(self, phone: Client, link: PublicLink) -> None:
        phone.post(f"/q/{link.slug}/", {"k": KEY, "q-nps": "3", "go": "next"})
        assert 'id="s1" hidden' in phone.get(f"/q/{link.slug}/?k={KEY}").text

    def test_it_ends_when_taken_back(self, phone: Client, link: PublicLink, carol: User) -> None:
        links.revoke(link=link, by=carol)
        assert phone.get(f"/q/{link.slug}/").status_code == 410

    def test_it_is_limited_by_address(self, phone: Client, link: PublicLink, settings: Any) -> None:
        settings.RATE_LIMIT_PER_MINUTE = 2
        codes = [phone.get(f"/q/{link.slug}/").status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        assert phone.get("/s/nonsense/").status_code == 429

    def test_it_limits_no_other_address(self, phone: Client, link: PublicLink, settings: Any) -> None:
        settings.RATE_LIMIT_PER_MINUTE = 1
        codes = [phone.get(f"/q/{link.slug}/", REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(3)]
        assert codes == [200, 200, 200]


class TestLimits:
    def test_it_begins_anew_each_minute(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.RATE_LIMIT_PER_MINUTE = 1
        clock = [limits.monotonic()]
        monkeypatch.setattr(limits, "monotonic", lambda: clock[0])
        assert [limits.is_over("a"), limits.is_over("a")] == [False, True]
        clock[0] += 61
        assert limits.is_over("a") is False


class TestLeave:
    def test_it_asks_before_it_does(self, phone: Client, leave_path: str, wang: Customer) -> None:
        assert "不再接收问卷" in phone.get(leave_path).text
        wang.refresh_from_db()
        assert wang.opted_out_at is None

    def test_it_stops_all_surveys(self, phone: Client, leave_path: str, wang: Customer) -> None:
        assert "不会再邀请您" in phone.post(leave_path).text
        wang.refresh_from_db()
        assert now() - wang.opted_out_at < timedelta(minutes=1)

    def test_it_does_not_know_the_token_of_an_invitation(self, phone: Client, wang: Customer) -> None:
        token = tokens.make(wang.pk, purpose=tokens.ANSWER)
        assert phone.post(f"/u/{token}/").status_code == 404
