"""HailuoError, and every error that a person meets: one base, so that `except hn.HailuoError`
catches them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from hailuo_nb.catalog.compatibility import Problem


class HailuoError(Exception):
    """The base of every error of this package. IPython shows its message and the line of the cell,
    no frames.

    A foreseeable fault needs no traceback; and `%xmode Verbose` would print the variables of every
    frame, the user's own among them, which may hold a key.
    """

    def _render_traceback_(self) -> list[str]:
        line = _line_of_caller(self.__traceback__)
        return [f"{type(self).__name__}{f' (line {line})' if line else ''}: {self}"]


_PACKAGE = str(Path(__file__).parent)


def _line_of_caller(trace: TracebackType | None) -> int | None:
    """The line of the user's own code that called us."""
    line = None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(_PACKAGE):
            break
        if f"{Path('IPython', 'core')}" not in name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


# What was asked for -------------------------------------------------------------------------------


class ArgumentError(HailuoError, ValueError):
    """An argument is not what it has to be. The message names it; nothing was sent."""


class CatalogError(HailuoError, ValueError):
    """A provider's `catalog.json` is not what it has to be. The message names the place in it."""


class UnknownNameError(HailuoError, ValueError):
    """No provider or model of that name; the message lists the known ones and suggests the
    nearest."""


class InvalidRequestError(HailuoError, ValueError):
    """A provider cannot make what was asked for. `problems` is a list of (provider name,
    Problem)."""

    def __init__(self, message: str, problems: Sequence[tuple[str, Problem]]) -> None:
        super().__init__(message)
        self.problems = list(problems)


class BudgetError(HailuoError, ValueError):
    """More than was allowed would be sent. Nothing was."""


class TableError(HailuoError, ValueError):
    """The table as a whole cannot be read; the message names the column."""


class VariantsError(HailuoError, ValueError):
    """The braces of a prompt cannot be read. `at` is the index of the character that it is about
    (code points)."""

    def __init__(
        self,
        code: Literal["unclosed", "unopened", "too_deep", "too_many", "too_long"],
        message: str,
        at: int,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.at = at


class PriceFileError(HailuoError, ValueError):
    """The user's price file cannot be read; the message says which file, and where in it."""


# Keys and accounts --------------------------------------------------------------------------------


class MissingKeyError(HailuoError, LookupError):
    """A provider has no key here. The message says which variable to set and what needs none."""


class KeyFormatError(HailuoError, ValueError):
    """A key holds something that no key has. The message names its variable and never the value."""


class AddressError(HailuoError, ValueError):
    """A `base_url` that a key may not be sent to."""


# Frames, clips and files --------------------------------------------------------------------------


class FrameError(HailuoError, ValueError):
    """The source is no picture that may be sent; the message holds the measured value beside the
    limit.

    code, values   the same for a program that words it itself; "" where there is only the message
    """

    def __init__(self, message: str, code: str = "", **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class MediaError(HailuoError, ValueError):
    """The file is no whole MP4 clip; the message says what it is or what is missing."""


class FileError(HailuoError, OSError):
    """A file is refused for what it is: a link, a device, too large. The message says all; an
    OSError to callers."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.strerror = message


class FieldError(HailuoError, ValueError):
    """A value is not what its field can hold. The message names the field."""


# Providers ----------------------------------------------------------------------------------------


ErrorKind = Literal[
    "invalid", "auth", "token", "permission", "balance", "rate", "moderation", "server", "protocol"
]
"""What a refusal or a fault means for us. `auth`: the key itself is refused. `token`: a short-lived
token died between being fetched and being used, because another process fetched one; the call did
not run, and the key is good."""


class ProviderError(HailuoError):
    """A refusal or a fault, in the provider's own words.

    kind         what it means for us (see `ErrorKind`)
    message      the provider's words
    code         its own code, as text
    request_id   its id of the call, for its support
    retry_after  seconds it asks us to wait
    status       the HTTP status of the reply that said so, None where no reply did
    no_task      the provider's own word that it has no such task (see `errors.no_such_task`)
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        code: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        status: int | None = None,
        no_task: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.message = message
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.status = status
        self.no_task = no_task

    def __str__(self) -> str:
        return f"{self.message} (code {self.code})" if self.code else self.message


# The ledger ---------------------------------------------------------------------------------------


class LedgerError(HailuoError, RuntimeError):
    """The ledger cannot be opened or written. The message says what to do."""


class LedgerClosedError(LedgerError):
    """The ledger was closed: nothing more is written to it by this session."""


class JobNotFoundError(HailuoError, LookupError):
    """The ledger has no job of that id."""


class IncompleteJobError(HailuoError, ValueError):
    """A job must not be sent, or asked about, as this process knows it: its frame or its key is not
    at hand."""


# Results ------------------------------------------------------------------------------------------


class NoComparisonError(HailuoError, LookupError):
    """Neither a saved comparison nor a folder; the message lists what is kept."""


class BundleError(HailuoError, ValueError):
    """The file is no comparison that can be read; the message says why."""


class ReadOnlyError(HailuoError, ValueError):
    """Something was asked of a clip whose ledger is elsewhere."""


class TooLargeError(HailuoError, ValueError):
    """The clips do not fit into one page; the message names the way that has room."""


class NoParquetError(HailuoError, ImportError):
    """Nothing here writes Parquet; the message says what to install."""


class LinkError(HailuoError, ValueError):
    """The text is no link to a studio; the message says what is wrong with it."""


class PreviewError(HailuoError, ValueError):
    """The preview cannot be drawn as it was asked for; the message names the argument."""


class MeasureError(HailuoError, ValueError):
    """The file cannot be measured; the message says why and what to do."""


class NotMeasuredError(HailuoError, ValueError):
    """There is nothing to draw; the message says why."""


class ScoreError(HailuoError, RuntimeError):
    """The clips cannot be measured at all; the message says what to do."""
