"""The verbs of people, keys and units: nobody reaches above themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.core import people
from voiceloop.server.core.models import ApiKey, Event, Unit, User

pytestmark = pytest.mark.django_db
MakePerson = Callable[..., User]


@pytest.fixture
def erik(person: MakePerson, east: Unit) -> User:
    """The admin of the eastern branch."""
    return person("Erik", "admin", east)


def types() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


class TestAdd:
    def test_the_first_password_lets_the_person_in(self, dora: User, east: Unit) -> None:
        made, password = people.add(by=dora, username="frida", name="弗里达", role="agent", unit=east)
        assert made.check_password(password)
        assert (made.code, made.unit, types()) == ("frida", east, ["person.added"])

    def test_the_log_does_not_know_the_password(self, dora: User, east: Unit) -> None:
        _, password = people.add(by=dora, username="frida", name="弗里达", role="agent", unit=east)
        event = Event.objects.get()
        assert password not in f"{event.data} {event.note} {event.sentence}"

    def test_not_into_another_branch(self, erik: User, west: Unit) -> None:
        with pytest.raises(PermissionError):
            people.add(by=erik, username="frida", name="x", role="agent", unit=west)
        assert not User.objects.filter(username="frida").exists()

    def test_not_by_who_lacks_the_right(self, bob: User, east: Unit) -> None:
        with pytest.raises(PermissionError):
            people.add(by=bob, username="frida", name="x", role="agent", unit=east)


class TestChange:
    def test_it_says_what_was_before(self, dora: User, alice: User) -> None:
        people.change(alice, by=dora, role="lead")
        assert alice.role == "lead"
        assert Event.objects.get().data["changes"] == {"role": ["agent", "lead"]}

    def test_nothing_is_recorded_when_nothing_changed(self, dora: User, alice: User) -> None:
        people.change(alice, by=dora, role="agent")
        assert types() == []

    def test_nobody_raises_themselves(self, dora: User, bob: User) -> None:
        for who in (dora, bob):
            with pytest.raises(PermissionError):
                people.change(who, by=who, role="admin")
        assert User.objects.get(pk=bob.pk).role == "lead"

    def test_not_who_stands_in_another_branch(self, erik: User, charlie: User, dora: User) -> None:
        for who in (charlie, dora):
            with pytest.raises(PermissionError):
                people.change(who, by=erik, name="x")

    def test_not_to_another_branch(self, erik: User, alice: User, west: Unit) -> None:
        with pytest.raises(PermissionError):
            people.change(alice, by=erik, unit=west)


class TestDeactivate:
    def test_keys_and_sign_in_stop_working(self, dora: User, alice: User) -> None:
        _, secret = people.issue_key(by=alice, name="notebook")
        people.deactivate(alice, by=dora)
        assert ApiKey.find(secret) is None
        assert not alice.may("cases.see")

    def test_it_happens_once(self, dora: User, alice: User) -> None:
        for _ in range(2):
            people.deactivate(alice, by=dora)
        assert types() == ["person.deactivated"]

    def test_nobody_locks_themselves_out(self, dora: User) -> None:
        with pytest.raises(PermissionError):
            people.deactivate(dora, by=dora)


class TestReactivate:
    def test_the_person_may_sign_in_again(self, dora: User, alice: User) -> None:
        people.deactivate(alice, by=dora)
        assert people.reactivate(alice, by=dora).is_active


class TestResetPassword:
    def test_the_old_one_stops_working(self, dora: User, alice: User) -> None:
        password = people.reset_password(alice, by=dora)
        alice.refresh_from_db()
        assert alice.check_password(password)
        assert not alice.check_password("voiceloop")

    def test_not_for_who_stands_above(self, erik: User, dora: User) -> None:
        with pytest.raises(PermissionError):
            people.reset_password(dora, by=erik)


class TestIssueKey:
    def test_it_is_stored_as_a_digest_only(self, alice: User) -> None:
        key, secret = people.issue_key(by=alice, name="notebook")
        assert ApiKey.find(secret) == key
        assert secret not in f"{ApiKey.objects.values_list().get()} {Event.objects.get().data}"


class TestRevokeKey:
    def test_it_works_no_longer(self, alice: User) -> None:
        key, secret = people.issue_key(by=alice, name="notebook")
        people.revoke_key(key, by=alice)
        assert ApiKey.find(secret) is None

    def test_not_somebody_elses(self, alice: User, dora: User) -> None:
        key, secret = people.issue_key(by=alice, name="notebook")
        with pytest.raises(PermissionError):
            people.revoke_key(key, by=dora)
        assert ApiKey.find(secret) == key


class TestAddUnit:
    def test_it_stands_below_its_parent(self, dora: User, east: Unit, bob: User) -> None:
        made = people.add_unit(by=dora, parent=east, code="e1", name="一号店")
        assert made in Unit.objects.visible_to(bob)

    def test_not_in_another_branch(self, erik: User, west: Unit) -> None:
        with pytest.raises(PermissionError):
            people.add_unit(by=erik, parent=west, code="w1", name="x")


class TestRenameUnit:
    def test_the_code_stays(self, dora: User, east: Unit) -> None:
        people.rename_unit(east, by=dora, name="华东旗舰店", name_en="East flagship")
        assert Unit.objects.get(code="east").name == "华东旗舰店"
        assert "华东店" in Event.objects.get().sentence
