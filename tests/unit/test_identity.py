"""What makes a clip the same clip: the vectors hold it for good, whatever the code becomes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.providers import registry
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit.pictures import PLAIN, encoded, exif, noise, picture

PATH = Path(__file__).parents[1] / "vectors" / "identity.json"
VECTORS: list[dict[str, Any]] = json.loads(PATH.read_text("utf-8"))["requests"]


def spec_of(vector: dict[str, Any]) -> JobSpec:
    given = dict(vector["request"])
    options = given.pop("options", {})
    frames = {
        name: Frame(**given.pop(name)) for name in ("first_frame", "last_frame") if name in given
    }
    references = [Reference(**one) for one in given.pop("references", ())]
    name = vector["provider"]
    adapter = registry.get(name.removeprefix("simulated:"))
    address = vector["base_url"] or adapter.base_url
    account = Account(adapter, address, Credentials("k"), name.startswith("simulated:"))
    return JobSpec(account, VideoRequest(**given, **frames, references=references, options=options))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["what"]))
def test_an_identity_stays_what_it_is(vector: dict[str, Any]) -> None:
    """A change here makes every clip of a ledger be paid again: never write these numbers anew."""
    spec = spec_of(vector)
    assert spec.request.fingerprint == vector["fingerprint"]
    assert spec.identity == vector["identity"]
    assert list(spec.identities[1:]) == vector["aliases"]
    if not spec.request.references:  # the first edition had none
        assert vector["first_edition"] in spec.identities


def test_the_vectors_tell_every_request_apart() -> None:
    assert len(VECTORS) >= 12
    assert len({vector["identity"] for vector in VECTORS}) == len(VECTORS) - 1
    assert VECTORS[0]["identity"] == VECTORS[1]["identity"], "a default that is named is a default"


def test_what_is_written_keeps_the_identity() -> None:
    """A row of a ledger, a bundle: the request is read again without the bytes of its frames."""
    for vector in VECTORS:
        request = spec_of(vector).request
        data = json.loads(json.dumps(request.to_json()))
        again = VideoRequest.from_json(data, lambda name: None if name is None else Frame(name))
        assert again.fingerprints == request.fingerprints


def test_a_frame_is_named_by_the_bytes_that_were_given(tmp_path: Path) -> None:
    data = encoded(picture(), "JPEG", exif=exif(6))
    path = tmp_path / "cat.jpg"
    path.write_bytes(data)
    frame = Frame.of(path)
    assert frame.source == "sha256:" + hashlib.sha256(data).hexdigest() != frame.identity
    assert Frame.of(frame).source == frame.source == Frame.of(data).source
    smaller = frame.fitted(max_side=380)
    assert smaller.identity != frame.identity
    assert smaller.source == f"{frame.source} fitted 380/{20 * 2**20}"
    assert Frame.of(PLAIN["image/png"]).source == Frame.of(PLAIN["image/png"]).identity
    assert Frame.of("https://example.com/cat.jpg").source == ""


def test_a_picture_in_memory_is_named_by_its_pixels() -> None:
    array = noise(320, 400)
    names = {Frame.of(array).source, Frame.of(array.copy()).source}
    assert len(names) == 1
    assert names.pop().startswith("pixels:")
    assert Frame.of(np.flipud(array).copy()).source != Frame.of(array).source
    for mode in ("RGB", "L", "P", "RGBA", "CMYK", "LA", "1", "I;16"):
        assert Frame.of(picture(mode="L").convert(mode)).source.startswith("pixels:")


def test_another_release_of_pillow_sends_other_bytes_of_the_same_frame() -> None:
    """It is the same clip: by its source it is found, and by what was sent as well."""
    before = Frame("sha256:" + "1" * 64, source="sha256:" + "0" * 64)
    after = Frame("sha256:" + "2" * 64, source=before.source)
    clip = VideoRequest("It turns", "MiniMax-Hailuo-02", first_frame=before)
    assert clip.fingerprint == clip.but(first_frame=after).fingerprint
    lost = clip.but(first_frame=Frame(before.identity))
    assert lost.fingerprint in clip.fingerprints


def test_every_field_of_a_request_tells_clips_apart() -> None:
    clip = VideoRequest("A cat", "MiniMax-Hailuo-02")
    others: dict[str, Any] = {
        "prompt": "A dog", "model": "MiniMax-Hailuo-2.3", "resolution": "1080P", "duration": 10,
        "first_frame": Frame("a"), "last_frame": Frame("a"), "ratio": "16:9",
        "sound": False, "options": {"watermark": False},
        "references": (Reference("picture", "a"),),
    }  # fmt: skip
    assert set(others) == {field.name for field in fields(VideoRequest)}
    made = [clip, *(clip.but(**{name: value}) for name, value in others.items())]
    assert len({one.fingerprint for one in made}) == len(made)
