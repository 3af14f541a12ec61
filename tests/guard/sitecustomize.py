"""Lets a Python process of the tests talk to this machine only. Python imports a module of this
name at its start.

tests/conftest.py puts this folder on PYTHONPATH, so that it also holds in every Python that a test
starts: a simulator, a Jupyter server, its kernels. An attempt to go further raises, and is written
to the file that HAILUO_NB_TEST_NETWORK_LOG names, where conftest.py finds it and fails the test.
Standard library only, and small: it runs before everything else. It cannot see sockets that C
libraries open by themselves.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path
from typing import Any

LOG_VARIABLE = "HAILUO_NB_TEST_NETWORK_LOG"
_ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyname"}


class OutsideNetworkError(OSError):
    """A test tried to reach something that is not on this machine."""


def _is_here(host: Any) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    # Jupyter asks for its own host's name to list the addresses it may listen on.
    if name in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(str(name).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _target(event: str, arguments: tuple[Any, ...]) -> Any:
    """The host that an audit event is about; None where it is about none (a Unix socket, a bound
    one)."""
    if event in _LOOKED_UP:
        return arguments[0]
    if event in _ADDRESSED and isinstance(arguments[1], tuple):
        return arguments[1][0]
    return None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _ADDRESSED or event in _LOOKED_UP:
        host = _target(event, arguments)
        if not _is_here(host):
            note = f"{event} {host!r} by {Path(sys.argv[0] if sys.argv else sys.executable).name}"
            if log := os.environ.get(LOG_VARIABLE):
                with Path(log).open("a", encoding="utf-8") as file:
                    file.write(note + "\n")
            raise OutsideNetworkError(f"tests stay on this machine: {note}")


if os.environ.get(LOG_VARIABLE) and not getattr(sys, "_hailuo_nb_guarded", False):
    sys._hailuo_nb_guarded = True  # type: ignore[attr-defined]
    sys.addaudithook(_watch)
    # 1.4 s of CPU in each Jupyter server and each nbformat: a grammar that jsonschema can do without,
    # and by which nothing of theirs is checked.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
