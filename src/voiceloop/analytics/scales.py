"""Answer scales and the classes of their scores; scales are never pooled."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from voiceloop.analytics.errors import AnalyticsError

PROMOTER, PASSIVE, DETRACTOR, UNCLASSIFIED = CLASSES = ("promoter", "passive", "detractor", "unclassified")

CLASS_LABELS = {
    PROMOTER: ("推荐者", "Promoters"),
    PASSIVE: ("中立者", "Passives"),
    DETRACTOR: ("贬损者", "Detractors"),
    UNCLASSIFIED: ("未分类", "Unclassified"),
}

# One code, three names in use (REQUIREMENTS, definition 11).
PASSIVE_ALIASES_ZH = ("被动者", "中立者", "观望者")


@dataclass(frozen=True)
class ClassMap:
    """Cut points of a scale: each class begins at its bound and ends before the next.

    Lower bounds alone cannot overlap or leave a hole, so a map partitions every scale
    whose lowest score is its first bound.

    Examples
    --------
    >>> ClassMap(((0, "detractor"), (7, "passive"), (9, "promoter"))).of(8)
    'passive'
    """

    bounds: tuple[tuple[float, str], ...]

    def of(self, score: float) -> str:
        """Return the class of a score that lies on the scale."""
        return self.bounds[bisect_right([low for low, _ in self.bounds], score) - 1][1]


@dataclass(frozen=True)
class Scale:
    """An answer scale: its id, its ends, its step (None: any number between) and its classes.

    Examples
    --------
    >>> scale("nps_0_10").holds(11)
    False
    """

    id: str
    low: float
    high: float
    step: float | None
    classes: ClassMap
    label_en: str
    label_zh: str
    bin: float = 1

    def holds(self, score: float) -> bool:
        """Say whether ``score`` can be an answer on this scale."""
        inside = self.low <= score <= self.high
        return inside and (self.step is None or (score - self.low) % self.step == 0)

    def class_of(self, score: float) -> str:
        """Return promoter, passive, detractor or unclassified.

        Raises
        ------
        AnalyticsError
            When the score is not on the scale.
        """
        if not self.holds(score):
            raise off_scale(self, score)
        return self.classes.of(score)

    @property
    def points(self) -> tuple[float, ...]:
        """The scores that a histogram shows, lowest first."""
        return tuple(self.low + i * self.bin for i in range(int((self.high - self.low) / self.bin) + 1))


def off_scale(scale: Scale, score: float) -> AnalyticsError:
    """Return the error that says a score does not lie on its scale."""
    return AnalyticsError(
        f"Score {score:g} is not on the scale {scale.id} ({scale.low:g} to {scale.high:g}).",
        f"分数 {score:g} 不在量表 {scale.id}（{scale.low:g} 到 {scale.high:g}）之内。",
    )


def _thirds(detractor: float, passive: float, promoter: float) -> ClassMap:
    return ClassMap(((detractor, DETRACTOR), (passive, PASSIVE), (promoter, PROMOTER)))


# Satisfied begins at three quarters of the range and neutral at half, on each satisfaction scale:
# our choice, so that 4 of 5, 8 of 10 and 75 of 100 mean the same.
SCALES = {
    scale.id: scale
    for scale in (
        Scale("nps_0_10", 0, 10, 1, _thirds(0, 7, 9), "0 to 10", "0–10 分"),
        Scale(
            "nps_signed",
            -10,
            10,
            1,
            # −8..+6 has no class in the source (REQUIREMENTS, row 2): said, not guessed.
            ClassMap(((-10, DETRACTOR), (-8, UNCLASSIFIED), (7, PASSIVE), (9, PROMOTER))),
            "−10 to +10",
            "−10 到 +10 分",
        ),
        Scale("csat_1_5", 1, 5, 1, _thirds(1, 3, 4), "satisfaction 1 to 5", "满意度 1–5 分"),
        Scale("csat_1_10", 1, 10, 1, _thirds(1, 6, 8), "satisfaction 1 to 10", "满意度 1–10 分"),
        Scale("csat_0_100", 0, 100, None, _thirds(0, 50, 75), "satisfaction 0 to 100", "满意度 0–100 分", 5),
        Scale("ces_1_7", 1, 7, 1, _thirds(1, 4, 5), "ease 1 to 7", "省力度 1–7 分"),
        Scale("ces_1_5", 1, 5, 1, _thirds(1, 3, 4), "ease 1 to 5", "省力度 1–5 分"),
        Scale("stars_1_5", 1, 5, 0.5, _thirds(1, 3, 4), "1 to 5 stars", "1–5 星", 0.5),
        # How many people; ten stands for ten or more, and no number of them is good or bad in itself.
        Scale("people_0_10", 0, 10, 1, ClassMap(((0, UNCLASSIFIED),)), "people 0 to 10", "人数 0–10"),
        # 1 is yes. No middle: who does not know does not answer.
        Scale("yes_no", 0, 1, 1, ClassMap(((0, DETRACTOR), (1, PROMOTER))), "no 0, yes 1", "否 0、是 1"),
    )
}

# The 0–10 cut points stretched by x = 2s − 10; used only under its own name.
STRETCHED = _thirds(-10, 4, 8)


def scale(id: str) -> Scale:
    """Return the scale with this id.

    Raises
    ------
    AnalyticsError
        When no such scale exists.

    Examples
    --------
    >>> scale("nps_0_10").class_of(9)
    'promoter'
    """
    if id not in SCALES:
        known = ", ".join(SCALES)
        raise AnalyticsError(
            f"Unknown scale {id!r}; there are: {known}.", f"没有量表“{id}”；可用的有：{known}。"
        )
    return SCALES[id]


def classify(score: float, scale_id: str = "nps_0_10") -> str:
    """Return the class of a score on a scale.

    Examples
    --------
    >>> classify(6), classify(-3, "nps_signed")
    ('detractor', 'unclassified')
    """
    return scale(scale_id).class_of(score)


def in_classes(bounds: tuple[tuple[float, str], ...], classes: tuple[str, ...]) -> str:
    """Return the SQL of a score within some classes; neighbours are one range.

    Examples
    --------
    >>> in_classes(((0, "detractor"), (7, "passive"), (9, "promoter")), ("passive", "promoter"))
    'score >= 7'
    """
    ends = [*bounds, (None, "")]
    ranges: list[list[float | None]] = []
    for (low, name), (high, _) in pairwise(ends):
        if name not in classes:
            continue
        if ranges and ranges[-1][1] == low:
            ranges[-1][1] = high
        else:
            # Nothing lies below the first class, so its lower end need not be asked for.
            ranges.append([None if low == bounds[0][0] else low, high])
    return " OR ".join(_in_range(low, high) for low, high in ranges) or "FALSE"


def _in_range(low: float | None, high: float | None) -> str:
    sides = [f"score >= {low:g}"] if low is not None else []
    sides += [f"score < {high:g}"] if high is not None else []
    return " AND ".join(sides) or "score IS NOT NULL"
