# hailuo_nb. Two commands matter to a newcomer: `make demo` and `make lab`.
# Needs Python 3.11 or newer with pip, and make. Nothing is installed outside .venv, save by `make test` (see there).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help venv demo lab check test chaos fuzz distributed bench peers browsers gallery dist docs links lock js clean

export PYTHON ?= python3
# Hundreds of Pythons start in the tests: without compiled files each compiles anew all that it imports (2.6 s of CPU
# for pandas, PyAV and the widgets in place of 0.6 s). They go to __pycache__ in .venv and here, which git ignores.
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python
UV := $(firstword $(wildcard .venv/bin/uv) build/uv/bin/uv)

# The demo runs on the simulator alone: it sees no key and no ledger of yours.
WITHOUT_KEYS := env $(patsubst %,-u %,PPINFRA_API_KEY MODELVERSE_API_KEY CHANJING_APP_ID CHANJING_SECRET_KEY \
	XCOMPUTE_API_KEY MINIMAX_API_KEY MINIMAX_CN_API_KEY FAL_KEY REPLICATE_API_TOKEN OPENROUTER_API_KEY \
	NOVITA_API_KEY HAILUO_NB_HOME)
COMPILE = $(UV) pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal \
	$(if $(UPGRADE),--upgrade)

help: ## this list
	@echo "make demo   run notebooks/quickstart.ipynb on the simulator and leave build/demo/comparison.html"
	@echo "make lab    open JupyterLab on the notebooks"
	@echo "make venv   make the environment (.venv) that the two above use"
	@echo "make check  after each edit, a minute and a half: format, lints, types, import rules, JavaScript, unit and contract tests"
	@echo "make test   every check and every test; ARGS='-k camera' goes on to pytest"
	@echo "make chaos  the kill loop and bad weather in full (some ten minutes); writes tests/chaos/RESULTS.md"
	@echo "make fuzz   made-up input from strangers for FUZZ_SECONDS (600); what fails is kept in build/fuzz and tried first"
	@echo "make distributed  hn.score on dask.distributed and ipyparallel, in an environment of its own under build/"
	@echo "make bench  measure beside the peers and at scale (about an hour); tests/benchmarks/README.md tells more"
	@echo "make peers  other people's clients (Python and npm) at our stand-ins, some minutes; writes tests/peers/RESULTS.md"
	@echo "make browsers  page and board in Firefox and WebKitGTK, through apt where missing; writes tests/browsers/RESULTS.md"
	@echo "make gallery run notebooks/gallery.ipynb, the one notebook that keeps its outputs, and keep the new ones"
	@echo "make docs   the documentation to build/docs, which plays from disk; ARGS=--no-run leaves notebooks and code out"
	@echo "make links  whether the web addresses in documents and docs answer (needs a network)"
	@echo "make dist   sdist and wheel in dist/, held against twine and check-wheel-contents"
	@echo "make lock   write .ci/locks and binder/requirements.txt again from pyproject.toml; UPGRADE=1 takes the newest releases"
	@echo "make pictures  the scenes of studio and board in a real JupyterLab to build/pictures, some of them for README and docs"
	@echo "make js     join the widgets' JavaScript again (needs node)"
	@echo "make clean  remove build/, caches and node_modules; keeps .venv and your clips"
	@echo "PYTHON=python3.12 in front or behind chooses the Python that makes .venv."

venv: .venv/.lab ## the locked packages and the project itself

.venv/.lab: .ci/locks/lab.txt pyproject.toml .ci/install
	@.ci/install lab

# The dev lock holds all that the lab lock holds, in the same versions (tests/unit/test_locks.py).
.venv/.dev: .ci/locks/dev.txt pyproject.toml .ci/install
	@.ci/install dev

demo: .venv/.lab
	@rm -rf build/demo && mkdir -p build/demo
	@$(WITHOUT_KEYS) $(PY) .ci/execute_notebook.py notebooks/quickstart.ipynb --cwd build/demo --out build/demo/quickstart.ipynb
	@test -s build/demo/comparison.html || { echo "The notebook ran but left no build/demo/comparison.html." >&2; exit 1; }
	@echo
	@echo "The comparison is in build/demo/comparison.html; it plays with the network off:"
	@echo "    file://$(CURDIR)/build/demo/comparison.html"
	@echo "\`make lab\` opens the same notebook in JupyterLab."

lab: .venv/.lab
	@JUPYTER_CONFIG_PATH="$(CURDIR)/.ci/jupyter" .venv/bin/jupyter-lab --ServerApp.root_dir=notebooks \
		--LabApp.default_url=/lab/tree/quickstart.ipynb $(if $(filter 0,$(shell id -u)),--allow-root) $(ARGS)

gallery: .venv/.lab
	@$(WITHOUT_KEYS) $(PY) .ci/gallery.py

# Chromium has to be there; `make test` installs it.
pictures: .venv/.dev
	@$(PY) -m tests.browser.pictures $(ARGS)

# node and npm have to be there; `make test` installs them.
check: .venv/.dev
	@.ci/check quick $(ARGS)

# The one target that may install outside .venv: chromium, nodejs and npm through apt, where they are missing.
test:
	@.ci/system_packages
	@$(MAKE) -s .venv/.dev
	@.ci/check all $(ARGS)

chaos: .venv/.dev
	@$(PY) -m tests.chaos.kill_loop

fuzz: .venv/.dev
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(PY) -m pytest -q tests/fuzz $(ARGS)

# Not part of `make test`: dask.distributed and ipyparallel bring some thirty packages. What is in .venv is seen from there.
distributed: build/distributed/.made
	@build/distributed/bin/python -m pytest -q -s -p no:cacheprovider tests/distributed $(ARGS)

build/distributed/.made: .venv/.dev tests/distributed/requirements.txt
	@rm -rf build/distributed
	@$(PY) -m venv build/distributed
	@build/distributed/bin/python -m pip install -q --disable-pip-version-check -r tests/distributed/requirements.txt
	@$(PY) -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
		> "$$(build/distributed/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/project.pth"
	@touch $@

# The peers go into an environment of their own; the board needs Chromium, as `make test` does.
bench: .venv/.dev build/bench/.peers
	@.ci/system_packages
	@$(PY) -m tests.benchmarks.board
	@$(PY) -m tests.benchmarks.schedule
	@$(PY) -m tests.benchmarks.verdicts
	@$(PY) -m tests.benchmarks.racing
	@$(PY) -m tests.benchmarks.start
	@$(PY) -m tests.benchmarks.scale
	@$(PY) -m tests.benchmarks.many $(ARGS)

build/bench/.peers: tests/benchmarks/peers.txt
	@rm -rf build/bench/peers build/bench/replicate2 && mkdir -p build/bench
	@$(PYTHON) -m venv build/bench/peers
	@build/bench/peers/bin/python -m pip install -q --disable-pip-version-check -r tests/benchmarks/peers.txt
	@build/bench/peers/bin/python -m pip install -q --disable-pip-version-check --no-deps 		--target build/bench/replicate2 replicate==2.0.0b4
	@touch $@

# Other people's clients go into an environment of their own. Two of them have a module of the same name. Needs node.
peers: .venv/.dev build/peers/.made
	@$(PY) -m tests.peers $(ARGS)

build/peers/.made: tests/peers/requirements.txt tests/peers/npm.txt
	@rm -rf build/peers && mkdir -p build
	@$(PYTHON) -m venv build/peers
	@build/peers/bin/python -m pip install -q --disable-pip-version-check -r tests/peers/requirements.txt
	@build/peers/bin/python -m pip install -q --disable-pip-version-check --no-deps \
		--target build/peers/hoobnn hoobnn-minimax-mcp==0.3.0
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/peers/npm $(shell cat tests/peers/npm.txt)
	@touch $@

# Not part of `make test`: two browsers more through apt, and puppeteer-core for one of them.
browsers: .venv/.dev tests/browsers/node_modules/.installed
	@.ci/system_packages browsers
	@$(PY) -m tests.browsers $(ARGS)

tests/browsers/node_modules/.installed: tests/browsers/package-lock.json
	@cd tests/browsers && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

dist: .venv/.dev ## what is published, and whether it is fit for it
	@PYTHON=$(PY) .ci/distributions tools
	@PYTHON=$(PY) .ci/distributions build
	@PYTHON=$(PY) .ci/distributions check

# Not part of `make test`, which runs the pages' code and looks at their links: Sphinx brings some thirty packages.
docs: build/docs-env/.made
	@build/docs-env/bin/python docs/build.py $(ARGS)

links: build/docs-env/.made
	@build/docs-env/bin/python docs/build.py --links

build/docs-env/.made: .venv/.dev .ci/locks/docs.txt
	@rm -rf build/docs-env
	@$(PY) -m venv build/docs-env
	@build/docs-env/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: \
		-r .ci/locks/docs.txt
	@$(PY) -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
		> "$$(build/docs-env/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/project.pth"
	@touch $@

lock: $(UV)
	$(COMPILE) pyproject.toml --group lab --extra simulator --extra raters --extra stats --extra video -o .ci/locks/lab.txt
	$(COMPILE) pyproject.toml --group dev --extra progress --extra simulator --extra raters --extra stats --extra video -o .ci/locks/dev.txt
	$(COMPILE) --group dist -o .ci/locks/dist.txt
	$(COMPILE) --group docs -c .ci/locks/dev.txt -o .ci/locks/docs.txt
	$(UV) pip compile -q --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
		--python-platform x86_64-unknown-linux-gnu --group lab --extra raters --extra stats --extra video -c .ci/locks/lab.txt pyproject.toml \
		-o binder/requirements.txt

build/uv/bin/uv:
	$(PYTHON) -m pip install -q --target build/uv uv

js:
	@.ci/js build

clean:
	rm -rf build dist tests/js/node_modules tests/browsers/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find hailuo_nb tests .ci -name __pycache__ -prune -exec rm -rf {} +
