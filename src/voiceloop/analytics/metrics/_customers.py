"""What a customer did before and after, which no single row tells; SQL shared by metrics."""

from __future__ import annotations

# What is sent back is no order; what it was worth may be unknown.
ORDERS = "(kind IS NULL OR kind <> 'return') AND (amount IS NULL OR amount > 0)"
# One row a customer and day of buying. What is sent back is no purchase; what it was worth may be unknown.
_PURCHASES = """
    SELECT * EXCLUDE (of_day),
        LAG(day) OVER (PARTITION BY customer_key ORDER BY day) AS before_day,
        LEAD(day) OVER (PARTITION BY customer_key ORDER BY day) AS after_day
    FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_key, day ORDER BY transaction_id DESC) AS of_day
        FROM facts
        WHERE customer_key IS NOT NULL AND (kind IS NULL OR kind <> 'return')
            AND (amount IS NULL OR amount > 0)
    ) AS numbered
    WHERE of_day = 1
"""
# The last day of each month that has ended: the data reach beyond it.
_MONTH_ENDS = """
    SELECT DISTINCT last_day(day) AS day, month FROM facts
    WHERE last_day(day) < (SELECT MAX(day) FROM facts)
"""


def _by_month_end(condition: str) -> str:
    return f"""
        SELECT bought.* EXCLUDE (day, month), ends.day AS day, ends.month AS month
        FROM ({_PURCHASES}) AS bought JOIN ({_MONTH_ENDS}) AS ends ON {condition}
    """


# Who bought in the 90 days before the window of 90 days that ends with the month, at their last purchase.
AT_RISK = _by_month_end(
    "bought.day <= ends.day - 90 AND bought.day > ends.day - 180"
    " AND (bought.after_day IS NULL OR bought.after_day > ends.day - 90)"
)
# Who bought in the 90 days that end with the month, at their last purchase.
BUYERS = _by_month_end(
    "bought.day <= ends.day AND bought.day > ends.day - 90"
    " AND (bought.after_day IS NULL OR bought.after_day > ends.day)"
)
FIRST_PURCHASES = f"""
    SELECT * FROM ({_PURCHASES}) AS bought
    WHERE before_day IS NULL AND day + 90 < (SELECT MAX(day) FROM facts)
"""
NPS_PAIRS = """
    SELECT *,
        LAG(score) OVER (PARTITION BY customer_key ORDER BY at, answer_id) AS before_score,
        LAG(at) OVER (PARTITION BY customer_key ORDER BY at, answer_id) AS before_at
    FROM facts
    WHERE question = 'nps' AND scale = 'nps_0_10' AND score IS NOT NULL
        AND customer_key IS NOT NULL AND at IS NOT NULL
"""
# Both answers of one response to the questions expected_X and got_X.
GAPS = """
    SELECT got.* EXCLUDE (question), substr(got.question, 5) AS question, got.score - expected.score AS gap
    FROM facts AS got
    JOIN (
        SELECT response_id, substr(question, 10) AS factor, score FROM facts
        WHERE starts_with(question, 'expected_') AND scale = 'csat_1_5'
    ) AS expected
    ON got.response_id = expected.response_id AND substr(got.question, 5) = expected.factor
    WHERE starts_with(got.question, 'got_') AND got.scale = 'csat_1_5'
"""


def told(question: str) -> str:
    """Answers to how many people somebody told, under the class of the same response's recommend answer."""
    return f"""
        SELECT told.* EXCLUDE (question), COALESCE(said.class, 'unclassified') AS question
        FROM facts AS told
        LEFT JOIN (
            SELECT response_id, CASE WHEN MAX(score) >= 9 THEN 'promoter' WHEN MAX(score) >= 7 THEN 'passive'
                ELSE 'detractor' END AS class
            FROM facts WHERE question = 'nps' AND scale = 'nps_0_10' AND score IS NOT NULL
            GROUP BY response_id
        ) AS said
        ON told.response_id = said.response_id
        WHERE told.question = '{question}'
    """
