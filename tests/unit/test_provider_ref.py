"""ProviderRef: a provider's name, read and written."""

from __future__ import annotations

import pytest

from hailuo_nb.requests.provider_ref import ProviderRef


@pytest.mark.parametrize(
    ("text", "ref", "written"),
    [
        ("ppinfra", ProviderRef("ppinfra"), "ppinfra"),
        ("simulated:ppinfra", ProviderRef("ppinfra", simulated=True), "simulated:ppinfra"),
        ("xcompute/2.3", ProviderRef("xcompute", model="2.3"), "xcompute/2.3"),
        (
            " simulated: xcompute / MiniMax-Hailuo-2.3 ",
            ProviderRef("xcompute", True, "MiniMax-Hailuo-2.3"),
            "simulated:xcompute/MiniMax-Hailuo-2.3",
        ),
        ("a/b/c", ProviderRef("a", model="b/c"), "a/b/c"),
        ("ppinfra/", ProviderRef("ppinfra"), "ppinfra"),
        ("SIMULATED:ppinfra", ProviderRef("SIMULATED:ppinfra"), "SIMULATED:ppinfra"),
        ("", ProviderRef(""), ""),
    ],
)
def test_read_and_written(text: str, ref: ProviderRef, written: str) -> None:
    assert ProviderRef.parse(text) == ref
    assert str(ref) == written
    assert ProviderRef.parse(str(ref)) == ref


def test_the_stand_in_and_the_model() -> None:
    ref = ProviderRef.parse("ppinfra/02")
    assert str(ref.stand_in()) == "simulated:ppinfra/02"
    assert ref.stand_in().name == "simulated:ppinfra"
    assert str(ref.with_model("2.3")) == "ppinfra/2.3"
