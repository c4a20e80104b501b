# `make book` and `make test` do everything; both first make .venv from the hashed requirements.lock.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help book test matrix equations notebooks lab student clean lock render
.DELETE_ON_ERROR:
.NOTPARALLEL:

# One thread for a matrix product: two notebooks at a time already keep two processors busy, and the small products
# of the book gain little from more threads, which wait for each other on a busy machine.
test equations notebooks lab: export OPENBLAS_NUM_THREADS := 1
# The notebooks show what a terminal in UTF-8 shows; tests that are of other encodings name them.
test equations notebooks: export PYTHONUTF8 := 1
# Fifty kernels import the package: one of them compiles it, whatever the shell says of that.
test equations notebooks: export PYTHONDONTWRITEBYTECODE :=
# Matplotlib's list of fonts, made once for this .venv: one that another left at home may name fonts that are gone.
test equations notebooks lab: export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib

# What `make test` checks, and its parts by name. Files begin in this order: one process builds the site and looks at
# its pages, while the other trains networks and has no need of the site before it is there.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder
FIRST := tests/site/test_browser_others.py nbs/13_cnn.ipynb tests/site/test_browser_chapters.py \
    nbs/09_training.ipynb nbs/06_backprop.ipynb nbs/10_conv.ipynb nbs/04_gradcheck.ipynb
PART_ := $(PARALLEL) $(FIRST) tests/site nbs tests
PART_nbs := $(PARALLEL) nbs
PART_site := tests/site
PART_eqval := $(PARALLEL) $(wildcard tests/test_eqval*.py) nbs/eqval
PART_package := $(PARALLEL) $(filter-out $(wildcard tests/test_eqval*.py),$(wildcard tests/test_*.py))

PYTHON ?= python3
BIN := .venv/bin
# What `render` builds, and the folder in which it puts _build.
SOURCE := .
OUT := book

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' "$(firstword $(MAKEFILE_LIST))" | expand -t 18

book: .venv/installed render ## render the site to book/_build/html and print the address of its first page
	@"$(BIN)/python" -c 'import pathlib; print(pathlib.Path("book/_build/html/book/index.html").resolve(strict=True).as_uri())'

test: .venv/installed ## check everything, or one part: PART=nbs, package, eqval, site, or a path such as nbs/05_dense.ipynb
	"$(BIN)/pytest" --nbval --eqval --eqval-strict $(or $(PART_$(PART)),"$(PART)")

matrix: ## check everything in other places: folders, locales, Pythons, NumPys; or some: CELLS="path C" PART=package
	"$(PYTHON)" .ci/matrix $(CELLS) $(if $(PART),--part "$(PART)")

equations: .venv/installed ## check every equation and its mutants, and write the ledger's book/equations.json
	"$(BIN)/pytest" -n 2 --dist loadfile --eqval --eqval-strict --eqval-mutants --eqval-ledger book/equations.json nbs

# SVG figures carry a date: with a fixed one, running a notebook again gives the same bytes. Several prints of one
# cell arrive in pieces, which are joined.
notebooks: export SOURCE_DATE_EPOCH = 1767225600
notebooks: .venv/installed ## export the modules, run every notebook in place, and clean them
	"$(BIN)/nbdev-export"
	rm -f mlbook/_modidx.py
	find nbs -name "*.ipynb" -print0 | sort -z | xargs -0 "$(BIN)/jupyter" nbconvert --to notebook --execute --inplace
	find nbs -name "*.ipynb" -print0 | sort -z | xargs -0 "$(BIN)/jupyter" nbconvert --coalesce-streams
	"$(BIN)/nbdev-clean"

lab: .venv/installed ## open the notebooks in JupyterLab
	"$(BIN)/jupyter" lab nbs

student: export OUT := $(if $(filter file,$(origin OUT)),student,$(OUT))
student: ## copy the chapters without the solutions of their exercises: make student OUT=folder
	"$(PYTHON)" book/student.py nbs "$$OUT"

# A folder that a build did not make is somebody's work, whatever it is called.
clean: ## remove what was built, except .venv
	if [ -e book/_build/.made-by-the-book ]; then rm -rf book/_build; fi
	rm -rf build/lib build/bdist.* mlbook.egg-info .pytest_cache .mypy_cache .hypothesis
	rmdir build 2> /dev/null || true
	find mlbook nbs tests book \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# With its extras in the lock, a package that is held back is found by pip, too.
lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --universal --fork-strategy fewest --generate-hashes --python-version 3.11 \
	    --all-extras --no-header --no-annotate --no-strip-extras --upgrade pyproject.toml -o requirements.lock

# By the environment, since a name may have any character.
render: export SOURCE := $(SOURCE)
render: export OUT := $(OUT)
render:
	"$(BIN)/python" book/build.py "$$SOURCE" "$$OUT"

.venv/installed: requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: the book needs Python 3.11 or newer, and '$(PYTHON)' is not; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@if [ -e .venv ] && [ ! -e .venv/.made-by-make ] && [ ! -e $@ ]; then \
	    echo "make: .venv is there already and was not made by make: move it away" >&2; exit 1; fi
	@echo "Installing requirements.lock into .venv (about 185 packages) ..."
	@rm -rf .venv && mkdir .venv && touch .venv/.made-by-make
	@if command -v uv > /dev/null; then \
	    uv venv --quiet --allow-existing --python "$$(command -v "$(PYTHON)")" .venv; \
	    pip="uv pip"; into="--python .venv/bin/python --compile-bytecode"; \
	else \
	    "$(PYTHON)" -m venv .venv; \
	    pip="$(BIN)/python -m pip --disable-pip-version-check"; into=""; \
	fi; \
	$$pip install --quiet $$into --require-hashes -r requirements.lock; \
	$$pip install --quiet $$into --no-deps --no-build-isolation -e .
	@touch $@
