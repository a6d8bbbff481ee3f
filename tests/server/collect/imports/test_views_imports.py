"""The pages of an import, by browser and by HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.server.collect.imports.conftest import ROWS, Bring, WriteFile, waiting
from voiceloop.server.collect.importing.run import run
from voiceloop.server.collect.models import Import, Programme, Response
from voiceloop.server.core.models import User

SignIn = Callable[[User], Client]


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


@pytest.fixture
def browser(signed_in: SignIn, carol: User) -> Client:
    client = signed_in(carol)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def received(browser: Client, table: WriteFile, carol: User) -> Import:
    fields = {"file": upload(table(ROWS * 4)), "new_programme": "Guests", "unit": carol.unit_id}
    browser.post("/imports/new/", fields)
    return Import.objects.get()  # type: ignore[no-any-return]  # ScopedQuerySet is untyped


@pytest.mark.requirement(51, 61)
class TestImportPages:
    def test_it_begins_with_an_empty_list(self, browser: Client) -> None:
        assert "No file was imported yet" in browser.get("/imports/").content.decode()

    def test_it_shows_what_it_understood(self, browser: Client, received: Import) -> None:
        page = browser.get(f"/imports/{received.pk}/").content.decode()
        assert '<span class="sc p">9</span>' in page
        assert "〔电话〕" in page
        assert "13912345678" not in page.split('id="preview"')[1]

    def test_it_writes_nothing_while_looking(self, browser: Client, received: Import) -> None:
        browser.get(f"/imports/{received.pk}/")
        browser.post(f"/imports/{received.pk}/preview/?column=1", {"role_1": "score"})
        assert not Response.objects.exists()

    def test_it_previews_a_changed_column(self, browser: Client, received: Import) -> None:
        page = browser.post(f"/imports/{received.pk}/preview/?column=1", {"role_1": "score"}).content.decode()
        assert 'id="details-1" hx-swap-oob="true"' in page
        assert '<option value="nps_0_10" selected>' in page

    def test_it_says_what_is_wrong_with_the_columns(self, browser: Client, received: Import) -> None:
        page = browser.post(f"/imports/{received.pk}/preview/", {"role_0": "at"}).content.decode()
        assert "No column is a score or a comment" in page

    def test_it_imports_what_was_confirmed(self, browser: Client, received: Import) -> None:
        fields = {
            "role_0": "at",
            "role_1": "score",
            "scale_1": "nps_0_10",
            "question_1": "nps",
            "source": "till",
        }
        browser.post(f"/imports/{received.pk}/start/", fields)
        run(Import.objects.get())
        assert Response.objects.filter(source="till", programme="guests").count() == 12
        page = browser.get(f"/imports/{received.pk}/").content.decode()
        assert "Remove what this import brought" in page
        assert Programme.objects.get().name == "Guests"

    def test_it_polls_while_it_runs_and_stops_after(
        self, browser: Client, table: WriteFile, carol: User
    ) -> None:
        import_ = waiting(table(), by=carol)
        address = f"/imports/{import_.pk}/progress/"
        assert "every 1s" in browser.get(address).content.decode()
        run(import_)
        assert "every 1s" not in browser.get(address).content.decode()

    def test_it_hands_out_the_refused_rows(self, browser: Client, table: WriteFile, bring: Bring) -> None:
        import_ = bring(table([*ROWS * 9, ["2025-03-01", "11", "=a", "C1", "", ""]]))
        answer = browser.get(f"/imports/{import_.pk}/rejected.csv")
        content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        header, row = csv.reader(io.StringIO(content))
        assert header[:2] == ["row", "reason"]
        assert row[:2] == ["29", "11 in 推荐意愿 is not on its scale."]
        assert row[2:4] == ["2025-03-01", "11"]

    def test_it_refuses_a_wrong_file_in_one_sentence(
        self, browser: Client, carol: User, tmp_path: Path
    ) -> None:
        path = tmp_path / "report.csv"
        path.write_bytes(b"%PDF-1.7")
        answer = browser.post("/imports/new/", {"file": upload(path), "unit": carol.unit_id})
        assert answer.status_code == 422
        assert "This is a PDF" in answer.content.decode()

    def test_it_takes_back_on_request(self, browser: Client, table: WriteFile, bring: Bring) -> None:
        import_ = bring(table())
        browser.post(f"/imports/{import_.pk}/removal/")
        import_.refresh_from_db()
        assert import_.state == "removing"

    def test_it_is_closed_to_those_who_may_not_import(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).get("/imports/").status_code == 403

    @pytest.mark.parametrize("page", ["", "progress/", "rejected.csv"])
    def test_it_shows_charlie_nothing(
        self, page: str, signed_in: SignIn, charlie: User, table: WriteFile, bring: Bring
    ) -> None:
        import_ = bring(table())
        client = signed_in(charlie)
        assert client.get(f"/imports/{import_.pk}/{page}").status_code == 404
        assert "guests.csv" not in client.get("/imports/").content.decode()

    @pytest.mark.parametrize("verb", ["preview", "start", "removal", "discard"])
    def test_it_obeys_charlie_nothing(
        self, verb: str, signed_in: SignIn, charlie: User, table: WriteFile, bring: Bring
    ) -> None:
        import_ = bring(table())
        assert signed_in(charlie).post(f"/imports/{import_.pk}/{verb}/").status_code == 404
        assert Response.objects.count() == 3

    def test_it_takes_no_unit_of_another_branch(
        self, browser: Client, table: WriteFile, charlie: User
    ) -> None:
        answer = browser.post("/imports/new/", {"file": upload(table()), "unit": charlie.unit_id})
        assert answer.status_code == 422
        assert not Import.objects.exists()


@pytest.mark.requirement(51)
class TestApi:
    def test_it_takes_a_file_and_reports_on_it(self, browser: Client, table: WriteFile) -> None:
        fields = {
            "file": upload(table()),
            "programme": "Guests",
            "map": ["score=推荐意愿:nps_0_10", "comment=评论"],
        }
        made = browser.post("/api/imports", fields)
        assert made.status_code == 201
        pk = made.json()["id"]
        run(Import.objects.get())
        said = browser.get(f"/api/imports/{pk}").json()
        assert (said["state"], said["n_new"], said["n_bad"]) == ("done", 3, 0)

    def test_it_refuses_what_it_cannot_understand(self, browser: Client, table: WriteFile) -> None:
        answer = browser.post("/api/imports", {"file": upload(table()), "map": ["score=nothing"]})
        assert answer.status_code == 422
        assert "no column" in answer.json()["detail"]
        assert not Import.objects.exists()

    def test_it_takes_back(self, browser: Client, table: WriteFile, bring: Bring) -> None:
        assert browser.delete(f"/api/imports/{bring(table()).pk}").json()["state"] == "removing"

    def test_it_shows_charlie_nothing(
        self, signed_in: SignIn, charlie: User, table: WriteFile, bring: Bring
    ) -> None:
        import_ = bring(table())
        client = signed_in(charlie)
        assert client.get(f"/api/imports/{import_.pk}").status_code == 404
        assert client.get("/api/imports").json() == []

    def test_it_is_closed_to_those_who_may_not_import(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).get("/api/imports").status_code == 403
