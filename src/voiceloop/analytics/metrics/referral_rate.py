"""Friends who came by a promoter's own link, per 1,000 answers of promoters (9–10) of the same period and
group: what was done beside what was said. A friend counts on the day of the visit, in the group of the
promoter's answer; one browser counts once. A Poisson count over a base taken as known."""

from __future__ import annotations

from voiceloop.analytics.metric import Rate

FAMILY = "loyalty"

METRIC = Rate(
    name="referral_rate",
    label_en="Referrals per 1,000 promoters",
    label_zh="实际推荐率（每千名推荐者）",
    definition_en=__doc__,
    definition_zh=(
        "同一时期、同一分组内每 1,000 份推荐者（9–10 分）答卷带来的、经其专属链接到访的朋友数："
        "说了推荐，是否真的推荐。"
        "按到访当天计入，归入推荐者答卷所在的分组；同一浏览器只计一次。"
    ),
    table="events",
    where="activity = 'recommendation.made'",
    per_table="answers",
    per_where="question = 'nps' AND scale = 'nps_0_10' AND score >= 9",
    source="requirement 12",
)
