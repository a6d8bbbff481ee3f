"""Comments by the grammar: rich in both languages and in keeping with score and cause."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from voiceloop.analytics.synth import Company
from voiceloop.analytics.synth.chain import REASONS
from voiceloop.analytics.synth.grammar import phrases

Frame = dict[str, np.ndarray]


class TestPhrases:
    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("voice", ["praise", "problem", "suggestion"])
    def test_it_knows_at_least_40_clauses_that_are_all_different(self, language: str, voice: str) -> None:
        clauses = [clause for several in phrases(language)[voice].values() for clause in several]
        assert len(set(clauses)) == len(clauses) >= 40

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("voice", ["praise", "problem", "suggestion"])
    def test_it_has_something_to_say_about_every_reason(self, language: str, voice: str) -> None:
        assert set(phrases(language)[voice]) == {reason[0] for reason in REASONS}


class TestWrite:
    def test_it_leaves_no_slot_open(self, chain: Company) -> None:
        assert not [
            text for text in chain.responses["comment"].drop_null().to_pylist() if "{" in text or "}" in text
        ]

    def test_it_writes_in_the_language_of_the_customer(self, chain: Company) -> None:
        rows = chain.responses.select(["language", "comment"]).to_pylist()
        texts = [(row["language"], row["comment"]) for row in rows if row["comment"]]
        chinese = [language == "zh" for language, text in texts if len(re.findall("[一-鿿]", text)) >= 2]
        assert sum(chinese) / len(chinese) > 0.99

    def test_it_praises_for_promoters_and_complains_for_detractors(self, chain: Company) -> None:
        score = dict(
            zip(chain.responses["response"].to_pylist(), chain.responses["nps"].to_pylist(), strict=True)
        )
        for row in chain.meanings.to_pylist():
            value = score[row["response"]]
            if value is not None and value >= 9:
                assert row["voice"] != "problem"
            if value is not None and value <= 6:
                assert row["voice"] != "praise"

    def test_it_says_what_it_means(self, chain: Company) -> None:
        comment = dict(
            zip(chain.responses["response"].to_pylist(), chain.responses["comment"].to_pylist(), strict=True)
        )
        waits = [comment[row["response"]] for row in chain.meanings.to_pylist() if row["problem"] == "wait"]
        assert (
            sum(
                bool(re.search("等|慢|催|出餐|餐还没好|wait|slow|served|three times", text)) for text in waits
            )
            / len(waits)
            > 0.98
        )

    def test_it_complains_of_late_delivery_only_when_it_was_late(
        self, chain: Company, frame: Callable[[pa.Table], Frame]
    ) -> None:
        orders = frame(chain.orders)
        late = set(chain.orders["order"].to_numpy()[orders["wait_minutes"] > orders["promised_minutes"]])
        order_of = dict(
            zip(
                chain.invitations["invitation"].to_pylist(),
                chain.invitations["order"].to_pylist(),
                strict=True,
            )
        )
        invitation = dict(
            zip(
                chain.responses["response"].to_pylist(),
                chain.responses["invitation"].to_pylist(),
                strict=True,
            )
        )
        orders_blamed = [
            order_of[invitation[row["response"]]]
            for row in chain.meanings.to_pylist()
            if row["problem"] == "delivery_speed"
        ]
        assert len(orders_blamed) > 150
        assert set(orders_blamed) <= late

    def test_it_is_varied(self, chain: Company) -> None:
        comments = chain.responses["comment"].drop_null().to_pylist()
        assert 16_000 < len(comments) < 20_000
        assert len(set(comments)) / len(comments) > 0.7

    def test_some_leave_telephone_numbers_for_masking_to_find(self, chain: Company) -> None:
        found = [
            text
            for text in chain.responses["comment"].drop_null().to_pylist()
            if re.search(r"13800\d{6}", text)
        ]
        assert 100 < len(found) < 800
