#!/usr/bin/env bash
# Sets up what a make target needs: tools/setup.sh run|test|ray|mutate|check
#
# Makes .venv (with uv where it is installed, else with python3 -m venv) and installs lexloci into it, editable,
# with the extra of that name. `test` also sees to the Debian packages that the browser tests need. As root on Debian
# a missing package is installed; otherwise the one line that installs it is printed and the script ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}

fail() {
    echo "setup: $*" >&2
    exit 1
}

# Installs the named Debian packages, or prints the line that does.
install_debian() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "missing: $*; on Debian, install with: sudo apt-get install -y --no-install-recommends $*"
    fi
    echo "setup: installing the Debian packages $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null || fail "apt-get update failed: is there a network?"
    apt-get install -q -y --no-install-recommends "$@" >/dev/null || fail "apt-get could not install $*"
}

has_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# The driver that playwright brings is linked against it, and a small Debian has it not.
has_atomic_library() {
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1'
}

# A font with Chinese characters: without one a page shows boxes, and a picture of it says nothing.
has_chinese_font() {
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]
}

make_environment() {
    command -v "$python" >/dev/null || install_debian python3 python3-venv
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$("$python" --version) is too old: lexloci needs Python 3.11 or later; name one with PYTHON=..."
    if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --python "$(command -v "$python")" .venv
        return
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_debian python3-venv
    "$python" -m venv --clear .venv
}

install_into_environment() {
    if command -v uv >/dev/null; then
        uv pip install --quiet --python .venv/bin/python --editable "$1"
    else
        [ -x .venv/bin/pip ] || .venv/bin/python -m ensurepip >/dev/null
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable "$1"
    fi
}

case "${1:-}" in
run)
    make_environment
    install_into_environment .
    ;;
test)
    missing=()
    has_chromium || missing+=(chromium)
    has_atomic_library || missing+=(libatomic1)
    has_chinese_font || missing+=(fontconfig fonts-noto-cjk)
    [ ${#missing[@]} -eq 0 ] || install_debian "${missing[@]}"
    make_environment
    install_into_environment '.[test]'
    ;;
ray)
    make_environment
    install_into_environment '.[test,ray]'
    ;;
mutate)
    make_environment
    install_into_environment '.[test,mutate]'
    ;;
check)
    make_environment
    install_into_environment '.[test,mutate,check]'
    ;;
*)
    echo "usage: tools/setup.sh run|test|ray|mutate|check" >&2
    exit 2
    ;;
esac
