"""Asking and answering by API: the same verbs as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from voiceloop.server.collect import tokens
from voiceloop.server.collect.models import Answer, Customer, Invitation, Response, Survey
from voiceloop.server.core.models import ApiKey, User


@pytest.fixture
def program(dora: User) -> Client:
    """A program that calls in Dora's name."""
    _, key = ApiKey.issue(user=dora, name="test")
    return Client(headers={"authorization": f"Bearer {key}"})


@pytest.fixture
def token(invitation: Invitation) -> str:
    return tokens.make(invitation.pk, purpose=tokens.ANSWER)


def put(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.put(address, body, content_type="application/json")


class TestAnswers:
    def test_it_takes_a_whole_answer(self, token: str) -> None:
        body = {"answers": {"nps": 3, "why": ["wait"], "comment": "慢"}, "complete": True}
        for _ in range(2):
            assert put(Client(), f"/api/answers/{token}", body).json() == {"complete": True}
        assert Response.objects.get().state == "complete"

    @pytest.mark.parametrize(
        ("answers", "code"), [({"nps": 11}, 409), ({"comment": "慢"}, 409), ({"nps": 9}, 200)]
    )
    def test_it_says_what_is_wrong(self, token: str, answers: dict[str, Any], code: int) -> None:
        assert (
            put(Client(), f"/api/answers/{token}", {"answers": answers, "complete": True}).status_code == code
        )

    def test_it_does_not_know_a_wrong_token(self, token: str) -> None:
        assert put(Client(), f"/api/answers/{token[:-1]}zz", {"answers": {"nps": 9}}).status_code == 404


class TestAsking:
    def test_it_asks_and_gives_the_reasons(self, program: Client, survey: Survey, wang: Customer) -> None:
        body = {"survey": survey.pk, "customers": [wang.pk], "channel": "link"}
        states = []
        for _ in range(2):
            made = program.post("/api/invitations", body, content_type="application/json")
            states.append((made.status_code, made.json()[0]["state"], made.json()[0]["suppressed_by"]))
        assert states == [(201, "sent", ""), (201, "suppressed", "rested")]

    def test_it_lists_what_mistakes_keep_a_survey_from_being_published(
        self, program: Client, survey: Survey
    ) -> None:
        content = {**survey.live.content, "thanks": {"zh": "多谢", "en": ""}}  # type: ignore[union-attr]
        assert put(program, f"/api/surveys/{survey.pk}/draft", content).status_code == 200
        answer = put(program, f"/api/surveys/{survey.pk}/publication", {})
        assert (answer.status_code, len(answer.json()["problems"])) == (409, 1)

    def test_it_refuses_those_who_only_read(self, alice: User, survey: Survey, wang: Customer) -> None:
        _, key = ApiKey.issue(user=alice, name="test")
        body = {"survey": survey.pk, "customers": [wang.pk]}
        headers = {"authorization": f"Bearer {key}"}
        made = Client(headers=headers).post("/api/invitations", body, content_type="application/json")
        assert made.status_code == 403

    def test_it_asks_nobody_of_another_branch(self, charlie: User, survey: Survey, wang: Customer) -> None:
        _, key = ApiKey.issue(user=charlie, name="test")
        body = {"survey": survey.pk, "customers": [wang.pk], "channel": "link"}
        headers = {"authorization": f"Bearer {key}"}
        made = Client(headers=headers).post("/api/invitations", body, content_type="application/json")
        assert made.json() == []


class TestCost:
    @pytest.mark.parametrize(("more", "n"), [({"partial": "1"}, 2), ({}, 3)])
    def test_it_takes_few_statements_to_keep_an_answer(
        self, path: str, more: dict[str, str], n: int, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        Client().post(path, {"q-nps": "3", "partial": "1"})
        with CaptureQueriesContext(connection) as queries:
            Client().post(
                path, {"q-nps": "4", "q-comment": "慢", **more}, headers={"accept": "application/json"}
            )
        spoken = [q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
        assert len(spoken) == n
        assert Answer.objects.get(question="nps").score == 4
