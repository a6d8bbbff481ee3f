"""The conversation on the page of a case, and the same through the API."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from voiceloop.server.act.models import Attachment, Case, Inlet, Post
from voiceloop.server.act.threads import threads
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.core.models import Event, User

Heard = Callable[..., Post]
SignsIn = Callable[[User], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def case(heard: Heard) -> Case:
    found: Case = heard("请打 13912345678").thread.case
    return found


def way(case: Case) -> str:
    return f"thread:{case.threads.get().pk}"


class TestReply:
    def test_it_goes_out_once_however_often_the_form_is_sent(
        self, case: Case, alice: User, signed_in: SignsIn
    ) -> None:
        desk = signed_in(alice)
        for _ in range(2):
            desk.post(f"/cases/{case.pk}/replies/", {"way": way(case), "text": "马上", "key": "k1"})
        assert Post.objects.filter(by=alice).count() == 1

    def test_a_refused_file_keeps_the_words_and_sends_nothing(
        self, case: Case, alice: User, signed_in: SignsIn
    ) -> None:
        given = {"way": way(case), "text": "请看附件", "files": SimpleUploadedFile("a.exe", b"MZ\x00")}
        answer = signed_in(alice).post(f"/cases/{case.pk}/replies/", given)
        assert answer.status_code == 422
        assert "请看附件</textarea>" in answer.content.decode()
        assert "a.exe" in answer.content.decode()
        assert not Post.objects.filter(by=alice).exists()

    def test_a_way_of_another_case_is_no_way(
        self, case: Case, heard: Heard, alice: User, signed_in: SignsIn
    ) -> None:
        other = heard("别的事", "m9", address="li@example.com").thread
        given = {"way": f"thread:{other.pk}", "text": "好"}
        assert signed_in(alice).post(f"/cases/{case.pk}/replies/", given).status_code == 422


class TestWords:
    def test_looking_at_a_number_is_written_down(self, case: Case, alice: User, signed_in: SignsIn) -> None:
        desk, post = signed_in(alice), case.threads.get().posts.get(direction="in")
        assert "13912345678" not in desk.get(f"/cases/{case.pk}/").content.decode()
        assert "13912345678" in desk.post(f"/posts/{post.pk}/words/").content.decode()
        assert Event.objects.filter(type="post.shown", by=alice).count() == 1


class TestAttachment:
    def test_a_paper_is_downloaded_and_nothing_of_it_runs(
        self, heard: Heard, alice: User, charlie: User, signed_in: SignsIn
    ) -> None:
        heard(attachments=[Upload('合同".pdf', b"%PDF-1.7 x")])
        path = f"/attachments/{Attachment.objects.get().pk}/"
        answer = signed_in(alice).get(path)
        assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"  # type: ignore[attr-defined]  # a file is streamed
        assert signed_in(charlie).get(path).status_code == 404


class TestApi:
    def test_it_answers_reads_and_takes_back(self, case: Case, alice: User, signed_in: SignsIn) -> None:
        desk, thread = signed_in(alice), case.threads.get()
        given = {
            "text": "查到了",
            "key": "k",
            "files": [{"name": "a.png", "content": base64.b64encode(PNG).decode()}],
        }
        url = f"/api/threads/{thread.pk}/posts"
        made = desk.post(url, given, content_type="application/json")
        assert made.status_code == 201
        assert made.json()["attachments"][0]["kind"] == "image/png"
        assert [one["direction"] for one in desk.get(url).json()] == ["in", "out", "out"]
        assert desk.delete(f"/api/posts/{made.json()['id']}").status_code in (200, 409)

    def test_a_message_of_another_system_is_heard_once(self, dora: User, signed_in: SignsIn) -> None:
        given = {"channel": "phone", "address": "13900000000", "text": "来电投诉", "key": "x1"}
        desk = signed_in(dora)
        first, second = (
            desk.post("/api/messages/heard", given, content_type="application/json").json() for _ in range(2)
        )
        assert first["id"] == second["id"]


class TestChannels:
    def test_a_secret_left_empty_stays_as_it_was(
        self, account: Inlet, dora: User, signed_in: SignsIn
    ) -> None:
        given = {
            "name": "服务号",
            "unit": account.unit_id,
            "app_id": "wx1",
            "token": "",
            "secret": "",
            "is_open": "on",
        }
        assert signed_in(dora).post(f"/channels/{account.pk}/", given).status_code == 302
        account.refresh_from_db()
        assert (account.name, account.token, account.secret) == ("服务号", "sesame", "s3cret")

    def test_who_may_not_set_up_sees_nothing(self, account: Inlet, alice: User, signed_in: SignsIn) -> None:
        assert signed_in(alice).get("/channels/").status_code == 403


class TestConversation:
    def test_a_long_one_shows_its_end_and_offers_the_rest(
        self, case: Case, alice: User, signed_in: SignsIn
    ) -> None:
        for n in range(70):
            threads.hear(case, channel="email", address="wang@example.com", text=f"第 {n} 条", key=f"n{n}")
        desk = signed_in(alice)
        page = desk.get(f"/cases/{case.pk}/").content.decode()
        assert "第 69 条" in page
        assert "第 3 条" not in page
        assert "第 3 条" in desk.get(f"/cases/{case.pk}/conversation/?all=1").content.decode()
