#!/bin/sh
# Builds the fairlead command into app/target/fairlead when a source is newer than the last build:
# without tests and format checks, which `make check` is for.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$top"
home=app/target/fairlead
stamp=$home/built

# The tests run after Maven has packaged everything: a build of their own would take the jars away
# from under them.
if [ "${FAIRLEAD_BUILT:-}" = yes ]; then
  exit 0
fi
if [ -f "$stamp" ]; then
  newer=$(find pom.xml ./*/pom.xml ./*/src/main console -newer "$stamp" 2>/dev/null | head -n 1)
  if [ -z "$newer" ]; then
    exit 0
  fi
fi
echo "fairlead: building (the first time takes a minute or two) ..." >&2
mkdir -p "$home"
# A source that is saved while the build runs must count as newer than it.
touch "$stamp.$$"
# Standard output belongs to the command that is run afterwards.
"$top/scripts/maven.sh" -q -T 2 -Dstyle.color=never --projects app --also-make \
  -Dmaven.test.skip=true -Dspotless.check.skip=true package >&2
mv "$stamp.$$" "$stamp"
