"""The pages of care and referrals, and the public page of a share link."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.growth import care, sharing
from voiceloop.server.act.models import CareTask, Recommendation, ShareLink
from voiceloop.server.collect import limits
from voiceloop.server.collect.models import Answer, Response
from voiceloop.server.core.models import Event, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
Says = Callable[..., Response]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(signed_in: SignIn, alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def task(says: Says) -> CareTask:
    return care.open_for_response(says(8, text="zqcare 挺好，就是慢"))


@pytest.fixture
def link(says: Says) -> ShareLink:
    return sharing.thank(says(10))


class TestGrowth:
    @pytest.mark.requirement(104)
    def test_it_shows_the_words_of_the_passive(self, browser: Client, task: CareTask) -> None:
        page = browser.get(reverse("growth")).text
        assert "zqcare" in page
        assert 'class="sc n num"' in page

    @pytest.mark.parametrize("tab", ["open", "due", "done", "links", "junk"])
    def test_every_list_can_be_asked_for(
        self, browser: Client, task: CareTask, link: ShareLink, tab: str
    ) -> None:
        assert browser.get(reverse("growth"), {"tab": tab}).status_code == 200

    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "关怀与推荐"), ("en", "Care and referrals")])
    def test_it_speaks_the_readers_language(self, browser: Client, language: str, word: str) -> None:
        assert word in browser.get(reverse("growth"), headers={"accept-language": language}).text

    def test_charlie_sees_and_changes_nothing(
        self, signed_in: SignIn, charlie: User, task: CareTask, link: ShareLink
    ) -> None:
        browser = signed_in(charlie)
        assert "zqcare" not in browser.get(reverse("growth")).text
        assert link.code not in browser.get(reverse("growth"), {"tab": "links"}).text
        assert browser.post(reverse("care_record", args=[task.pk]), {"result": "cared"}).status_code == 404
        assert browser.get("/api/care").json() == []
        assert (
            browser.put(f"/api/care/{task.pk}/result", {"result": "cared"}, "application/json").status_code
            == 404
        )


class TestCareRecord:
    def test_the_line_says_it_is_done_and_can_be_undone(self, browser: Client, task: CareTask) -> None:
        url = reverse("care_record", args=[task.pk])
        answer = browser.post(url, {"result": "cared", "note": "送了一张券"}, headers=HTMX)
        assert "送了一张券" in answer.text
        browser.post(reverse("care_reopen", args=[task.pk]), headers=HTMX)
        assert CareTask.objects.get().done_at is None

    def test_the_line_keeps_the_recommend_score(self, browser: Client, says: Says) -> None:
        response = says(None)
        Answer.objects.create(response=response, question="csat", scale="csat_1_5", score=4)
        Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=8)
        task = care.open_for_response(response)
        answer = browser.post(reverse("care_record", args=[task.pk]), {"result": "cared"}, headers=HTMX)
        assert re.findall(r'class="sc n num"[^>]*>([^<]*)<', answer.text) == ["8"]

    def test_a_result_must_be_chosen(self, browser: Client, task: CareTask) -> None:
        assert browser.post(reverse("care_record", args=[task.pk]), {}, headers=HTMX).status_code == 422
        assert CareTask.objects.get().done_at is None


@pytest.mark.requirement(105)
class TestShare:
    @pytest.fixture(autouse=True)
    def _a_new_minute(self) -> None:
        limits.forget()

    def token(self, client: Client, link: ShareLink) -> str:
        page = client.get(reverse("share", args=[link.code])).text
        (token,) = re.findall(r'name="token" value="([^"]+)"', page)
        return str(token)

    def test_opening_it_writes_nothing(self, client: Client, link: ShareLink) -> None:
        before = Event.objects.count()
        client.get(reverse("share", args=[link.code]))
        assert (Recommendation.objects.count(), Event.objects.count()) == (0, before)

    def test_the_button_counts_once_however_often_it_is_pressed(
        self, client: Client, link: ShareLink
    ) -> None:
        token = self.token(client, link)
        for _ in range(3):
            client.post(reverse("share", args=[link.code]), {"token": token})
        assert Recommendation.objects.count() == 1
        assert Event.objects.filter(type="recommendation.made").count() == 1

    def test_no_cookie_follows_the_visitor(self, client: Client, link: ShareLink) -> None:
        client.post(reverse("share", args=[link.code]), {"token": self.token(client, link)})
        assert set(client.cookies) <= {"csrftoken"}

    @pytest.mark.parametrize("made_up", ["", "abc", "W10:1abc:xyz"])
    def test_a_made_up_number_counts_nothing(self, client: Client, link: ShareLink, made_up: str) -> None:
        client.post(reverse("share", args=[link.code]), {"token": made_up})
        assert Recommendation.objects.count() == 0

    def test_the_number_of_another_link_counts_nothing(
        self, client: Client, link: ShareLink, says: Says
    ) -> None:
        other = sharing.thank(says(9))
        client.post(reverse("share", args=[link.code]), {"token": self.token(client, other)})
        assert Recommendation.objects.count() == 0

    def test_a_friend_is_counted_on_the_page(self, client: Client, browser: Client, link: ShareLink) -> None:
        client.post(reverse("share", args=[link.code]), {"token": self.token(client, link)})
        assert browser.get(reverse("growth")).context["effects"]["recommendations"] == 1

    @pytest.mark.requirement(12)
    def test_it_says_how_many_did_what_they_said(self, browser: Client, says: Says) -> None:
        links = [sharing.thank(says(9)) for _ in range(6)]
        for link in links[:2]:
            for friend in range(2):
                sharing.recommend(link, visitor=f"{link.code} {friend}")
        answer = browser.get(reverse("growth"), headers={"accept-language": "en"})
        brought = answer.context["effects"]["brought"]
        assert (brought.n, brought.hits) == (6, 2)
        assert "6 promoters with a link" in answer.text
