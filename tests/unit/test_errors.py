"""Every error that a person can meet is below HailuoError, documented, and importable from
hailuo_nb."""

from __future__ import annotations

import builtins
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb import errors

PUBLIC_ERRORS = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, Exception)
}
# Errors that the package handles itself, by where they end.
INTERNAL = {
    "AdmissionClosedError": "the runner ends the job",
    "ConnectionLostError": "the simulator's: a client reads it as a connection error",
    "DownloadError": "the download retries",
    "DuplicateTaskError": "the submit is recorded as unclear",
    "FileChangedError": "hn.score skips the clip",
    "ImageParseError": "becomes a FrameError",
    "ImpossibleEventError": "a fault of this package",
    "LinkGoneError": "the poller asks for another link",
    "LinkRefusedError": "the download fails the job",
    "NoRouteError": "the transport's: becomes the job's error",
    "NotOursError": "the runner leaves the job to its owner",
    "RefusalError": "the simulator's: becomes a reply",
    "RenderStoppedError": "becomes a PreviewError",
    "TaskLostError": "the runner ends the job",
    "TaskOverdueError": "the runner ends the job",
}


def error_classes() -> Iterator[type[Exception]]:
    """Every exception class that a module of the package defines."""
    for module in pkgutil.walk_packages(hn.__path__, "hailuo_nb."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, Exception)
                and value.__module__ == module.name
            ):
                yield value


def public_callables() -> Iterator[tuple[str, Any]]:
    for name in hn.__all__:
        value = getattr(hn, name)
        if inspect.isclass(value) and not issubclass(value, Exception):
            for method, function in inspect.getmembers(value):
                if not method.startswith("_"):
                    yield f"{name}.{method}", function
        yield name, value


DOCUMENTED = sorted(
    {
        (where, error)
        for where, value in public_callables()
        for sentence in re.findall(r"Raises [^.]*", inspect.getdoc(value) or "")
        for error in re.findall(r"\b[A-Z]\w*Error\b", sentence)
    }
)


def test_every_error_class_is_public_or_known_to_be_internal() -> None:
    found = {error.__name__ for error in error_classes() if not error.__name__.startswith("_")}
    assert found - set(PUBLIC_ERRORS) == set(INTERNAL)


@pytest.mark.parametrize("name", PUBLIC_ERRORS)
def test_a_public_error_has_a_base_a_docstring_and_a_short_name(name: str) -> None:
    error = PUBLIC_ERRORS[name]
    assert issubclass(error, errors.HailuoError)
    assert error.__doc__
    assert getattr(hn, name) is error
    assert name in hn.__all__


@pytest.mark.parametrize(("where", "error"), DOCUMENTED)
def test_a_documented_error_can_be_caught_by_name(where: str, error: str) -> None:
    assert error in PUBLIC_ERRORS or hasattr(builtins, error), where


def test_public_functions_document_their_errors() -> None:
    assert len(DOCUMENTED) > 20
