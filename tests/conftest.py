"""What every test shares: no test reaches outside this machine.

The guard is tests/guard/sitecustomize.py. It holds in this process and, through PYTHONPATH, in
every Python that a test starts. A test that provokes an attempt on purpose takes it off the record
through `network_attempts`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_GUARD = _HERE / "guard"


class NetworkAttempts:
    """The record of attempts to leave this machine, by this process and by its children."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = 0

    def take(self) -> list[str]:
        """The attempts since the last call, one line each."""
        if self._log.stat().st_size == self._read:
            return []
        with self._log.open(encoding="utf-8") as file:
            file.seek(self._read)
            lines = file.read().splitlines()
            self._read = file.tell()
        return lines


def pytest_configure(config: pytest.Config) -> None:
    handle, name = tempfile.mkstemp(prefix="hailuo-nb-network-")
    os.close(handle)
    os.environ["HAILUO_NB_TEST_NETWORK_LOG"] = name
    others = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_GUARD), *others])
    # The key by which a ledger knows its user: that of the person who runs the tests is none of
    # their business.
    state = tempfile.mkdtemp(prefix="hailuo-nb-state-")
    os.environ["XDG_STATE_HOME"] = state
    config.add_cleanup(lambda: shutil.rmtree(state, ignore_errors=True))
    _install_guard()
    # A key of the person who runs the tests must not turn a simulated provider into a paid one.
    from hailuo_nb.providers import registry

    keys = [key for name in registry.names() for key in registry.get(name).key_variables]
    for variable in (*keys, "HAILUO_NB_HOME"):
        os.environ.pop(variable, None)
    config.add_cleanup(lambda: Path(name).unlink(missing_ok=True))


def _install_guard() -> None:
    """Load the guard here too. By path: a distribution may bring a `sitecustomize` of its own."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "hailuo_nb_test_guard", _GUARD / "sitecustomize.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules["hailuo_nb_test_guard"] = module


@pytest.fixture(scope="session")
def _network_record() -> NetworkAttempts:
    return NetworkAttempts(Path(os.environ["HAILUO_NB_TEST_NETWORK_LOG"]))


@pytest.fixture(autouse=True)
def network_attempts(_network_record: NetworkAttempts) -> Iterator[NetworkAttempts]:
    """Fails the test during which anything tried to leave this machine, even where the attempt was
    caught."""
    yield _network_record
    attempts = _network_record.take()
    if attempts:
        pytest.fail("tried to leave this machine:\n  " + "\n  ".join(attempts))


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    """A process has one ledger, whose place is fixed at first use; each test stands for a
    process."""
    yield
    session = sys.modules.get("hailuo_nb.engine.session")
    if session is not None:
        session._runners.clear()
