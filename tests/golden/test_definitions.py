"""Every metric's golden number, counted from the sample in plain Python, and its definition kept."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median_low

import pytest

from voiceloop.analytics import measure
from voiceloop.analytics.dictionary import fingerprint
from voiceloop.analytics.golden import golden_lake, rows
from voiceloop.analytics.metric import Duration
from voiceloop.analytics.registry import metrics, versions

KEPT = Path(__file__).parent / "definitions.toml"
NOW = datetime.now(UTC)
DAY, WEEK, YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=365)

NAMES = "answers annotations invitations cases conversations reviews transactions events"
ANSWERS, ANNOTATIONS, INVITATIONS, CASES, TALKS, REVIEWS, SALES, EVENTS = map(rows, NAMES.split())


def share(of, hit):
    """How many there are, and what per cent of them ``hit`` says yes to."""
    found = [bool(hit(row)) for row in of]
    return len(found), 100 * sum(found) / len(found)


def mean(values):
    values = list(values)
    return len(values), fmean(values)


def middle(values, low, high):
    """How many times lie within, and the median, the lower of the two in the middle."""
    known = [x for x in values if x is not None and low <= x <= high]
    return len(known), median_low(known)


def scores(question, *scales):
    return [a["score"] for a in ANSWERS if a["question"] == question and a["scale"] in scales]


def balance(values, up, down):
    return len(values), 100 * (sum(map(up, values)) - sum(map(down, values))) / len(values)


NPS, SIGNED = scores("nps", "nps_0_10"), scores("nps", "nps_signed")
CSAT, EASE = scores("csat", "csat_1_5"), scores("ces", "ces_1_7")


def nps_pairs():
    """(score before, score) of one customer, at most a year apart."""
    asked = [a for a in ANSWERS if a["question"] == "nps" and a["scale"] == "nps_0_10" and a["customer_key"]]
    for series in by("customer_key", asked).values():
        for a, b in pairwise(sorted(series, key=lambda one: one["at"])):
            if b["at"] - a["at"] <= YEAR:
                yield a["score"], b["score"]


def by(name, of):
    found = defaultdict(list)
    for row in of:
        found[row[name]].append(row)
    return found


def seconds(row, first, last):
    return (row[last] - row[first]).total_seconds() if row[first] and row[last] else None


def gaps():
    had = {(a["response_id"], a["question"]): a["score"] for a in ANSWERS}
    for (response, question), score in had.items():
        pair = (response, question.replace("got_", "expected_"))
        if question.startswith("got_") and pair in had:
            yield score - had[pair]


def of_reviews(item):
    return share(
        [r for r in REVIEWS if r["item"] == item and r["score"] is not None], lambda r: r["score"] >= 1
    )


def agreement():
    known = [r for r in REVIEWS if r["score"] is not None]
    items = defaultdict(list)
    for review in known:
        items[review["subject"], review["item"]].append(review["score"])
    return share([s for s in items.values() if len(s) > 1], lambda s: len(set(s)) == 1)


def buying_days():
    """Customer → the days on which they bought, in order."""
    bought = defaultdict(set)
    for sale in SALES:
        if (
            sale["customer_key"]
            and sale["kind"] != "return"
            and (sale["amount"] is None or sale["amount"] > 0)
        ):
            bought[sale["customer_key"]].add(sale["day"])
    return {customer: sorted(days) for customer, days in bought.items()}


LAST_DAY = max(sale["day"] for sale in SALES)


def month_ends():
    months = sorted({(sale["day"].year, sale["day"].month) for sale in SALES})
    ends = [date(year + month // 12, month % 12 + 1, 1) - DAY for year, month in months]
    return [end for end in ends if end < LAST_DAY]


def windows():
    """(days of 90 before, days of 90 within) of each customer at each month's end."""
    for end in month_ends():
        for days in buying_days().values():
            start = end - 90 * DAY
            yield (
                [day for day in days if start - 90 * DAY < day <= start],
                [day for day in days if start < day <= end],
            )


def newcomers():
    """Whether each new customer came again within 90 days."""
    for first, *later in buying_days().values():
        if first + 90 * DAY < LAST_DAY:
            yield any(day <= first + 90 * DAY for day in later)


CONTACTS = [t for t in TALKS if t["customer_key"] and t["kind"] not in ("callback", "self_service")]
TALKED_UNTIL = max(talk["at"] for talk in CONTACTS)
QUEUED = [t for t in TALKS if t["wait_seconds"] is not None and 0 <= t["wait_seconds"] <= 86_400]
ENDED = [t for t in TALKS if t["outcome"]]
PRICED = [t for t in TALKS if t["cost"] is not None]


def near(contact, before, after):
    """Contacts of the same customer about the same topic, so long before or after."""
    return [
        other
        for other in CONTACTS
        if (other["customer_key"], other["topic"]) == (contact["customer_key"], contact["topic"])
        and other is not contact
        and contact["at"] - before <= other["at"] <= contact["at"] + after
    ]


SEEN = [contact for contact in CONTACTS if contact["at"] + WEEK <= TALKED_UNTIL]
FIRSTS = [c for c in SEEN if c["solved"] is not None and not near(c, WEEK, 0 * DAY)]
SESSIONS = [
    t for t in TALKS if t["kind"] == "self_service" and t["customer_key"] and t["at"] + DAY <= TALKED_UNTIL
]


def turned_to_people(session):
    return any(
        t["customer_key"] == session["customer_key"]
        and t["kind"] != "self_service"
        and session["at"] < t["at"] <= session["at"] + DAY
        for t in TALKS
    )


def busiest():
    found = []
    for talks in by("day", TALKS).values():
        hours = [talk["at"].hour for talk in talks]
        top = min(set(hours), key=lambda hour: (-hours.count(hour), hour))
        found += [hour == top for hour in hours] if len(talks) >= 10 else []
    return found


def per_thousand(counted, of):
    return len(of), 1000 * len(counted) / len(of)


def ratio(above, below):
    return sum(above) / sum(below)


COMPLAINTS = [case for case in CASES if case["kind"] == "complaint"]
RECOVERIES = [case for case in CASES if case["kind"] == "recovery"]
TRIED = [i for i in INVITATIONS if i["sent_at"] or i["status"] == "failed"]
DELIVERED = [i for i in INVITATIONS if i["sent_at"] and i["status"] != "failed"]
CLASSED = [a for a in ANNOTATIONS if a["kind"] == "voice" and a["label"] != "other"]


def kind(name):
    return [a for a in ANNOTATIONS if a["kind"] == name]


FELT = [a for a in ANNOTATIONS if a["kind"] == "sentiment" and a["polarity"] is not None]
REASONS = [a for a in ANNOTATIONS if a["kind"] == "reason"]
SOLVED_COST = [t for t in PRICED if t["solved"] is not None]
TEN_YEARS = 3650 * 86_400


def promised(case):
    return case["sla_met"] is not None or (case["due_at"] and (case["resolved_at"] or case["due_at"] < NOW))


def kept(case):
    if case["sla_met"] is not None:
        return case["sla_met"] == 1
    return case["resolved_at"] and case["resolved_at"] <= case["due_at"]


def due_first(case):
    due = case["first_contact_due_at"]
    return due and (case["first_contact_at"] or due < NOW)


def lasting(first, last, of=CASES):
    return middle((seconds(case, first, last) for case in of), 0, TEN_YEARS)


GOLDEN = {
    "nps": lambda: balance(NPS, lambda s: s >= 9, lambda s: s <= 6),
    "nps_signed": lambda: balance(SIGNED, lambda s: s >= 9, lambda s: s <= -9),
    "nps_stretched": lambda: balance(SIGNED, lambda s: s >= 8, lambda s: s <= 3),
    "nps_unclassified_rate": lambda: share(SIGNED, lambda s: -8 <= s <= 6),
    "weighted_index": lambda: balance(NPS, lambda s: s >= 9, lambda s: s <= 6),
    "promoter_share": lambda: share(NPS, lambda s: s >= 9),
    "passive_share": lambda: share(NPS, lambda s: 7 <= s <= 8),
    "detractor_share": lambda: share(NPS, lambda s: s <= 6),
    "referral_rate": lambda: per_thousand(
        [e for e in EVENTS if e["activity"] == "recommendation.made"], [s for s in NPS if s >= 9]
    ),
    "willingness_shift": lambda: mean(b - a for a, b in nps_pairs()),
    "passive_to_promoter_rate": lambda: share(
        [b for a, b in nps_pairs() if 7 <= a <= 8], lambda score: score >= 9
    ),
    "retention_rate": lambda: share([within for before, within in windows() if before], bool),
    "churn_rate": lambda: share([within for before, within in windows() if before], lambda w: not w),
    "repeat_purchase_rate": lambda: share([w for _, w in windows() if w], lambda w: len(w) > 1),
    "second_purchase_rate": lambda: share(list(newcomers()), bool),
    "order_value": lambda: mean(sale["amount"] for sale in SALES),
    "return_rate": lambda: (
        len(SALES),
        100 * ratio((-min(s["amount"], 0) for s in SALES), (max(s["amount"], 0) for s in SALES)),
    ),
    "csat": lambda: mean(CSAT),
    "csat_top_box": lambda: share(CSAT, lambda s: s >= 4),
    "ces": lambda: mean(EASE),
    "ces_easy_share": lambda: share(EASE, lambda s: s >= 5),
    **{
        f"servqual_{name}": lambda name=name: mean(scores(f"servqual_{name}", "csat_1_5"))
        for name in ("reliability", "responsiveness", "assurance", "empathy", "tangibles")
    },
    **{name: lambda name=name: mean(scores(name, "people_0_10")) for name in ("told_good", "told_bad")},
    "expectation_gap": lambda: mean(gaps()),
    "negative_share": lambda: share(FELT, lambda a: a["polarity"] == -1),
    "positive_share": lambda: share(FELT, lambda a: a["polarity"] == 1),
    "understood_share": lambda: share(
        [a for a in ANNOTATIONS if a["kind"] == "sentiment"], lambda a: a["polarity"] is not None
    ),
    **{
        f"{name}_share": lambda name=name: share(kind("emotion"), lambda a: a["label"] == name)
        for name in ("angry", "disappointed", "understanding")
    },
    "severe_share": lambda: share(kind("severity"), lambda a: a["label"] != "slight"),
    "urgent_rate": lambda: per_thousand(kind("urgency"), kind("sentiment")),
    "wish_rate": lambda: per_thousand(kind("need"), kind("sentiment")),
    "reason_negative_share": lambda: share(REASONS, lambda a: a["polarity"] == -1),
    "reason_positive_share": lambda: share(REASONS, lambda a: a["polarity"] == 1),
    **{
        f"{name}_share": lambda name=name: share(CLASSED, lambda a: a["label"] == name)
        for name in ("praise", "problem", "suggestion")
    },
    "complaint_share": lambda: share(CASES, lambda case: case["kind"] == "complaint"),
    "complaint_rate": lambda: per_thousand(COMPLAINTS, [t for t in TALKS if t["kind"] != "callback"]),
    "complaint_rate_orders": lambda: per_thousand(COMPLAINTS, [s for s in SALES if s["kind"] != "return"]),
    "contact_rate": lambda: per_thousand(
        [t for t in TALKS if t["kind"] not in ("callback", "self_service")],
        [s for s in SALES if s["kind"] != "return"],
    ),
    "fcr_customer": lambda: share(scores("fcr", "yes_no"), bool),
    "fcr_agent": lambda: share(FIRSTS, lambda c: c["solved"] == 1 and not near(c, 0 * DAY, WEEK)),
    "recontact_rate": lambda: share(SEEN, lambda c: near(c, 0 * DAY, WEEK)),
    "self_service_resolution_rate": lambda: share(
        SESSIONS, lambda s: s["case_id"] is None and not turned_to_people(s)
    ),
    "first_response_time": lambda: middle((t["first_response_seconds"] for t in TALKS), 0, 30 * 86_400),
    "first_contact_time": lambda: lasting("opened_at", "first_contact_at"),
    "time_to_resolution": lambda: lasting("opened_at", "resolved_at"),
    "time_to_close_loop": lambda: lasting(
        "opened_at", "closed_at", [c for c in RECOVERIES if c["outcome"] in ("recovered", "not_recovered")]
    ),
    "waiting_time": lambda: middle((t["wait_seconds"] for t in TALKS), 0, 86_400),
    "handling_time": lambda: middle((t["handle_seconds"] for t in TALKS), 0, 8 * 3600),
    "average_handling_time": lambda: mean(
        t["handle_seconds"]
        for t in TALKS
        if t["handle_seconds"] is not None and t["handle_seconds"] <= 28_800
    ),
    "long_wait_rate": lambda: share(QUEUED, lambda t: t["wait_seconds"] > 300),
    "service_level": lambda: share(QUEUED, lambda t: t["wait_seconds"] <= 20 and t["outcome"] != "abandoned"),
    "abandonment_rate": lambda: share(
        [t for t in ENDED if t["wait_seconds"] is not None or t["case_id"] is None],
        lambda t: t["outcome"] == "abandoned",
    ),
    "channel_response_rate": lambda: share(
        [t for t in ENDED if t["kind"] != "self_service"],
        lambda t: t["outcome"] not in ("abandoned", "missed", "no_reply", "no_answer"),
    ),
    "peak_hour_share": lambda: share(busiest(), bool),
    "resolution_rate": lambda: share(CASES, lambda c: c["resolved_at"]),
    "reopened_rate": lambda: share(
        [c for c in CASES if c["resolved_at"] or c["n_reopened"]], lambda c: c["n_reopened"]
    ),
    "reassigned_rate": lambda: share(
        [c for c in CASES if c["n_reassigned"] is not None], lambda c: c["n_reassigned"]
    ),
    "sla_attainment": lambda: share([c for c in CASES if promised(c)], kept),
    "first_contact_on_time": lambda: share(
        [c for c in CASES if due_first(c)],
        lambda c: c["first_contact_at"] and c["first_contact_at"] <= c["first_contact_due_at"],
    ),
    "solution_on_time": lambda: share(
        [c for c in CASES if c["due_at"] and (c["resolved_at"] or c["due_at"] < NOW)],
        lambda c: c["resolved_at"] and c["resolved_at"] <= c["due_at"],
    ),
    "closed_loop_rate": lambda: share(RECOVERIES, lambda c: c["outcome"] in ("recovered", "not_recovered")),
    "recovery_rate": lambda: share(
        [c for c in RECOVERIES if c["outcome"]], lambda c: c["outcome"] == "recovered"
    ),
    **{
        f"{item}_rate": lambda item=item: of_reviews(item)
        for item in ("accuracy", "completeness", "consistency")
    },
    "review_agreement": agreement,
    "late_rate": lambda: share(
        [s for s in SALES if s["promised_minutes"]], lambda s: s["wait_minutes"] > s["promised_minutes"]
    ),
    "wait_minutes": lambda: mean(s["wait_minutes"] for s in SALES if s["wait_minutes"] is not None),
    "cost_to_serve": lambda: (len(PRICED), fmean(t["cost"] for t in PRICED)),
    "cost_per_resolution": lambda: (
        len(SOLVED_COST),
        ratio((t["cost"] for t in SOLVED_COST), (t["solved"] for t in SOLVED_COST)),
    ),
    "asked_rate": lambda: share([i for i in INVITATIONS if i["status"] != "queued"], lambda i: i in TRIED),
    "delivered_rate": lambda: share(TRIED, lambda i: i["status"] != "failed"),
    "started_rate": lambda: share(DELIVERED, lambda i: i["started_at"] or i["answered_at"]),
    "completion_rate": lambda: share([i for i in INVITATIONS if i["started_at"]], lambda i: i["answered_at"]),
    "response_rate": lambda: share(DELIVERED, lambda i: i["answered_at"]),
    "response_rate@1": lambda: share([i for i in INVITATIONS if i["sent_at"]], lambda i: i["answered_at"]),
    "suppressed_rate": lambda: share(INVITATIONS, lambda i: i["status"] == "suppressed"),
    "left_out_rate": lambda: share(
        [i for i in INVITATIONS if i["reason"] in (None, "by_agent")], lambda i: i["status"] == "suppressed"
    ),
}


class TestGoldenNumbers:
    @pytest.mark.requirement(12, 13, 16, 17, 19, 20, 22, 26, 28, 29, 30, 32, 33, 35, 36, 37, 39)
    @pytest.mark.parametrize("name", sorted(GOLDEN))
    def test_the_engine_finds_what_is_counted_by_hand(self, name):
        row = measure(golden_lake(), name, min_n=1).one
        n, value = GOLDEN[name]()
        # A bin of the histogram is 1 % wide.
        tolerance = 0.01 if isinstance(row.metric, Duration) else 1e-9
        assert row.n == n
        assert row.value == pytest.approx(value, rel=tolerance)

    def test_no_metric_goes_uncounted(self):
        assert set(metrics()) == {name for name in GOLDEN if "@" not in name}


class TestDefinitions:
    def test_none_changes_under_its_name(self):
        kept = tomllib.loads(KEPT.read_text(encoding="utf-8"))
        found = {one.id: fingerprint(one) for name in metrics() for one in versions(name)}
        changed = sorted(id for id in found if kept.get(id) not in (None, found[id]))
        assert not changed, (
            f"What {', '.join(changed)} counts has changed. An old report must still give its number: "
            "raise `version` in the metric's file, keep the definition before as `EARLIER`, and add the "
            "new line to tests/golden/definitions.toml."
        )
        new = "\n".join(f'"{id}" = "{found[id]}"' for id in found if id not in kept)
        assert not new, f"Add to tests/golden/definitions.toml:\n{new}"
        gone = sorted(set(kept) - set(found))
        assert not gone, f"{', '.join(gone)} is gone, yet reports were made with it: keep it in `EARLIER`."

    def test_an_earlier_version_still_counts_as_it_did(self):
        sent = [i for i in INVITATIONS if i["sent_at"]]
        assert len(sent) > len(DELIVERED)
        now, before = (measure(golden_lake(), f"response_rate@{version}", min_n=1).one for version in (2, 1))
        assert (now.n, before.n) == (len(DELIVERED), len(sent))
        assert before.value < now.value
