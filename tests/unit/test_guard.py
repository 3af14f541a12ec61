"""The guard that keeps the tests on this machine: it stops, it records, it holds in children."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# A host name that cannot exist (RFC 6761) and an address for documentation (RFC 5737): nothing can
# answer there.
_NOWHERE = "guard.invalid"
_DOCUMENTATION = ("192.0.2.1", 80)


def _connect() -> None:
    with socket.socket() as client:
        client.settimeout(0.1)
        client.connect(_DOCUMENTATION)


def _send() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", _DOCUMENTATION)


def _look_up() -> None:
    socket.getaddrinfo(_NOWHERE, 443)


@pytest.mark.parametrize("leave", [_connect, _send, _look_up])
def test_leaving_is_stopped_and_recorded(leave: Callable[[], None], network_attempts: Any) -> None:
    with pytest.raises(OSError, match="tests stay on this machine"):
        leave()
    assert len(network_attempts.take()) == 1


def test_a_child_is_guarded_even_if_it_swallows_the_error(network_attempts: Any) -> None:
    code = (
        f"import socket\ntry: socket.create_connection(({_NOWHERE!r}, 443), 1)\nexcept "
        "OSError: "
        "pass"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert _NOWHERE in "".join(network_attempts.take())


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, port), 1).close()
