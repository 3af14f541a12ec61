"""Proxies, and environment variables that affect connections. None is made."""

from __future__ import annotations

import os

from hailuo_nb.doctor.report import Check, Section

_VARIABLES = ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")


def check() -> Section:
    from hailuo_nb.engine.links import FAKE_IP_VARIABLE

    proxies = _proxies() or [Check("proxy", "none")]
    variables = [
        Check(name, value, warnings=_unreadable(value) if name == "SSL_CERT_FILE" else ())
        for name in (*_VARIABLES, FAKE_IP_VARIABLE)
        if (value := os.environ.get(name))
    ]
    return Section("Connections", (*proxies, *variables))


def _proxies() -> list[Check]:
    import httpx2

    from hailuo_nb.engine import routes
    from hailuo_nb.providers import registry

    found: dict[str, list[str]] = {}
    wrong: dict[str, str] = {}
    for name in registry.names():
        proxy = routes.proxy_for(httpx2.URL(registry.get(name).base_url))
        if proxy is None:
            continue
        text = f"{proxy} ({proxy.setting})"
        found.setdefault(text, []).append(name)
        try:
            proxy.check()
        except routes.NoRouteError as error:
            wrong[text] = f"{error}. Nothing can be sent."
    return [
        Check(
            "proxy",
            f"{text}: {', '.join(names)}; addresses of this machine go around it",
            warnings=(wrong[text],) if text in wrong else (),
        )
        for text, names in found.items()
    ]


def _unreadable(path: str) -> tuple[str, ...]:
    if os.access(path, os.R_OK):
        return ()
    return (f"SSL_CERT_FILE names {path}, which cannot be read: nothing can be sent.",)
