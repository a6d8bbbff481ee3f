"""What every channel promises, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from voiceloop.server.collect import channels
from voiceloop.server.collect.channels import Channel
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit

pytestmark = pytest.mark.django_db
FOLDER = Path(channels.__file__).parent


@pytest.fixture(params=sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "__init__"))
def channel(request: pytest.FixtureRequest) -> Channel:
    return channels.channel(request.param)


class TestEveryChannel:
    def test_it_is_named_like_its_file(self, channel: Channel) -> None:
        assert channels.channels()[channel.code] is channel
        assert (FOLDER / f"{channel.code}.py").exists()

    def test_it_has_a_code_that_facts_can_keep(self, channel: Channel) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", channel.code)

    def test_it_has_a_name_in_both_languages(self, channel: Channel) -> None:
        from django.utils import translation

        with translation.override("en"):
            english = str(channel.label)
        with translation.override("zh-hans"):
            assert str(channel.label) != english

    def test_it_has_no_address_for_somebody_of_whom_nothing_is_known(
        self, channel: Channel, root: Unit
    ) -> None:
        nobody = Customer(unit=root)
        assert channel.address_of(nobody) == "" or channel.code == "link"

    def test_it_is_ready_without_any_setting_only_when_a_person_delivers(
        self, channel: Channel, settings: Any
    ) -> None:
        settings.EMAIL_URL = ""
        assert channel.is_ready() is not channel.delivers


def test_it_refuses_a_channel_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        channels.channel("pigeon")
