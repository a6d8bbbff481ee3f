"""What the demo company's agents can do, and which of its cases may not wait."""

from __future__ import annotations

from voiceloop.server.act.models import AgentProfile, GreenRule
from voiceloop.server.core.models import Role, User

# By the place in a team of four: seats and what somebody is good at, languages, and who is senior.
TEAM = (
    ({"seat:phone": 3, "seat:online": 2, "kind:recovery": 2, "reason:attitude": 3}, ["zh", "en"], False),
    ({"seat:phone": 2, "seat:micro": 3, "kind:request": 3}, ["zh"], False),
    ({"seat:phone": 3, "seat:online": 3, "seat:video": 2, "kind:complaint": 3}, ["zh", "en"], True),
    ({"seat:phone": 2, "seat:online": 2, "seat:micro": 2, "kind:recovery": 3}, ["zh", "yue"], False),
)


def load_skills(people: dict[str, User]) -> None:
    agents = [person for _, person in sorted(people.items()) if person.role == Role.AGENT]
    AgentProfile.objects.bulk_create(
        AgentProfile(user=agent, skills=skills, languages=languages, is_senior=is_senior)
        for place, agent in enumerate(agents)
        for skills, languages, is_senior in [TEAM[place % len(TEAM)]]
    )
    GreenRule.objects.create(tiers=["black"], severities=["catastrophic"])
