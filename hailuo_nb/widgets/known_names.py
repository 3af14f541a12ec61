"""A widget that refuses an attribute which it does not have: a slip in a name does nothing else."""

from __future__ import annotations

from typing import ClassVar

from hailuo_nb.media.text import did_you_mean


class KnownNames:
    """Before the widget's own class among the bases.

    own   names of attributes that are set on the instance, beside those of the class
    """

    own: ClassVar[frozenset[str]] = frozenset()

    def __setattr__(self, name: str, value: object) -> None:
        kind = type(self)
        if not name.startswith("_") and not hasattr(kind, name) and name not in kind.own:
            known = [one for one in {*dir(kind), *kind.own} if not one.startswith("_")]
            meant = did_you_mean(name, known)
            raise AttributeError(f"a {kind.__name__} has no attribute {name!r}{meant}")
        super().__setattr__(name, value)
