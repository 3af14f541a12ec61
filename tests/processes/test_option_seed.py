"""An option that a provider's catalogue brings is there wherever an option is, with no code for it.

The provider of `outside/` is copied with one row more in its catalogue, `seed`, and tried in a
process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1] / "contract"
SEED = {
    "type": "int",
    "sent_as": "random_seed",
    "minimum": 0,
    "maximum": 4294967295,
    "label": {"en": "Random seed", "zh": "随机种子"},
}

SCRIPT = """
import json
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

import hailuo_nb as hn
from hailuo_nb import catalog
from hailuo_nb.providers import registry
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets import share_link
from hailuo_nb.widgets.board_actions import settings_of
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.history import LedgerHistory
from hailuo_nb.widgets.python_code import compare_call, generate_call

folder = Path(sys.argv[1])
MODEL, TARGET = "MiniMax-Hailuo-2.3", "simulated:acme/MiniMax-Hailuo-2.3"
plain = VideoRequest("A cat", MODEL)
asked = plain.but(seed=7)

# VideoRequest and its identity
assert asked == VideoRequest("A cat", MODEL, options={"seed": 7}) and hash(asked)
assert plain.fingerprint == "PLAIN", "an option that is new changes no identity that is there"
assert len({one.fingerprint for one in (plain, asked, plain.but(seed=8))}) == 3
assert VideoRequest.from_json(json.loads(json.dumps(asked.to_json())), lambda _: None) == asked

# check, and what is sent
assert catalog.check(asked, "acme") == []
(problem,) = catalog.check(asked.but(seed=-1), "acme")
assert (problem.field, problem.severity, problem.nearest) == ("seed", "error", asked.but(seed=0))
(problem,) = catalog.check(asked, "xcompute")
assert (problem.field, problem.severity, problem.nearest) == ("seed", "warning", plain)
call = next(registry.get("acme").submit(asked))
assert call.json == {"text": "A cat", "seconds": 6, "random_seed": 7}

# plan, dry_run, a table's column
table = hn.plan("A cat", provider="simulated:acme", seed=[7, 8])
assert table["seed"].tolist() == [7, 8]
assert hn.plan("A cat", provider="acme", seed=-1)["problem"].notna().all()
assert hn.dry_run("A cat", provider="simulated:acme", seed=7)["would"].tolist() == ["send"]
assert hn.dry_run(table)["would"].tolist() == ["send", "send"]
for wrong in ("7", 1.5, True):
    try:
        hn.dry_run("A cat", provider="simulated:acme", seed=wrong)
    except hn.ArgumentError as error:
        assert "seed is" in str(error), error
    else:
        raise AssertionError(wrong)
try:
    hn.compare("A cat", provider="simulated:acme", sead=7)
except hn.ArgumentError as error:
    assert "did you mean 'seed'" in str(error), error

# generate and compare; the same call pays once
job = hn.generate("A cat", provider="simulated:acme", seed=7).wait(240)
assert job.state == "saved" and job.request.options == {"seed": 7}
board = hn.compare(table).wait(240)
assert [one.request.options["seed"] for one in board] == [7, 8] and board[0].id == job.id
assert hn.dry_run(table)["would"].tolist() == ["reuse", "reuse"]

# history, and comparisons that are saved and written
assert hn.history()["seed"].tolist() == [7, 8]
board.save("seeds")
assert [one.request.options["seed"] for one in hn.Comparison.load("seeds")] == [7, 8]
board.to_json(folder / "board.json")
read = hn.Comparison.load(folder / "board.json")
assert [one.request.options["seed"] for one in read] == [7, 8]

# studio: selector, words, draft, history, link, code
studio = hn.Studio()
(entry,) = [one for one in studio.editor.catalogue if one["name"] == "simulated:acme"]
(option,) = entry["models"][0]["options"]
assert (option["name"], option["type"], option["minimum"]) == ("seed", "int", 0)
assert studio.editor.options["seed"] is None
labels = [
    option["label"]
    for entry in studio.editor.catalogue
    for model in entry["models"]
    for option in model["options"]
    if option["name"] == "seed"
]
assert labels and all(label == {"en": "Random seed", "zh": "随机种子"} for label in labels)
given = {
    "prompt": "A cat", "targets": [TARGET], "resolution": "768P", "duration": 6, "takes": 1,
    "options": {"seed": 7},
}
draft = Draft.of(given, None, None)
assert draft.requests() == [("simulated:acme", asked)]
settings = share_link.from_link(share_link.to_link(draft))
assert settings["options"]["seed"] == 7
studio.editor.load(settings)
assert studio.editor.options["seed"] == 7
assert "seed=7" in compare_call(draft) and "seed=7" in generate_call(job)
assert settings_of(job)["options"]["seed"] == 7
runner = hn.engine.session.runner()
assert {entry["options"]["seed"] for entry in LedgerHistory(runner, len).entries()} == {7, 8}

# magics
shell = InteractiveShell()
hn.load_ipython_extension(shell)
(again,) = shell.run_cell_magic("hailuo", "--provider simulated:acme --seed 7", "A cat")
assert again.id == job.id
assert "--seed" in shell.find_cell_magic("hailuo").__doc__
assert "seed" in hn.matrix().query("provider == 'acme'")["options"].iloc[0]
print("all")
"""


def test_a_seed_is_there_wherever_an_option_is(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(HERE / "outside", outside)
    file = outside / "acme_hailuo" / "catalog.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["rows"][0]["options"] = {"seed": SEED}
    file.write_text(json.dumps(content), encoding="utf-8")
    vectors = json.loads((HERE.parent / "vectors" / "identity.json").read_text(encoding="utf-8"))
    plain = next(one for one in vectors["requests"] if one["what"] == "a prompt alone, 2.3")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("PLAIN", plain["fingerprint"]), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[1],
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join([str(outside), os.environ.get("PYTHONPATH", "")]),
            "HAILUO_NB_HOME": str(tmp_path / "home"),
            "HAILUO_NB_SIMULATOR_SHRINK": "8",
            "IPYTHONDIR": str(tmp_path / "ipython"),
        },
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
    assert done.stdout.strip().endswith("all")
