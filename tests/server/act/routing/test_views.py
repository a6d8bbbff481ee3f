"""The pages of routing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import AgentProfile, Case, GreenRule
from voiceloop.server.act.routing import people
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
Says = Callable[..., Response]
HTMX = {"HX-Request": "true"}


class TestTeam:
    @pytest.mark.requirement(121)
    @pytest.mark.parametrize(("language", "word"), [("en", "Away"), ("zh-hans", "离开")])
    def test_a_lead_sees_who_is_there_and_what_waits(
        self, signed_in: SignIn, bob: User, alice: User, says: Says, language: str, word: str
    ) -> None:
        people.set_status(alice, to="away", by=alice)
        cases.route(cases.open_for_response(says()))
        page = signed_in(bob).get(reverse("routing_team"), headers={"accept-language": language}).text
        assert "Alice" in page
        assert word in page

    def test_it_shows_those_who_are_free(self, signed_in: SignIn, bob: User, alice: User) -> None:
        people.set_status(alice, to="away", by=alice)
        page = signed_in(bob).get(reverse("routing_team"), {"only": "free"}).text
        assert reverse("routing_person", args=[alice.pk]) not in page
        assert reverse("routing_person", args=[bob.pk]) in page

    def test_an_agent_may_not(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).get(reverse("routing_team")).status_code == 403

    def test_charlie_sees_nobody_of_the_east(self, signed_in: SignIn, charlie: User, alice: User) -> None:
        browser = signed_in(charlie)
        assert "Alice" not in browser.get(reverse("routing_team")).text
        assert browser.get(reverse("routing_person", args=[alice.pk])).status_code == 404
        status = {"status": "off"}
        assert browser.post(reverse("routing_status", args=[alice.pk]), status).status_code == 404


class TestMyStatus:
    @pytest.mark.requirement(121)
    def test_one_click_says_it(self, signed_in: SignIn, alice: User) -> None:
        answer = signed_in(alice).post(reverse("my_status"), {"status": "busy"}, headers=HTMX)
        assert AgentProfile.objects.get(user=alice).status == "busy"
        assert 'value="busy" aria-pressed="true"' in answer.text

    def test_it_is_in_the_side_bar_with_its_keys(self, signed_in: SignIn, alice: User) -> None:
        page = signed_in(alice).get(reverse("workbench")).text
        assert 'id="my-status"' in page
        assert 'data-key="i w"' in page

    def test_an_unknown_word_is_refused(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).post(reverse("my_status"), {"status": "asleep"}).status_code == 422


class TestSkill:
    @pytest.mark.requirement(113)
    def test_a_cell_of_the_matrix_is_kept_at_once(self, signed_in: SignIn, bob: User, alice: User) -> None:
        address = reverse("routing_skill", args=[alice.pk])
        signed_in(bob).post(address, {"skill": "seat:video", "level": "2"}, headers=HTMX)
        assert AgentProfile.objects.get(user=alice).skills == {"seat:video": 2}
        signed_in(bob).post(address, {"skill": "seat:video", "level": "0"}, headers=HTMX)
        assert AgentProfile.objects.get(user=alice).skills == {}

    def test_an_unknown_skill_is_refused(self, signed_in: SignIn, bob: User, alice: User) -> None:
        given = {"skill": "seat:moon", "level": "2"}
        assert signed_in(bob).post(reverse("routing_skill", args=[alice.pk]), given).status_code == 422

    @pytest.mark.requirement(113)
    def test_the_matrix_has_four_seats(self, signed_in: SignIn, bob: User) -> None:
        page = signed_in(bob).get(reverse("routing_matrix"), headers={"accept-language": "zh-hans"}).text
        assert all(seat in page for seat in ("人工座席", "在线座席", "微座席", "视频座席"))


class TestPerson:
    @pytest.mark.requirement(126)
    def test_it_keeps_languages_room_and_levels(self, signed_in: SignIn, bob: User, alice: User) -> None:
        given = {"languages": ["zh", "en"], "capacity": 7, "is_senior": "on", "skill-seat:phone": 3}
        answer = signed_in(bob).post(reverse("routing_person", args=[alice.pk]), given)
        assert answer.status_code == 302
        made = AgentProfile.objects.get(user=alice)
        assert (made.languages, made.capacity, made.is_senior) == (["zh", "en"], 7, True)
        assert made.skills == {"seat:phone": 3}

    def test_a_refused_form_comes_back(self, signed_in: SignIn, bob: User, alice: User) -> None:
        answer = signed_in(bob).post(reverse("routing_person", args=[alice.pk]), {"capacity": 0})
        assert answer.status_code == 422


class TestGreenRule:
    @pytest.mark.requirement(124)
    def test_an_admin_of_the_company_changes_it(self, signed_in: SignIn, dora: User) -> None:
        given = {"severities": ["catastrophic"], "reopenings": 0, "minutes": 15}
        assert signed_in(dora).post(reverse("green_rule"), given).status_code == 302
        assert GreenRule.objects.get().minutes == 15

    def test_a_lead_may_not(self, signed_in: SignIn, bob: User) -> None:
        assert signed_in(bob).get(reverse("green_rule")).status_code == 403


class TestCase:
    @pytest.mark.requirement(121)
    def test_it_says_why_and_who_else(self, signed_in: SignIn, bob: User, alice: User, says: Says) -> None:
        erin = User.objects.create_user("erin", name="Erin", role="agent", unit=alice.unit)
        people.set_status(erin, to="away", by=erin)
        case = cases.route(cases.open_for_response(says()))
        page = signed_in(bob).get(reverse("case", args=[case.pk]), headers={"accept-language": "en"}).text
        assert "the only one who could take it" in page
        assert "<strong>Erin</strong> <span>was away</span>" in page

    @pytest.mark.requirement(113)
    def test_the_video_seat_has_a_link_elsewhere(self, signed_in: SignIn, alice: User) -> None:
        people.save_profile(alice, by=alice, video_url="https://meet.example/alice")
        case = cases.route(Case.objects.create(unit_id=alice.unit_id, channel="video"))
        page = signed_in(alice).get(reverse("case", args=[case.pk])).text
        assert 'href="https://meet.example/alice"' in page

    @pytest.mark.requirement(124)
    def test_a_green_case_has_its_badge_everywhere(self, signed_in: SignIn, alice: User, says: Says) -> None:
        case = cases.route(cases.open_for_response(says(text="食物中毒，住院了")))
        browser = signed_in(alice)
        for path in (reverse("case", args=[case.pk]), reverse("cases"), reverse("workbench")):
            assert "green-channel" in browser.get(path).text, path
