"""JUnit XML: the elements and attributes that the schemas of Ant and Jenkins ask for, no others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from hailuo_nb.cli import junit

_SUITE = {
    "name", "package", "id", "hostname", "timestamp", "tests", "failures", "errors", "skipped",
    "time",
}  # fmt: skip


def job(state: str = "saved", **changes: Any) -> Any:
    values = {
        "id": "0123456789ab",
        "prompt": "A cat\nruns " + "far " * 40,
        "provider": "simulated:ppinfra",
        "model": "MiniMax-Hailuo-02",
        "resolution": "768P",
        "duration": 6,
        "take": 1,
        "state": state,
        "error": None,
        "advice": "",
        "task_id": "t-1",
        "submitted_at": 100.0,
        "finished_at": 161.5,
    }
    return SimpleNamespace(**{**values, **changes})


def skip() -> Any:
    return SimpleNamespace(provider="fal", request=job(), error="no 1080P")


def document(**given: Any) -> ET.Element:
    jobs = given.get("jobs", [])
    call = {"jobs": [], "skipped": [], "checked": None, "missing": jobs, **given}
    return ET.fromstring(junit.render(**call))


def test_every_clip_is_a_case_with_the_provider_s_words() -> None:
    said = "blocked: \x1b[31mblood\x00 \ud800 (code 1026) & <more>"
    jobs = [
        job(),
        job("failed", error=said, advice="Change the prompt."),
        job("expired", error="the link died"),
        job("submitted", submitted_at=None),
    ]
    (suite,) = document(jobs=jobs, skipped=[skip()])
    assert [child.tag for child in suite] == [
        "properties", *["testcase"] * 5, "system-out", "system-err"
    ]  # fmt: skip
    assert set(suite.attrib) == _SUITE
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "2", "skipped": "1"}
    made, failed, expired, late, left = suite.findall("testcase")
    assert [one.get("time") for one in (made, late)] == ["61.500", "0.000"]
    assert all(set(one.attrib) == {"name", "classname", "time"} for one in suite[1:6])
    assert not list(made)
    words = failed[0].text or ""
    assert (failed[0].tag, failed[0].get("type")) == ("failure", "failed")
    assert "(code 1026) & <more>" in words
    assert "Change the prompt." in words and "task t-1" in words
    assert "\x1b" not in words
    assert [expired[0].tag, late[0].tag, left[0].tag] == ["error", "error", "skipped"]
    assert left[0].attrib == {"message": "no 1080P"}


def test_a_clip_that_a_check_allows_to_fail_is_skipped() -> None:
    (suite,) = document(jobs=[job(), job("failed", error="blocked")], missing=[])
    counts = {name: suite.get(name) for name in ("failures", "errors", "skipped")}
    assert counts == {"failures": "0", "errors": "0", "skipped": "1"}
    (said,) = suite.iter("skipped")
    assert said.get("message") == "blocked" and "allow it" in (said.text or "")


def test_checks_are_cases_of_a_suite_of_their_own() -> None:
    checked = pd.DataFrame(
        {
            "check": ["failed == 0"] * 2,
            "provider": ["a", "b"],
            "value": [0.0, 1.0],
            "n": [1, 1],
            "of": ["count"] * 2,
            "passed": [True, False],
            "reason": ["", "1 is not == 0"],
        }
    )
    _, suite = document(checked=checked)
    assert (suite.get("name"), suite.get("id"), suite.get("failures")) == ("checks", "1", "1")
    passed, short = suite.findall("testcase")
    assert passed.get("name") == "failed == 0 · a" and not list(passed)
    assert short[0].get("message", "").startswith("1 is not == 0")
