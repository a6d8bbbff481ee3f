SELECT COUNT(*) AS n, COUNT_IF(score >= 9) AS h0, COUNT_IF(score < 7) AS h1 FROM facts WHERE question = 'nps' AND scale = 'nps_0_10' AND NOT score IS NULL
