"""One definition per number: page, export, API, command line and notebook say the same."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now
from openpyxl import load_workbook
from pptx import Presentation
from pytest_django import DjangoDbBlocker

from tests.conftest import MakePerson
from voiceloop import cli
from voiceloop.analytics import Lake, measure, registry
from voiceloop.server.act import starter
from voiceloop.server.act.growth import sharing
from voiceloop.server.act.models import (
    Case,
    Clock,
    Contact,
    Outcome,
    Reopening,
    Resolution,
    RootCause,
    ServicePromise,
    ShareLink,
)
from voiceloop.server.collect.models import Answer, Customer, Invitation, Response, Transaction, Verbatim
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store import sync
from voiceloop.server.understand.models import Annotation

N = 240
# Queues, self-service, costs and quality reviews are not kept by the product: these come from files only.
OF_FILES = {
    "abandonment_rate",
    "accuracy_rate",
    "average_handling_time",
    "completeness_rate",
    "consistency_rate",
    "cost_per_resolution",
    "cost_to_serve",
    "fcr_agent",
    "handling_time",
    "long_wait_rate",
    "review_agreement",
    "self_service_resolution_rate",
    "service_level",
    "waiting_time",
}
KEPT = sorted(set(registry.metrics()) - OF_FILES)
FIVE = range(1, 6)
SERVQUAL = ("reliability", "responsiveness", "assurance", "empathy", "tangibles")
# What each response answers: the question, its scale and the scores that it has.
ASKED = (
    ("nps", "nps_0_10", range(11)),
    ("csat", "csat_1_5", FIVE),
    ("ces", "ces_1_7", range(1, 8)),
    ("fcr", "yes_no", range(2)),
    ("expected_speed", "csat_1_5", FIVE),
    ("got_speed", "csat_1_5", FIVE),
    *((f"servqual_{name}", "csat_1_5", FIVE) for name in SERVQUAL),
    *((f"told_{side}", "people_0_10", range(11)) for side in ("good", "bad")),
)
Figure = tuple[int, float | None, float | None, float | None]


@pytest.fixture(scope="module")
def facts(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A lake as the product fills it: written to the database, carried over by the sync."""
    path = tmp_path_factory.mktemp("parity") / "lake"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(settings, "LAKE", path)
        sync.lake.cache_clear()
        try:
            _fill(random.Random(7))
            sync.sync()
        finally:
            call_command("flush", verbosity=0, interactive=False)
        yield path
        sync.lake.cache_clear()


def _fill(draw: random.Random) -> None:
    root = Unit.objects.create(code="root", name="总部", kind="company")
    units = [Unit.objects.create(code=code, name=code, kind="store", parent=root) for code in ("s1", "s2")]
    agent = User.objects.create_user("a1", unit=units[0], role="agent", code="a1")
    cause = RootCause.objects.create(code="slow", group="process", name="慢")
    for number in range(N):
        # Of the last two months, so that the home page's period holds them all.
        at = now() - timedelta(days=1 + number % 60, hours=2)
        customer = _customer(number, units[0])
        _said(
            draw,
            number,
            {"customer": customer, "unit": draw.choice(units), "touchpoint": draw.choice("ab")},
            at,
        )
        _done(draw, number, {"customer": customer, "unit": draw.choice(units)}, at, agent, cause)
        _bought(draw, number, {"customer": customer, "unit": draw.choice(units)})


def _customer(number: int, unit: Unit) -> Customer:
    """Each comes three times."""
    return Customer.objects.get_or_create(number=f"c{number % (N // 3)}", defaults={"unit": unit})[0]


def _said(draw: random.Random, number: int, place: dict[str, Any], at: Any) -> None:
    started = at if number % 2 else None
    Invitation.objects.create(
        **place, sent_at=at, started_at=started, answered_at=started if number % 3 else None
    )
    Invitation.objects.create(**place, suppressed_by="rested" if number % 4 else "")
    weight = draw.choice([0.5, 1.0, 2.0])
    one = {**place, "at": at, "state": "complete", "weight": weight}
    response = Response.objects.create(idempotency_key=f"r{number}", **one)
    for question, scale, scores in ASKED:
        Answer.objects.create(response=response, question=question, scale=scale, score=draw.choice(scores))
    if number % 5 == 0:
        link = ShareLink.objects.create(response=response, customer=place["customer"], unit=place["unit"])
        sharing.recommend(link, visitor=f"v{number}")
    signed = Response.objects.create(idempotency_key=f"s{number}", **one)
    score = draw.randint(-10, 10)
    Answer.objects.create(response=signed, question="nps", scale="nps_signed", score=score)
    verbatim = Verbatim.objects.create(response=response, text="等了很久", language="zh")
    of_verbatim = {"verbatim": verbatim, "version": "1", "probability": 0.9}
    feeling = draw.choice(["positive", "neutral", "negative"])
    sign = {"positive": 1, "neutral": 0, "negative": -1}[feeling]
    Annotation.objects.create(**of_verbatim, kind="sentiment", label=feeling, polarity=sign)
    Annotation.objects.create(**of_verbatim, kind="reason", label="wait", polarity=draw.choice([-1, 1]))
    voice = draw.choice(["praise", "problem", "suggestion"])
    Annotation.objects.create(**of_verbatim, kind="voice", label=voice)
    emotion = draw.choice(["angry", "disappointed", "understanding", "none"])
    Annotation.objects.create(**of_verbatim, kind="emotion", label=emotion)
    severity = draw.choice(["slight", "serious", "catastrophic"])
    Annotation.objects.create(**of_verbatim, kind="severity", label=severity)
    if number % 3 == 0:
        Annotation.objects.create(**of_verbatim, kind="urgency", label="churn")
        Annotation.objects.create(**of_verbatim, kind="need", label="wish")


def _done(
    draw: random.Random, number: int, place: dict[str, Any], at: Any, agent: User, cause: RootCause
) -> None:
    due = at + timedelta(hours=1)
    kind = draw.choice(["recovery", "complaint", "request"])
    case = Case.objects.create(
        **place, kind=kind, opened_at=at, first_contact_due_at=due,
        first_contact_at=at + timedelta(minutes=draw.randint(1, 120)), owner=agent,
    )  # fmt: skip
    assert case.first_contact_at
    for again in range(3):
        spoken = case.first_contact_at + timedelta(hours=again)
        result = draw.choice(["reached", "no_reply"])
        Contact.objects.create(case=case, by=agent, at=spoken, result=result)
    due = at + timedelta(hours=2 + number % 3)
    Clock.objects.create(case=case, kind="solution", promise=solution(), state="running", due_at=due)
    if number % 5 == 0:
        Reopening.objects.create(case=case, by=agent, resolved_at=at, root_cause=cause)
    if number % 4:
        Resolution.objects.create(case=case, by=agent, root_cause=cause, at=at + timedelta(hours=3))
        Outcome.objects.create(case=case, code=draw.choice(["recovered", "not_recovered", "no_answer"]))


def solution() -> ServicePromise:
    starter.promises()
    return ServicePromise.objects.get(clock="solution")


def _bought(draw: random.Random, number: int, place: dict[str, Any]) -> None:
    """Over a year, so that windows of 90 days have passed; one order in nine comes back."""
    at = now() - timedelta(days=1 + number % 360)
    for kind, amount in [
        ("delivery", draw.randint(20, 200)),
        *([("return", -15)] if number % 9 == 0 else []),
    ]:
        Transaction.objects.create(
            **place, number=f"{kind}{number}", at=at, kind=kind, amount=amount,
            wait_minutes=draw.uniform(5, 60), promised_minutes=30,
        )  # fmt: skip


@pytest.fixture
def browser(db: None, person: MakePerson, root: Unit) -> Client:
    """The company's admin, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("Dora", "admin", root))
    return client


def notebook(lake: Path, metric: str) -> Figure:
    one = measure(Lake(lake), metric, min_n=5).one
    return one.n, one.value, one.low, one.high


def of_api(browser: Client, metric: str) -> Figure:
    (row,) = browser.get(f"/api/metrics/{metric}").json()["rows"]
    return row["n"], row["value"], row["low"], row["high"]


def of_csv(browser: Client, metric: str) -> Figure:
    answer: Any = browser.get("/explore/export.csv", {"metric": metric, "days": "all"})
    _, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    value, low, high = (float(cell) if cell else None for cell in row[1:4])
    return int(row[0]), value, low, high


def of_xlsx(browser: Client, metric: str) -> Figure:
    answer = browser.get("/explore/export.xlsx", {"metric": metric, "days": "all"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    *_, row = sheet.iter_rows(values_only=True)  # type: ignore[union-attr]  # a book has a sheet
    return tuple(row[:4])  # type: ignore[return-value]


def of_json(browser: Client, metric: str) -> Figure:
    answer: Any = browser.get("/explore/export.json", {"metric": metric, "days": "all"})
    (row,) = json.loads(b"".join(answer.streaming_content))["rows"]
    return row["n"], row["value"], row["low"], row["high"]


def of_slide(browser: Client, metric: str) -> dict[str, float]:
    """The values of the groups that its chart draws."""
    answer = browser.get("/explore/export.pptx", {"metric": metric, "days": "all", "by": "unit"})
    shapes = Presentation(io.BytesIO(answer.content)).slides[0].shapes
    (plot,) = next(shape.chart for shape in shapes if shape.has_chart).plots
    return dict(zip(plot.categories, plot.series[0].values, strict=True))


def of_command(lake: Path, metric: str, capsys: pytest.CaptureFixture[str]) -> Figure:
    assert cli.main(["measure", metric, "--lake", str(lake), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    return said["n"], said["value"], said["low"], said["high"]


class TestParity:
    @pytest.mark.requirement(1, 2, 8, 9, 10)
    @pytest.mark.parametrize("metric", KEPT)
    def test_every_surface_says_the_same(
        self, metric: str, facts: Path, browser: Client, capsys: pytest.CaptureFixture[str]
    ) -> None:
        known = notebook(facts, metric)
        assert known[0] > 5
        assert known[1] is not None
        close = pytest.approx(known, rel=1e-9)
        assert of_api(browser, metric) == close
        assert of_csv(browser, metric) == close
        assert of_xlsx(browser, metric) == close
        assert of_json(browser, metric) == close
        assert of_command(facts, metric, capsys) == close

    @pytest.mark.parametrize("metric", ["nps", "csat", "late_rate", "first_contact_time"])
    def test_the_chart_of_a_slide_draws_the_same(self, metric: str, facts: Path, browser: Client) -> None:
        rows = measure(Lake(facts), metric, by=["unit"], min_n=5).rows
        known = {str(row.key["unit"]): row.value for row in rows if row.value is not None}
        assert len(known) == 2
        assert of_slide(browser, metric) == pytest.approx(known, rel=1e-9)

    @pytest.mark.parametrize("metric", sorted(OF_FILES))
    def test_what_is_not_kept_has_no_value(self, metric: str, facts: Path, browser: Client) -> None:
        nothing = (0, None, None, None)
        assert notebook(facts, metric) == nothing
        assert of_api(browser, metric) == nothing
        assert of_csv(browser, metric) == nothing
        assert of_xlsx(browser, metric) == nothing

    @pytest.mark.requirement(1)
    def test_the_home_page_says_the_same_nps(self, facts: Path, browser: Client) -> None:
        one = measure(Lake(facts), "nps", min_n=5).one
        page = browser.get("/").content.decode()
        value = f"{one.value:+.1f}".replace("-", "−")
        assert one.n == N
        assert f"n = {N}" in " ".join(page.split()) or f"n={N}" in page
        assert value in page

    def test_the_explore_page_says_the_same_nps(self, facts: Path, browser: Client) -> None:
        one = measure(Lake(facts), "nps", min_n=5).one
        page = browser.get("/explore/", {"metric": "nps", "days": "all"}).content.decode()
        assert f"{one.value:+.1f}".replace("-", "−") in page
