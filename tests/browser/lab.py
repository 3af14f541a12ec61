"""A real JupyterLab, driven through Debian's Chromium: the machinery of the browser tests.

`Lab` is a Jupyter server of its own, with nothing of the user's configuration; it opens a `Notebook`
in a page. Nothing here waits for time where it can wait for a condition. Must not know the product:
what is tested belongs to the tests.

Settings and traps are measured in the project's notes on JupyterLab 4.6 and playwright 1.65.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import quote, urlsplit

from tests.browser.notebook import Notebook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "build" / "screens"
HERE = {"127.0.0.1", "localhost", "[::1]", "::1"}
View = Literal["doc", "lab", "notebooks"]

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever is not this machine goes to a proxy that is not there. Loopback never uses a proxy.
    "--proxy-server=http://127.0.0.1:9",
]


def launch_chromium(playwright: Playwright) -> Browser:
    """Debian's Chromium, its windowless build where there is one: it plays H.264, and nothing is
    downloaded."""
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if executable is None:
        raise RuntimeError(
            "the browser tests need chromium: apt-get install chromium (`make test` does it)"
        )
    return playwright.chromium.launch(
        executable_path=executable, headless=True, args=CHROMIUM_ARGUMENTS
    )


def watched_context(browser: Browser, **settings: Any) -> tuple[BrowserContext, list[str]]:
    """A context as tests have it, and the list of what its pages ask for outside this machine."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 1000}} | settings))
    context.set_default_timeout(60_000)
    return context, watch_network(context)


def watch_network(context: BrowserContext) -> list[str]:
    """Notes every URL that pages of this context ask for outside this machine. It never gets there:
    no proxy."""
    outside: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in HERE:
            outside.append(url)

    context.on("request", lambda request: note(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: note(socket.url)))
    return outside


def shot(target: Page | Locator, name: str) -> Path:
    """A picture of the page, or of one element, in build/screens/NAME.png."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    path = SCREENS / f"{name}.png"
    target.screenshot(path=path, animations="disabled")
    return path


SMALL_CLIPS = {"HAILUO_NB_SIMULATOR_SHRINK": "4"}


class Lab:
    """A Jupyter server on loopback, and the notebooks below `root`.

    root      the folder that the server shows
    scratch   a folder for its own files: configuration, settings, kernels' connection files, its
              log
    base_url  the path that it lives under, as on a JupyterHub: "/user/ada/"
    env       variables for the server and its kernels; unless told otherwise the simulator's clips
              are small there, as drawing them is most of what a test costs
    python    the Python whose JupyterLab it is; a kernel "python3" of its environment is found
              first
    without   front-end extensions that are switched off, by name
    """

    def __init__(
        self,
        root: Path,
        scratch: Path,
        *,
        base_url: str = "/",
        env: dict[str, str] | None = None,
        python: str = sys.executable,
        without: Sequence[str] = (),
    ) -> None:
        self.root = root
        self.base_url = "/" + base_url.strip("/") + "/" if base_url.strip("/") else "/"
        self.log = scratch / "jupyter.log"
        self._scratch = scratch
        self._env = env or {}
        self._python = python
        # No "would you like to hear about news?" over the page.
        self._without = ["@jupyterlab/apputils-extension:announcements", *without]
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets: str | None = None

    @property
    def url(self) -> str:
        """The server's address, base URL included, with a slash at the end."""
        return f"http://127.0.0.1:{self._port}{self.base_url}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, within: float = 180) -> None:
        """Start the server and wait until it answers. Raises RuntimeError with the end of its
        log."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        # Kernels listen on sockets below this folder; the path of a socket has at most 107 bytes.
        self._sockets = tempfile.mkdtemp(prefix="lab-")
        deadline = time.monotonic() + within
        process = self._launch()
        while not self._answers():
            if time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"JupyterLab did not start:\n{self.log_tail()}")
            if process.poll() is not None:  # its port was free when it was chosen
                process = self._launch()
            time.sleep(0.05)

    def _launch(self) -> subprocess.Popen[bytes]:
        """A server at a port of its own, which does not answer yet."""
        self._port = _free_port()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, "-m", "jupyterlab", *self._arguments()],
                cwd=self.root,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self._process

    def stop(self) -> None:
        """End the server and its kernels."""
        try:
            self._end_server()
        finally:
            if self._sockets is not None:
                shutil.rmtree(self._sockets, ignore_errors=True)

    def _end_server(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log_tail(self, lines: int = 40) -> str:
        """The end of what the server and its kernels said."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def open(self, page: Page, name: str, *, view: View = "doc") -> Notebook:
        """Show the notebook `name` (below `root`) in `page` and wait for its kernel.

        view "doc" is the notebook alone, the simplest to drive; "lab" is JupyterLab with its side
        bars; "notebooks" is Notebook 7, which the same server brings.
        """
        notebook = Notebook(self, page, name)
        page.goto(f"{self.url}{view}/{'' if view == 'notebooks' else 'tree/'}{quote(name)}?reset")
        notebook.wait_ready()
        return notebook

    def api(self, method: str, path: str) -> Any:
        """One call of the server's own API, below /api/; JSON or None."""
        request = urllib.request.Request(f"{self.url}api/{path}", method=method)
        with urllib.request.urlopen(request, timeout=60) as reply:
            body = reply.read()
        return json.loads(body) if body else None

    def end_kernels(self) -> None:
        """Shut every kernel down, so that one test's work does not run into the next."""
        for session in self.api("GET", "sessions"):
            self.api("DELETE", f"sessions/{session['id']}")

    def forget_settings(self) -> None:
        """Back to JupyterLab's own settings (theme and all) from the next page on."""
        shutil.rmtree(self._scratch / "settings", ignore_errors=True)

    def _answers(self) -> bool:
        try:
            self.api("GET", "status")
        except (urllib.error.URLError, OSError):
            return False
        return True

    def _arguments(self) -> list[str]:
        return [
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self._port}",
            "--ServerApp.port_retries=0",
            # A TCP port that is free when the server chooses it may be taken when a kernel binds it.
            "--KernelManager.transport=ipc",
            f"--ServerApp.base_url={self.base_url}",
            f"--ServerApp.root_dir={self.root}",
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            "--ServerApp.disable_check_xsrf=True",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]

    def _environment(self) -> dict[str, str]:
        folders = {
            "HOME": "home",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        for folder in folders.values():
            (self._scratch / folder).mkdir(parents=True, exist_ok=True)
        env = os.environ | {name: str(self._scratch / folder) for name, folder in folders.items()}
        # The package of this tree, wherever the notebook lies.
        path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        return (
            env
            | {"PYTHONPATH": os.pathsep.join(path), "JUPYTER_PREFER_ENV_PATH": "1"}
            | {"JUPYTER_RUNTIME_DIR": str(self._sockets)}
            | SMALL_CLIPS
            | self._env
        )

    def _write_configuration(self) -> None:
        labconfig = self._scratch / "config" / "labconfig"
        labconfig.mkdir(parents=True, exist_ok=True)
        disabled = {"disabledExtensions": dict.fromkeys(self._without, True)}
        (labconfig / "page_config.json").write_text(json.dumps(disabled), "utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
