"""The commands that run and keep an installation, and their options."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from voiceloop.server.config import processes, supervisor, upkeep
from voiceloop.speech import pick

Run = Callable[[argparse.Namespace], int]


def run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"voiceloop {words[0]}")
    options, act = COMMANDS[words[0]]
    for add in options:
        add(parser)
    arguments = parser.parse_args(words[1:])
    if getattr(arguments, "data", None):
        os.environ["VOICELOOP_DATA"] = os.path.abspath(os.path.expanduser(arguments.data))
    return act(arguments)


def _port(parser: argparse.ArgumentParser) -> None:
    default = int(os.environ.get("VOICELOOP_PORT", "8000"))
    parser.add_argument("--port", type=int, default=default, help=pick("端口", "the port of the web pages"))


def _host(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get("VOICELOOP_HOST", "127.0.0.1")
    parser.add_argument("--host", default=default, help=pick("监听地址", "the address to listen on"))


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help=pick("数据文件夹", "the data folder"))


def _workers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 2))
    parser.add_argument("--threads", type=int, default=4)


def _yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help=pick("不再询问", "do not ask"))


def _demo_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true")


def _up(arguments: argparse.Namespace, *, demo: bool = False, reload: bool = False) -> int:
    return supervisor.up(
        supervisor.Options(port=arguments.port, host=arguments.host, demo=demo, reload=reload)
    )


def _done(act: Callable[[], object]) -> Run:
    def run(arguments: argparse.Namespace) -> int:
        act()
        return 0

    return run


def _prepare(arguments: argparse.Namespace) -> int:
    upkeep.prepare(demo=arguments.demo)
    return 0


_ADDRESS = (_port, _host, _data)
COMMANDS: dict[str, tuple[tuple[Callable[[argparse.ArgumentParser], None], ...], Run]] = {
    "up": (_ADDRESS, _up),
    "demo": (_ADDRESS, lambda arguments: _up(arguments, demo=True)),
    "dev": (_ADDRESS, lambda arguments: _up(arguments, demo=True, reload=True)),
    "web": ((*_ADDRESS, _workers), lambda a: processes.web(a.host, a.port, a.workers, a.threads)),
    "worker": ((_data,), _done(processes.worker)),
    "reactor": ((_data,), _done(processes.reactor)),
    "sync": ((_data,), _done(processes.sync)),
    "prepare": ((_data, _demo_flag), _prepare),
    "health": ((_port, _data), lambda arguments: upkeep.health(port=arguments.port)),
    "reset": ((_data, _yes), lambda arguments: upkeep.reset(yes=arguments.yes)),
}
