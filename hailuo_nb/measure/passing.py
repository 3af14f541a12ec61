"""A clip passes by once: windows, cuts and facts are made while its pictures come.

Knows decoding, tracking and geometry; must not know prompts. Holds half a second of pictures at
most.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np

from hailuo_nb.errors import MeasureError
from hailuo_nb.measure import geometry
from hailuo_nb.measure.decode import Grey, Reel, frames, opencv
from hailuo_nb.measure.likeness import like_the_frame, likeness
from hailuo_nb.measure.tracks import Tracks, follow
from hailuo_nb.measure.weighing import parallax
from hailuo_nb.measure.windows import MIN_POINTS, Evidence, Facts, Measurement, Window

SPAN = 0.5
"""Seconds of a window."""
_MIN = 0.3  # seconds that a last, shorter window must have
_STEP = 0.06  # seconds between two pictures that are tracked: quick enough for a shaking hand
_SLOW = 0.012  # picture widths a window: below it the window before is taken along
_FROZEN = 0.15  # grey levels
_BLACK = 17.0  # of 255, mean
_JUMP, _TIMES = (
    8.0,
    3.0,
)  # grey levels, and times the usual change, that make one ask whether there is a cut
_LOST = 0.35  # share of corners that are still found: below it is a cut


def measure(path: str | Path, *, first_frame: bytes | None = None) -> Measurement:
    """Measure an MP4: windows of half a second with the camera's rates, and the cheap facts. Needs
    the extra `video`.

    first_frame  the bytes of the image that was sent, where there was one
    Raises MeasureError, whose message says what to do: no OpenCV, no such file, no picture in it.
    Takes about 1.5 s of one core for 6 s at 768p. The same bytes give the same result.
    """
    cv2 = opencv()
    reel = Reel()
    passing = _Pass(cv2)
    try:
        for t, grey in frames(path, reel):
            passing.see(t, grey)
    except cv2.error as error:
        raise MeasureError(f"{Path(path).name} cannot be measured: {error}") from None
    windows = passing.end()
    notes = [*_notes(reel), *dict.fromkeys(window.note for window in windows if window.note)]
    if not windows:
        notes.append(f"{reel.frames} picture(s), {reel.seconds:.2f} s: too short to tell a motion")
    return Measurement(tuple(windows), _facts(reel, passing, first_frame), tuple(notes))


def _notes(reel: Reel) -> list[str]:
    notes = []
    if reel.broken:
        notes.append(f"the file breaks off after {reel.seconds:.1f} s: {reel.broken}")
    if _uneven(reel):
        notes.append("the pictures come at uneven times; their own stamps were used")
    return notes


class _Pass:
    """What is known while the pictures come."""

    def __init__(self, cv2: Any) -> None:
        self._cv2 = cv2
        self.windows: list[Window] = []
        self.cuts: list[float] = []
        self.lumas: list[float] = []
        self.changes: list[tuple[float, float]] = []
        self.sharps: list[float] = []
        self.first: Grey | None = None
        self.last: Grey | None = None
        self._kept: list[tuple[float, Grey]] = []
        self._before = 0.0
        self._slow: list[tuple[float, Grey]] = []

    def see(self, t: float, grey: Grey) -> None:
        cv2 = self._cv2
        if self.last is None:
            self.first = grey
        elif grey.shape != self.last.shape:
            raise MeasureError("the clip changes its size in the middle and cannot be measured")
        else:
            change = float(cv2.mean(cv2.absdiff(grey, self.last))[0])
            if self._is_cut(change, self.last, grey):
                self._close()
                self._kept = self._slow = []
                self.cuts.append(t)
            self.changes.append((t, change))
        if len(self.lumas) % 3 == 0:
            self.sharps.append(float(cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))[1][0, 0]))
        self.lumas.append(float(cv2.mean(grey)[0]))
        self._keep(t, grey)
        self.last, self._before = grey, t

    def end(self) -> list[Window]:
        self._close()
        return self.windows

    def _keep(self, t: float, grey: Grey) -> None:
        if not self._kept:
            self._kept = [(t, grey)]
            return
        half = (t - self._before) / 2
        full = t - self._kept[0][0] >= SPAN - half - 1e-6
        if full or t - self._kept[-1][0] >= _STEP:
            self._kept.append((t, grey))
        if full:
            self._window()
            self._kept = [(t, grey)]

    def _close(self) -> None:
        """The end of the clip or of a shot: what is left may still be a window."""
        if self.last is not None and self._kept and self._kept[-1][0] < self._before:
            self._kept.append((self._before, self.last))
        if len(self._kept) >= 3 and self._kept[-1][0] - self._kept[0][0] >= _MIN:
            self._window()

    def _window(self) -> None:
        times = [t for t, _ in self._kept]
        pictures = [grey for _, grey in self._kept]
        tracks = follow(self._cv2, pictures)
        dark = max(float(self._cv2.mean(pictures[index])[0]) for index in (0, -1)) < _BLACK
        longer = None
        if _is_slow(tracks):
            if self._slow:
                begun = self._slow[0][0]
                longer = (
                    follow(self._cv2, [grey for _, grey in self._slow[::2]] + pictures[2::2]),
                    times[-1] - begun,
                )
            self._slow = self._kept
        else:
            self._slow = []
        self.windows.append(window_of(tracks, times, dark=dark, longer=longer))

    def _is_cut(self, change: float, before: Grey, after: Grey) -> bool:
        recent = [value for _, value in self.changes[-8:]]
        usual = float(np.median(recent)) if recent else 0.0
        if change < _JUMP or change < _TIMES * usual:
            return False
        tracks = follow(self._cv2, [before, after])
        if tracks.found < MIN_POINTS:  # out of black, or into it
            return True
        return len(tracks.start) < _LOST * tracks.found


def _is_slow(tracks: Tracks) -> bool:
    if len(tracks.start) < MIN_POINTS:
        return False
    return float(np.median(np.hypot(*(tracks.end - tracks.start).T))) < _SLOW


def window_of(
    tracks: Tracks,
    times: list[float],
    *,
    dark: bool = False,
    longer: tuple[Tracks, float] | None = None,
) -> Window:
    """The window of these tracks; rates are a second.

    longer  tracks that began a window before, and their seconds: what is slow shows its parallax
            only over a while
    """
    start, end = times[0], times[-1]
    span = end - start
    if len(tracks.start) < MIN_POINTS:
        what = "black" if dark else "without enough texture to follow"
        return Window(start, end, points=len(tracks.start), note=f"the picture is {what}")
    speed = np.hypot(*(tracks.end - tracks.start).T) / span
    source = tracks
    if longer is not None and len(longer[0].start) >= max(MIN_POINTS, len(tracks.start) // 2):
        source, span = longer
    fit = geometry.fit(source.start, source.end, source.weight)
    evidence = tuple(
        Evidence(
            round(item.score, 4),
            tuple(round(rate / span, 5) for rate in item.rates),
            round(item.spread, 3),
        )
        for item in fit.motions
    )
    turned = fit.motions[7]
    seen = parallax(evidence)
    direction = _unit(seen.rates[3:]) if seen else None
    return Window(
        start,
        end,
        pan=turned.rates[0] / span,
        tilt=turned.rates[1] / span,
        roll=math.degrees(turned.roll) / span,
        zoom=100 * math.expm1(turned.rates[2] / span),
        translation=direction,
        depth=seen.spread if seen else 0.0,
        fit=max(item.score for item in fit.motions),
        motion=float(np.median(speed)),
        shake=_shake(tracks.steps, times),
        points=len(tracks.start),
        lens_gain=fit.lens_gain,
        evidence=evidence,
    )


def _unit(rates: tuple[float, ...]) -> tuple[float, float, float] | None:
    length = math.sqrt(sum(rate * rate for rate in rates))
    if length < 1e-6:
        return None
    x, y, z = (rate / length for rate in rates)
    return (x, y, z)


def _shake(steps: Any, times: list[float]) -> float:
    """RMS of the speeds about their straight line, both directions together."""
    if len(steps) < 4:
        return 0.0
    speeds = steps / np.diff(times)[: len(steps), None]
    t = np.linspace(-1, 1, len(speeds))[:, None]
    speeds = speeds - speeds.mean(axis=0)
    speeds -= t * (t * speeds).sum(axis=0) / (t * t).sum()
    return float(np.sqrt((speeds**2).sum() / (len(speeds) - 2)))


def _facts(reel: Reel, passing: _Pass, first_frame: bytes | None) -> Facts:
    assert passing.first is not None
    assert passing.last is not None
    cv2 = opencv()
    lumas = np.array(passing.lumas)
    sharp = float(np.median(passing.sharps))
    windows = passing.windows
    seconds = sum(window.seconds for window in windows)
    return Facts(
        width=reel.width,
        height=reel.height,
        fps=reel.fps,
        frames=reel.frames,
        duration=reel.seconds,
        codec=reel.codec,
        audio=reel.audio,
        uneven=_uneven(reel),
        motion=sum(w.motion * w.seconds for w in windows) / seconds if windows else None,
        flicker=float(np.abs(np.diff(lumas, 2)).mean()) if len(lumas) > 2 else None,
        sharpness=sharp,
        sharpness_drop=max(0.0, 1 - float(np.quantile(passing.sharps, 0.1)) / sharp)
        if sharp > 0
        else None,
        freeze=_freeze(passing.changes),
        black=int((lumas < _BLACK).sum()),
        cuts=tuple(passing.cuts),
        loop_seam=likeness(cv2, passing.first, passing.last) if reel.frames > 1 else None,
        first_frame=_fidelity(cv2, passing.first, first_frame),
    )


def _uneven(reel: Reel) -> bool:
    gaps = np.diff(reel.times)
    return bool(len(gaps) > 2 and gaps.max() > 1.5 * max(float(np.median(gaps)), 1e-6))


def _freeze(changes: list[tuple[float, float]]) -> float:
    longest = began = 0.0
    previous = 0.0
    still = False
    for t, change in changes:
        if change < _FROZEN:
            began = began if still else previous
            still = True
            longest = max(longest, t - began)
        else:
            still = False
        previous = t
    return longest


def _fidelity(cv2: Any, first: Grey, sent: bytes | None) -> float | None:
    if sent is None:
        return None
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(sent)) as opened:
            upright = ImageOps.exif_transpose(opened) or opened
            size = (first.shape[1], first.shape[0])
            wanted = np.asarray(ImageOps.fit(upright.convert("L"), size, Image.Resampling.BOX))
    except OSError as error:
        raise MeasureError(f"the first frame is no picture that can be read: {error}") from None
    return like_the_frame(cv2, first, wanted)
