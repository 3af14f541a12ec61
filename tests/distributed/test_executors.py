"""hn.score on clusters of other makers: a worker is killed in the middle, and no result is lost or
doubled.

Runs by `make distributed`, which installs dask.distributed and ipyparallel into an environment of
its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.measure import scoring, task
from hailuo_nb.measure.scoring import score
from hailuo_nb.simulator.render import render
from tests.distributed.dying import VICTIM, measure_file
from tests.processes.test_scoring import _hash, job

CLIPS = 8
PATIENCE = 300
Cluster = Callable[[], AbstractContextManager[Executor]]


@contextmanager
def dask() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed", reason="only `make distributed` installs it")
    # Nannies start a worker again that was killed, as a real cluster does.
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            host="127.0.0.1",
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


@contextmanager
def ipyparallel() -> Iterator[Executor]:
    ipp = pytest.importorskip("ipyparallel", reason="only `make distributed` installs it")
    with ipp.Cluster(n=2) as client:
        client.wait_for_engines(2, timeout=PATIENCE)
        with client.executor() as executor:
            yield executor


@contextmanager
def loky() -> Iterator[Executor]:
    made = pytest.importorskip("loky").ProcessPoolExecutor(2)
    with made:
        yield made


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    paths = [folder / f"{VICTIM if index == 3 else index}.mp4" for index in range(CLIPS)]
    for index, path in enumerate(paths):
        render(
            path,
            prompt="grass [Pan left]",
            provider="modelverse",
            width=320,
            height=180,
            seconds=1,
            seed=index,
        )
    return paths


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = SqliteLedger(tmp_path / "ledger.sqlite")
    yield made
    made.close()


@pytest.mark.parametrize("cluster", [dask, ipyparallel, loky])
def test_a_worker_killed_in_the_middle(
    cluster: Cluster, ledger: SqliteLedger, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for mark in [*clips[0].parent.glob("*.begun-*"), *clips[0].parent.glob("*.measured-*")]:
        mark.unlink()
    kept: Counter[str] = Counter()
    keep = SqliteLedger.keep_score

    def counted(self: SqliteLedger, key: tuple[str, str], text: str) -> Any:
        kept[key[0]] += 1
        return keep(self, key, text)

    monkeypatch.setattr(SqliteLedger, "keep_score", counted)
    monkeypatch.setattr(scoring, "measure_file", measure_file)
    board = [job(ledger, path, "grass [Pan left]") for path in clips]
    with cluster() as executor:
        found = score(board, executor).wait(PATIENCE)
    assert {item.id for item in board} == set(found)
    assert [found[item.id].error for item in board] == [""] * CLIPS
    begun = list(clips[0].parent.glob(f"{VICTIM}.begun-*"))
    assert len(begun) == 2, "its worker was killed, and the clip went to another one"
    for item in board:
        alone = task.parse_result(task.measure_file(str(item.path), _hash(item.path)))
        assert found[item.id].measurement == alone
    assert kept == Counter({_hash(path): 1 for path in clips}), "each result is kept once"
    print(f"{cluster.__name__}: {CLIPS} clips, 1 worker killed, {len(found)} results, none twice")


def test_it_is_not_imported_by_the_library() -> None:
    code = (
        "import sys, hailuo_nb.measure.scoring; print({'distributed', 'ipyparallel', 'loky'} & "
        "set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert done.stdout.strip() == "set()"
