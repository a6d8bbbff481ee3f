"""What a company begins with when it has prepared nothing: first words and first steps."""

from __future__ import annotations

# Name, English name, Chinese words, English words. A holding statement says that we know, what we do now
# and when more will be said; it admits no cause and promises no money. Our own words.
STATEMENTS = (
    (
        "已知悉，正在核实",
        "We know, we are looking into it",
        "您好，您反映的情况我们已经知悉，也收到了其他顾客类似的反馈。我们正在逐一核实，两小时内会向您说明进展。"
        "给您添麻烦了，非常抱歉。",
        "We know about what you met, and others have told us the same. We are looking into every report "
        "now and will tell you more within two hours. We are sorry for the trouble.",
    ),
    (
        "食品安全",
        "Food safety",
        "您好，您的健康最重要。如您或家人感到不适，请先就医并保留票据。我们已停售相关产品并封存同批原料，正配合检测，"
        "专人将在一小时内与您联系。",
        "Your health comes first. If you or your family feel unwell, please see a doctor and keep the "
        "receipts. We have stopped selling the product, sealed the batch and are having it tested. "
        "Somebody will call you within an hour.",
    ),
    (
        "系统或支付故障",
        "System or payment fault",
        "您好，我们的系统出现故障，可能造成下单失败或重复扣款。技术人员正在抢修；多扣的款项会原路退回，您无需申请。"
        "恢复后我们会第一时间告知您。",
        "A fault in our system may have stopped orders or charged them twice. We are repairing it now. "
        "Whatever was charged too much goes back the way it came; you need not ask for it. We will tell you "
        "as soon as it works again.",
    ),
)
CHECKLISTS = (
    (
        "通用突发事件",
        "Any incident",
        "10 | 核实：看原话和门店监控，确认是不是真的\n"
        "15 | 指定唯一对外发言人，其他人不对外解释原因\n"
        "20 | 止损：停售、停机、改道或关闭活动\n"
        "30 | 批准过渡声明，通知一线照此回复\n"
        "60 | 先联系受伤害最重的顾客，由主管致电\n"
        "120 | 通知供应商、平台、监管等须知会的各方\n"
        "240 | 第二次对外说明：查到什么、怎么处理\n"
        "1440 | 复盘：根因、改什么规则、谁来学",
        "10 | Verify: read the words, look at the place, is it real?\n"
        "15 | Name one speaker; nobody else explains causes\n"
        "20 | Stop the harm: stop selling, switch off, reroute\n"
        "30 | Approve a holding statement and give it to the front line\n"
        "60 | Call those who were harmed most first; a lead calls\n"
        "120 | Tell those who must know: supplier, platform, authority\n"
        "240 | Speak a second time: what was found, what is done\n"
        "1440 | Review: root cause, which rule changes, who must learn it",
    ),
)
