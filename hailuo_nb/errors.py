"""Every error that a person can meet, below `HailuoError`. Each is importable from `hailuo_nb`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from hailuo_nb.catalog.compatibility import Problem


class HailuoError(Exception):
    """The base class. IPython shows the message and the line of the cell, without traceback.

    A traceback would not help, and with `%xmode Verbose` it prints the variables of every frame,
    which may hold a key.
    """

    def _render_traceback_(self) -> list[str]:
        line = _line_of_caller(self.__traceback__)
        return [f"{type(self).__name__}{f' (line {line})' if line else ''}: {self}"]


_PACKAGE = str(Path(__file__).parent)


def _line_of_caller(trace: TracebackType | None) -> int | None:
    """Returns the line of the user's code that called this package."""
    line = None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(_PACKAGE):
            break
        if f"{Path('IPython', 'core')}" not in name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


# Arguments and requests ---------------------------------------------------------------------------


class ArgumentError(HailuoError, ValueError):
    """An argument has a wrong type or value. The message names it; nothing was sent."""


class UnknownOptionError(ArgumentError, TypeError):
    """An argument is neither one of the call nor an option of any provider: Python's TypeError for
    such a keyword, with the nearest name."""


class CatalogError(HailuoError, ValueError):
    """A provider's `catalog.json` is not what it has to be. The message names the place in it."""


class UnknownNameError(HailuoError, ValueError):
    """There is no provider or model of that name; the message lists the known ones."""


class InvalidRequestError(HailuoError, ValueError):
    """A provider cannot make the clip. `problems` is a list of (provider name, Problem)."""

    def __init__(self, message: str, problems: Sequence[tuple[str, Problem]]) -> None:
        super().__init__(message)
        self.problems = list(problems)


class BudgetError(HailuoError, ValueError):
    """The call would exceed `max_clips` or `max_cost`. Nothing was sent.

    code, values  the same for translation; "" if there is only the message
    """

    def __init__(self, message: str, code: str = "", **values: str | float) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class TableError(HailuoError, ValueError):
    """A table of requests cannot be read; the message names the column."""


class VariantsError(HailuoError, ValueError):
    """The braces of a prompt are invalid. `at` is the index of the character (code points)."""

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
    """The user's price file is invalid; the message names the file and the place in it."""


# Keys and accounts --------------------------------------------------------------------------------


class MissingKeyError(HailuoError, LookupError):
    """A provider's key is missing. The message names the environment variable."""


class KeyFormatError(HailuoError, ValueError):
    """A key holds invalid characters. The message names its variable, never its value."""


class AddressError(HailuoError, ValueError):
    """A key may not be sent to this `base_url`."""


# Frames, clips and files --------------------------------------------------------------------------


class FrameError(HailuoError, ValueError):
    """A file cannot be used as a frame or reference; the message has the measured value and the
    limit.

    code, values  the same for translation; "" if there is only the message
    """

    def __init__(self, message: str, code: str = "", **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class MediaError(HailuoError, ValueError):
    """The file is no complete MP4 clip; the message says what it is or what is missing."""


class ManifestError(HailuoError, ValueError):
    """A clip's file does not say how it was made, or not in a way that can be read; the message
    says why."""


class FileError(HailuoError, OSError):
    """A file is refused: it is a symlink, a device, too large, or cannot be written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.strerror = message


class FieldError(HailuoError, ValueError):
    """A field of a bundle or ledger row has an invalid value. The message names the field."""


# Providers ----------------------------------------------------------------------------------------


ErrorKind = Literal[
    "invalid", "auth", "token", "permission", "balance", "rate", "moderation", "server", "protocol"
]
"""What an error of a provider means. `auth`: the key is refused. `token`: a short-lived token was
replaced by another process before it was used; the call did not run, and the key is valid."""


class ProviderError(HailuoError):
    """A provider refused a call, or failed.

    kind         see `ErrorKind`
    message      the provider's message
    code         the provider's code, as text
    request_id   the provider's id of the call, for its support
    retry_after  seconds to wait, if the provider says so
    status       HTTP status, None without a reply
    no_task      the provider says that it has no such task
    hint         what the adapter adds to the provider's words: another reason, what to do
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
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.message = message
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.status = status
        self.no_task = no_task
        self.hint = hint

    def __str__(self) -> str:
        said = f"{self.message} (code {self.code})" if self.code else self.message
        return f"{said}; {self.hint}" if self.hint else said


# The ledger ---------------------------------------------------------------------------------------


class LedgerError(HailuoError, RuntimeError):
    """The ledger cannot be opened, read or written. The message says what to do."""


class LedgerClosedError(LedgerError):
    """This session has closed the ledger and writes no more to it."""


class JobNotFoundError(HailuoError, LookupError):
    """The ledger has no job of that id."""


class IncompleteJobError(HailuoError, ValueError):
    """A job cannot be sent or polled in this process: its frame or key is missing."""


# Results ------------------------------------------------------------------------------------------


class ChainError(HailuoError, RuntimeError):
    """A shot of a chain has ended without a clip; the message says which, and what to do."""


class CheckError(HailuoError, AssertionError):
    """Checks of a comparison fall short. `rows` is the table of those that do (see
    `Comparison.check`); the message has its first rows."""

    def __init__(self, message: str, rows: pd.DataFrame) -> None:
        super().__init__(message)
        self.rows = rows


class TuneError(HailuoError, RuntimeError):
    """A race was stopped by a fault before its end; the message says which, and what was sent."""


class NoComparisonError(HailuoError, LookupError):
    """There is no saved comparison of that name or path; the message lists those that exist."""


class BundleError(HailuoError, ValueError):
    """The file is no valid saved comparison; the message says why."""


class VotesError(HailuoError, ValueError):
    """A file of votes cannot be taken: it is none, or of another board; the message says why."""


class ReadOnlyError(HailuoError, ValueError):
    """A clip of another ledger cannot be changed here."""


class TooLargeError(HailuoError, ValueError):
    """The clips do not fit into one HTML page; the message names another way."""


class NoParquetError(HailuoError, ImportError):
    """No Parquet library is installed; the message names one."""


class MissingExtraError(HailuoError, ImportError):
    """An optional package is not installed; the message says how to install it."""


class LinkError(HailuoError, ValueError):
    """The text is no valid link to a studio; the message says why."""


class PreviewError(HailuoError, ValueError):
    """A preview cannot be rendered; the message names the argument."""


class MeasureError(HailuoError, ValueError):
    """A clip cannot be measured; the message says why and what to do."""


class NotMeasuredError(HailuoError, ValueError):
    """A clip has no measurement to plot; the message says why."""


class ScoreError(HailuoError, RuntimeError):
    """Scoring cannot run; the message says what to do."""


class JudgeError(HailuoError, RuntimeError):
    """A judge (`hn.scorers.rubric`) was not reached, or its answer is none; the message has its
    words."""
