"""What people teach on screen, programs teach by the same verbs and within the same rights."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.understand.models import Annotation, Fitting, Relabelling

SignIn = Callable[[User], Client]
PARKING = {"zh": "停车", "en": "Parking", "keywords": ["停车位"], "owner": "east"}

pytestmark = pytest.mark.requirement(72)


def send(browser: Client, method: str, path: str, body: Any = None) -> Any:
    data = json.dumps(body if body is not None else {})
    return getattr(browser, method)(f"/api{path}", data=data, content_type="application/json")


class TestReasons:
    def test_they_are_added_edited_merged_archived_and_taken_back(
        self, dora: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(dora)
        added = send(browser, "post", "/reasons", PARKING)
        assert added.status_code == 201
        [parking] = [one for one in added.json()["reasons"] if one["code"] == "parking"]
        assert parking["owner"] == "east"
        assert send(browser, "put", "/reasons/parking", PARKING | {"keywords": ["车位"]}).status_code == 200
        merged = send(browser, "post", "/reasons/parking/merge", {"into": "environment"}).json()
        assert {one["merged_into"] for one in merged["reasons"]} == {"", "environment"}
        assert send(browser, "post", "/reasons/undo").json()["number"] == 4
        assert send(browser, "delete", "/reasons/parking").status_code == 200
        assert send(browser, "post", "/reasons/parking/restore").status_code == 200

    def test_what_cannot_be_done_is_said(self, dora: User, signed_in: SignIn) -> None:
        answer = send(signed_in(dora), "put", "/reasons/nothing", PARKING)
        assert answer.status_code == 422
        assert "nothing" in answer.json()["detail"]

    def test_who_may_not_is_refused(self, carol: User, signed_in: SignIn) -> None:
        browser = signed_in(carol)
        assert browser.get("/api/reasons").status_code == 200
        assert send(browser, "post", "/reasons", PARKING).status_code == 403
        assert send(browser, "post", "/relabellings").status_code == 403
        assert browser.get("/api/text-models").status_code == 403


class TestJobs:
    def test_history_is_labelled_and_stopped(self, dora: User, signed_in: SignIn) -> None:
        browser = signed_in(dora)
        job = send(browser, "post", "/relabellings").json()
        assert send(browser, "delete", f"/relabellings/{job['id']}").json()["state"] == "cancelled"
        assert browser.get("/api/relabellings").json()[0]["id"] == Relabelling.objects.get().pk

    def test_a_model_is_fitted(self, dora: User, signed_in: SignIn) -> None:
        assert send(signed_in(dora), "post", "/text-models/fit", {"kind": "sentiment"}).status_code == 201
        assert Fitting.objects.get().by == dora


class TestCorrect:
    def test_labels_are_corrected(self, said: list[Verbatim], carol: User, signed_in: SignIn) -> None:
        body = {"sentiment": "negative", "voice": "problem", "reasons": {"price": -1}, "emotion": "angry"}
        assert send(signed_in(carol), "put", f"/verbatims/{said[0].pk}/labels", body).status_code == 204
        notes = Annotation.objects.filter(verbatim=said[0], by=carol)
        assert set(notes.values_list("label", flat=True)) == {"negative", "problem", "price", "angry"}

    def test_another_branchs_comment_is_not_found(
        self, said: list[Verbatim], charlie: User, signed_in: SignIn
    ) -> None:
        body = {"sentiment": "negative", "voice": "problem"}
        assert send(signed_in(charlie), "put", f"/verbatims/{said[0].pk}/labels", body).status_code == 404


class TestAssistant:
    def test_without_one_it_says_so(self, said: list[Verbatim], carol: User, signed_in: SignIn) -> None:
        answer = send(signed_in(carol), "post", f"/verbatims/{said[0].pk}/draft")
        assert answer.status_code == 422
        assert send(signed_in(carol), "post", "/assistant/summary").status_code == 422
