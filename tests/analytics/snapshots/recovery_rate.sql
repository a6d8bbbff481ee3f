SELECT COUNT(*) AS n, COUNT_IF(outcome = 'recovered') AS h0 FROM facts WHERE (kind = 'recovery' AND NOT outcome IS NULL) AND day >= CAST('2026-03-01' AS DATE) AND day < CAST('2026-04-01' AS DATE)
