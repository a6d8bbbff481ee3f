"""Merge, snooze, undo, macros and mentions for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import ApiKey, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(120)]
Call = Callable[..., Any]


@pytest.fixture
def call() -> Call:
    """Call the API in a person's name."""

    def send(user: User, method: str, path: str, body: Any = None) -> Any:
        _, key = ApiKey.issue(user=user, name="test")
        options = {"content_type": "application/json", "headers": {"authorization": f"Bearer {key}"}}
        return getattr(Client(), method)(f"/api{path}", body, **options)

    return send


def test_two_become_one_and_two_again(call: Call, alice: User, case: Case, second: Case) -> None:
    at = f"/cases/{second.pk}"
    assert call(alice, "put", f"{at}/merge", {"into": case.pk}).json()["id"] == case.pk
    assert call(alice, "get", at).json()["state"] == "merged"
    assert call(alice, "put", f"{at}/merge", {"into": case.pk}).status_code == 409
    (deed,) = call(alice, "get", f"/cases/{case.pk}/deeds").json()
    assert call(alice, "post", f"/deeds/{deed['id']}/undo").json()["state"] == "open"


def test_a_case_is_put_off_linked_and_split(call: Call, alice: User, case: Case, second: Case) -> None:
    at = f"/cases/{case.pk}"
    assert call(alice, "put", f"{at}/snooze", {"until": "2099-01-01T08:00:00Z"}).status_code == 200
    assert case not in Case.objects.open().awake()
    call(alice, "delete", f"{at}/snooze")
    made = call(alice, "post", f"{at}/links", {"other": second.pk, "kind": "related"}).json()
    assert [one["id"] for one in call(alice, "get", f"{at}/links").json()] == [made["id"]]
    call(alice, "delete", f"/links/{made['id']}")
    assert call(alice, "get", f"{at}/links").json() == []
    assert call(alice, "post", f"{at}/split", {"summary": "发票"}).json()["summary"] == "发票"
    assert call(alice, "post", f"{at}/links", {"other": case.pk}).status_code == 422


def test_a_macro_is_made_looked_at_and_run(call: Call, alice: User, case: Case) -> None:
    given = {"name": "升级", "whose": "mine", "actions": {"severity": "serious", "note": "{customer}"}}
    macro = call(alice, "post", "/macros", given).json()
    at = f"/cases/{case.pk}/macros/{macro['id']}"
    assert [line["action"] for line in call(alice, "get", at).json()] == ["severity", "note"]
    assert call(alice, "post", at).json()["severity"] == "serious"
    assert call(alice, "post", "/macros", given | {"whose": "all"}).status_code == 422
    assert call(alice, "delete", f"/macros/{macro['id']}").status_code == 200
    assert call(alice, "get", "/macros").json() == []


def test_how_long_we_wait_is_the_companys(
    call: Call, alice: User, dora: User, slow_kitchen: RootCause
) -> None:
    given = {"name": "三天", "root_cause": "slow_kitchen"}
    assert call(alice, "post", "/wait-rules", given).status_code == 403
    made = call(dora, "post", "/wait-rules", given).json()
    assert (made["nudge_after"], made["close_after"]) == (3, 4)
    assert call(dora, "post", "/wait-rules", given | {"root_cause": "none"}).status_code == 422
    call(dora, "delete", f"/wait-rules/{made['id']}")
    assert call(alice, "get", "/wait-rules").json() == []


def test_who_may_be_named_and_who_was(call: Call, alice: User, bob: User, charlie: User, case: Case) -> None:
    names = {one["username"] for one in call(alice, "get", f"/cases/{case.pk}/colleagues").json()}
    assert names == {"alice", "bob"}
    assert call(bob, "get", "/mentions").json()["items"] == []
    assert call(bob, "post", "/mentions/seen").json() == 0
    assert len(call(alice, "get", "/phrases?q=规定").json()) == 1


def test_charlie_does_nothing_to_the_east(call: Call, charlie: User, case: Case, second: Case) -> None:
    at = f"/cases/{case.pk}"
    assert call(charlie, "put", f"{at}/merge", {"into": second.pk}).status_code == 404
    assert call(charlie, "put", f"{at}/snooze", {}).status_code == 404
    assert call(charlie, "get", f"{at}/presence").status_code == 404
