#!/usr/bin/env bash
# Prepare the machine and .venv for building (`setup.sh`) or for every test too (`setup.sh test`).
# Installs what is missing by apt-get where it may, else names in one line what to paste.
# Quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

main() {
    find_python
    packages=()
    python_packages
    build_packages
    [ "${1:-build}" = test ] && test_packages
    install_packages
    find_python
    make_venv
    [ "${1:-build}" = test ] && require_fuzzer
    return 0
}

has() { command -v "$1" >/dev/null 2>&1; }
may_apt() { has apt-get && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
apt_update() { as_root apt-get update -qq; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# The newest Python on PATH that is new enough, as an absolute path; empty when there is none.
find_python() {
    python=
    local name
    for name in python3.{20..11} python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$("$name" -c 'import sys; print(sys.executable)')
            return
        fi
    done
}

# Without a Python: the distribution's default where new enough, else the newest it has.
python_packages() {
    if [ -z "$python" ]; then
        may_apt && apt_update # a fresh machine's list of packages may be empty
        local name
        for name in $(apt_default_python) python3.{14..11}; do
            if apt-cache show "$name" >/dev/null 2>&1; then
                packages+=("$name" "$name-venv" "$name-dev")
                return
            fi
        done
        fail "hquant needs Python 3.11 or newer with its headers and venv; found $(has python3 && python3 --version || echo none)"
    fi
    local name=python3
    [ "$(readlink -f /usr/bin/python3 2>/dev/null)" = "$(readlink -f "$python")" ] ||
        name=$(basename "$(readlink -f "$python")")
    "$python" -c 'import ensurepip, venv' 2>/dev/null || packages+=("$name-venv")
    "$python" -c 'import os, sysconfig as s; os.stat(s.get_path("include") + "/Python.h")' 2>/dev/null ||
        packages+=("$name-dev")
}

apt_default_python() {
    has apt-cache || return 0
    local minor
    minor=$(apt-cache show python3 2>/dev/null | sed -n 's/^Version: 3\.\([0-9]*\).*/\1/p' | sort -n | tail -1)
    if [ "${minor:-0}" -ge 11 ]; then echo python3; fi
}

build_packages() {
    { has cc || has gcc; } && echo '#include <math.h>' | cc -E - >/dev/null 2>&1 || packages+=(gcc libc6-dev)
    has make || packages+=(make)
}

test_packages() {
    pkg-config --exists libcjson 2>/dev/null || packages+=(libcjson-dev)
    has c++ || packages+=(g++)
    has nm || packages+=(binutils)
    has pkg-config || packages+=(pkg-config)
    has abidiff || packages+=(abigail-tools)
    node_packages
    has clang || compgen -c clang- | grep -qx 'clang-[0-9]*' || packages+=(clang)
}

# Node 18 or newer: any that is on PATH, else the distribution's.
node_packages() {
    if ! has node; then
        packages+=(nodejs)
    elif ! node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)'; then
        fail "the Node package's tests need Node 18 or newer; found $(node --version)"
    fi
    has npm || packages+=(npm)
}

install_packages() {
    [ ${#packages[@]} -gt 0 ] || return 0
    may_apt || fail "missing on this machine; paste: sudo apt-get update && sudo apt-get install -y ${packages[*]}"
    echo "setup: installing ${packages[*]}"
    apt_update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# A venv whose Python has gone, or was another one, is made anew. Build tools come from PyPI, so that
# an older distribution's cmake does not matter.
make_venv() {
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
        echo "setup: .venv with $("$python" --version)"
        "$python" -m venv --clear .venv
    }
    local wanted
    wanted=$("$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])')
    [ "$(cat .venv/.build-requires 2>/dev/null)" = "$wanted" ] && return
    # shellcheck disable=SC2086 # a list
    .venv/bin/python -m pip install --quiet --disable-pip-version-check $wanted "cmake>=3.25" ninja
    echo "$wanted" >.venv/.build-requires
}

# Which package holds libFuzzer's runtime differs between distributions.
require_fuzzer() {
    local clang program
    clang=$(scripts/clang.sh)
    program='int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return d && n > 9; }'
    works() { echo "$program" | "$clang" -x c -fsanitize=fuzzer,address - -o /dev/null 2>/dev/null; }
    works && return
    packages=("libclang-rt-$("$clang" -dumpversion | cut -d. -f1)-dev")
    install_packages
    works || fail "$clang cannot link libFuzzer programs even with ${packages[*]} installed"
}

fail() {
    echo "setup: $*" >&2
    exit 1
}

main "$@"
