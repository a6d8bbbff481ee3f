"""A customer chats on a phone, an agent answers at a desk, and both see what the other wrote."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser

SAY = {
    "zh": {
        "ask": "我的外卖一个小时了还没到，手机 13912345678",
        "wrong": "这句写错了",
        "answer": "抱歉久等，骑手十分钟内送到",
        "thanks": "好的，谢谢",
        "send": "发送",
        "back": "撤回",
        "shown": "客户可见",
        "typed": "显示原文",
    },
    "en": {
        "ask": "My delivery is an hour late, call 13912345678",
        "wrong": "This was a slip of the pen",
        "answer": "We are sorry, the rider is ten minutes away",
        "thanks": "Alright, thank you",
        "send": "Send",
        "back": "Take back",
        "shown": "Shown to the customer",
        "typed": "Show as typed",
    },
}


def write(phone: Page, words: str) -> None:
    phone.locator("#text").fill(words)
    phone.locator(".write button").click()
    expect(phone.locator(".msg.me").filter(has_text=words)).to_be_visible()


def answer(desk: Page, words: str) -> None:
    """By the keyboard, as the button says."""
    box = desk.locator("#reply-text")
    box.fill(words)
    with desk.expect_response(lambda said: "/replies/" in said.url and said.ok):
        box.press("Control+Enter")
    expect(desk.locator(".bubble.out").filter(has_text=words)).to_be_visible()


class TestChat:
    @pytest.mark.requirement(111, 112, 115, 127)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_a_customer_asks_and_is_answered(self, live: Stack, visit: Visit, language: str) -> None:
        say = SAY[language]
        slug = live.query("select slug from act_inlet where channel = 'chat' order by id limit 1")[0][0]
        phone = visit(f"/chat/{slug}/?lang={language}", language=language, phone=True)
        write(phone, say["ask"])
        acknowledged = phone.locator(".msg.auto")
        expect(acknowledged).to_contain_text(re.compile(r"\d{2}:\d{2}"))
        case = int(re.findall(r"\d+", acknowledged.inner_text())[0])

        desk = visit(f"/cases/{case}/", who="admin", language=language)
        expect(desk.locator(".bubble.in")).not_to_contain_text("13912345678")
        desk.get_by_role("button", name=say["typed"]).click()
        expect(desk.locator(".bubble.in")).to_contain_text("13912345678")

        answer(desk, say["wrong"])
        desk.get_by_role("button", name=say["back"]).click()
        expect(desk.locator(".bubble.gone")).to_contain_text(say["wrong"])
        expect(desk.locator("#reply-text")).to_have_value(say["wrong"])
        answer(desk, say["answer"])
        expect(phone.locator(".msg.us").filter(has_text=say["answer"])).to_be_visible()
        expect(phone.locator("#messages")).not_to_contain_text(say["wrong"])
        expect(desk.locator(".bubble-state.sent").filter(has_text=say["shown"]).last).to_be_visible()

        write(phone, say["thanks"])
        expect(desk.locator(".bubble.in").filter(has_text=say["thanks"])).to_be_visible()
        contacted = f"select 1 from act_case where id = {case} and first_contact_at is not null"
        assert live.query(contacted)

    @pytest.mark.requirement(111)
    def test_a_draft_outlives_the_page_and_the_words_are_found(self, live: Stack, visit: Visit) -> None:
        case = live.query("select case_id from act_thread where channel = 'email' order by id limit 1")[0][0]
        desk = visit(f"/cases/{case}/", who="admin")
        desk.locator("#reply-text").press_sequentially("草稿写到一半")
        desk.reload()
        expect(desk.locator("#reply-text")).to_have_value("草稿写到一半")

        found = "select 1 from act_said s join act_post p on p.id = s.source and s.kind = 2 limit 1"
        wait_until(lambda: live.query(found) != [])
        desk.goto(f"{live.url}/cases/search/?q=储值卡+扣")
        expect(desk.locator(".hit mark").first).to_be_visible()
        desk.locator(".hit a").first.click()
        expect(desk.locator(".bubble").filter(has_text="储值卡").first).to_be_visible()
