#!/bin/sh
# Runs Maven in the top folder with the JDK that scripts/jdk.sh finds; says what to install when
# there is no Maven.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd -P)
JAVA_HOME=$("$top/scripts/jdk.sh")
export JAVA_HOME
if ! command -v mvn >/dev/null 2>&1; then
  cat >&2 <<END
Fairlead is built with Maven 3.8.7 or newer, and there is no mvn on the PATH. Install it and try again:
  Debian, Ubuntu  apt install maven
  Fedora          dnf install maven
  macOS           brew install maven
END
  exit 1
fi
cd "$top"
exec mvn --batch-mode --no-transfer-progress "$@"
