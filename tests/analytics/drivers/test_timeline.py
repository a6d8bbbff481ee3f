"""Between two moments, and last before one: the same as going through the rows one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.drivers.timeline import Timeline

# Few customers and moments, so that both meet often; keys as large as a database gives them.
rows = st.lists(
    st.tuples(st.sampled_from((1, 2, 2**62, -3)), st.integers(0, 6), st.integers(0, 9)), max_size=20
)
asked = st.lists(
    st.tuples(st.sampled_from((1, 2, 5, 2**62)), st.integers(-1, 7), st.integers(-1, 7)), min_size=1
)


def _line(rows: list[tuple[int, int, int]]) -> Timeline:
    customer, at, value = (np.array([one[i] for one in rows]) for i in range(3))
    return Timeline(customer.astype(np.int64), at.astype(float), value.astype(float))


@given(rows, asked)
def test_within_is_what_counting_gives(
    rows: list[tuple[int, int, int]], asked: list[tuple[int, int, int]]
) -> None:
    spans = [(who, min(a, b), max(a, b)) for who, a, b in asked]
    customer, since, until = (np.array([one[i] for one in spans]) for i in range(3))
    times, sums = _line(rows).within(customer, since.astype(float), until.astype(float))
    worth = [[v for key, at, v in rows if key == who and a < at <= b] for who, a, b in spans]
    assert times.tolist() == [len(one) for one in worth]
    assert sums.tolist() == [sum(one) for one in worth]


@given(rows, asked, st.integers(0, 5))
def test_last_is_the_newest_row_that_is_fresh(
    rows: list[tuple[int, int, int]], asked: list[tuple[int, int, int]], within: int
) -> None:
    customer, at = np.array([who for who, _a, _b in asked]), np.array([float(a) for _who, a, _b in asked])
    place, fresh = _line(rows).last(customer, at, within)
    for (who, when, _until), row, is_fresh in zip(asked, place.tolist(), fresh.tolist(), strict=True):
        past = [t for key, t, _value in rows if key == who and when - within <= t <= when]
        assert is_fresh == bool(past)
        if is_fresh:
            assert rows[row][:2] == (who, max(past))
