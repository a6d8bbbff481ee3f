"""`voiceloop COMMAND`: everything that can be asked of Voiceloop from a terminal."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from voiceloop import __version__
from voiceloop.speech import Trouble, language, pick

# A word, the function that adds its parser, and what it does; imported only when the word is used.
ANALYTICS = {
    "measure": (
        "voiceloop.analytics.commands:add_measure",
        "计算文件或数据湖中的指标",
        "measure a metric over a file or a lake",
    ),
    "explain": (
        "voiceloop.analytics.commands_change:add_explain",
        "解释指标在两个时段之间为何变化",
        "why a figure changed between two periods",
    ),
    "lake": (
        "voiceloop.analytics.commands_lake:add_lake",
        "查看并维护数据湖",
        "the condition of a lake, and its upkeep",
    ),
    "synth": (
        "voiceloop.analytics.commands_synth:add_synth",
        "把大量合成答复写入新的数据湖",
        "write any number of synthetic responses into a new lake",
    ),
    "flow": (
        "voiceloop.analytics.flow.commands:add_flow",
        "事件日志的步骤、等待、返工与瓶颈",
        "steps, waits, rework and the bottleneck of an event log",
    ),
    "hours": (
        "voiceloop.analytics.commands_hours:add_hours",
        "一周各小时的联系量、等待与所需人数",
        "contacts, waits and people needed by hour of the week",
    ),
    "text": (
        "voiceloop.analytics.text.commands:add_text",
        "分析文件中的原话",
        "understand the comments of a file",
    ),
    "value": (
        "voiceloop.analytics.value.commands:add_value",
        "客户价值：RFM、生命周期价值、留存",
        "what customers are worth: segments, lifetime value, retention",
    ),
    "churn": (
        "voiceloop.analytics.value.commands:add_churn",
        "流失预警：拟合、评估、打分并说明原因",
        "who is about to leave, and why: fit, evaluate, score",
    ),
    "forecast": (
        "voiceloop.analytics.value.commands:add_forecast",
        "预测分数或数量，附回测误差",
        "score or volume ahead, with the error of its back-test",
    ),
    "drivers": (
        "voiceloop.analytics.drivers.commands:add_drivers",
        "是什么在推动分数，各占多少",
        "what drives a score, and how much",
    ),
}
SERVER = {
    "demo": ("演示公司：准备好并运行", "the demo company: make it and run it"),
    "up": ("运行全部进程，直到 Ctrl-C", "run all processes until Ctrl-C"),
    "dev": ("开发模式运行，代码变更即重启", "run for development: restart on every change"),
    "import": ("导入反馈文件", "import a file of feedback"),
    "user": ("新建或修改用户", "make or change a user"),
    "health": ("查看各部分是否正常", "say whether every part is well"),
    "reset": ("删除全部数据（先询问）", "delete all data, after asking"),
    "migrate": ("更新数据库结构", "bring the database's tables up to date"),
    "web": ("仅运行网站", "run the web server only"),
    "worker": ("仅运行任务进程", "run the job worker only"),
    "reactor": ("仅运行事件投递", "run the delivery of events only"),
    "sync": ("仅运行数据湖同步", "run the lake's synchronisation only"),
}
# A word → the Django command behind it; a word in no table is looked for under its own name.
DJANGO_NAMES = {"import": "import_file"}
MISUSED = 2  # what argparse itself answers


def main(argv: Sequence[str] | None = None) -> int:
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except Trouble as trouble:
        print(f"voiceloop: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away; what is still buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(words: list[str]) -> int:
    options, rest = _parser().parse_known_args(_before_command(words))
    if options.lang:
        os.environ["VOICELOOP_LANG"] = options.lang
    rest += words[len(_before_command(words)) :]
    if not rest:
        _parser().print_help()
        return MISUSED
    if rest[0] in ANALYTICS:
        return _analytics(rest)
    from voiceloop.server.config import commands

    if rest[0] in commands.COMMANDS:
        return commands.run(rest)
    return _django(rest)


def _before_command(words: list[str]) -> list[str]:
    """The options in front of the command word; those behind it are the command's own."""
    n = 0
    while n < len(words) and words[n].startswith("-"):
        n += 2 if words[n] == "--lang" else 1
    return words[:n]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voiceloop",
        usage="voiceloop [--lang zh|en] COMMAND …",
        description=pick(
            "客声：把客户的声音变成被挽回的客户。",
            "Voiceloop: what customers say becomes recovered customers.",
        ),
        epilog=_list_of_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lang", choices=["zh", "en"], help=pick("语言", "language"))
    parser.add_argument("--version", action="version", version=f"voiceloop {__version__}")
    return parser


def _list_of_commands() -> str:
    every = {**{word: row[1:] for word, row in ANALYTICS.items()}, **SERVER}
    lines = (f"  {word:10}{pick(chinese, english)}" for word, (chinese, english) in every.items())
    return "\n".join([pick("命令：", "commands:"), *lines])


def _analytics(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voiceloop")
    module, function = ANALYTICS[words[0]][0].split(":")
    getattr(importlib.import_module(module), function)(parser.add_subparsers(required=True))
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments) or 0)


def _django(words: list[str]) -> int:
    name = DJANGO_NAMES.get(words[0], words[0])
    from voiceloop.server.config import processes

    processes.django()
    from django.core.management import ManagementUtility, get_commands
    from django.utils import translation

    if name not in get_commands():
        print(
            pick(f"voiceloop：没有“{words[0]}”命令。", f"voiceloop: there is no command {words[0]!r}."),
            file=sys.stderr,
        )
        return MISUSED
    with translation.override(language()):
        ManagementUtility(["voiceloop", name, *words[1:]]).execute()
    return 0
