"""Reads a user's DataFrame: its rows become job specs, or are skipped with their problems."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.catalog.compatibility import Problem
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import ArgumentError, MissingKeyError, TableError, UnknownNameError
from hailuo_nb.ordering import accounts, table_columns, validation
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import masked
from hailuo_nb.requests.reference import references_of
from hailuo_nb.requests.video_request import VideoRequest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """A clip to submit, or a skipped one. `label` is the index label of its row."""

    label: Any
    clip: JobSpec | None
    skipped: Skipped | None
    take: int | None = None

    @property
    def request(self) -> VideoRequest:
        return self._found.request

    @property
    def own_columns(self) -> OwnColumns:
        return self._found.own_columns

    @property
    def _found(self) -> JobSpec | Skipped:
        found = self.clip or self.skipped
        assert found is not None
        return found


def is_table(thing: Any) -> bool:
    """Whether this is a table of pandas, polars, Arrow or another library; imports none."""
    protocols = ("itertuples", "__arrow_c_stream__", "__dataframe__")
    return any(hasattr(type(thing), protocol) for protocol in protocols) and hasattr(
        thing, "columns"
    )


def to_pandas(table: Any) -> pd.DataFrame:
    """Converts a table to pandas, with None or NaN in empty cells. Raises TableError."""
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
            f"prompt is a table ({kind}) that cannot be read here ({type(error).__name__}): "
            "convert it to a pandas DataFrame"
        ) from None


def read(
    table: pd.DataFrame,
    providers: Sequence[str | Account],
    takes: Sequence[int],
    defaults: Mapping[str, Any],
) -> list[Row]:
    """Reads the rows of a table in order.

    providers  for rows without provider; an Account also serves rows that name its provider
    takes      for rows without take
    defaults   of model, resolution, duration, frames and options for empty cells (NaN, None, "")

    Columns that are none of a clip are the person's own, and travel with the clips.

    Raises TableError for wrong columns, too many clips, several takes where each row has its own,
    or two rows that ask for the same clip with different own columns; UnknownNameError for a wrong
    one of `providers` or a wrong default model; MissingKeyError that lists every provider without a
    key.
    """
    own = table_columns.check(table, bool(providers))
    accounts.require_known(providers)
    if (model := defaults.get("model")) is not None:
        catalog.require_known_model(model)
    if len(takes) > 1 and "take" in table.columns and not table["take"].map(is_empty).any():
        raise TableError(
            f"takes asks for {len(takes)} samples, but each row has its own number in the column "
            "take: make the table with hn.plan(..., takes=), or leave the column out"
        )
    reader = _Reader(providers, takes, defaults)
    columns = [str(column) for column in table.columns]
    found: list[Row] = []
    by_clip: dict[tuple[str, int | None], tuple[str, OwnColumns]] = {}
    for number, (label, *values) in enumerate(table.itertuples(name=None)):
        if len(values) > 1 and all(map(is_empty, values)):
            continue  # as a spreadsheet has them; a prompt that stands alone is missed
        row_name = f"row {arguments.format_label(label)}"
        row_name = row_name if table.index.is_unique else f"{row_name} (number {number})"
        cells = dict(zip(columns, values, strict=True))
        cells = {
            name: value for name, value in cells.items() if name == "prompt" or not is_empty(value)
        }
        own_cells = table_columns.own_cells(cells, own, row_name)
        rows = reader.rows(label, row_name, cells, own_cells)
        for clip in (row.clip for row in rows if own and row.clip is not None):
            before, kept = by_clip.setdefault((clip.identity, clip.take), (row_name, own_cells))
            table_columns.check_same(kept, own_cells, f"{before} and {row_name}")
        found += rows
        if len(found) > arguments.MAX_VALUES:
            raise _too_many()
    if reader.missing:
        raise MissingKeyError("\n".join(dict.fromkeys(reader.missing)))
    if not found:
        raise TableError("prompt is a table without rows: there is nothing to ask for")
    return found


def _too_many() -> TableError:
    return TableError(
        f"the table, provider and takes come to more than {arguments.MAX_VALUES:,} clips"
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """The parsed cells of one row and their problems. `row_name` is for messages."""

    label: Any
    row_name: str
    fields: dict[str, Any]
    takes: Sequence[int]
    problems: list[Problem]
    own: OwnColumns

    def skip(
        self,
        name: str,
        problems: Sequence[Problem],
        model: str = "",
        account: Account | None = None,
    ) -> Row:
        """Returns the row as skipped, with defaults for what could not be parsed."""
        request = VideoRequest(
            **{**self.fields, "model": model or masked(self.fields["model"] or "")}
        )
        ref = ProviderRef.parse(name)
        title = account.provider.title if account else ref.provider
        skipped = Skipped(
            name,
            title,
            ref.simulated,
            request,
            tuple(problems),
            label=self.row_name,
            own_columns=self.own,
        )
        return Row(self.label, None, skipped)


class _Reader:
    """Reads rows; shares accounts, frames and missing keys between them."""

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
            "references": lambda name, value: references_of(value, name),
            **dict.fromkeys(table_columns.settings(), catalog.parse_option),
        }

    def rows(
        self, label: Any, row_name: str, cells: Mapping[str, Any], own: OwnColumns
    ) -> list[Row]:
        """Returns a row for each provider and take that the cells leave open."""
        wanted = [cells["provider"]] if "provider" in cells else list(self._providers)
        problems: list[Problem] = []
        fields, takes = self._fields(cells, problems), self._take(cells, problems)
        parsed = _Cells(label, row_name, fields, takes, problems, own)
        if len(wanted) * len(parsed.takes) > arguments.MAX_VALUES:
            raise _too_many()
        if not wanted:
            return [parsed.skip("", [*problems, _problem("provider", "it names no provider")])]
        return [row for provider in wanted for row in self._at(provider, parsed)]

    def _fields(self, cells: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
        """Parses the request's fields except the model; adds a problem for each invalid one."""
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
                problems.append(_problem(name, text if name in text else f"{name}: {text}"))
        return fields

    def _take(self, cells: Mapping[str, Any], problems: list[Problem]) -> Sequence[int]:
        if "take" not in cells:
            return self._takes
        try:
            return [arguments.as_take(cells["take"])]
        except ArgumentError as error:
            problems.append(_problem("take", str(error)))
            return [1]

    def _frame(self, _name: str, source: Any) -> Frame:
        if not isinstance(source, str):
            return Frame.of(source)
        if source not in self._frames:
            self._frames[source] = Frame.of(source)
        return self._frames[source]

    def _at(self, provider: Any, parsed: _Cells) -> list[Row]:
        """Returns the clips of a row at one provider, or a skipped row with all problems."""
        problems = list(parsed.problems)
        try:
            wanted = accounts.name_or_account("provider", provider)
        except ArgumentError as error:
            return [parsed.skip("", [*problems, _problem("provider", str(error))])]
        name = wanted.name if isinstance(wanted, Account) else masked(wanted)
        try:
            account, named = self._account_and_model(wanted, parsed.fields["model"])
        except MissingKeyError as error:
            self.missing.append(str(error))
            return []
        except ValueError as error:  # UnknownNameError, or a key's error
            return [parsed.skip(name, [*problems, _problem("provider", str(error))])]
        try:
            model = catalog.resolve_model(account.provider.name, named, elsewhere=True)
        except UnknownNameError as error:
            return [
                parsed.skip(
                    account.name,
                    [*problems, _problem("model", str(error))],
                    masked(str(named)),
                    account,
                )
            ]
        if not problems:
            request = VideoRequest("", "").but(**{**parsed.fields, "model": model})
            problems = catalog.errors_of(request, account.provider.name)
        if problems:
            return [parsed.skip(account.name, problems, model, account)]
        return [
            Row(parsed.label, validation.job_spec(account, request, take, parsed.own), None, take)
            for take in parsed.takes
        ]

    def _account_and_model(
        self, provider: str | Account, model: str | None
    ) -> tuple[Account, str | None]:
        """Returns account and model; the model may be part of the provider's name."""
        if isinstance(provider, Account):
            return provider, model
        ref = ProviderRef.parse(provider)
        given = self._given.get(accounts.full_name(ref.name))
        account = given or accounts.target(ref.name, None).account
        return account, ref.model or model


def is_empty(value: Any) -> bool:
    """NaN, None, NA, NaT or an empty text."""
    return arguments.is_missing(value) or (isinstance(value, str) and not value)


def _problem(field: str, message: str) -> Problem:
    return Problem(field, message, "error", "unreadable")
