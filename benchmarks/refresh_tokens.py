"""Many processes find one token expired at once: one of them renews it, and none is signed out.

python -m benchmarks.refresh_tokens --processes 40
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from partnerctl.config.stored_tokens import StoredTokens
from partnerctl.config.token_files import FilePlace

SECRET = "sandbox-secret-0123456789abcdef"


@dataclass
class TokenServer:
    """Webex, as far as tokens go: a refresh token is dead once it was used, and every use is counted."""

    port: int = 0
    refresh: str = "sandbox-refresh-00000000"
    access: str = "sandbox-access-00000000"
    renewed: int = 0
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def api_url(self) -> str:
        """The base of the API."""
        return f"http://127.0.0.1:{self.port}/v1"

    def renew(self, form: dict[str, str]) -> tuple[int, Any]:
        """Return the answer to one request for tokens."""
        with self.lock:
            if form.get("refresh_token") != self.refresh or form.get("client_secret") != SECRET:
                self.refused += 1
                return 400, {"error": "invalid_grant", "message": "The refresh token is of no use."}
            self.renewed += 1
            self.refresh = f"sandbox-refresh-{self.renewed:08x}"
            self.access = f"sandbox-access-{self.renewed:08x}"
            answer = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 1209599}
        time.sleep(0.2)  # a real one takes as long, and all others come meanwhile
        return 200, {**answer, "refresh_token_expires_in": 7775999}

    def look_up(self, path: str, token: str) -> tuple[int, Any]:
        """Return the answer to a question; 401 without the token that is good now."""
        if token != f"Bearer {self.access}":
            return 401, {"message": "The token is not good."}
        if path == "/v1/people/me":
            return 200, {"id": "1", "emails": ["ana@partner.example"], "displayName": "Ana", "roles": []}
        return 200, {"items": []}


@contextmanager
def serving() -> Iterator[TokenServer]:
    """Run a token server on a port of its own for the length of a block."""
    server = TokenServer()

    class Visit(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer(*server.renew(dict(parse_qsl(body))))

        def do_GET(self) -> None:
            self._answer(*server.look_up(self.path, self.headers.get("authorization", "")))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

        def _answer(self, status: int, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Visit) as listener:
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of the processes, and of the tokens."""

    codes: tuple[int, ...]
    errors: tuple[str, ...]
    renewed: int
    refused: int
    stored_is_good: bool
    seconds: float

    @property
    def sound(self) -> bool:
        """Tell whether one process renewed, and all are signed in."""
        return set(self.codes) == {0} and (self.renewed, self.refused) == (1, 0) and self.stored_is_good


def crowd(home: Path, processes: int) -> Crowd:
    """Let that many processes ask who is signed in, all at once, with a token that has expired."""
    place, gate = FilePlace(home / "credentials.json"), home / "gate"
    place.path.parent.mkdir(parents=True, exist_ok=True)
    with serving() as server:
        expired = datetime(2026, 1, 1, tzinfo=UTC)
        place.write(
            StoredTokens(server.access, expired, server.refresh, None, "C1", SECRET, None, server.api_url)
        )
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PARTNERCTL_")},
            "PARTNERCTL_HOME": str(home),
            "PARTNERCTL_API_URL": server.api_url,
            "PARTNERCTL_CREDENTIALS_FILE": str(place.path),
            "NO_PROXY": "127.0.0.1",
        }
        server.access = "sandbox-access-ffffffff"  # the stored one is dead
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.refresh_tokens", "--behind", str(gate)],
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[1],
            )
            for _ in range(processes)
        ]
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()  # it has loaded all it needs
        began = time.perf_counter()
        gate.touch()
        errors = [process.communicate()[1] for process in running]
        seconds = time.perf_counter() - began
        stored = place.read()
        good = stored is not None and (stored.access, stored.refresh) == (server.access, server.refresh)
    codes = tuple(process.returncode for process in running)
    return Crowd(codes, tuple(filter(None, errors)), server.renewed, server.refused, good, seconds)


def _wait_behind(gate: Path) -> int:
    """Load everything, say so, and ask who is signed in once the gate is open."""
    from importlib import import_module

    from partnerctl.cli import main as run

    for name in ("commands.auth", "remote.http", "services.signing.status"):
        import_module(f"partnerctl.{name}")
    print("ready", flush=True)
    while not gate.exists():
        time.sleep(0.005)
    return run(["auth", "status", "--json"])


def main() -> None:
    """Run one crowd, print what became of it, and exit 1 where somebody was signed out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refresh_tokens")
    parser.add_argument("--processes", type=int, default=40)
    parser.add_argument("--behind", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.behind:
        sys.exit(_wait_behind(asked.behind))
    with tempfile.TemporaryDirectory(prefix="partnerctl-tokens-") as folder:
        found = crowd(Path(folder), asked.processes)
    counts = {code: found.codes.count(code) for code in sorted(set(found.codes))}
    print(
        f"{asked.processes} processes in {found.seconds:.1f} s, codes {counts}; renewed {found.renewed} times"
    )
    print("sound" if found.sound else f"NOT SOUND: {found}")
    sys.exit(0 if found.sound else 1)


if __name__ == "__main__":
    main()
