"""Providers of other packages: what is wrong with one is said by its name, and is its own affair."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb import catalog
from hailuo_nb.catalog.installed import installed
from hailuo_nb.catalog.rows import own
from hailuo_nb.providers import registry
from hailuo_nb.requests.entry_points import PROVIDERS, SIMULATORS, load
from hailuo_nb.simulator.dialects import all_dialects, broken

ACME = Path(__file__).parents[1] / "contract" / "outside" / "acme_hailuo"
OWN = tuple(own())

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put a package on the path that names a provider."""

    def put(name: str, value: str, group: str = PROVIDERS, **files: str) -> None:
        package = value.partition(".")[0].partition(":")[0]
        info = tmp_path / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n")
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        for file, text in files.items():
            (tmp_path / package / file.replace("_", ".")).write_text(text)

    # Nothing else that is installed where the tests run takes part.
    others = [one for one in sys.path if one != str(ACME.parent)]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *others])
    importlib.invalidate_caches()
    installed.cache_clear()
    yield put
    installed.cache_clear()


def adapter(name: str = "acme", **replaced: str) -> str:
    text = (ACME / "adapter.py").read_text(encoding="utf-8").replace('"acme"', f'"{name}"')
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text


def book(**changed: Any) -> str:
    content = json.loads((ACME / "catalog.json").read_text(encoding="utf-8"))
    return json.dumps(content | changed)


def test_a_sound_one_is_used(install: Install) -> None:
    install("acme", "sound_pkg.adapter:Acme", adapter_py=adapter(), catalog_json=book())
    assert installed().broken == {}
    assert registry.names() == (*OWN, "acme")
    assert registry.get(" ACME ").title == "Acme Video"


@pytest.mark.parametrize(
    ("case", "files", "reason"),
    [
        ("raises", {"adapter_py": "1 / 0", "catalog_json": book()}, "ZeroDivisionError"),
        ("no_class", {"adapter_py": "", "catalog_json": book()}, "AttributeError"),
        ("no_catalog", {"adapter_py": adapter()}, "catalog.json"),
        ("no_json", {"adapter_py": adapter(), "catalog_json": "{"}, "its catalog.json is no JSON"),
        (
            "no_rows",
            {"adapter_py": adapter(), "catalog_json": '{"name": "acme"}'},
            "rows must be a list",
        ),
        ("other", {"adapter_py": adapter(), "catalog_json": book(name="acne")}, "about 'acne'"),
        ("its_name", {"adapter_py": adapter("acne"), "catalog_json": book()}, "itself 'acne'"),
        (
            "no_face",
            {"adapter_py": adapter(key_variables="variables"), "catalog_json": book()},
            "no key_variables",
        ),
        (
            "host",
            {"adapter_py": adapter(base_url="hosts_url"), "catalog_json": book()},
            "no base_url",
        ),
        # A clip that is paid and never asked about.
        (
            "no_poll",
            {"adapter_py": adapter(**{"def poll": "def pol"}), "catalog_json": book()},
            "poll",
        ),
        (
            "resolution",
            {"adapter_py": adapter(), "catalog_json": book().replace("768P", "768p")},
            "write 768P for 768p",
        ),
        (
            "model",
            {"adapter_py": adapter(), "catalog_json": book().replace("MiniMax-Hailuo", "Hailuo")},
            "write MiniMax-Hailuo-2.3 for Hailuo-2.3",
        ),
    ],
)
def test_a_broken_one_is_named(
    case: str, files: dict[str, str], reason: str, install: Install
) -> None:
    install("acme", f"{case}_pkg.adapter:Acme", **files)
    assert registry.names() == OWN
    (sentence,) = registry.broken()
    assert f"'acme' of the package {case}_pkg is not used: " in sentence
    assert reason in sentence
    for call in (
        lambda: registry.get("acme"),
        lambda: hn.provider("simulated:acme"),
        lambda: hn.plan("A cat", provider="acme/02"),
    ):
        with pytest.raises(hn.UnknownNameError, match="'acme' of the package"):
            call()
    with pytest.raises(hn.UnknownNameError) as caught:
        registry.get("ppinfre")
    assert "of the package" not in str(caught.value)


def test_the_doctor_says_it(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAILUO_NB_HOME", "")
    install("acme", "sick_pkg.adapter:Acme", adapter_py="1 / 0")
    report = hn.doctor()
    assert any("'acme' of the package sick_pkg is not used" in one for one in report.warnings)


def test_a_name_of_ours_and_a_bad_name_are_refused(install: Install) -> None:
    install("ppinfra", "thief_pkg.adapter:Acme", adapter_py=adapter("ppinfra"))
    install("Acme/2", "odd_pkg.adapter:Acme", adapter_py=adapter("Acme/2"))
    assert registry.names() == OWN
    assert type(registry.get("ppinfra")).__module__ == "hailuo_nb.providers.ppinfra.adapter"
    assert "one of that name itself" in installed().broken["ppinfra"]
    assert "lower-case" in installed().broken["Acme/2"]
    install("minimax-cn", "double_pkg.dialect:Acme", SIMULATORS, dialect_py="class Acme: ...")
    (sentence,) = broken()
    assert "one of that name itself" in sentence


def test_two_packages_with_one_name_are_both_refused(install: Install) -> None:
    for package in ("first_pkg", "second_pkg"):
        install("acme", f"{package}.adapter:Acme", adapter_py=adapter(), catalog_json=book())
    assert registry.names() == OWN
    assert "first_pkg and second_pkg" in installed().broken["acme"]


def test_a_base_url_elsewhere_is_refused(install: Install) -> None:
    text = adapter(**{"https://api.acme.example": "https://other.example"})
    install("acme", "far_pkg.adapter:Acme", adapter_py=text, catalog_json=book())
    assert "not https at one of its hosts" in installed().broken["acme"]


def test_a_broken_dialect_takes_no_other_with_it(install: Install) -> None:
    install("acme", "bad_dialect.dialect:Acme", SIMULATORS, dialect_py="1 / 0")
    assert {dialect.name for dialect in all_dialects()} == set(OWN)
    (sentence,) = broken()
    assert "'acme' of the package bad_dialect is not used: ZeroDivisionError" in sentence


@pytest.mark.parametrize(
    ("case", "old", "new", "reason"),
    [
        ("name", 'name = "acme"', 'name = "acne"', "itself 'acne'"),
        ("refuse", "def refuse", "def refused", "has no refuse"),
        ("endpoints", "def endpoints", "def paths", "has no endpoints"),
    ],
)
def test_a_dialect_of_another_shape_is_named(
    case: str, old: str, new: str, reason: str, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAILUO_NB_HOME", "")
    text = (ACME / "dialect.py").read_text(encoding="utf-8")
    text = text.replace(old, new)
    install("acme", f"odd_{case}.dialect:Acme", SIMULATORS, dialect_py=text)
    assert {dialect.name for dialect in all_dialects()} == set(OWN)
    (sentence,) = broken()
    assert reason in sentence
    assert any(reason in warning for warning in hn.doctor().warnings)


def test_nobody_asks_nothing_is_imported(install: Install) -> None:
    install("acme", "lazy_pkg.adapter:Acme", "another.group", adapter_py="1 / 0")
    assert load(PROVIDERS, (), lambda entry, found: found).broken == {}
    assert set(OWN) <= set(catalog.providers())
