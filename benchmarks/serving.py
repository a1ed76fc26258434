"""A sandbox to measure against: the command in a process of its own, or a world in a thread of this one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import program

if TYPE_CHECKING:
    from partnerctl.sandbox.world import World

_ANSWERS = 60.0  # seconds within which a server has to answer: it makes its customers meanwhile
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(slots=True)
class Sandbox:
    """A sandbox in a process of its own. `cpu` is what all of it took, in seconds, once it has ended."""

    api_url: str
    token: str = field(repr=False)
    process: subprocess.Popen[str]
    cpu: float = 0.0

    def count(self) -> int:
        """Return how many requests it has been asked so far, this one included."""
        return _ask(self.api_url, self.token, "/roles")

    def cpu_so_far(self) -> float:
        """Return the seconds of processor that it has taken so far; 0 where the system has no ``/proc``."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii")
        except OSError:
            return 0.0
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it, and learn what it took."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)  # whoever runs in the background may not hear SIGINT
            _, status, usage = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self.cpu = usage.ru_utime + usage.ru_stime


@contextmanager
def sandbox(home: Path, customers: int, *words: str) -> Iterator[Sandbox]:
    """Run ``partnerctl sandbox`` for the length of a block; it has made its customers and answers.

    `words` are more options, such as ``--latency 50ms``.
    """
    argv = [*program(), "sandbox", "--port", "0", "--customers", str(customers), *words, "--json"]
    with subprocess.Popen(
        argv,
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sandbox ended with {process.wait()} before it said where it is")
        told = json.loads(line)
        server = Sandbox(told["api_url"], told["token"], process)
        try:
            _ask(server.api_url, server.token, "/organizations")
            yield server
        finally:
            server.stop()


@contextmanager
def in_a_thread(world: World) -> Iterator[str]:
    """Serve a world of this process for the length of a block, and give the base of its API."""
    from partnerctl.sandbox.exchange import BASE
    from partnerctl.sandbox.serving import listen, make_server, root_of

    with listen(0) as listener:
        server = make_server(world)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"{root_of(listener)}{BASE}"
        finally:
            server.should_exit = True
            thread.join(20)


def reaching(home: Path, api_url: str, token: str, **settings: str) -> dict[str, str]:
    """Return the environment of a process that works below `home` and syncs with a sandbox.

    `settings` are of ``sync``, such as ``connections="8"``.
    """
    more = {f"PARTNERCTL_SYNC_{name.upper()}": value for name, value in settings.items()}
    reached = {"PARTNERCTL_API_URL": api_url, "PARTNERCTL_TOKEN": token, "NO_PROXY": "127.0.0.1"}
    return {**_environment(home), **reached, **more}


def _environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERCTL_")}
    return {**ours, "PARTNERCTL_HOME": str(home), "TZ": "UTC"}


def _ask(api_url: str, token: str, path: str) -> int:
    """Ask for a path and return which request this was, counted from 1: the tracking id says it."""
    request = urllib.request.Request(f"{api_url}{path}", headers={"authorization": f"Bearer {token}"})
    with _DIRECT.open(request, timeout=_ANSWERS) as answer:
        answer.read()
        found = re.fullmatch(r"SANDBOX_\d+_(\d+)", answer.headers["trackingid"])
    if found is None:
        raise RuntimeError("the sandbox does not count its requests any more")
    return int(found[1])
