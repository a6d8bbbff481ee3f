"""The list of reasons on screen: seen by all, changed by those who may, tried before it is saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.server.feedback import respond
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.models import Relabelling, TaxonomyVersion
from voiceloop.server.understand.reasons import book, files, verbs

SignIn = Callable[[User], Client]
PARKING = {
    "zh": "停车",
    "en": "Parking",
    "keywords": "停车位、找车位",
    "lookalikes": "",
    "examples": "",
    "owner": "",
}

pytestmark = pytest.mark.requirement(72)


class TestList:
    def test_everybody_sees_it_and_few_change_it(self, alice: User, dora: User, signed_in: SignIn) -> None:
        assert "等待时间" in signed_in(alice).get("/voice/reasons/").content.decode()
        assert "新增原因" not in signed_in(alice).get("/voice/reasons/").content.decode()
        assert "新增原因" in signed_in(dora).get("/voice/reasons/").content.decode()

    @pytest.mark.parametrize("path", ["new/", "undo/", "import/", "back/", "billing/archive/"])
    def test_of_a_branch_nobody_changes_what_all_share(
        self, path: str, carol: User, charlie: User, signed_in: SignIn
    ) -> None:
        for user in (carol, charlie):
            assert signed_in(user).post(f"/voice/reasons/{path}", PARKING).status_code == 403
        assert not TaxonomyVersion.objects.exists()


class TestForm:
    def test_it_is_added_and_history_is_labelled(
        self, said: list[Verbatim], dora: User, signed_in: SignIn
    ) -> None:
        page = signed_in(dora).post("/voice/reasons/new/", PARKING, follow=True).content.decode()
        assert "重新标注历史" in page
        assert book.in_use().reason("parking").keywords == ("停车位", "找车位")
        assert Relabelling.objects.get().state == "queued"

    def test_its_words_are_those_of_both_languages(self, dora: User, signed_in: SignIn) -> None:
        signed_in(dora).post("/voice/reasons/new/", PARKING | {"keywords": "park~, 停车\n找 车位；"})
        assert book.in_use().reason("parking").keywords == (
            "park", "parks", "parked", "parking", "停车", "找 车位",
        )  # fmt: skip

    def test_it_says_what_is_wrong(self, dora: User, signed_in: SignIn) -> None:
        answer = signed_in(dora).post("/voice/reasons/new/", PARKING | {"keywords": ""})
        assert answer.status_code == 422
        assert "原因需要关键词或示例" in answer.content.decode()

    def test_edit_merge_archive_restore_and_undo(self, dora: User, signed_in: SignIn) -> None:
        browser = signed_in(dora)
        browser.post("/voice/reasons/billing/edit/", PARKING | {"zh": "收费"})
        assert book.in_use().reason("billing").label_zh == "收费"
        browser.post("/voice/reasons/billing/merge/", {"into": "price"})
        assert book.in_use().current("billing") == "price"
        browser.post("/voice/reasons/billing/restore/")
        assert "billing" in book.in_use().codes
        browser.post("/voice/reasons/billing/archive/")
        assert "billing" not in book.in_use().codes
        browser.post("/voice/reasons/undo/")
        assert "billing" in book.in_use().codes

    def test_a_reason_that_is_not_there_is_not_found(self, dora: User, signed_in: SignIn) -> None:
        assert signed_in(dora).get("/voice/reasons/nothing/edit/").status_code == 404


class TestPreview:
    def test_it_quotes_what_would_be_found_and_saves_nothing(
        self, said: list[Verbatim], dora: User, signed_in: SignIn
    ) -> None:
        page = signed_in(dora).post("/voice/reasons/preview/", PARKING).content.decode()
        assert "<mark" in page
        assert "找了半小时" in page
        assert "账单" not in page
        assert not TaxonomyVersion.objects.exists()

    def test_it_shows_what_would_be_lost(self, said: list[Verbatim], dora: User, signed_in: SignIn) -> None:
        form = PARKING | {"code": "billing", "keywords": "发票"}
        page = signed_in(dora).post("/voice/reasons/preview/", form).content.decode()
        assert "不再识别到" in page

    def test_it_looks_only_at_what_the_reader_may_see(
        self, said: list[Verbatim], west: Unit, dora: User, signed_in: SignIn
    ) -> None:
        respond(west, 3, words="停车位都没有")
        dora.role, dora.unit = "admin", west
        dora.save()
        assert signed_in(dora).post("/voice/reasons/preview/", PARKING).status_code == 403


class TestHistory:
    def test_it_compares_two_versions(self, dora: User, signed_in: SignIn) -> None:
        verbs.edit("billing", by=dora, keywords=["账单", "全新词"])
        verbs.archive("price", by=dora)
        page = signed_in(dora).get("/voice/reasons/history/?old=0&new=2").content.decode()
        assert "全新词" in page
        assert "归档" in page

    def test_it_goes_back(self, dora: User, signed_in: SignIn) -> None:
        verbs.archive("price", by=dora)
        signed_in(dora).post("/voice/reasons/back/", {"to": "0"})
        assert "price" in book.in_use().codes


class TestFiles:
    @pytest.mark.parametrize("form", ["toml", "csv"])
    def test_what_goes_out_comes_in_again(self, form: str, dora: User, signed_in: SignIn) -> None:
        verbs.edit("billing", by=dora, examples=['多收了|我的"钱"'], owner="east")
        verbs.archive("price", by=dora)
        before, owners = book.in_use(), book.owners()
        data = signed_in(dora).get(f"/voice/reasons/file.{form}").content
        found, of_whom = files.read(f"x.{form}", data)
        if form == "toml":
            assert found == before
        assert found.codes == before.codes
        assert [reason.keywords for reason in found] == [reason.keywords for reason in before]
        assert of_whom == owners

    def test_a_file_becomes_a_version(self, dora: User, signed_in: SignIn) -> None:
        file = SimpleUploadedFile("mine.csv", "code,zh,en,keywords\npets,宠物,Pets,狗|cat\n".encode())
        signed_in(dora).post("/voice/reasons/import/", {"file": file})
        assert book.in_use().codes == ("pets",)
        assert TaxonomyVersion.objects.get().what == "imported"

    @pytest.mark.parametrize(
        "data", [b"", b"\xff\xfe\x00", b"[[reason]]\ncode = 3", b"[[reason]]\nzh = 'x'", b"code\n"]
    )
    def test_what_is_no_list_is_refused(self, data: bytes, dora: User, signed_in: SignIn) -> None:
        answer = signed_in(dora).post("/voice/reasons/import/", {"file": SimpleUploadedFile("x.toml", data)})
        assert answer.status_code == 400
        assert not TaxonomyVersion.objects.exists()

    def test_no_cell_begins_like_a_formula(self, dora: User) -> None:
        verbs.edit("billing", by=dora, zh="=1+1")
        assert ",'=1+1," in files.table(book.in_use(), {})


class TestProgress:
    def test_it_is_polled_while_it_runs_and_can_be_stopped(
        self, said: list[Verbatim], dora: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(dora)
        browser.post("/voice/labelling/start/")
        assert "every 2s" in browser.get("/voice/labelling/").content.decode()
        browser.post("/voice/labelling/cancel/")
        page = browser.get("/voice/labelling/").content.decode()
        assert "every 2s" not in page
        assert "继续" in page
        browser.post("/voice/labelling/resume/")
        assert Relabelling.objects.get().state == "queued"
