"""Words that help: instead of what one blurts out, what an upset customer can hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

SITUATIONS: dict[str, Any] = {
    "listen": _("Listening"),
    "sorry": _("Saying sorry"),
    "unknown": _("Not knowing yet"),
    "no": _("Saying no"),
    "wait": _("Asking them to wait"),
    "blame": _("Whose fault it is"),
    "anger": _("Anger"),
    "close": _("Closing"),
}


@dataclass(frozen=True)
class Phrase:
    """`instead` is what to avoid, `say` what to say, each in both languages."""

    situation: str
    instead_zh: str
    say_zh: str
    instead_en: str
    say_en: str

    @property
    def words(self) -> str:
        return " ".join((self.instead_zh, self.say_zh, self.instead_en, self.say_en)).lower()


PHRASES = (
    Phrase(
        "listen",
        "您先听我说。",
        "您请讲，我先听完，再告诉您我能做什么。",
        "Let me explain first.",
        "Please go on. I will listen first and then tell you what I can do.",
    ),
    Phrase(
        "listen",
        "我知道了，还有吗？",
        "我复述一下，您看对不对：您是 X 点下的单，等了 Y 分钟，菜到的时候已经凉了。",
        "Right. Anything else?",
        "Did I get it right: you ordered at X, waited Y minutes, and the food came cold?",
    ),
    Phrase(
        "listen",
        "这种情况很常见。",
        "换作是我，遇到这样的事也会着急。",
        "That happens all the time.",
        "In your place I would be upset, too.",
    ),
    Phrase(
        "sorry",
        "不好意思给您带来了不便。",
        "让您等了一个小时还吃到凉的菜，是我们没做好，对不起。",
        "Sorry for any inconvenience.",
        "You waited an hour and the food was cold. We got that wrong, and I am sorry.",
    ),
    Phrase(
        "sorry",
        "如果您觉得不满意，那我道歉。",
        "这件事我们做得不对，我向您道歉。",
        "I apologise if you feel that way.",
        "What we did was not right. I apologise.",
    ),
    Phrase(
        "sorry",
        "对不起，但是当时人太多了。",
        "对不起。人多是我们该安排好的事，不该由您来承担。",
        "Sorry, but we were very busy.",
        "I am sorry. Being busy is ours to plan for; you should not pay for it.",
    ),
    Phrase(
        "unknown",
        "这个我不清楚。",
        "这个我现在还不确定。我去问清楚，今天 18 点前给您打电话。",
        "I don't know.",
        "I am not sure yet. I will find out and call you before 6 pm today.",
    ),
    Phrase(
        "unknown",
        "您打另外一个电话问吧。",
        "这件事由我跟到底。我来联系那边的同事，您不用再说一遍。",
        "You have to call another department.",
        "I will see this through. I will talk to my colleagues there; you need not tell it again.",
    ),
    Phrase(
        "unknown",
        "系统里没有您的记录。",
        "我这边暂时没查到。请告诉我大概的时间和门店，我换个办法找。",
        "You are not in the system.",
        "I cannot find it yet. Tell me roughly when and where, and I will look another way.",
    ),
    Phrase(
        "no",
        "公司规定就是这样。",
        "这一点我没办法为您破例，原因是……。我能做的是……，您看哪个更合适？",
        "That is company policy.",
        "I cannot make an exception here, because … What I can do is … Which suits you better?",
    ),
    Phrase(
        "no",
        "不行，退不了。",
        "全额退款这次我办不到。我可以马上为您重做，或者退这道菜的钱，您更愿意哪一种？",
        "No refunds.",
        "I cannot refund all of it. I can have it made again now, or refund this dish. Which would you like?",
    ),
    Phrase(
        "no",
        "我没有这个权限。",
        "这个金额需要主管同意。我现在就去申请，结果由我来告诉您。",
        "I am not allowed to do that.",
        "This amount needs my lead's word. I will ask now and tell you the answer myself.",
    ),
    Phrase(
        "wait",
        "您稍等一下。",
        "我需要大约两分钟查订单。您愿意在线上等，还是我打给您？",
        "Hold on.",
        "I need about two minutes to look it up. Would you like to wait, or shall I call you back?",
    ),
    Phrase(
        "wait",
        "我们会尽快处理。",
        "我明天上午 10 点前给您答复；就算还没办完，也会告诉您进展。",
        "We will deal with it as soon as possible.",
        "You will hear from me by 10 tomorrow morning, even if it is not done yet.",
    ),
    Phrase(
        "blame",
        "这是骑手的问题，不归我们管。",
        "您是在我们这里下的单，所以由我们负责。我来和配送那边核实。",
        "That is the rider's fault, not ours.",
        "You ordered from us, so it is ours to answer for. I will check with the delivery side.",
    ),
    Phrase(
        "blame",
        "是您地址填错了吧？",
        "我们一起核对一下地址：……。以后我可以帮您把它存好。",
        "You must have entered the wrong address.",
        "Let us check the address together: … I can store it for you for the next time.",
    ),
    Phrase(
        "anger",
        "您冷静一点。",
        "我听得出您很生气，这件事确实让人生气。我们一步一步来解决。",
        "Calm down.",
        "I can hear that you are angry, and there is reason to be. Let us solve it step by step.",
    ),
    Phrase(
        "anger",
        "您这样说我就没法帮您了。",
        "我很想帮您把这件事办好。请告诉我，现在对您最要紧的是什么？",
        "I can't help you if you talk like that.",
        "I want to get this right for you. What matters most to you now?",
    ),
    Phrase(
        "close",
        "还有别的事吗？没有就挂了。",
        "我们说好了：今天退款，明天店长给您打电话。这样您觉得可以吗？",
        "Anything else? No? Bye.",
        "So we agreed: a refund today, and the manager calls you tomorrow. Is that all right?",
    ),
    Phrase(
        "close",
        "麻烦给个好评。",
        "过几天我会再问您一次，问题是不是真的解决了。请照实告诉我们。",
        "Please give us a good rating.",
        "In a few days I will ask whether it is really solved. Please tell us as it is.",
    ),
)


def found(words: str, situation: str = "") -> list[Phrase]:
    """Phrases that hold every word asked for, in either language."""
    wanted = words.lower().split()
    return [
        phrase
        for phrase in PHRASES
        if (not situation or phrase.situation == situation) and all(word in phrase.words for word in wanted)
    ]
