#!/bin/sh
# What the tests need from the system. With --check it names what is missing and ends with 1; else
# it installs it by apt-get, as root or through sudo. Python and npm packages are the suites' own.
# With --bench it is about the benchmarks' rivals, which are installed by root and in CI only; those
# of the Python index are the benchmark's own to fetch.
set -eu

missing=
need() {
  missing="$missing $1"
}

if [ "${1:-}" = --bench ]; then
  command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || need nginx
  command -v haproxy >/dev/null 2>&1 || [ -x /usr/sbin/haproxy ] || need haproxy
  command -v redis-server >/dev/null 2>&1 || need redis-server
  python3 -m pip --version >/dev/null 2>&1 || need python3-pip
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || need python3-venv
  if [ -n "$missing" ] && [ "$(id -u)" -ne 0 ] && [ "${CI:-}" != true ]; then
    echo "The benchmark goes without$missing, and will say so. To install: apt-get install$missing" >&2
    exit 0
  fi
else
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || need chromium
  command -v curl >/dev/null 2>&1 || need curl
  command -v openssl >/dev/null 2>&1 || need openssl
  command -v node >/dev/null 2>&1 || need nodejs
  command -v redis-server >/dev/null 2>&1 || need redis-server
  command -v npm >/dev/null 2>&1 || need npm
  command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || need nginx
  python3 -m pip --version >/dev/null 2>&1 || need python3-pip
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || need python3-venv
  # Debian keeps the server's programs off the PATH. Its package starts a server, which no test uses.
  command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
fi

if [ -z "$missing" ]; then
  exit 0
fi
if [ "${1:-}" = --check ]; then
  echo "The tests need these packages:$missing. 'make test-tools' installs them (Debian, Ubuntu);" >&2
  echo "elsewhere install the programs of the same names." >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "There is no apt-get here: install$missing with the system's own package manager." >&2
  exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "Run as root: apt-get install$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "Installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
