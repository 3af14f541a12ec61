"""Small files that ask for much, decoded in a process of their own: memory, time, and no deadlock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.test_media_bombs import BOMBS, growing

MAX_MEMORY, MAX_SECONDS = 150.0, 20.0
"""MB beyond what the imports need, and seconds of CPU, for all bombs together in one process."""

_CHILD = """
import json, resource, sys, time
from pathlib import Path
from hailuo_nb.media import clips as media
from hailuo_nb.errors import MeasureError, MediaError; from hailuo_nb.measure.decode import StreamInfo, read_frames
import PIL.Image
def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
before, begun, pictures = used(), time.process_time(), {}
for path in sorted(Path(sys.argv[1]).glob("*.mp4")):
    for call in (media.probe, media.verify, lambda p: media.poster(p, p.with_suffix(".jpg"))):
        try:
            call(path)
        except MediaError:
            pass
    stream = StreamInfo()
    try:
        for _ in read_frames(path, stream):
            pass
    except MeasureError:
        pass
    pictures[path.stem] = [stream.frames, stream.error]
print(json.dumps({"memory": used() - before, "seconds": time.process_time() - begun, "pictures": pictures}))
"""


@pytest.mark.skipif(os.name != "posix", reason="getrusage")
def test_bombs_need_little_memory_and_time(tmp_path: Path) -> None:
    """All of them one after the other, to be opened, looked at and measured. Before: 1.2 GB and 36
    s for three."""
    for number, make in enumerate(BOMBS.values()):
        (tmp_path / f"{number}.mp4").write_bytes(make())
    (tmp_path / "growing.mp4").write_bytes(growing((4200, 2400)))
    (tmp_path / "changing.mp4").write_bytes(growing((640, 360)))
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found = json.loads(run.stdout)
    assert found["memory"] < MAX_MEMORY
    assert found["seconds"] < MAX_SECONDS
    frames, why = found["pictures"]["growing"]
    assert frames == 1
    assert "cannot be decoded" in why, "more pixels than are decoded here"
    assert found["pictures"]["changing"][0] == 3


def test_a_decoder_with_threads_lets_go_of_what_it_could_not_decode(tmp_path: Path) -> None:
    """PyAV 18.1 waited for ever here: a packet of Python's bytes was given back by a thread without
    the lock."""
    (tmp_path / "growing.mp4").write_bytes(growing((4200, 2400)))
    code = (
        "import sys; from pathlib import Path; from hailuo_nb.media.clips import MediaError, open_clip\n"
        "for _ in range(40):\n"
        "    with open_clip(Path(sys.argv[1])) as clip:\n"
        "        try: list(clip.frames(threads=4))\n"
        "        except MediaError: pass\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "growing.mp4")], timeout=240, check=True
    )
