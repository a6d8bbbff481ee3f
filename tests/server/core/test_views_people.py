"""The pages of people, units and keys, as a browser gets them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.core import people
from voiceloop.server.core.models import ApiKey, Unit, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
JSON = "application/json"


@pytest.fixture
def office(signed_in: SignIn, dora: User) -> Client:
    return signed_in(dora)


class TestPeople:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "人员"), ("en", "People and units")])
    def test_it_shows_the_tree_and_who_works_there(
        self, office: Client, alice: User, language: str, word: str
    ) -> None:
        page = office.get(reverse("people"), headers={"accept-language": language}).text
        assert word in page
        assert "Alice" in page

    def test_a_unit_narrows_it(self, office: Client, alice: User, charlie: User) -> None:
        page = office.get(reverse("people"), {"unit": "west"}).context["page"]
        assert list(page) == [charlie]

    def test_a_search_narrows_it(self, office: Client, alice: User, bob: User) -> None:
        assert list(office.get(reverse("people"), {"q": "ali"}).context["page"]) == [alice]

    def test_a_lead_looks_without_changing(self, signed_in: SignIn, bob: User, alice: User) -> None:
        browser = signed_in(bob)
        assert reverse("person", args=[alice.pk]) not in browser.get(reverse("people")).text
        assert browser.get(reverse("person", args=[alice.pk])).status_code == 403

    def test_an_agent_may_not_look(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).get(reverse("people")).status_code == 403

    def test_charlie_sees_nobody_of_the_east(self, signed_in: SignIn, charlie: User, alice: User) -> None:
        assert "Alice" not in signed_in(charlie).get(reverse("people")).text


class TestPersonNew:
    def test_the_password_is_shown_once(self, office: Client, east: Unit) -> None:
        given = {"username": "frida", "name": "弗里达", "role": "agent", "unit": east.pk}
        page = office.post(reverse("person_new"), given)
        (password,) = re.findall(r"<dd><code>([\w-]{12})</code>", page.text)
        assert Client().login(username="frida", password=password)
        assert "no-store" in page["Cache-Control"]

    @pytest.mark.parametrize("taken", ["alice", "ALICE"])
    def test_a_taken_name_is_refused(self, office: Client, alice: User, east: Unit, taken: str) -> None:
        given = {"username": taken, "name": "x", "role": "agent", "unit": east.pk}
        assert office.post(reverse("person_new"), given).status_code == 422


class TestPerson:
    def test_role_and_place_are_changed(self, office: Client, alice: User, west: Unit) -> None:
        given = {"name": "爱丽丝", "name_en": "", "role": "lead", "unit": west.pk}
        office.post(reverse("person", args=[alice.pk]), given)
        alice.refresh_from_db()
        assert (alice.name, alice.role, alice.unit) == ("爱丽丝", "lead", west)

    def test_nobody_changes_themselves(self, office: Client, dora: User, root: Unit) -> None:
        given = {"name": "x", "role": "agent", "unit": root.pk}
        assert office.post(reverse("person", args=[dora.pk]), given).status_code == 403

    def test_the_account_is_closed_and_opened(self, office: Client, alice: User) -> None:
        for do, active in (("close", False), ("open", True)):
            office.post(reverse("person_active", args=[alice.pk]), {"do": do})
            alice.refresh_from_db()
            assert alice.is_active is active

    def test_a_new_password_is_shown(self, office: Client, alice: User) -> None:
        page = office.post(reverse("person_password", args=[alice.pk]))
        (password,) = re.findall(r"<dd><code>([\w-]{12})</code>", page.text)
        assert Client().login(username="alice", password=password)


class TestUnit:
    def test_one_is_added_and_renamed(self, office: Client, east: Unit) -> None:
        office.post(reverse("unit_new"), {"parent": east.pk, "code": "e1", "name": "一店", "kind": "store"})
        made = Unit.objects.get(code="e1")
        office.post(reverse("unit", args=[made.pk]), {"name": "一号店", "name_en": "No. 1"})
        assert Unit.objects.get(code="e1").name == "一号店"

    def test_a_taken_code_is_refused(self, office: Client, east: Unit) -> None:
        assert (
            office.post(reverse("unit_new"), {"parent": east.pk, "code": "east", "name": "x"}).status_code
            == 422
        )


class TestKeys:
    def test_a_key_is_shown_once_and_opens_the_api(self, signed_in: SignIn, alice: User) -> None:
        browser = signed_in(alice)
        (secret,) = re.findall(
            r"<code>(vl_[\w-]+)</code>", browser.post(reverse("keys"), {"name": "笔记本"}).text
        )
        assert secret not in browser.get(reverse("keys")).text
        said = Client().get("/api/me", headers={"authorization": f"Bearer {secret}"}).json()
        assert said["username"] == "alice"

    def test_only_ones_own_are_shown_and_revoked(self, signed_in: SignIn, alice: User, bob: User) -> None:
        key, _ = people.issue_key(by=alice, name="zqkey")
        browser = signed_in(bob)
        assert "zqkey" not in browser.get(reverse("keys")).text
        assert browser.post(reverse("key_revoke", args=[key.pk])).status_code == 404
        signed_in(alice).post(reverse("key_revoke", args=[key.pk]))
        assert ApiKey.objects.get().revoked_at is not None


class TestApi:
    def test_it_says_who_asks_and_what_they_may(self, signed_in: SignIn, alice: User) -> None:
        said = signed_in(alice).get("/api/me").json()
        assert (said["username"], "cases.work" in said["rights"]) == ("alice", True)

    def test_units_and_people_stay_in_the_branch(
        self, signed_in: SignIn, charlie: User, alice: User, west: Unit
    ) -> None:
        api = signed_in(charlie)
        assert [unit["code"] for unit in api.get("/api/units").json()] == ["west"]
        assert [one["username"] for one in api.get("/api/people").json()] == ["charlie"]

    def test_it_adds_and_changes_people(self, office: Client, east: Unit) -> None:
        body = {"username": "frida", "name": "弗里达", "unit": east.pk}
        made = office.post("/api/people", body, JSON).json()
        assert Client().login(username="frida", password=made["password"])
        changed = office.patch(f"/api/people/{made['id']}", {"role": "lead", "is_active": False}, JSON).json()
        assert (changed["role"], changed["is_active"]) == ("lead", False)

    def test_it_does_not_add_outside_of_the_branch(
        self, signed_in: SignIn, person: Callable[..., User], east: Unit, west: Unit
    ) -> None:
        api = signed_in(person("Erik", "admin", east))
        body = {"username": "frida", "name": "x", "unit": west.pk}
        assert api.post("/api/people", body, JSON).status_code == 404
        assert not User.objects.filter(username="frida").exists()
