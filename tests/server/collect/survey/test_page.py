"""The survey page: answered without JavaScript, never by a GET."""

from __future__ import annotations

import pytest
from django.test import Client

from voiceloop.server.collect.models import Answer, Customer, Invitation, Response, Verbatim
from voiceloop.server.core.models import Event


@pytest.fixture
def phone() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


@pytest.mark.requirement(1, 4, 52)
class TestAnswerWithoutJavaScript:
    def test_it_asks_the_score_first(self, phone: Client, path: str) -> None:
        html = phone.get(path).text
        assert "您有多大可能向朋友或同事推荐" in html
        assert 'id="s2" hidden' in html

    def test_it_goes_on_with_the_question_of_the_class(self, phone: Client, path: str) -> None:
        answered = phone.post(path, {"q-nps": "3", "go": "next"}, follow=True)
        html = answered.text
        assert 'id="s1" hidden' in html
        assert '<div data-g="d"><fieldset><legend class="q">很抱歉没有达到您的期望' in html
        assert '<div data-g="p" hidden>' in html

    def test_it_thanks_for_the_whole_answer(self, phone: Client, path: str) -> None:
        phone.post(path, {"q-nps": "3", "go": "next"})
        rest = {"q-nps": "3", "q-why-detractor": ["wait", "repeat"], "q-comment": "等了四天", "go": "done"}
        html = phone.post(path, rest, follow=True).text
        assert "已收到，谢谢您" in html
        response = Response.objects.get()
        assert response.state == "complete"
        assert Answer.objects.get(question="why").options == ["wait", "repeat"]
        assert Verbatim.objects.get().text == "等了四天"

    def test_it_takes_the_chips_of_the_chosen_class_only(self, phone: Client, path: str) -> None:
        phone.post(path, {"q-nps": "9", "q-why-detractor": ["wait"], "q-why-promoter": ["fast"]})
        assert Answer.objects.get(question="why").options == ["fast"]


class TestGet:
    def test_it_never_writes(self, phone: Client, path: str, django_assert_num_queries: object) -> None:
        before = (Response.objects.count(), Event.objects.count(), Invitation.objects.get().xid)
        for query in ("", "?s=9", "?lang=en", "?s=0&step=2&partial=1&q-nps=3"):
            assert phone.get(path + query).status_code == 200
            assert phone.head(path + query).status_code == 200
        assert (Response.objects.count(), Event.objects.count(), Invitation.objects.get().xid) == before

    def test_it_sets_no_cookie(self, phone: Client, path: str) -> None:
        assert not phone.get(path).cookies

    def test_it_only_preselects_the_score_of_the_address(self, phone: Client, path: str) -> None:
        assert 'value="9" data-c="p" checked' in phone.get(f"{path}?s=9").text

    @pytest.mark.parametrize("score", ["11", "-1", "x", "9.5", "١"])
    def test_it_ignores_a_score_that_is_none(self, phone: Client, path: str, score: str) -> None:
        assert " checked" not in phone.get(path, {"s": score}).text

    def test_it_speaks_the_customers_language(self, phone: Client, path: str, wang: Customer) -> None:
        Invitation.objects.update(language="en")
        assert "How likely are you to recommend" in phone.get(path).text

    def test_it_resumes_what_was_kept(self, phone: Client, path: str) -> None:
        phone.post(path, {"q-nps": "8", "q-why-passive": ["clear"], "q-comment": "还行", "partial": "1"})
        html = phone.get(path).text
        assert 'value="clear" checked' in html
        assert ">还行</textarea>" in html
