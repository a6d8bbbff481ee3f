"""Saved views for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from voiceloop.server.core.models import User
from voiceloop.server.measure.models import SavedView, Schedule

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def call(browser: Client, method: str, path: str, **body: Any) -> Any:
    return getattr(browser, method)(f"/api{path}", json.dumps(body), content_type="application/json")


class TestViews:
    def test_one_is_saved_answered_changed_and_deleted(
        self, feedback: None, carol: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(carol)
        pk = call(browser, "post", "/views", name="A", query="metric=nps&by=touchpoint&days=90").json()["id"]
        found = browser.get(f"/api/views/{pk}").json()
        assert {row["n"] for row in found["rows"]} == {40}
        assert found["method"]
        assert call(browser, "put", f"/views/{pk}", name="B").json()["name"] == "B"
        assert browser.delete(f"/api/views/{pk}").status_code == 204
        assert browser.get("/api/views").json() == []
        assert call(browser, "post", f"/views/{pk}/restoration").json()["name"] == "B"

    def test_a_view_of_another_is_not_there(
        self, feedback: None, carol: User, charlie: User, signed_in: SignIn
    ) -> None:
        view = SavedView.objects.create(name="A", owner=carol, unit=carol.unit, is_shared=True)
        assert signed_in(charlie).get(f"/api/views/{view.pk}").status_code == 404

    @pytest.mark.parametrize("query", ["metric=love", "every=hour", "days=soon"])
    def test_what_is_no_question_is_said(
        self, feedback: None, carol: User, signed_in: SignIn, query: str
    ) -> None:
        assert call(signed_in(carol), "post", "/views", name="A", query=query).status_code == 422


class TestMails:
    def test_they_are_planned_and_ended(self, feedback: None, carol: User, signed_in: SignIn) -> None:
        browser = signed_in(carol)
        view = SavedView.objects.create(name="A", owner=carol, unit=carol.unit)
        made = call(browser, "post", f"/views/{view.pk}/mails", every="week", day=4, receivers=[carol.pk])
        assert browser.delete(f"/api/mails/{made.json()['id']}").status_code == 204
        assert not Schedule.objects.running().exists()

    def test_nobody_of_another_branch_is_mailed(
        self, feedback: None, carol: User, charlie: User, signed_in: SignIn
    ) -> None:
        view = SavedView.objects.create(name="A", owner=carol, unit=carol.unit)
        path = f"/views/{view.pk}/mails"
        assert call(signed_in(carol), "post", path, every="day", receivers=[charlie.pk]).status_code == 422
