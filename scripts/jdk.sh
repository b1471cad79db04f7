#!/bin/sh
# Prints the folder of a JDK that can build and run Fairlead: JAVA_HOME where it is new enough, else
# the newest in the usual places. Without one it says what to install and ends with 1.
set -eu

least=25

# The major version of the JDK in folder $1, or 0 where there is none.
major() {
  if [ ! -x "$1/bin/javac" ] || [ ! -r "$1/release" ]; then
    echo 0
    return
  fi
  version=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
  echo "${version:-0}"
}

if [ -n "${JAVA_HOME:-}" ] && [ "$(major "$JAVA_HOME")" -ge "$least" ]; then
  echo "$JAVA_HOME"
  exit 0
fi

best=
best_major=0
consider() {
  candidate_major=$(major "$1")
  if [ "$candidate_major" -ge "$least" ] && [ "$candidate_major" -gt "$best_major" ]; then
    best=$1
    best_major=$candidate_major
  fi
}

for home in /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  consider "$home"
done
if [ -z "$best" ] && command -v javac >/dev/null 2>&1; then
  found=$(command -v javac)
  while [ -L "$found" ]; do
    target=$(readlink "$found")
    case $target in
      /*) found=$target ;;
      *) found=$(dirname "$found")/$target ;;
    esac
  done
  consider "$(cd "$(dirname "$found")/.." && pwd -P)"
fi
if [ -n "$best" ]; then
  echo "$best"
  exit 0
fi

cat >&2 <<END
Fairlead needs a JDK $least or newer, and none was found in JAVA_HOME, /usr/lib/jvm, /opt,
~/.sdkman, ~/.jdks, /Library/Java or on the PATH. Install one and try again:
  Debian, Ubuntu  apt install openjdk-$least-jdk   (where it is missing: the package temurin-$least-jdk of adoptium.net)
  Fedora          dnf install java-$least-openjdk-devel
  macOS           brew install openjdk@$least      (then export JAVA_HOME="\$(brew --prefix openjdk@$least)/libexec/openjdk.jdk/Contents/Home")
  SDKMAN          sdk install java $least-tem
END
exit 1
