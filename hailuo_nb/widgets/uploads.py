"""Joins files that the page sends in chunks."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from hailuo_nb.media.images import MAX_INPUT_BYTES, too_large
from hailuo_nb.widgets.wire import Request

_MAX_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a file of `size` bytes; the `last` one says by its `seq` how many there are."""

    upload: int
    seq: int
    last: bool
    size: int
    name: str
    data: bytes

    @classmethod
    def parse(cls, request: Request) -> Chunk:
        """Raises ValueError."""
        return cls(
            upload=request.id,
            seq=int(request.number("seq")),
            last=bool(request.fields.get("last")),
            size=int(request.number("size")),
            name=request.text("name"),
            data=request.buffers[0] if request.buffers else b"",
        )


class Uploads:
    """The chunks of unfinished uploads. They may come in any order and on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chunks: dict[int, dict[int, bytes]] = {}
        self._count: dict[int, int] = {}

    def add(self, chunk: Chunk) -> bytes | None:
        """The whole file once every chunk is here, else None.

        Raises FrameError for a file over `MAX_INPUT_BYTES`, at its first chunk; ValueError for one
        that is not of the size it said.
        """
        upload = chunk.upload
        with self._lock:
            if chunk.size > MAX_INPUT_BYTES:
                self._forget(upload)
                raise too_large(chunk.name or "The file", chunk.size)
            chunks = self._chunks.setdefault(upload, {})
            chunks[chunk.seq] = chunk.data
            if chunk.last:
                self._count[upload] = chunk.seq + 1
            self._drop_oldest()
            if sum(map(len, chunks.values())) > chunk.size:
                self._forget(upload)
                raise ValueError("More bytes came than the file has.")
            if len(chunks) != self._count.get(upload):
                return None
            file = b"".join(chunks[seq] for seq in sorted(chunks))
            self._forget(upload)
        if len(file) != chunk.size:
            raise ValueError(f"{len(file)} of {chunk.size} bytes came; send the file again.")
        return file

    def _forget(self, upload: int) -> None:
        self._chunks.pop(upload, None)
        self._count.pop(upload, None)

    def _drop_oldest(self) -> None:
        while len(self._chunks) > _MAX_AT_ONCE:
            self._forget(next(iter(self._chunks)))
