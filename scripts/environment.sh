# Sourced by the scripts: makes `.venv` at the root from pyproject.toml and constraints.txt, and again when they change.
# Needs Python 3.11 or newer. Nothing is written outside the repository.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 OMP_NUM_THREADS="${OMP_NUM_THREADS:-2}"
# Compiled once for all the processes that the scripts and tests start; kept out of the tree.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$root/.venv/bytecode"

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Contrafact needs Python 3.11 or newer: install it and run this again." >&2
    return 1
}

# ensure_environment EXTRAS: EXTRAS is `demo` or `dev`; `dev` contains all that `demo` has.
ensure_environment() {
    local extras=$1 wanted python
    wanted=$(cat pyproject.toml constraints.txt hardhat-free-devnet/pyproject.toml | cksum)
    if [ -x .venv/bin/python ] && [ "$(cat ".venv/ready-$extras" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    python=$(find_python) || return 1
    echo "Making the environment in .venv (a few minutes the first time) …" >&2
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --constraint constraints.txt \
        --editable ./hardhat-free-devnet --editable ".[generation,$extras]"
    for done in $([ "$extras" = dev ] && echo dev demo || echo demo); do
        echo "$wanted" >".venv/ready-$done"
    done
}

# npm_install FOLDER: installs what the folder's package-lock.json pins into its node_modules; Node comes from .venv.
# Returns 1 where npm's registry cannot be reached.
npm_install() {
    local installed=$1/node_modules/.package-lock.json
    export PATH="$root/.venv/bin:$PATH" npm_config_cache="$root/.venv/npm-cache" npm_config_update_notifier=false
    export npm_config_fetch_retries=1 npm_config_fetch_retry_mintimeout=1000
    if [ ! -e "$installed" ] || [ "$1/package-lock.json" -nt "$installed" ]; then
        npm ci --prefix "$1" --silent || return 1
        touch "$installed"
    fi
}

# The pinned Solidity compiler, and the libraries that the contracts import.
ensure_compiler() { npm_install contracts; }

# The node and the clients that some tests hold this project's client against.
ensure_clients() { npm_install tests/clients; }

# The database server that some tests run beside SQLite: Debian's, installed where that is permitted. It is not started
# as a service; the tests start one of their own.
ensure_postgresql() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    { apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --no-install-recommends \
        postgresql; } >/dev/null 2>&1
}

# The browser in which some tests use the pages: Debian's, installed where that is permitted.
ensure_chromium() {
    [ -x /usr/bin/chromium ] && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    { apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --no-install-recommends \
        chromium; } >/dev/null 2>&1
}

# The reference linter of clear-signing descriptors, in an environment of its own, since it needs Python 3.12.
# Returns 1 where there is none; then its test is skipped.
ensure_descriptor_linter() {
    local listed=tests/ledger/descriptor-linter.txt made=.venv/descriptor-linter python
    [ "$(cat "$made/ready" 2>/dev/null)" = "$(cksum <"$listed")" ] && return
    for python in python3.12 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12.*/bin/python; do
        "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null || continue
        "$python" -m venv "$made" && "$made/bin/python" -m pip install --quiet --requirement "$listed" || return 1
        cksum <"$listed" >"$made/ready"
        return
    done
    return 1
}
