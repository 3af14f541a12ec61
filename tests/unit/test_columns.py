"""A clip's columns are fields of the ledger's row and of the annotation, and attributes of a job."""

from __future__ import annotations

from dataclasses import fields

from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.results.columns import FIELDS, FILE_FIELDS
from hailuo_nb.results.job import Job

ROW = {field.name for field in fields(JobRow)}
ANNOTATION = {name for name in FIELDS if hasattr(Annotation(), name)}


def test_every_column_has_one_origin() -> None:
    assert {*FIELDS} - ROW - ANNOTATION == {"progress", "sound", "spent"}
    assert not ROW & ANNOTATION
    assert {"rating", "note", "tags"} == ANNOTATION
    assert {*FILE_FIELDS} <= ROW - {*FIELDS}
    assert len({*FIELDS}) == len(FIELDS)


def test_every_column_is_an_attribute_of_a_job() -> None:
    assert all(hasattr(Job, name) for name in FIELDS)
