"""Small scripts, as a person writes them: `python -m tests.chaos.script NAME HOME URL
PROMPT...`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.providers.registry import get
from hailuo_nb.requests.redaction import Credentials
from tests.chaos import driver
from tests.chaos.driver import Setting
from tests.chaos.scenes import SPEED


def main() -> None:
    name, home, url, *prompts = sys.argv[1:]
    setting = Setting(Path(home), url, SPEED)
    if name == "proxy":
        account = driver.QuickAccess(
            get("ppinfra"), get("ppinfra").base_url, Credentials("key-ppinfra"), False, speed=SPEED
        )
        os.environ["HAILUO_NB_HOME"] = home
        driver.wait(hn.compare(prompts, provider=account))
        return
    accounts = driver.quicken(setting)
    providers = [accounts[name] for name in driver.PROVIDERS]
    if name == "leave":
        board = hn.compare(prompts, provider=providers)
        while sum(job.task_id is not None for job in board) < len(board) / 6:
            time.sleep(0.02)
        print(time.time(), session.runner().under_way)
    elif name == "resume":
        driver.wait(hn.resume(provider=providers))
    elif name == "chdir":
        del os.environ["HAILUO_NB_HOME"]
        driver.wait(hn.compare(prompts, provider=providers))
        Path("data").mkdir()
        os.chdir("data")
        driver.wait(hn.compare(prompts, provider=providers))


if __name__ == "__main__":
    main()
