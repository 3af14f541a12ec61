"""A run as JUnit XML, as the schemas of Ant and Jenkins both take it: clips and checks are cases.

A clip that a provider refused or gave up on is a failure in the provider's words; one that is lost
or not over is an error; one that cannot be made, or that a check allows to fail, is skipped.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree as ET

from hailuo_nb.media.text import one_line, shortened, visible

if TYPE_CHECKING:
    import pandas as pd

    from hailuo_nb.ordering.validation import Skipped
    from hailuo_nb.results.job import Job

Outcome = Literal["", "failure", "error", "skipped"]
_OUTCOMES: tuple[Outcome, ...] = ("failure", "error", "skipped")
_FAILED = frozenset({"rejected", "failed"})
_NAME = 80  # characters of a prompt in a name
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Case:
    """outcome "" for passed; kind and words say what went wrong."""

    group: str
    name: str
    seconds: float = 0.0
    outcome: Outcome = ""
    kind: str = ""
    words: str = ""


def render(
    jobs: Sequence[Job],
    skipped: Sequence[Skipped],
    checked: pd.DataFrame | None,
    missing: Sequence[Job],
) -> bytes:
    """The document.

    checked  the table of `Comparison.check`
    missing  see `missing.missing_clips`
    """
    counted = {job.id for job in missing}
    clips = [_clip(job, allowed=job.id not in counted) for job in jobs]
    clips += [_left_out(one) for one in skipped]
    suites = [("clips", clips)]
    if checked is not None:
        suites.append(
            ("checks", [_check(row, checked.columns[1]) for row in checked.to_dict("records")])
        )
    root = ET.Element("testsuites")
    for number, (name, cases) in enumerate(suites):
        root.append(_suite(number, name, cases))
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _clip(job: Job, *, allowed: bool) -> _Case:
    prompt = one_line(job.prompt, _NAME)
    name = f"{prompt} · {job.model} {job.resolution} {job.duration} s, take {job.take}"
    began, ended = job.submitted_at, job.finished_at
    seconds = 0.0 if began is None or ended is None else max(0.0, ended - began)
    if job.state == "saved":
        return _Case(job.provider, name, seconds)
    task = f"task {job.task_id}" if job.task_id else ""
    words = "\n".join(filter(None, (job.error or job.state, job.advice, task, f"job {job.id}")))
    outcome: Outcome = "failure" if job.state in _FAILED else "error"
    if allowed:
        outcome, words = "skipped", f"{words}\nThe checks that were given allow it."
    return _Case(job.provider, name, seconds, outcome, job.state, words)


def _left_out(skip: Skipped) -> _Case:
    request = skip.request
    prompt = one_line(request.prompt, _NAME)
    name = f"{prompt} · {request.model} {request.resolution} {request.duration} s"
    return _Case(skip.provider, name, 0.0, "skipped", "invalid", skip.error or "")


def _check(row: Mapping[Any, Any], item: str) -> _Case:
    name = f"{row['check']} · {one_line(str(row[item]), _NAME)}"
    if row["passed"]:
        return _Case("checks", name)
    words = f"{row['reason']} (n = {row['n']}, {row['of']})"
    return _Case("checks", name, 0.0, "failure", "check", words)


def _suite(number: int, name: str, cases: Sequence[_Case]) -> ET.Element:
    counts = {one: sum(case.outcome == one for case in cases) for one in _OUTCOMES}
    suite = ET.Element(
        "testsuite",
        name=name,
        package="hailuo_nb",
        id=str(number),
        # Not this machine's: a report travels.
        hostname="localhost",
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()),
        tests=str(len(cases)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    ET.SubElement(suite, "properties")
    for case in cases:
        attributes = {"classname": f"hailuo_nb.{case.group}", "name": case.name}
        made = ET.SubElement(
            suite,
            "testcase",
            {key: _clean(text) for key, text in attributes.items()},
            time=f"{case.seconds:.3f}",
        )
        if case.outcome:
            words = _clean(case.words)
            kind = {} if case.outcome == "skipped" else {"type": case.kind}
            said = ET.SubElement(made, case.outcome, kind, message=words.partition("\n")[0])
            said.text = words
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", visible(shortened(text)))
