"""Words that say nothing about the subject of a comment: grammar, courtesy, and bare praise or blame."""

from __future__ import annotations

# The taggers of a segmenter leave these among nouns and verbs.
_CHINESE = """
没有 知道 觉得 认为 以为 不能 还有 应该 希望 不会 不要 不想 不让 不到 不了 不知 不如 看到 看见 起来 下来
出来 过来 过去 上来 进去 进来 回来 出去 发现 开始 继续 可能 可以 只能 能够 感觉 感到 东西 时候 有点 有些
大家 时间 问题 情况 地方 方面 样子 事情 有人 人家 别人 自己 没法 没想到 说是 来说 不说 告诉 表示 需要 打算
准备 变成 成为 属于 包括 造成 导致 使用 进行 想要 想到 算是 只是 不是 是不是 还是 就是 有的 真是 不用 不行
要求 选择 比较 以及 等等 一下 一直 居然 竟然 确实 直接 根本 完全 本来 重新 总体 整体 所有 主要 个人 朋友
儿子 老公 老婆 孩子 爸妈 妈妈 亲们 亲 今天 昨天 明天 现在 以前 之前 之后 以后 最后 最近 前天 这家 那家 店家
说实话 没什么 不怎么样 不怎么 怎么样 差不多 一般般 怎么办 怎么回事 没用 有用 太过 看看 试试 用过 买过 没买
要是 当时 估计 据说 好像 似乎 反正 不错 喜欢 满意 一般 失望 垃圾 很好 很差 最好 最差 差评 好评 推荐 值得
差劲 完美 很棒 极差 还好 还行 太差 太好 挺好 挺不错 真不错 好好 非常好 讨厌 恶心 喜爱 完美 超级 优秀 糟糕
糟透 赞 棒 烂 坑人 坑 无语 呵呵 哈哈 哈哈哈 谢谢 感谢 您好 你好 请问 麻烦 支持 总的来说 不好 太好了 一如既往
不敢恭维 非常满意 比较满意 很大 很多 很小 太多 太少 太大 太小 好多 不少 一点 一些 一个 更加 容易 严重 明显
正常 真正 建议 加油 处理 作为 离谱 美中不足 程序 提出 没话说 说明 介绍 评价
评论 看来 所说 的话 听说 相信 保证 认真 反馈 联系 顾客 用户 消费者 客户 那种
这种 店里 店铺 商家 卖家 买家 购买 买 卖 说 用 看 想 来 去 做 给 让 打 吃 拿 换 发 送 收 找 问 叫 写 走 住
弄 搞 带 放 开 装 点 下 上 到 会 要 能 得 太 好 差 大 小 多 少 nbsp quot hellip mdash amp gt lt http https
www com cn
"""
_ENGLISH = """
a about above after again against ain all also almost already always am amp an and any anyone anything are
aren around as ask asked asking at away back be became because become been before behind being below between
both but by call came can cannot cant could couldn couldnt  did didn didnt do does doesn
doesnt doing don done dont down during each either else end enough even ever every everyone everything far
few find first for from further gave get gets getting give given gives giving go goes going gone gonna good
got gotta great had hadn has hasn have haven having he hello help her here hers herself hey hi him himself
his how however http https i if im in into is isn isnt it its itself ive just keep kind know knew last least
less let like little ll lol long look looking looks lot lots love ma made make makes making many maybe me
mean might mightn mine more most much must mustn my myself need needed needn needs never new next nice no
nor not nothing now of off oh ok okay old on once one ones only onto or other others our ours ourselves out
over own pay people per please plus put quite rather re really right rt said same saw say saying says see
seem seems seen shall shan she should shouldn since so some someone something soon sorry still stop such
sure take taken takes taking tell than thank thanks thanx that the their theirs them themselves then there
these they thing things think this those though thought three through thx till time times to today told
tomorrow too took total toward tried try trying two under until up upon us use used using ve very via wait
want wanted wants was wasn way we well went were weren weve what when where whether which while who whole
whom whose why will win with within without won wont work working works would wouldn wow wrong www yeah year
years yes yesterday yet you your yours yourself yourselves youre day days week weeks month got bad worst
worse best better terrible awful awesome amazing horrible excellent happy glad hate poor disappointed
disappointing disappointment wonderful perfect fantastic appreciate appreciated ridiculous unacceptable
sucks suck fail cool fine
"""
STOPWORDS = frozenset((_CHINESE + _ENGLISH).split())
