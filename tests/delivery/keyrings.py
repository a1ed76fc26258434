"""Keyrings for tests: one in memory, and ones that misbehave."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    """Keeps passwords for as long as it lives."""

    priority: float = 5  # pyright: ignore[reportIncompatibleVariableOverride] # keyring's own way

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlainKeyring(MemoryKeyring):
    """Says of itself, as those do that write plain text, that it is not recommended."""

    priority = 0.5


class ForgetfulKeyring(MemoryKeyring):
    """Takes everything and keeps nothing, as one does that is switched off."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class TalkativeKeyring(MemoryKeyring):
    """Fails, and repeats what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot store {password}")


class LockedKeyring(MemoryKeyring):
    """Waits to be unlocked by somebody who is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.over.wait(30)
        return None


class ChainedKeyrings(MemoryKeyring):
    """Several keyrings behind one, as keyring chains them."""

    priority = 10

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = backends
