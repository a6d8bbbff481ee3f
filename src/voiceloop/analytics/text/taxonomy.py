"""The reasons of a customer-service taxonomy: editable, versioned by content, mindful of old ones."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.lexicon import inflections
from voiceloop.analytics.text.phrases import folded


class Reason(NamedTuple):
    """One reason: stable code, label in both languages, keywords, words that only look like them, examples.

    ``examples`` are comments (or clauses) that name it and train its learned head; ``group`` gathers reasons
    on pages. An archived reason is no longer looked for; ``merged_into`` says which one took its place.
    """

    code: str
    label_zh: str
    label_en: str
    keywords: tuple[str, ...]
    lookalikes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    group: str = ""
    archived: bool = False
    merged_into: str = ""


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """An ordered set of reasons. Iterating yields those in use; ``retired`` are archived or merged away.

    Two taxonomies of the same content have the same ``version``, a digest, and are equal.
    """

    reasons: tuple[Reason, ...]
    version: str
    retired: tuple[Reason, ...] = ()

    @classmethod
    def of(cls, reasons: Iterable[Reason]) -> Taxonomy:
        """Return the taxonomy of ``reasons`` in their order, archived ones set apart.

        Raises
        ------
        AnalyticsError
            When a code stands twice, or a reason in use has neither keywords nor examples.

        Examples
        --------
        >>> own = Taxonomy.of([Reason("pets", "宠物", "Pets", ("宠物", "dog"))])
        >>> len(own), own.codes, own.version == Taxonomy.of(list(own)).version
        (1, ('pets',), True)
        """
        every = tuple(_tidy(reason) for reason in reasons)
        _check(every)
        used = tuple(reason for reason in every if not reason.archived)
        retired = tuple(reason for reason in every if reason.archived)
        return cls(used, _digest((*used, *retired)), retired)

    def __iter__(self) -> Iterator[Reason]:
        """Yield the reasons in use."""
        return iter(self.reasons)

    def __len__(self) -> int:
        """Count the reasons in use."""
        return len(self.reasons)

    def __getitem__(self, number: int) -> Reason:
        """Return a reason in use by its number."""
        return self.reasons[number]

    def __eq__(self, other: object) -> bool:
        """Same content."""
        return isinstance(other, Taxonomy) and self.version == other.version

    def __hash__(self) -> int:
        """By content."""
        return hash(self.version)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the reasons in use, in order."""
        return tuple(reason.code for reason in self.reasons)

    def reason(self, code: str) -> Reason:
        """Return the reason of ``code``, retired ones included.

        Raises
        ------
        AnalyticsError
            When there is none.

        Examples
        --------
        >>> taxonomy().reason("price").label_en
        'Price'
        """
        for reason in (*self.reasons, *self.retired):
            if reason.code == code:
                return reason
        raise AnalyticsError(f"There is no reason '{code}'.", f"没有原因“{code}”。")

    def current(self, code: str) -> str:
        """Return the code that now stands for ``code``: itself, what it was merged into, or "" if archived.

        Examples
        --------
        >>> taxonomy().merged(["billing"], "price").current("billing")
        'price'
        """
        reason = self.reason(code)
        if reason.merged_into:
            return self.current(reason.merged_into)
        return "" if reason.archived else code

    def with_reason(self, reason: Reason) -> Taxonomy:
        """Return this taxonomy with ``reason`` added at the end, or in the place of the one with its code.

        Examples
        --------
        >>> len(taxonomy().with_reason(Reason("pets", "宠物", "Pets", ("宠物",)))) - len(taxonomy())
        1
        """
        every = (*self.reasons, *self.retired)
        if reason.code not in {one.code for one in every}:
            return Taxonomy.of((*self.reasons, reason, *self.retired))
        return Taxonomy.of(reason if one.code == reason.code else one for one in every)

    def merged(self, codes: Sequence[str], into: str) -> Taxonomy:
        """Return this taxonomy with ``codes`` retired and their words and examples given to ``into``.

        Raises
        ------
        AnalyticsError
            When a code is unknown or retired already, or ``into`` is among ``codes``.

        Examples
        --------
        >>> merged = taxonomy().merged(["billing"], "price")
        >>> "billing" in merged.codes, "账单" in merged.reason("price").keywords
        (False, True)
        """
        gone = [self._used(code) for code in codes]
        target = self._used(into)
        if into in codes:
            raise AnalyticsError("A reason cannot be merged into itself.", "不能把一个原因合并到它自己。")
        wider = target._replace(
            keywords=(*target.keywords, *(word for reason in gone for word in reason.keywords)),
            lookalikes=(*target.lookalikes, *(word for reason in gone for word in reason.lookalikes)),
            examples=(*target.examples, *(text for reason in gone for text in reason.examples)),
        )
        old = {reason.code: reason._replace(archived=True, merged_into=into) for reason in gone}
        return Taxonomy.of(
            wider if one.code == into else old.get(one.code, one) for one in (*self.reasons, *self.retired)
        )

    def archived(self, code: str) -> Taxonomy:
        """Return this taxonomy with ``code`` no longer looked for.

        Examples
        --------
        >>> "price" in taxonomy().archived("price").codes
        False
        """
        return self.with_reason(self._used(code)._replace(archived=True))

    def restored(self, code: str) -> Taxonomy:
        """Return this taxonomy with a retired ``code`` in use again; words given away in a merge stay there.

        Examples
        --------
        >>> "price" in taxonomy().archived("price").restored("price").codes
        True
        """
        return self.with_reason(self.reason(code)._replace(archived=False, merged_into=""))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON; `from_dict` reads it.

        Examples
        --------
        >>> Taxonomy.from_dict(taxonomy().to_dict()) == taxonomy()
        True
        """
        every = (*self.reasons, *self.retired)
        return {"version": self.version, "reasons": [reason._asdict() for reason in every]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Taxonomy:
        """Return the taxonomy that `to_dict` wrote.

        Examples
        --------
        >>> len(Taxonomy.from_dict({"reasons": [{"code": "pets", "label_zh": "宠物", "label_en": "Pets",
        ...     "keywords": ["宠物"]}]}))
        1
        """
        return cls.of(Reason(**entry) for entry in data["reasons"])

    def _used(self, code: str) -> Reason:
        reason = self.reason(code)
        if reason.archived:
            raise AnalyticsError(f"The reason '{code}' is archived.", f"原因“{code}”已归档。")
        return reason


@cache
def taxonomy() -> Taxonomy:
    """Return the taxonomy that the package ships, in the order in which pages list its reasons.

    Examples
    --------
    >>> taxonomy()[0].code, taxonomy()[0].label_zh, taxonomy()[0].label_en
    ('response_speed', '响应速度', 'Response speed')
    """
    data = tomllib.loads(files(__package__).joinpath("taxonomy.toml").read_text("utf-8"))
    return Taxonomy.of(
        Reason(
            code,
            entry["zh_label"],
            entry["en_label"],
            words(entry["zh"] + " " + entry["en"]),
            words(entry.get("not", "")),
            group=entry.get("group", ""),
        )
        for code, entry in data.items()
    )


def words(line: str) -> tuple[str, ...]:
    """Return the phrases of a line as people type them: by spaces, "_" inside a phrase, "~" for endings.

    Examples
    --------
    >>> words("账单 charge~ on_time")
    ('账单', 'charge', 'charges', 'charged', 'charging', 'on time')
    """
    found = (folded(form) for word in line.split() for form in inflections(word))
    return tuple(dict.fromkeys(found))


def _tidy(reason: Reason) -> Reason:
    keywords = tuple(dict.fromkeys(folded(word.strip()) for word in reason.keywords if word.strip()))
    lookalikes = dict.fromkeys(folded(word.strip()) for word in reason.lookalikes if word.strip())
    return reason._replace(
        keywords=keywords,
        lookalikes=tuple(word for word in lookalikes if word not in set(keywords)),
        examples=tuple(dict.fromkeys(text for text in reason.examples if text.strip())),
    )


def _check(reasons: tuple[Reason, ...]) -> None:
    codes = [reason.code for reason in reasons]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise AnalyticsError(f"Codes that stand twice: {twice}.", f"重复的代码：{twice}。")
    bare = [reason.code for reason in reasons if not (reason.archived or reason.keywords or reason.examples)]
    if bare:
        raise AnalyticsError(
            f"A reason needs keywords or examples: {bare}.", f"原因需要关键词或示例：{bare}。"
        )


def _digest(reasons: tuple[Reason, ...]) -> str:
    content = json.dumps([list(reason) for reason in reasons], ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    return hashlib.sha256(content).hexdigest()[:10]
