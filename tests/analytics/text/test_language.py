"""Language: Chinese and English told from each other, from others and from nothing."""

from __future__ import annotations

import pytest

from voiceloop.analytics.text.language import language

pytestmark = pytest.mark.requirement(72)


class TestLanguage:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("很好吃", "zh"),
            ("服務態度很好", "zh"),
            ("WiFi不好用", "zh"),
            ("iPhone 15 Pro Max很流畅", "zh"),
            ("Very good", "en"),
            ("ok", "en"),
            ("Café was nice and the crème brûlée was great", "en"),
            ("The 北京 office was helpful", "en"),
            ("Der Service war nicht gut", "other"),
            ("El servicio es muy bueno y la comida también", "other"),
            ("とても良い", "other"),
            ("정말 좋아요", "other"),
            ("太好了👍👍", "zh"),
            ("客服回覆得很慢", "zh"),
            ("lol 太慢", "zh"),
            ("great 👍", "en"),
            ("thx u r the best", "en"),
            ("料理は美味しいです", "other"),
            ("Очень хорошо", "other"),
            ("บริการดีมาก", "other"),
            ("خدمة ممتازة", "other"),
            ("Le service est très lent", "other"),
            ("!!!???", "none"),
            ("\x00\x07", "none"),
            ("12345", "none"),
            ("👍👍", "none"),
            ("", "none"),
        ],
    )
    def test_it_tells(self, text: str, expected: str) -> None:
        assert language(text) == expected
