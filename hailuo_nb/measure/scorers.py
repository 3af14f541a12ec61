"""`hn.scorers`: ready scorers for `hn.score(board, scorers=[...])`, and what yours is given."""

from __future__ import annotations

from hailuo_nb.measure.clip_view import ClipView as Clip
from hailuo_nb.measure.ready import camera, first_frame, picture
from hailuo_nb.measure.rubric import Rubric, rubric

__all__ = ["Clip", "Rubric", "camera", "first_frame", "picture", "rubric"]
