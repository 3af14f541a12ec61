"""Puts files together that the page sends in pieces. Must not know what is in them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from hailuo_nb.media.images import MAX_INPUT_BYTES, too_large

_MAX_AT_ONCE = 4


class Uploads:
    """Pieces by the id of their upload; they may come in any order and on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: dict[int, dict[int, bytes]] = {}
        self._count: dict[int, int] = {}

    def add(self, content: Mapping[str, Any], piece: Any) -> bytes | None:
        """The whole file once every piece is there, else None.

        content  {id, seq, last, size, name}: the last piece tells by its `seq` how many there are
        Raises FrameError for a file over `MAX_FILE`, at its first piece; ValueError for one not of
        the size it said.
        """
        number, seq, size = int(content["id"]), int(content["seq"]), int(content["size"])
        data = bytes(piece)
        with self._lock:
            if size > MAX_INPUT_BYTES:
                self._forget(number)
                raise too_large(str(content.get("name") or "The file"), size)
            pieces = self._pieces.setdefault(number, {})
            pieces[seq] = data
            if content.get("last"):
                self._count[number] = seq + 1
            self._drop_oldest()
            if sum(map(len, pieces.values())) > size:
                self._forget(number)
                raise ValueError("More bytes came than the file was said to have.")
            if len(pieces) != self._count.get(number):
                return None
            whole = b"".join(pieces[index] for index in sorted(pieces))
            self._forget(number)
        if len(whole) != size:
            raise ValueError(f"{len(whole)} of {size} bytes came; send the file again.")
        return whole

    def _forget(self, number: int) -> None:
        self._pieces.pop(number, None)
        self._count.pop(number, None)

    def _drop_oldest(self) -> None:
        while len(self._pieces) > _MAX_AT_ONCE:
            self._forget(next(iter(self._pieces)))
