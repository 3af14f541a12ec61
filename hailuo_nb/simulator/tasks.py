"""The life of the simulated tasks: made, queued, running, done or failed; their clips, pictures and
charges.

Must not know HTTP or any provider's words. A task's moments are fixed when it is made, in wall
time, so that its state is a function of the clock alone and survives a restart; only "the clip is
drawn" is added by a render thread.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from hailuo_nb.errors import FileError
from hailuo_nb.media import files
from hailuo_nb.simulator.clock import Clock, work_seconds
from hailuo_nb.simulator.faults import Faults
from hailuo_nb.simulator.render_pool import RenderPool
from hailuo_nb.simulator.storage import FileCache

State = Literal["queued", "running", "done", "failed"]

PICTURE_SUFFIX = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/webp": ".webp",
}
"""Media types of frames that the providers' pages name."""
_VIDEO_ID = re.compile(r"[0-9a-f]{32}")
_MAX_PICTURE = 64 * 1024 * 1024  # bytes; more than any dialect takes
_MAX_TASK = 1024 * 1024
_MAX_TASKS = 20_000
_KEPT_SECONDS = 7 * 86_400.0  # since a task was made; MiniMax shows tasks for seven days
_MAX_CLIPS = 4 * 1024**3  # bytes; one that is gone is drawn again when somebody looks
_MAX_FRAMES = 1024**3


class Renderer(Protocol):
    """Draws one clip to `path`, whole or not at all. `stop()` turns true when the process ends."""

    def __call__(
        self,
        path: Path,
        *,
        prompt: str,
        provider: str,
        width: int,
        height: int,
        seconds: int,
        first_frame: bytes | None,
        last_frame: bytes | None,
        seed: int,
        stop: Callable[[], bool],
    ) -> None: ...


@dataclass(slots=True)
class Task:
    """One task as the provider would know it. Moments are Unix seconds.

    number       a running number, for providers that have one
    model        the provider's own name of the model
    starts, due  when it leaves the queue, and when it is over at the earliest
    video_id     the random part of its link
    take         how many tasks of this provider asked for the same before: makes takes differ
    first_frame, last_frame   a link as it was given, the name of a stored picture, or ""
    failure      "" or why it fails at its end: "fault", "moderation", or a fault of the renderer in
                 words
    extra        what the dialect wants to say back about it
    drawn        when its clip was drawn, or None
    """

    id: str
    provider: str
    number: int
    model: str
    prompt: str
    width: int
    height: int
    seconds: int
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

    @property
    def finished(self) -> float:
        """When it was over; meaningful once it is."""
        return max(self.due, self.drawn or 0.0)

    @property
    def same(self) -> tuple[Any, ...]:
        """What two takes of one clip have in common."""
        return (
            self.provider,
            self.model,
            self.prompt,
            self.width,
            self.height,
            self.seconds,
            self.first_frame,
        )


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """A task at one moment: percent 0..100, eta in seconds as the client will live them."""

    state: State
    percent: int
    eta: float


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """What a submitted request asks for, after the dialect has read it."""

    model: str
    prompt: str
    width: int
    height: int
    seconds: int
    first_frame: str = ""
    last_frame: str = ""
    failure: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class Simulator:
    """All tasks of all providers, and the folder they live in. `app.state.simulator` is one of
    these.

    tasks    id -> Task; those that ended a week ago are forgotten, and the oldest of too many that
             ended
    charged  provider -> how many tasks it has charged for; a task that fails costs nothing
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
        self._drawing: set[str] = set()
        self._takes: dict[tuple[Any, ...], int] = {}
        self._by_video: dict[str, str] = {}
        self._next_number = 100_000
        # Kept on self: the directory goes when the simulator goes, at the latest at exit.
        self._scratch = None if folder else tempfile.TemporaryDirectory(prefix="hailuo-simulator-")
        self.folder = Path(folder) if folder else Path(self._scratch.name if self._scratch else "")
        self._keeps_tasks = folder is not None
        for room in (self.folder, *(self.folder / name for name in ("tasks", "videos", "frames"))):
            if room.is_symlink():
                raise FileError(
                    f"{room} is a link, and the simulator writes through none: move it away"
                )
            files.make_folder(room)
        self._clips = FileCache(self.folder / "videos", _MAX_CLIPS)
        self._frames = FileCache(self.folder / "frames", _MAX_FRAMES)
        found = filter(None, map(self._read, (self.folder / "tasks").glob("*.json")))
        for task in sorted(found, key=lambda task: task.created):
            self._add(task)
        self._forget_old()

    # Making

    def has_room(self) -> bool:
        """Whether one more task is taken. What ended long ago, and the oldest of too many, is
        forgotten first."""
        self._forget_old()
        return len(self.tasks) < _MAX_TASKS

    def make(self, provider: str, task_id: str, wanted: TaskRequest) -> Task:
        """A new task, charged, stored and given to the render threads. Ask `has_room` before."""
        queued, running = work_seconds(
            provider, wanted.model, wanted.height, wanted.seconds, task_id
        )
        created = self.clock.now()
        starts = created + self.clock.lasts(queued)
        failure = wanted.failure or ("fault" if self.faults.hits("fail_task") else "")
        task = Task(
            id=task_id,
            provider=provider,
            number=self._next_number,
            model=wanted.model,
            prompt=wanted.prompt,
            width=wanted.width,
            height=wanted.height,
            seconds=wanted.seconds,
            created=created,
            starts=starts,
            due=starts + self.clock.lasts(running * (0.4 if failure else 1.0)),
            video_id=secrets.token_hex(16),
            first_frame=wanted.first_frame,
            last_frame=wanted.last_frame,
            failure=failure,
            extra=dict(wanted.extra),
        )
        task.take = self._takes.get(task.same, 0)
        self._add(task)
        self._write(task)
        if not failure:
            self._draw(task)
        return task

    def _add(self, task: Task) -> None:
        self.tasks[task.id] = task
        self._by_video[task.video_id] = task.id
        self._next_number = max(self._next_number, task.number + 1)
        while len(self._takes) >= _MAX_TASKS:
            self._takes.pop(next(iter(self._takes)))
        self._takes[task.same] = max(self._takes.get(task.same, 0), task.take + 1)
        if not task.failure:
            self.charged[task.provider] = self.charged.get(task.provider, 0) + 1

    def _forget_old(self) -> None:
        long_ago = self.clock.now() - _KEPT_SECONDS
        for task in list(
            itertools.takewhile(lambda task: task.created < long_ago, self.tasks.values())
        ):
            if self._is_over(task):
                self._forget(task)
        too_many = len(self.tasks) - _MAX_TASKS + 1
        if too_many > 0:  # and many more at once, as each search looks at all
            over = filter(self._is_over, list(self.tasks.values()))
            for task in itertools.islice(over, too_many + _MAX_TASKS // 10):
                self._forget(task)

    def _is_over(self, task: Task) -> bool:
        return task.due <= self.clock.now() and task.id not in self._drawing

    def _forget(self, task: Task) -> None:
        self.tasks.pop(task.id, None)
        self._by_video.pop(task.video_id, None)
        self._clips.drop(f"{task.video_id}.mp4")
        if self._keeps_tasks:
            self._task_path(task.id).unlink(missing_ok=True)

    # Looking

    def find(self, provider: str, task_id: str) -> Task | None:
        """The provider's task of that id, also one that another process has made in the same
        folder."""
        task = self.tasks.get(task_id)
        if task is None and self._keeps_tasks and (task := self._read(self._task_path(task_id))):
            self._add(task)
        return task if task and task.provider == provider else None

    def find_video(self, video_id: str) -> Task | None:
        return self.tasks.get(self._by_video.get(video_id, ""))

    def look(self, task: Task) -> TaskStatus:
        """The task now. A task whose clip is missing is running, and the clip is drawn again."""
        now = self.clock.now()
        if now < task.starts:
            return TaskStatus("queued", 0, task.due - now)
        if now < task.due:
            share = (now - task.starts) / max(task.due - task.starts, 1e-9)
            return TaskStatus("running", min(99, int(100 * share)), task.due - now)
        if task.failure:
            return TaskStatus("failed", 100, 0.0)
        if task.drawn is not None and self._is_drawn(task):
            return TaskStatus("done", 100, 0.0)
        self._draw(task)
        return TaskStatus("running", 99, 1.0)

    def video_path(self, task: Task) -> Path:
        return self.folder / "videos" / f"{task.video_id}.mp4"

    def _is_drawn(self, task: Task) -> bool:
        path = files.resolve_below(self.folder, f"videos/{task.video_id}.mp4")
        return path is not None and path.exists()

    # Pictures

    def keep_picture(self, data: bytes, media_type: str) -> str:
        """Store a frame's bytes; returns the name to put into a task."""
        name = hashlib.sha256(data).hexdigest()[:32] + PICTURE_SUFFIX.get(media_type, ".png")
        path = self.folder / "frames" / name
        if not path.exists():
            files.write_atomic(path, data, durable=False)
            self._frames.put(name)
        return name

    def picture(self, name: str) -> bytes | None:
        """The bytes of a stored picture; None for a link, which the simulator never fetches."""
        path = files.resolve_below(self.folder / "frames", name)
        try:
            return None if path is None else files.read_bounded(path, _MAX_PICTURE)
        except OSError:
            return None

    # Drawing, in render threads

    def _draw(self, task: Task) -> None:
        if task.id in self._drawing or task.failure:
            return
        self._drawing.add(task.id)
        self.pool.submit(lambda: self._draw_now(task))

    def _draw_now(self, task: Task) -> None:
        try:
            if not self._is_drawn(task):
                self._renderer(
                    self.video_path(task),
                    prompt=task.prompt,
                    provider=task.provider,
                    width=task.width,
                    height=task.height,
                    seconds=task.seconds,
                    first_frame=self.picture(task.first_frame),
                    last_frame=self.picture(task.last_frame),
                    seed=task.take,
                    stop=self.pool.stopping,
                )
        except Exception as error:
            if not self.pool.stopping():
                task.failure = f"the simulator could not draw the clip: {error}"
            return
        finally:
            self._drawing.discard(task.id)
        if self._is_drawn(task) and task.id in self.tasks:
            self._clips.put(f"{task.video_id}.mp4")
            task.drawn = self.clock.now()
            self._write(task)

    # The folder: one JSON file a task

    def _task_path(self, task_id: str) -> Path:
        return self.folder / "tasks" / (hashlib.sha256(task_id.encode()).hexdigest()[:32] + ".json")

    def _write(self, task: Task) -> None:
        if self._keeps_tasks:
            text = json.dumps(asdict(task), ensure_ascii=False, indent=1)
            files.write_atomic(
                self._task_path(task.id), text.encode("utf-8", "surrogatepass"), durable=False
            )

    def _read(self, path: Path) -> Task | None:
        try:
            text = files.read_bounded(path, _MAX_TASK).decode("utf-8", "surrogatepass")
            task = Task(**json.loads(text))
            return task if _is_sound(task) else None
        except (OSError, ValueError, TypeError, RecursionError):
            return None


def _is_sound(task: Task) -> bool:
    """Whether a task that was read can be ours: a file is named by its `video_id`, and its times
    are reckoned with."""
    times = (
        task.created,
        task.starts,
        task.due,
        0.0 if task.drawn is None else task.drawn,
        task.take,
        task.number,
    )
    return bool(_VIDEO_ID.fullmatch(task.video_id)) and all(
        isinstance(moment, int | float) and math.isfinite(moment) for moment in times
    )


def data_url_bytes(url: str) -> tuple[bytes, str] | None:
    """(bytes, media type) of a `data:image/...;base64,` URL; None if it is not one that can be
    read."""
    head, comma, body = url.partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64").lower()
    if not comma or not head.endswith(";base64") or media_type not in PICTURE_SUFFIX:
        return None
    try:
        return base64.b64decode(body, validate=True), media_type
    except ValueError:
        return None
