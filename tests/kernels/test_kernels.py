"""What has to hold inside a kernel, on the oldest and the newest ipykernel: no cell of a Run All is
lost, magics and their completion, what a board leaves in a notebook, and that a wait prints
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernels.kernel import BINDER, NEWEST, OLDEST, Kernel

# The embedded simulator with a clip that is there already, so that nobody waits for drawing.
_QUICK = """
import asyncio, httpx2, pathlib
import hailuo_nb as hn
from hailuo_nb.engine import transport_pool
from hailuo_nb.providers import account
from hailuo_nb.simulator import create_app
def mount(home):
    def draw(path, **_):
        path.write_bytes(pathlib.Path("clip.mp4").read_bytes())
    return httpx2.ASGITransport(create_app(
        speed=200, faults=(), folder=home / "simulator", link_base="https://clips.simulator.invalid", renderer=draw))
transport_pool.simulator_transport, account.SIMULATOR_SPEED = mount, 200.0
"""


@pytest.fixture(scope="module", params=[OLDEST, BINDER, NEWEST])
def kernel(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clip: bytes
) -> Iterator[Kernel]:
    folder: Path = tmp_path_factory.mktemp("kernel")
    (folder / "clip.mp4").write_bytes(clip)
    found = Kernel(request.param, folder)
    try:
        found.run(_QUICK)
        yield found
    finally:
        found.stop()


@pytest.fixture
def nested(kernel: Kernel) -> Kernel:
    kernel.run("hn.allow_nested()")
    return kernel


def test_the_kernel_is_the_one_that_was_asked_for(
    kernel: Kernel, request: pytest.FixtureRequest
) -> None:
    version = kernel.run("import ipykernel; print(ipykernel.__version__)").text["stdout"].strip()
    asked = request.node.callspec.params["kernel"]
    assert version == asked or (asked == NEWEST and version not in (OLDEST, BINDER))


def test_a_script_with_asyncio_run_is_refused_until_nesting_is_allowed(kernel: Kernel) -> None:
    """Runs first in each kernel: nobody has patched anything yet."""
    script = (
        "async def main():\n    await asyncio.sleep(0)\n    return 6 * "
        "7\nprint(asyncio.run(main()))"
    )
    (refused,) = kernel.run_all([script])
    assert "running event loop" in refused.error
    kernel.run("hn.allow_nested()")
    assert kernel.run(script).text["stdout"] == "42\n"


def test_run_all_of_ten_queued_cells_loses_none(nested: Kernel) -> None:
    cells = nested.run_all(
        f"async def main():\n    await asyncio.sleep(0.01)\n    return {number}\nprint('cell', "
        "asyncio.run(main()))"
        for number in range(10)
    )
    assert [cell.status for cell in cells] == ["ok"] * 10
    assert [cell.text.get("stdout") for cell in cells] == [
        f"cell {number}\n" for number in range(10)
    ]


def test_run_all_mixes_every_way_of_waiting(nested: Kernel) -> None:
    made = 'hn.generate("A cat {}", provider="simulated:ppinfra")'
    cells = nested.run_all(
        [
            "async def main():\n    return await "
            f"{made.format(1)}\nprint(asyncio.run(main()).state)",
            f"print({made.format(2)}.wait(60).state)",
            f"print((await {made.format(3)}).state)",
            f"async def one():\n    return await {made.format(4)}\n"
            "print(asyncio.get_event_loop().run_until_complete(one()).state)",
            'board = await hn.compare("A dog", provider=["simulated:ppinfra", '
            '"simulated:chanjing"])\n'
            "print(*(job.state for job in board))",
        ]
    )
    assert [cell.status for cell in cells] == ["ok"] * 5, [cell.error for cell in cells]
    assert [cell.text["stdout"] for cell in cells] == ["saved\n"] * 4 + ["saved saved\n"]
    assert all("stderr" not in cell.text for cell in cells), "a wait in a kernel prints nothing"


def test_the_magics_and_their_completion(kernel: Kernel) -> None:
    kernel.run("%load_ext hailuo_nb")
    options = ["--prompt-optimizer", "--prompt-expansion-mode"]
    assert kernel.complete("%%hailuo --pro") == [*options, "--provider"]
    assert kernel.complete("%%hailuo --provider simulated:mo") == ["simulated:modelverse"]
    assert kernel.complete("%%hailuo --provider modelverse --resolution 1") == ["1080P"]
    cell = kernel.run(
        "%%hailuo --provider simulated:modelverse --provider simulated:ppinfra --wait --out board\n"
        'A cat {runs} on "grass" [Push in]\n'
    )
    assert "saved" in cell.data["text/plain"]
    assert (
        kernel.run("print(board[0].prompt, len(board))").text["stdout"]
        == 'A cat {runs} on "grass" [Push in] 2\n'
    )
    (wrong,) = kernel.run_all(["%%hailuo --provider nobody\nA cat"])
    assert wrong.error.startswith("UsageError")
    assert "Traceback" not in str(wrong.text)


def test_a_board_leaves_a_widget_a_table_and_a_text(kernel: Kernel) -> None:
    cell = kernel.run('hn.compare("<b>A cat</b>", provider="simulated:ppinfra").wait(60)')
    assert set(cell.data) >= {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert cell.data["text/plain"].startswith("Comparison of 1 clips")
    page = cell.data["text/html"]
    assert "&lt;b&gt;A cat&lt;/b&gt;" in page
    assert 'poster="data:image/jpeg;base64,' in page
    assert "SIMULATED" in page
    assert len(page) < 100_000
    job = kernel.run('hn.generate("<b>A cat</b>", provider="simulated:ppinfra")')
    assert job.data["text/plain"].startswith("<Job ")
    assert "&lt;b&gt;A cat&lt;/b&gt;" in job.data["text/html"]
