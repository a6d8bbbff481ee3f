"""What came before and after a conversation, which its own row does not tell; SQL shared by metrics."""

from __future__ import annotations

# Customers who came to us, with their contacts about the same topic before and after.
CONTACTS = """
    SELECT *,
        LAG(at) OVER (PARTITION BY customer_key, topic ORDER BY at, conversation_id) AS before_at,
        LEAD(at) OVER (PARTITION BY customer_key, topic ORDER BY at, conversation_id) AS after_at,
        (SELECT MAX(at) FROM facts) AS known_until
    FROM facts
    WHERE customer_key IS NOT NULL AND at IS NOT NULL
        AND (kind IS NULL OR kind NOT IN ('callback', 'self_service'))
"""
# Each conversation with the next one of the same customer that was no self-service.
SESSIONS = """
    SELECT *,
        MIN(CASE WHEN kind IS NULL OR kind <> 'self_service' THEN at END) OVER (
            PARTITION BY customer_key ORDER BY at, conversation_id
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS person_at,
        (SELECT MAX(at) FROM facts) AS known_until
    FROM facts
    WHERE customer_key IS NOT NULL AND at IS NOT NULL
"""
HOURS = """
    SELECT *, FIRST_VALUE(hour_at) OVER (PARTITION BY day ORDER BY of_hour DESC, hour_at) AS busiest
    FROM (
        SELECT *, date_trunc('hour', at) AS hour_at,
            COUNT(*) OVER (PARTITION BY day) AS of_day,
            COUNT(*) OVER (PARTITION BY day, date_trunc('hour', at)) AS of_hour
        FROM facts WHERE at IS NOT NULL
    ) AS counted
"""
# One row for each item of a subject, at its last review.
REVIEWED = """
    SELECT * FROM (
        SELECT *,
            COUNT(reviewer) OVER (PARTITION BY subject, item) AS n_reviewers,
            MIN(score) OVER (PARTITION BY subject, item) AS lowest,
            MAX(score) OVER (PARTITION BY subject, item) AS highest,
            ROW_NUMBER() OVER (PARTITION BY subject, item ORDER BY day DESC, review_id DESC) AS of_item
        FROM facts WHERE score IS NOT NULL AND reviewer IS NOT NULL AND subject IS NOT NULL
    ) AS reviewed
    WHERE of_item = 1
"""
