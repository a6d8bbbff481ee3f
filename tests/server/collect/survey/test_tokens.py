"""Tokens: short, signed, each for one purpose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.server.collect import tokens


class TestRead:
    @given(st.integers(1, 2**63 - 1))
    def test_it_gives_back_what_was_signed(self, pk: int) -> None:
        assert tokens.read(tokens.make(pk, purpose=tokens.ANSWER), purpose=tokens.ANSWER) == pk

    def test_it_is_short(self) -> None:
        assert len(tokens.make(10**9, purpose=tokens.ANSWER)) <= 22

    def test_it_does_not_open_another_door(self) -> None:
        assert tokens.read(tokens.make(7, purpose=tokens.LEAVE), purpose=tokens.ANSWER) is None

    @given(st.text(max_size=40))
    def test_it_refuses_whatever_else_comes(self, token: str) -> None:
        assert tokens.read(token, purpose=tokens.ANSWER) is None

    @pytest.mark.parametrize(
        "change",
        [lambda t: t[:-1] + "z9", lambda t: "AB"[t[0] == "A"] + t[1:], lambda t: t[:16] + "-" + t[16:]],
    )
    def test_it_refuses_a_changed_one(self, change: object) -> None:
        token = tokens.make(12345, purpose=tokens.ANSWER)
        assert tokens.read(change(token), purpose=tokens.ANSWER) != 12345  # type: ignore[operator]

    def test_it_still_knows_those_of_the_former_key(self, settings: object) -> None:
        token = tokens.make(7, purpose=tokens.ANSWER)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
        settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
        assert tokens.read(token, purpose=tokens.ANSWER) == 7
