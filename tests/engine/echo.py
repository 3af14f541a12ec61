"""A provider on loopback that answers as badly as it can with regard to keys: it echoes what it was
sent.

Its base URL chooses what it does: `http://127.0.0.1:port/<mode>`; below it the paths of Modelverse.
Real sockets, so that the real HTTP client logs what it logs.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MODES = ("good", "refused", "cut", "notjson", "hang", "task", "redirect", "forbidden")
QUERY = "signature=marked-signature-of-a-link"


class Echo(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, clip: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clip = clip
        self.keys_seen: set[str] = set()
        self.connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Echo
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing on stderr."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        mode = self.path.split("/")[1]
        sent = self.headers.get("authorization", "")
        self.server.keys_seen.add(sent)
        if mode == "clips":
            self._send(200, self.server.clip, "video/mp4")
        elif mode == "hang":
            time.sleep(3)
            self.close_connection = True
        elif mode in ("refused", "forbidden"):
            error = {
                "message": f"the key {sent} is not good, not {sent.split()[-1]}",
                "code": sent,
                "param": sent,
            }
            self._json(401 if mode == "refused" else 403, {"error": error})
        elif mode == "cut":  # where a message cuts the text there stands half a key
            self._send(200, b"x" * 150 + sent.encode() + b" and so on", "text/plain")
        elif mode == "notjson":
            self._send(200, f"<html>{self.headers}</html>".encode(), "text/html")
        elif mode == "redirect":
            self.send_response(302)
            self.send_header("location", f"https://stranger.example/x?{sent}")
            self.send_header("set-cookie", f"session={sent}")
            self.send_header("content-length", "0")
            self.end_headers()
        elif "submit" in self.path:
            self._json(200, {"output": {"task_id": f"task-{mode}-{time.time_ns()}"}})
        else:
            self._status(mode, sent)

    def _status(self, mode: str, sent: str) -> None:
        (task_id,) = parse_qs(urlsplit(self.path).query)["task_id"]
        output: dict[str, Any] = {
            "task_id": task_id,
            "task_status": "Success",
            "urls": [f"{self.server.base}/clips/a.mp4?{QUERY}"],
        }
        if mode == "task":
            output = {
                "task_id": task_id,
                "task_status": "Failure",
                "error_message": f"could not be made with {sent}",
            }
        self._json(200, {"output": output, "request_id": sent})

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("set-cookie", f"session={self.headers.get('authorization', '')}")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def echo(clip: bytes) -> Iterator[Echo]:
    server = Echo(clip)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
