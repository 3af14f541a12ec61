"""The simulated tasks: their states, clips, frames and charges.

A task's times are fixed at creation in wall time, so that its state is a function of the clock and
survives a restart; only a render thread adds when the clip was rendered.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from hailuo_nb.errors import FileError
from hailuo_nb.media import files
from hailuo_nb.media.scratch import ScratchFolder
from hailuo_nb.simulator.clock import Clock, work_seconds
from hailuo_nb.simulator.faults import Faults
from hailuo_nb.simulator.render_pool import RenderPool
from hailuo_nb.simulator.storage import FRAME_SUFFIXES, FileCache

State = Literal["queued", "running", "done", "failed", "cancelled"]

_VIDEO_ID = re.compile(r"[0-9a-f]{32}")
_MAX_FRAME_BYTES = 64 * 1024 * 1024  # more than any dialect accepts
_MAX_TASK_BYTES = 1024 * 1024
_MAX_TASKS = 20_000
_RETENTION_SECONDS = 7 * 86_400.0  # MiniMax shows tasks for seven days
_MAX_ALL_CLIPS = 4 * 1024**3  # bytes; a deleted clip is rendered again on demand
_MAX_ALL_FRAMES = 1024**3  # bytes


class Renderer(Protocol):
    """Renders a clip to `path` atomically. `stop()` becomes true when the process ends."""

    def __call__(
        self,
        path: Path,
        *,
        prompt: str,
        provider: str,
        width: int,
        height: int,
        seconds: float,
        sound: bool,
        first_frame: bytes | None,
        last_frame: bytes | None,
        seed: int,
        stop: Callable[[], bool],
    ) -> None: ...


@dataclass(slots=True)
class Task:
    """A task of a provider. Times are Unix seconds.

    number       a sequence number, for providers that have one
    model        the provider's name of the model
    starts, due  when it leaves the queue, and its earliest end
    video_id     the random part of its link
    take         number of equal tasks before it, so that takes differ
    first_frame, last_frame   a link as given, the name of a stored frame, or ""
    failure      "" or why it fails at its end: "fault", "moderation", or the renderer's error
    extra        data of the dialect
    drawn        when its clip was rendered, or None
    sound        whether its clip has a sound track
    cancelled    when it was cancelled, or None
    """

    id: str
    provider: str
    number: int
    model: str
    prompt: str
    width: int
    height: int
    seconds: float
    created: float
    starts: float
    due: float
    video_id: str
    take: int = 0
    first_frame: str = ""
    last_frame: str = ""
    failure: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    drawn: float | None = None
    sound: bool = False
    cancelled: float | None = None

    @property
    def finished(self) -> float:
        """When it ended; valid once it has."""
        return max(self.due, self.drawn or 0.0) if self.cancelled is None else self.cancelled

    @property
    def is_charged(self) -> bool:
        """Neither a failed task costs anything, nor one that was cancelled in the queue."""
        return not self.failure and (self.cancelled is None or self.cancelled >= self.starts)

    @property
    def take_key(self) -> tuple[Any, ...]:
        """Equal for takes of the same request."""
        return (
            self.provider,
            self.model,
            self.prompt,
            self.width,
            self.height,
            self.seconds,
            self.sound,
            self.first_frame,
        )


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """The state of a task: percent 0..100, eta in seconds of the client."""

    state: State
    percent: int
    eta: float


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """A submitted request, parsed by the dialect.

    seconds  of the clip itself, which has 24 frames a second: a model that makes 158 frames for
             "6 s" is 158 / 24
    sound    whether the clip has a sound track
    """

    model: str
    prompt: str
    width: int
    height: int
    seconds: float
    first_frame: str = ""
    last_frame: str = ""
    failure: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    sound: bool = False


class Simulator:
    """All tasks of all providers, and their folder (`app.state.simulator`).

    tasks    id -> Task, at most 20,000; ended ones are removed after a week
    charged  provider -> number of charged tasks, see `Task.is_charged`
    """

    def __init__(
        self, clock: Clock, faults: Faults, renderer: Renderer, folder: Path | None = None
    ) -> None:
        self.clock = clock
        self.faults = faults
        self.tasks: dict[str, Task] = {}
        self.charged: dict[str, int] = {}
        self.pool = RenderPool()
        self._renderer = renderer
        self._rendering: set[str] = set()
        self._takes: dict[tuple[Any, ...], int] = {}
        self._by_video: dict[str, str] = {}
        self._next_number = 100_000
        self._writing = threading.Lock()
        self._is_persistent = folder is not None
        if folder is None:
            self._scratch = ScratchFolder("hailuo-simulator-")
            folder = self._scratch.path
        self.folder = Path(folder)
        for place in (self.folder, *(self.folder / name for name in ("tasks", "videos", "frames"))):
            if place.is_symlink():
                raise FileError(
                    f"{place} is a symbolic link, and the simulator writes through none: move it "
                    "away"
                )
            files.make_folder(place)
        self._clips = FileCache(self.folder / "videos", _MAX_ALL_CLIPS)
        self._frames = FileCache(self.folder / "frames", _MAX_ALL_FRAMES)
        found = filter(None, map(self._read, (self.folder / "tasks").glob("*.json")))
        for task in sorted(found, key=lambda task: task.created):
            self._add(task)
        self._remove_old()

    # Creation

    def has_room(self) -> bool:
        """Whether another task is accepted. Removes old tasks first."""
        self._remove_old()
        return len(self.tasks) < _MAX_TASKS

    def create_task(self, provider: str, task_id: str, request: TaskRequest) -> Task:
        """Creates a task, charges for it, stores it and queues its rendering; see `has_room`."""
        queued, running = work_seconds(
            provider, request.model, request.height, request.seconds, task_id
        )
        created = self.clock.now()
        starts = created + self.clock.scaled(queued)
        failure = request.failure or ("fault" if self.faults.hits("fail_task") else "")
        task = Task(
            id=task_id,
            provider=provider,
            number=self._next_number,
            model=request.model,
            prompt=request.prompt,
            width=request.width,
            height=request.height,
            seconds=request.seconds,
            created=created,
            starts=starts,
            due=starts + self.clock.scaled(running * (0.4 if failure else 1.0)),
            video_id=secrets.token_hex(16),
            first_frame=request.first_frame,
            last_frame=request.last_frame,
            failure=failure,
            extra=dict(request.extra),
            sound=request.sound,
        )
        task.take = self._takes.get(task.take_key, 0)
        self._add(task)
        self._write(task)
        if not failure:
            self._start_rendering(task)
        return task

    def cancel(self, task: Task, *, running: bool = False) -> bool:
        """Cancels a queued task, which then costs nothing. With `running` also one that is being
        made, which stays charged. Returns False for any other, which goes on."""
        now = self.clock.now()
        state = self.status(task).state
        if state != "queued" and not (running and state == "running"):
            return False
        if state == "queued":
            self.charged[task.provider] -= task.is_charged
        task.cancelled = now
        self._write(task)
        return True

    def _add(self, task: Task) -> None:
        self.tasks[task.id] = task
        self._by_video[task.video_id] = task.id
        self._next_number = max(self._next_number, task.number + 1)
        while len(self._takes) >= _MAX_TASKS:
            self._takes.pop(next(iter(self._takes)))
        self._takes[task.take_key] = max(self._takes.get(task.take_key, 0), task.take + 1)
        if task.is_charged:
            self.charged[task.provider] = self.charged.get(task.provider, 0) + 1

    def _remove_old(self) -> None:
        cutoff = self.clock.now() - _RETENTION_SECONDS
        for task in list(
            itertools.takewhile(lambda task: task.created < cutoff, self.tasks.values())
        ):
            if self._has_ended(task):
                self._remove(task)
        excess = len(self.tasks) - _MAX_TASKS + 1
        if excess > 0:  # removes a tenth more, as each search reads all tasks
            ended = filter(self._has_ended, list(self.tasks.values()))
            for task in itertools.islice(ended, excess + _MAX_TASKS // 10):
                self._remove(task)

    def _has_ended(self, task: Task) -> bool:
        ended = task.cancelled is not None or task.due <= self.clock.now()
        return ended and task.id not in self._rendering

    def _remove(self, task: Task) -> None:
        self.tasks.pop(task.id, None)
        self._by_video.pop(task.video_id, None)
        self._clips.delete(f"{task.video_id}.mp4")
        if self._is_persistent:
            self._task_path(task.id).unlink(missing_ok=True)

    # Status

    def find(self, provider: str, task_id: str) -> Task | None:
        """Returns the provider's task, also one of another process on the same folder."""
        task = self.tasks.get(task_id)
        if task is None and self._is_persistent and (task := self._read(self._task_path(task_id))):
            self._add(task)
        return task if task and task.provider == provider else None

    def find_video(self, video_id: str) -> Task | None:
        return self.tasks.get(self._by_video.get(video_id, ""))

    def status(self, task: Task) -> TaskStatus:
        """Returns the task's state. A missing clip is rendered again, and the task is running."""
        now = self.clock.now()
        if task.cancelled is not None:
            return TaskStatus("cancelled", 0, 0.0)
        if now < task.starts:
            return TaskStatus("queued", 0, task.due - now)
        if now < task.due:
            share = (now - task.starts) / max(task.due - task.starts, 1e-9)
            return TaskStatus("running", min(99, int(100 * share)), task.due - now)
        if task.failure:
            return TaskStatus("failed", 100, 0.0)
        if task.drawn is not None and self._is_rendered(task):
            return TaskStatus("done", 100, 0.0)
        self._start_rendering(task)
        return TaskStatus("running", 99, 1.0)

    def video_path(self, task: Task) -> Path:
        return self.folder / "videos" / f"{task.video_id}.mp4"

    def _is_rendered(self, task: Task) -> bool:
        path = files.resolve_below(self.folder, f"videos/{task.video_id}.mp4")
        return path is not None and path.exists()

    # Frames

    def store_frame(self, data: bytes, media_type: str) -> str:
        """Stores a frame; returns its name for a task."""
        name = hashlib.sha256(data).hexdigest()[:32] + FRAME_SUFFIXES.get(media_type, ".png")
        path = self.folder / "frames" / name
        if not path.exists():
            files.write_atomic(path, data, durable=False)
            self._frames.add(name)
        return name

    def load_frame(self, name: str) -> bytes | None:
        """Returns a stored frame; None for a link, which is never fetched."""
        path = files.resolve_below(self.folder / "frames", name)
        try:
            return None if path is None else files.read_bounded(path, _MAX_FRAME_BYTES)
        except OSError:
            return None

    # Rendering, in threads

    def _start_rendering(self, task: Task) -> None:
        if task.id in self._rendering or task.failure:
            return
        self._rendering.add(task.id)
        self.pool.submit(lambda: self._render_now(task))

    def _render_now(self, task: Task) -> None:
        try:
            if task.cancelled is None and not self._is_rendered(task):
                self._renderer(
                    self.video_path(task),
                    prompt=task.prompt,
                    provider=task.provider,
                    width=task.width,
                    height=task.height,
                    seconds=task.seconds,
                    sound=task.sound,
                    first_frame=self.load_frame(task.first_frame),
                    last_frame=self.load_frame(task.last_frame),
                    seed=task.take,
                    stop=lambda: self.pool.stopping() or task.cancelled is not None,
                )
            if self._is_rendered(task) and task.id in self.tasks:
                self._clips.add(f"{task.video_id}.mp4")
                task.drawn = self.clock.now()
                self._write(task)
        except Exception as error:
            if not self.pool.stopping() and task.cancelled is None:
                task.failure = f"the simulator could not draw the clip: {error}"
        finally:  # not before its file is written: what has ended may be removed
            self._rendering.discard(task.id)

    # The folder: a JSON file per task

    def _task_path(self, task_id: str) -> Path:
        return self.folder / "tasks" / (hashlib.sha256(task_id.encode()).hexdigest()[:32] + ".json")

    def _write(self, task: Task) -> None:
        if not self._is_persistent:
            return
        with self._writing:  # who reads the task first writes it first: no cancellation is lost
            text = json.dumps(asdict(task), ensure_ascii=False, indent=1)
            files.write_atomic(
                self._task_path(task.id), text.encode("utf-8", "surrogatepass"), durable=False
            )

    def _read(self, path: Path) -> Task | None:
        try:
            text = files.read_bounded(path, _MAX_TASK_BYTES).decode("utf-8", "surrogatepass")
            task = Task(**json.loads(text))
            return task if _is_valid(task) else None
        except (OSError, ValueError, TypeError, RecursionError):
            return None


def _is_valid(task: Task) -> bool:
    """Checks a task from the folder: `video_id` is used as a file name, times in arithmetic."""
    ends = [moment for moment in (task.drawn, task.cancelled) if moment is not None]
    times = (task.created, task.starts, task.due, task.take, task.number, *ends)
    return bool(_VIDEO_ID.fullmatch(task.video_id)) and all(
        isinstance(moment, int | float) and math.isfinite(moment) for moment in times
    )
