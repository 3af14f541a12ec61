"""A table of clips to ask for: the rows of a user's DataFrame become requests, and each bad row is
named.

Knows names, keys and the matrix; must not know the ledger, and sends nothing.
"""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.catalog.compatibility import Problem
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import ArgumentError, MissingKeyError, TableError, UnknownNameError
from hailuo_nb.ordering import accounts as names
from hailuo_nb.ordering import validation
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import masked
from hailuo_nb.requests.video_request import VideoRequest

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "prompt",
    "provider",
    "model",
    "resolution",
    "duration",
    "first_frame",
    "last_frame",
    "take",
)
"""What is read of a table beside options. All but `prompt` may be missing, in the table or in a
row."""
TOLD = ("cost", "currency", "problem", "nearest", "warning")
"""Columns that `hn.plan` adds for people: read over."""


@dataclass(frozen=True, slots=True)
class Row:
    """One clip to ask for, or what stands against it. `label` is the index label of its row in a
    table."""

    label: Any
    clip: JobSpec | None
    skipped: Skipped | None
    take: int | None = None

    @property
    def request(self) -> VideoRequest:
        found = self.clip or self.skipped
        assert found is not None
        return found.request


def is_table(thing: Any) -> bool:
    """Whether this is a table of pandas, polars, Arrow or another maker, said without any of
    them."""
    faces = ("itertuples", "__arrow_c_stream__", "__dataframe__")
    return any(hasattr(type(thing), face) for face in faces) and hasattr(thing, "columns")


def to_pandas(table: Any) -> pd.DataFrame:
    """Any table as one of pandas, its empty cells None or NaN. Raises TableError for one that
    cannot be read here."""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return table
    kind = f"{type(table).__module__.partition('.')[0]}.{type(table).__name__}"
    rows = getattr(table, "to_pylist", None) or getattr(
        table, "to_dicts", None
    )  # Arrow's and polars'
    try:
        if rows is not None:
            header = list(table.schema.names if hasattr(table, "to_pylist") else table.columns)
            cells = [[row[name] for name in header] for row in rows()]
            return pd.DataFrame(cells, columns=header, dtype=object)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # pandas 3 warns of the one protocol where pyarrow is missing for the other
            return pd.api.interchange.from_dataframe(table)
    except Exception as error:  # whatever its maker raises
        raise TableError(
            f"prompt is a table ({kind}) that cannot be read here ({type(error).__name__}): make "
            "one of pandas of it"
        ) from None


def read(
    table: pd.DataFrame,
    providers: Sequence[str | Account],
    takes: Sequence[int],
    defaults: Mapping[str, Any],
) -> list[Row]:
    """The rows of a table in their order.

    providers  for rows that name none; an Account among them also serves the rows that name its
               provider
    takes      for rows that name none
    defaults   model, resolution, duration, frames and options for cells that are empty (NaN, None,
               "")

    Raises TableError for its columns or too many clips, and MissingKeyError that lists every
    provider without a key.
    """
    _check_columns(table, bool(providers))
    if not len(table):
        raise TableError("prompt is a table without rows: there is nothing to ask for")
    reader = _Reader(providers, takes, defaults)
    columns = [str(column) for column in table.columns]
    found: list[Row] = []
    for number, (label, *values) in enumerate(table.itertuples(name=None)):
        row_name = f"row {arguments.format_label(label)}"
        row_name = row_name if table.index.is_unique else f"{row_name} (number {number})"
        cells = dict(zip(columns, values, strict=True))
        cells = {
            name: value for name, value in cells.items() if name == "prompt" or not _is_empty(value)
        }
        found += reader.rows(label, row_name, cells)
        if len(found) > arguments.MAX_VALUES:
            raise _too_many()
    if reader.missing:
        raise MissingKeyError("\n".join(dict.fromkeys(reader.missing)))
    return found


def _too_many() -> TableError:
    return TableError(
        f"the table, provider and takes come to more than {arguments.MAX_VALUES:,} clips"
    )


def _check_columns(table: pd.DataFrame, has_providers: bool) -> None:
    known = _known()
    unknown = [column for column in table.columns if column not in known]
    if unknown:
        lines = [_unknown_column(arguments.format_label(column)) for column in unknown]
        read = ", ".join([*COLUMNS, *settings()])
        raise TableError("\n".join([*lines, f"Read are {read}; {', '.join(TOLD)} are read over."]))
    if not table.columns.is_unique:
        raise TableError("a column of the table stands twice")
    if "prompt" not in table.columns:
        raise TableError("the table needs a column 'prompt'")
    if "provider" not in table.columns and not has_providers:
        raise TableError(
            "the table needs a column 'provider', or pass provider=[...] for all its rows"
        )


def settings() -> tuple[str, ...]:
    """The columns of options, and of what is named as options are."""
    return (*catalog.options(), *catalog.SHAPE)


def _known() -> list[str]:
    return [*COLUMNS, *settings(), *TOLD]


def _unknown_column(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), _known(), n=1, cutoff=0.5)
    return f"the table has a column {name}, which is none of a clip" + (
        f"; did you mean {close[0]!r}?" if close else "."
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """What was read of one row: the fields of its requests, and what could not be read. `row_name`
    names it to people."""

    label: Any
    row_name: str
    fields: dict[str, Any]
    takes: Sequence[int]
    problems: list[Problem]

    def bad(
        self,
        name: str,
        problems: Sequence[Problem],
        model: str = "",
        account: Account | None = None,
    ) -> Row:
        """The row as something that cannot be made; what could not be read of it has its
        default."""
        request = VideoRequest(
            **{**self.fields, "model": model or masked(self.fields["model"] or "")}
        )
        ref = ProviderRef.parse(name)
        title = account.provider.title if account else ref.provider
        skipped = Skipped(name, title, ref.simulated, request, tuple(problems), label=self.row_name)
        return Row(self.label, None, skipped)


class _Reader:
    """Reads rows, and keeps what many of them share: accounts, opened frames, missing keys."""

    def __init__(
        self, providers: Sequence[str | Account], takes: Sequence[int], defaults: Mapping[str, Any]
    ) -> None:
        self.missing: list[str] = []
        self._providers = providers
        self._given = {item.name: item for item in providers if isinstance(item, Account)}
        self._takes = takes
        self._defaults = dict(defaults)
        self._frames: dict[str, Frame] = {}
        self._readers: dict[str, Callable[[str, Any], Any]] = {
            "prompt": arguments.as_text,
            "model": arguments.as_text,
            "resolution": lambda _, value: catalog.parse_resolution(value),
            "duration": lambda _, value: catalog.parse_duration(value),
            "first_frame": self._frame,
            "last_frame": self._frame,
            **dict.fromkeys(settings(), catalog.parse_option),
        }

    def rows(self, label: Any, row_name: str, cells: Mapping[str, Any]) -> list[Row]:
        """A row of the table for each provider and take that it leaves open."""
        wanted = [cells["provider"]] if "provider" in cells else list(self._providers)
        problems: list[Problem] = []
        read = _Cells(
            label, row_name, self._fields(cells, problems), self._take(cells, problems), problems
        )
        if len(wanted) * len(read.takes) > arguments.MAX_VALUES:
            raise _too_many()
        if not wanted:
            return [read.bad("", [*problems, _wrong("provider", "it names no provider")])]
        return [row for provider in wanted for row in self._at(provider, read)]

    def _fields(self, cells: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
        """The fields of the request but its model; what cannot be read is left as it stands and
        told."""
        given = {**self._defaults, **cells}
        fields: dict[str, Any] = {"prompt": "", "model": None}
        for name, reader in self._readers.items():
            value = given.get(name)
            if value is None and name != "prompt":
                continue
            try:
                fields[name] = reader(name, value)
            except ValueError as error:
                text = str(error)
                problems.append(_wrong(name, text if name in text else f"{name}: {text}"))
        return fields

    def _take(self, cells: Mapping[str, Any], problems: list[Problem]) -> Sequence[int]:
        if "take" not in cells:
            return self._takes
        try:
            return [arguments.as_take(cells["take"])]
        except ArgumentError as error:
            problems.append(_wrong("take", str(error)))
            return [1]

    def _frame(self, _name: str, source: Any) -> Frame:
        if not isinstance(source, str):
            return Frame.of(source)
        if source not in self._frames:
            self._frames[source] = Frame.of(source)
        return self._frames[source]

    def _at(self, provider: Any, read: _Cells) -> list[Row]:
        """The clips of a row at one provider, or the row with everything that stands against it."""
        problems = list(read.problems)
        try:
            wanted = names.name_or_account("provider", provider)
        except ArgumentError as error:
            return [read.bad("", [*problems, _wrong("provider", str(error))])]
        name = wanted.name if isinstance(wanted, Account) else masked(wanted)
        try:
            account, named = self._access(wanted, read.fields["model"])
        except MissingKeyError as error:
            self.missing.append(str(error))
            return []
        except ValueError as error:  # UnknownNameError is one, and so is what is wrong with a key
            return [read.bad(name, [*problems, _wrong("provider", str(error))])]
        try:
            model = catalog.resolve_model(account.provider.name, named, elsewhere=True)
        except UnknownNameError as error:
            return [
                read.bad(
                    account.name,
                    [*problems, _wrong("model", str(error))],
                    masked(str(named)),
                    account,
                )
            ]
        if not problems:
            request = VideoRequest("", "").but(**{**read.fields, "model": model})
            problems = [
                p for p in catalog.check(request, account.provider.name) if p.severity == "error"
            ]
        if problems:
            return [read.bad(account.name, problems, model, account)]
        return [
            Row(read.label, validation.job_spec(account, request, take), None, take)
            for take in read.takes
        ]

    def _access(self, provider: str | Account, model: str | None) -> tuple[Account, str | None]:
        """The provider of a cell and the model asked of it, which may stand behind the provider's
        name."""
        if isinstance(provider, Account):
            return provider, model
        ref = ProviderRef.parse(provider)
        account = self._given.get(ref.name) or names.target(ref.name, None).account
        return account, ref.model or model


def _is_empty(value: Any) -> bool:
    """NaN, None, NA, NaT or an empty text."""
    return arguments.is_missing(value) or (isinstance(value, str) and not value)


def _wrong(field: str, message: str) -> Problem:
    return Problem(field, message, "error", "unreadable")
