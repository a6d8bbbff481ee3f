"""Who asks selectively: fewer invitations after bad contacts, and answers that look arranged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from voiceloop.analytics.contacts import Contact, contacts, scores
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.scan import Source
from voiceloop.analytics.sentences import suspicion_sentences
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.peers import Counts, Excess, excesses

Kind = Literal["skips_bad", "skips", "ceiling", "on_the_spot"]
Table = dict[str, dict[Any, Counts]]

# Odds beside the colleagues' that still pass for ordinary (our choices): people differ honestly in how
# good their scores are far more than in whom they leave out.
ORDINARY = {"skips_bad": 1.5, "skips": 1.5, "ceiling": 3.0, "on_the_spot": 3.0}


@dataclass(frozen=True)
class Sign:
    """One thing that somebody does far more often than colleagues in the same circumstances.

    Attributes
    ----------
    kind : {'skips_bad', 'skips', 'ceiling', 'on_the_spot'}
        Leaves out customers after contacts that solved nothing; leaves out customers; has answers
        at the very top of the scale; has answers within two minutes of the message.
    n, hits : int
    rate, usual : float
        Own share, and that of the colleagues in the same circumstances, 0-1.
    p_value : float
    """

    kind: Kind
    n: int
    hits: int
    rate: float
    usual: float
    p_value: float


@dataclass(frozen=True)
class Suspicion:
    """Somebody whose scores should not be read before the reasons are known.

    Attributes
    ----------
    who : str
        Code of the agent or unit.
    signs : tuple of Sign
        The strongest first.
    p_value : float
        Of all signs looked at together.
    says_en, says_zh : str
        The strongest sign in one sentence.
    """

    who: str
    signs: tuple[Sign, ...]
    p_value: float
    says_en: str
    says_zh: str

    def to_dict(self) -> dict[str, Any]:
        """Return the suspicion as plain JSON types."""
        says = {"en": self.says_en, "zh": self.says_zh}
        return {
            "who": self.who,
            "p_value": self.p_value,
            "signs": [vars(sign) for sign in self.signs],
            "says": says,
        }


def suspicious_agents(
    lake: Source,
    since: date | None = None,
    until: date | None = None,
    *,
    who: Literal["agent", "unit"] = "agent",
    rate: float = 0.05,
) -> tuple[Suspicion, ...]:
    """Return who asks selectively or has answers that look arranged, the surest first.

    Everybody is held against the colleagues in the same touchpoint and channel (`stats.peers`).
    Customers spared by rule (opted out, asked too recently, not sampled) do not count. Whether a
    contact was bad is known from the conversation (`solved` = 0) up to two days before the
    invitation; without conversations, or beyond a million occasions, only the share left out is judged.

    Parameters
    ----------
    lake : Lake
    since, until : date, optional
        First day, and the day after the last.
    who : {'agent', 'unit'}
    rate : float
        Share of the suspicions that may be chance (`stats.budget.within_budget`).

    Returns
    -------
    tuple of Suspicion
        Empty when nobody stands out, or too few have been watched (10 occasions each).

    Raises
    ------
    AnalyticsError
        For an impossible ``who``.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> suspicious_agents(tiny_lake())
    ()
    """
    if who not in ("agent", "unit"):
        raise AnalyticsError(
            f"Only agents or units can be watched, not {who!r}.", f"只能检查坐席或门店，不能检查“{who}”。"
        )
    seen = contacts(lake, who, since, until)
    tables: dict[Kind, Table] = {
        "skips_bad": _counted(seen, lambda one: one.is_bad is True and not one.is_spared, _left_out),
        "skips": _counted(seen, lambda one: not one.is_spared, _left_out),
        "on_the_spot": _counted(seen, lambda one: one.is_quick is not None, _on_the_spot),
        "ceiling": scores(lake, who, since, until),
    }
    found = {kind: excesses(table, odds=ORDINARY[kind]) for kind, table in tables.items()}
    return _suspicions(found, rate)


def _left_out(contact: Contact) -> bool:
    return not contact.is_asked


def _on_the_spot(contact: Contact) -> bool:
    return contact.is_quick is True


def _counted(
    seen: list[Contact], counts: Callable[[Contact], bool], hits: Callable[[Contact], bool]
) -> Table:
    table: Table = {}
    for contact in seen:
        if counts(contact):
            strata = table.setdefault(contact.who, {})
            n, k = strata.get(contact.stratum, (0.0, 0.0))
            strata[contact.stratum] = (n + contact.n, k + contact.n * hits(contact))
    return table


def _suspicions(found: Mapping[Kind, Mapping[str, Excess]], rate: float) -> tuple[Suspicion, ...]:
    judged = dict.fromkeys(who for of_kind in found.values() for who in of_kind)
    signs = {
        who: sorted(
            (_sign(kind, of_kind[who]) for kind, of_kind in found.items() if who in of_kind), key=_surest
        )
        for who in judged
    }
    # As many chances to stand out as there were signs to look at.
    p_values = {who: min(len(own) * own[0].p_value, 1.0) for who, own in signs.items()}
    holds = within_budget(list(p_values.values()), rate)
    called = [who for who, is_signal in zip(p_values, holds, strict=True) if is_signal]
    return tuple(
        _suspicion(
            who, [sign for sign in signs[who] if len(signs[who]) * sign.p_value <= rate], p_values[who]
        )
        for who in sorted(called, key=lambda who: (p_values[who], who))
    )


def _suspicion(who: str, signs: list[Sign], p_value: float) -> Suspicion:
    en, zh = suspicion_sentences(who, signs[0].kind, signs[0].n, signs[0].hits, signs[0].usual)
    return Suspicion(who, tuple(signs), p_value, en, zh)


def _sign(kind: Kind, excess: Excess) -> Sign:
    return Sign(kind, int(excess.n), int(excess.hits), excess.rate, excess.usual, excess.p_value)


def _surest(sign: Sign) -> tuple[float, float]:
    # Chances too small to be told apart: then the sign that is furthest from the usual.
    return sign.p_value, -sign.rate / max(sign.usual, 1e-9)
