"""The restaurant chain itself: its stores, teams, people, touchpoints and the names of its codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

NAME_ZH = "穗禾小馆"
NAME_EN = "Suihe Kitchen"

REGIONS = (
    ("east", "华东", "East"),
    ("south", "华南", "South"),
    ("north", "华北", "North"),
    ("west", "西部", "West"),
)

STORES = (
    ("E01", "上海静安寺店", "Shanghai Jing'an Temple"),
    ("E02", "上海五角场店", "Shanghai Wujiaochang"),
    ("E03", "杭州西湖店", "Hangzhou West Lake"),
    ("E04", "南京新街口店", "Nanjing Xinjiekou"),
    ("E05", "苏州观前店", "Suzhou Guanqian"),
    ("E06", "宁波天一店", "Ningbo Tianyi"),
    ("S01", "广州天河店", "Guangzhou Tianhe"),
    ("S02", "广州北京路店", "Guangzhou Beijing Road"),
    ("S03", "深圳南山店", "Shenzhen Nanshan"),
    ("S04", "深圳福田店", "Shenzhen Futian"),
    ("S05", "厦门中山路店", "Xiamen Zhongshan Road"),
    ("S06", "佛山祖庙店", "Foshan Zumiao"),
    ("N01", "北京国贸店", "Beijing Guomao"),
    ("N02", "北京中关村店", "Beijing Zhongguancun"),
    ("N03", "天津滨江道店", "Tianjin Binjiang Road"),
    ("N04", "石家庄勒泰店", "Shijiazhuang Letai"),
    ("N05", "济南泉城路店", "Jinan Quancheng Road"),
    ("N06", "青岛五四广场店", "Qingdao May Fourth Square"),
    ("W01", "成都春熙路店", "Chengdu Chunxi Road"),
    ("W02", "成都宽窄巷子店", "Chengdu Kuanzhai Alley"),
    ("W03", "重庆解放碑店", "Chongqing Jiefangbei"),
    ("W04", "西安钟楼店", "Xi'an Bell Tower"),
    ("W05", "昆明南屏街店", "Kunming Nanping Street"),
    ("W06", "贵阳喷水池店", "Guiyang Penshuichi"),
)
STORES_PER_REGION = 6
REGION_OF_STORE = np.arange(len(STORES)) // STORES_PER_REGION

TEAMS = tuple((f"T{code[0].upper()}", f"{zh}客服组", f"{en} service team") for code, zh, en in REGIONS)
AGENTS = (
    ("A01", "林晓雯", "Lin Xiaowen"),
    ("A02", "周子航", "Zhou Zihang"),
    ("A03", "沈佳怡", "Shen Jiayi"),
    ("A04", "顾明轩", "Gu Mingxuan"),
    ("A05", "陈嘉敏", "Chen Jiamin"),
    ("A06", "黄俊杰", "Huang Junjie"),
    ("A07", "梁诗琪", "Liang Shiqi"),
    ("A08", "何志豪", "He Zhihao"),
    ("A09", "王雪", "Wang Xue"),
    ("A10", "赵鹏飞", "Zhao Pengfei"),
    ("A11", "刘思远", "Liu Siyuan"),
    ("A12", "孙丽娜", "Sun Lina"),
    ("A13", "唐雨桐", "Tang Yutong"),
    ("A14", "罗浩然", "Luo Haoran"),
    ("A15", "谢婷婷", "Xie Tingting"),
    ("A16", "邓凯", "Deng Kai"),
)
AGENTS_PER_TEAM = 4
OFFICE = (
    ("L01", "许静", "Xu Jing", "lead", "TE"),
    ("L02", "冯伟明", "Feng Weiming", "lead", "TS"),
    ("L03", "高红梅", "Gao Hongmei", "lead", "TN"),
    ("L04", "曾庆国", "Zeng Qingguo", "lead", "TW"),
    ("Y01", "苏文博", "Su Wenbo", "analyst", "HQ"),
    ("M01", "叶秋蓉", "Ye Qiurong", "manager", "HQ"),
    ("X01", "秦朗", "Qin Lang", "admin", "HQ"),
)

STAGES = (
    ("order", "点餐", "Ordering"),
    ("dine", "用餐", "Dining"),
    ("deliver", "取餐与配送", "Delivery and pick-up"),
    ("support", "售后服务", "Support"),
    ("loyalty", "会员关系", "Loyalty"),
)
TOUCHPOINTS = (
    ("dine_in", "堂食", "Dine-in", "dine"),
    ("delivery", "外卖", "Delivery", "deliver"),
    ("pickup", "自提", "Pick-up", "deliver"),
    ("mini_program", "小程序", "Mini-program", "order"),
    ("hotline", "客服热线", "Hotline", "support"),
    ("chat", "在线客服", "Online chat", "support"),
    ("membership", "会员", "Membership", "loyalty"),
)
KINDS = (("dine_in", "堂食", "Dine-in"), ("delivery", "外卖", "Delivery"), ("pickup", "自提", "Pick-up"))
RETURN = ("return", "退货退款", "Return")
PROGRAMMES = (
    ("dining", "用餐与外卖回访", "After a meal or delivery"),
    ("service", "客服服务评价", "After a service contact"),
    ("relationship", "会员关系调查", "Relationship survey"),
)
CHANNELS = (
    ("wechat", "微信", "WeChat"),
    ("sms", "短信", "SMS"),
    ("email", "邮件", "E-mail"),
    ("link", "链接与二维码", "Link or QR code"),
    ("app", "应用内", "In app"),
)
SEGMENTS = (
    ("family", "家庭", "Family"),
    ("office", "上班族", "Office workers"),
    ("student", "学生", "Students"),
    ("business", "商务宴请", "Business meals"),
    ("tourist", "游客", "Visitors"),
)
TIERS = (
    ("regular", "普通会员", "Regular"),
    ("silver", "银卡", "Silver"),
    ("gold", "金卡", "Gold"),
    ("black", "黑金卡", "Black"),
)
LANGUAGES = (("zh", "中文", "Chinese"), ("en", "英文", "English"))
CONTACT_REASONS = (
    ("late_delivery", "外卖超时", "Late delivery"),
    ("wrong_item", "错送漏送", "Wrong or missing item"),
    ("refund", "退款", "Refund"),
    ("food_quality", "菜品质量", "Food quality"),
    ("booking", "订位", "Booking a table"),
    ("invoice", "发票", "Invoice"),
    ("coupon", "优惠券", "Coupon"),
    ("membership", "会员权益", "Membership"),
)
REASONS = (
    ("wait", "出餐速度", "Serving time"),
    ("taste", "口味", "Taste"),
    ("portion", "分量", "Portion"),
    ("price", "价格", "Price"),
    ("menu", "菜单与新品", "Menu"),
    ("hygiene", "卫生", "Hygiene"),
    ("environment", "环境", "Environment"),
    ("staff", "服务态度", "Staff attitude"),
    ("temperature", "菜品温度", "Food temperature"),
    ("wrong_item", "错送漏送", "Wrong or missing item"),
    ("packaging", "包装", "Packaging"),
    ("delivery_speed", "配送时效", "Delivery speed"),
    ("ordering", "点餐小程序", "Ordering app"),
    ("membership", "会员权益", "Membership"),
    ("resolution", "问题解决", "Problem solved"),
    ("reply_speed", "客服响应", "Reply speed"),
    ("agent", "客服态度", "Agent attitude"),
)
ROOT_CAUSES = (
    ("handover", "后厨交接慢", "Kitchen hand-over", "process"),
    ("rider", "骑手延误", "Rider delay", "people"),
    ("kitchen_slow", "出餐流程慢", "Slow kitchen process", "process"),
    ("recipe", "出品不稳定", "Unsteady recipe", "problem"),
    ("attitude", "服务态度", "Attitude", "people"),
    ("check_missing", "缺少核对", "Missing check", "process"),
    ("facility", "设施与卫生", "Facilities and hygiene", "problem"),
    ("system", "系统故障", "System fault", "problem"),
    ("policy", "规则不清", "Unclear policy", "process"),
)
SUPPRESSIONS = (
    ("contact_budget", "触达预算已用完", "Contact budget used up"),
    ("opted_out", "客户不愿接受调研", "Customer opted out"),
    ("agent_skipped", "坐席跳过", "Skipped by the agent"),
)
_ROOT_KINDS = (("problem", "问题", "Problem"), ("process", "流程", "Process"), ("people", "人员", "People"))


def codes(rows: tuple[tuple[str, ...], ...]) -> pa.Array[Any]:
    """First column of a constant above, as Arrow strings to `take` from.

    Examples
    --------
    >>> codes(KINDS).to_pylist()
    ['dine_in', 'delivery', 'pickup']
    """
    return pa.array([row[0] for row in rows], type=pa.string())


def position(rows: tuple[tuple[str, ...], ...], code: str) -> int:
    """Row number of a code in a constant above.

    Examples
    --------
    >>> position(KINDS, "delivery")
    1
    """
    return next(at for at, row in enumerate(rows) if row[0] == code)


def units() -> pa.Table:
    """The organisation tree: one company, regions, and in each region its stores and service team.

    Examples
    --------
    >>> units().num_rows
    33
    """
    rows: list[tuple[str | None, ...]] = [("HQ", NAME_ZH, NAME_EN, None, "company")]
    for at, region in enumerate(REGIONS):
        stores = STORES[at * STORES_PER_REGION : (at + 1) * STORES_PER_REGION]
        rows.append((*region, "HQ", "region"))
        rows.extend((*store, region[0], "store") for store in stores)
        rows.append((*TEAMS[at], region[0], "team"))
    return _table(("code", "name_zh", "name_en", "parent", "kind"), rows)


def people() -> pa.Table:
    """Agents, leads, analyst, manager and admin, each in one unit.

    Examples
    --------
    >>> people().to_pylist()[0]["unit"]
    'TE'
    """
    agents = [(*who, "agent", TEAMS[at // AGENTS_PER_TEAM][0]) for at, who in enumerate(AGENTS)]
    return _table(("code", "name_zh", "name_en", "role", "unit"), [*agents, *OFFICE])


def touchpoints() -> pa.Table:
    """Where customers meet the chain, and the journey stage of each place.

    Examples
    --------
    >>> touchpoints()["stage"].to_pylist()[:2]
    ['dine', 'deliver']
    """
    return _table(("code", "name_zh", "name_en", "stage"), TOUCHPOINTS)


def labels() -> pa.Table:
    """Chinese and English name of every code that the other tables use, by dimension.

    Examples
    --------
    >>> labels().column_names
    ['dimension', 'code', 'name_zh', 'name_en']
    """
    named = {
        "stage": STAGES,
        "kind": (*KINDS, RETURN),
        "programme": PROGRAMMES,
        "channel": CHANNELS,
        "segment": SEGMENTS,
        "tier": TIERS,
        "language": LANGUAGES,
        "contact_reason": CONTACT_REASONS,
        "reason": REASONS,
        "root_cause": ROOT_CAUSES,
        "root_cause_kind": _ROOT_KINDS,
        "suppression": SUPPRESSIONS,
    }
    rows = [(dimension, *row[:3]) for dimension, several in named.items() for row in several]
    return _table(("dimension", "code", "name_zh", "name_en"), rows)


def _table(names: tuple[str, ...], rows: Sequence[tuple[str | None, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.array(column, type=pa.string()) for name, column in zip(names, columns, strict=True)}
    )
