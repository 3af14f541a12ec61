"""Measures a clip in one decoding pass; holds at most half a second of frames in memory."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.errors import MeasureError
from hailuo_nb.measure import geometry
from hailuo_nb.measure.decode import Grey, StreamInfo, read_frames, require_opencv
from hailuo_nb.measure.estimate import find_parallax
from hailuo_nb.measure.facts import BLACK, FrameSeries, compute_facts, has_uneven_times
from hailuo_nb.measure.measurement import MIN_POINTS, Evidence, Measurement, Window
from hailuo_nb.measure.tracking import Tracks, track_corners

WINDOW_SECONDS = 0.5
_MIN_WINDOW_SECONDS = 0.3  # of the last window of a shot
_STEP_SECONDS = 0.06  # between two tracked frames; short enough for a shaking hand
_SLOW_MOTION = 0.012  # frame widths per window; below it the previous window is added
_CUT_CHANGE, _CUT_FACTOR = 8.0, 3.0  # grey levels, and times the median change, of a possible cut
_MIN_TRACKED = 0.35  # share of corners that are tracked across a frame that is no cut


def measure_clip(path: str | Path, *, first_frame: bytes | None = None) -> Measurement:
    """Measures an MP4, see `hailuo_nb.measure`. The same bytes give the same result."""
    cv2 = require_opencv()
    stream = StreamInfo()
    analyzer = _Analyzer(cv2)
    try:
        for t, grey in read_frames(path, stream):
            analyzer.add(t, grey)
    except cv2.error as error:
        raise MeasureError(f"{Path(path).name} cannot be measured: {error}") from None
    windows = analyzer.finish()
    notes = [*_notes(stream), *dict.fromkeys(window.note for window in windows if window.note)]
    if not windows:
        notes.append(
            f"{stream.frames} picture(s), {stream.seconds:.2f} s: too short to tell a motion"
        )
    facts = compute_facts(stream, analyzer.series, windows, first_frame)
    return Measurement(tuple(windows), facts, tuple(notes))


def _notes(stream: StreamInfo) -> list[str]:
    notes = []
    if stream.error:
        notes.append(f"the file breaks off after {stream.seconds:.1f} s: {stream.error}")
    if has_uneven_times(stream):
        notes.append("the frames come at uneven times; their own stamps were used")
    return notes


class _Analyzer:
    """Takes the frames one by one; makes windows of them and collects values for the facts."""

    def __init__(self, cv2: ModuleType) -> None:
        self._cv2 = cv2
        self.windows: list[Window] = []
        self.series = FrameSeries()
        self._current: list[tuple[float, Grey]] = []  # the tracked frames of the open window
        self._slow: list[tuple[float, Grey]] = []  # those of the previous window, if it was slow
        self._last_time = 0.0

    def add(self, t: float, grey: Grey) -> None:
        cv2, series = self._cv2, self.series
        if series.last is None:
            series.first = grey
        elif grey.shape != series.last.shape:
            raise MeasureError("the clip changes its size in the middle and cannot be measured")
        else:
            change = float(cv2.mean(cv2.absdiff(grey, series.last))[0])
            if self._is_cut(change, series.last, grey):
                self._end_shot()
                self._current = self._slow = []
                series.cuts.append(t)
            series.changes.append((t, change))
        if len(series.brightness) % 3 == 0:
            deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))[1]
            series.sharpness.append(float(deviation[0, 0]))
        series.brightness.append(float(cv2.mean(grey)[0]))
        self._select(t, grey)
        series.last, self._last_time = grey, t

    def finish(self) -> list[Window]:
        self._end_shot()
        return self.windows

    def _select(self, t: float, grey: Grey) -> None:
        if not self._current:
            self._current = [(t, grey)]
            return
        half = (t - self._last_time) / 2
        full = t - self._current[0][0] >= WINDOW_SECONDS - half - 1e-6
        if full or t - self._current[-1][0] >= _STEP_SECONDS:
            self._current.append((t, grey))
        if full:
            self._add_window()
            self._current = [(t, grey)]

    def _end_shot(self) -> None:
        """Ends the clip or a shot; the remaining frames may still make a window."""
        last = self.series.last
        if last is not None and self._current and self._current[-1][0] < self._last_time:
            self._current.append((self._last_time, last))
        if (
            len(self._current) >= 3
            and self._current[-1][0] - self._current[0][0] >= _MIN_WINDOW_SECONDS
        ):
            self._add_window()

    def _add_window(self) -> None:
        times = [t for t, _ in self._current]
        frames = [grey for _, grey in self._current]
        tracks = track_corners(self._cv2, frames)
        dark = max(float(self._cv2.mean(frames[index])[0]) for index in (0, -1)) < BLACK
        longer = None
        if _is_slow(tracks):
            if self._slow:
                start = self._slow[0][0]
                longer = (
                    track_corners(self._cv2, [grey for _, grey in self._slow[::2]] + frames[2::2]),
                    times[-1] - start,
                )
            self._slow = self._current
        else:
            self._slow = []
        self.windows.append(measure_window(tracks, times, dark=dark, longer=longer))

    def _is_cut(self, change: float, before: Grey, after: Grey) -> bool:
        recent = [value for _, value in self.series.changes[-8:]]
        median = float(np.median(recent)) if recent else 0.0
        if change < _CUT_CHANGE or change < _CUT_FACTOR * median:
            return False
        tracks = track_corners(self._cv2, [before, after])
        if tracks.found < MIN_POINTS:  # fade from or to black
            return True
        return len(tracks.start) < _MIN_TRACKED * tracks.found


def _is_slow(tracks: Tracks) -> bool:
    if len(tracks.start) < MIN_POINTS:
        return False
    return float(np.median(np.hypot(*(tracks.end - tracks.start).T))) < _SLOW_MOTION


def measure_window(
    tracks: Tracks,
    times: list[float],
    *,
    dark: bool = False,
    longer: tuple[Tracks, float] | None = None,
) -> Window:
    """Makes a window of tracks; rates are per second.

    longer  tracks since the previous window and their seconds: slow motion shows parallax only
            over a longer time
    """
    start, end = times[0], times[-1]
    span = end - start
    if len(tracks.start) < MIN_POINTS:
        reason = "black" if dark else "without enough texture to follow"
        return Window(start, end, points=len(tracks.start), note=f"the picture is {reason}")
    speed = np.hypot(*(tracks.end - tracks.start).T) / span
    source = tracks
    if longer is not None and len(longer[0].start) >= max(MIN_POINTS, len(tracks.start) // 2):
        source, span = longer
    fit = geometry.fit_motions(source.start, source.end, source.weight)
    evidence = tuple(
        Evidence(
            round(item.score, 4),
            tuple(round(rate / span, 5) for rate in item.rates),
            round(item.spread, 3),
        )
        for item in fit.motions
    )
    rotation = fit.motions[7]
    parallax = find_parallax(evidence)
    direction = _unit(parallax.rates[3:]) if parallax else None
    return Window(
        start,
        end,
        pan=rotation.rates[0] / span,
        tilt=rotation.rates[1] / span,
        roll=math.degrees(rotation.roll) / span,
        zoom=100 * math.expm1(rotation.rates[2] / span),
        translation=direction,
        depth=parallax.spread if parallax else 0.0,
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


def _shake(steps: NDArray[np.float64], times: list[float]) -> float:
    """Returns the RMS of the speeds about their linear trend, of both directions together."""
    if len(steps) < 4:
        return 0.0
    speeds = steps / np.diff(times)[: len(steps), None]
    t = np.linspace(-1, 1, len(speeds))[:, None]
    speeds = speeds - speeds.mean(axis=0)
    speeds -= t * (t * speeds).sum(axis=0) / (t * t).sum()
    return float(np.sqrt((speeds**2).sum() / (len(speeds) - 2)))
