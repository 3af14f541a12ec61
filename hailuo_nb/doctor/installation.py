"""What is installed, and where it runs."""

from __future__ import annotations

import sys

from hailuo_nb.doctor.report import Check, Section

_PACKAGES = (
    "ipykernel",
    "jupyterlab",
    "ipywidgets",
    "anywidget",
    "httpx2",
    "av",
    "numpy",
    "pandas",
    "pillow",
)
_OPENCV = (
    "opencv-python-headless",
    "opencv-python",
    "opencv-contrib-python-headless",
    "opencv-contrib-python",
)
_MISSING = "not installed"


def check() -> Section:
    import platform

    # The version of this code, whatever pip has noted.
    here = Check("hailuo_nb", sys.modules["hailuo_nb"].__version__)
    python = Check("Python", f"{platform.python_version()}, {platform.platform()}")
    packages = Check("packages", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES))
    return Section("Installation", (here, python, packages, _opencv(), _kernel(), _nested_loops()))


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return _MISSING


def _opencv() -> Check:
    from importlib.util import find_spec

    if find_spec("cv2") is None:
        found = f"{_MISSING}: simulated clips are small; pip install 'hailuo-nb[video]'"
    else:
        found = next((found for found in map(_version, _OPENCV) if found != _MISSING), "installed")
    return Check("OpenCV", found)


def _kernel() -> Check:
    from hailuo_nb.pages.progress import in_kernel

    return Check(
        "runs in", "a Jupyter kernel" if in_kernel() else "no kernel: tables are plain text"
    )


def _nested_loops() -> Check:
    from hailuo_nb.engine import loop

    patched = loop.nesting_patch()
    warning = (
        "nest_asyncio 1.6 has patched asyncio: on ipykernel 7 it loses cells of a Run All. "
        "hn.allow_nested() uses its maintained successor."
    )
    warnings = (warning,) if patched == "nest_asyncio" else ()
    return Check("nested loops", patched or "not patched", warnings=warnings)
