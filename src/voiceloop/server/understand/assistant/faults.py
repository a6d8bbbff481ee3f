"""What can go wrong when a language model is asked, said in both languages."""

from __future__ import annotations

from voiceloop.analytics.errors import AnalyticsError

SENTENCES = {
    "off": ("The language model is not switched on.", "语言模型未开启。"),
    "address": (
        "The address must begin with http:// or https:// and name a host.",
        "地址须以 http:// 或 https:// 开头，并包含主机名。",
    ),
    "unreachable": ("The language model cannot be reached.", "无法连接语言模型。"),
    "timeout": ("The language model did not answer in time.", "语言模型未在限定时间内回答。"),
    "key": ("The language model refused the key.", "语言模型拒绝了密钥。"),
    "busy": (
        "The language model is busy or its quota is used up. Try later.",
        "语言模型繁忙或额度已用完，请稍后再试。",
    ),
    "moved": (
        "The address leads elsewhere. Redirects are not followed: enter the final address.",
        "该地址会跳转到别处。系统不跟随跳转，请填写最终地址。",
    ),
    "failed": ("The language model reported an error.", "语言模型返回错误。"),
    "garbage": ("The answer of the language model cannot be read.", "无法读取语言模型的回答。"),
    "budget": (
        "Today's questions to the language model are used up. An admin can allow more.",
        "今天的语言模型调用次数已用完，可由管理员调高上限。",
    ),
    "nothing": ("There are no comments to summarise.", "没有可供摘要的原话。"),
}


class Fault(AnalyticsError):
    """Why there is no answer; `code` is what the log keeps."""

    def __init__(self, code: str) -> None:
        super().__init__(*SENTENCES[code])
        self.code = code
