#!/bin/sh
# Makes target/dist/fairlead-VERSION-linux-x86_64.tar.gz: the command, its jars and a Java runtime of
# just the modules that they use. It runs where no JDK is installed.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$top"
platform="$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)"
scripts/build.sh
jdk=$(scripts/jdk.sh)
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml | head -n 1)
name=fairlead-$version-$platform
home=target/dist/$name
jar=app/target/fairlead/lib/fairlead-app-$version.jar

rm -rf "$home" "$home.tar.gz"
mkdir -p "$home/bin" "$home/lib"
cp bin/fairlead "$home/bin/"
cp LICENSE "$home/"
# Only what the jar's manifest names: the folder may hold jars of an earlier build.
classes=$top/target/dist/classes
rm -rf "$classes"
mkdir -p "$classes"
(cd "$classes" && "$jdk/bin/jar" --extract --file "$top/$jar" META-INF/MANIFEST.MF)
needed=$(tr -d '\r' <"$classes/META-INF/MANIFEST.MF" | awk '
  /^ / { line = line substr($0, 2); next }
  { if (line ~ /^Class-Path:/) print line; line = $0 }
  END { if (line ~ /^Class-Path:/) print line }' | sed 's/^Class-Path: //')
# Native libraries of another processor stay behind.
case $platform in
  *-aarch64) foreign=linux-x86_64.jar ;;
  *) foreign=linux-aarch_64.jar ;;
esac
for library in "${jar##*/}" $needed; do
  case $library in *"$foreign") continue ;; esac
  cp "app/target/fairlead/lib/$library" "$home/lib/"
  (cd "$classes" && "$jdk/bin/jar" --extract --file "$top/$home/lib/$library")
done

# SQLite's jar holds its library for every platform, 11 MiB of 12: only this one's stays. The jar
# tool cannot take entries out, so that the jar is made anew.
case $platform in
  linux-*) natives="Linux Linux-Musl" ;;
  darwin-*) natives=Mac ;;
  *) natives= ;;
esac
machine=${platform##*-}
[ "$machine" != arm64 ] || machine=aarch64
for library in "$home"/lib/sqlite-jdbc-*.jar; do
  unpacked=$top/target/dist/sqlite
  rm -rf "$unpacked"
  mkdir -p "$unpacked/kept"
  (cd "$unpacked" && "$jdk/bin/jar" --extract --file "$top/$library")
  for system in $natives; do
    mkdir -p "$unpacked/kept/$system"
    mv "$unpacked/org/sqlite/native/$system/$machine" "$unpacked/kept/$system/"
  done
  rm -rf "$unpacked/org/sqlite/native"
  mv "$unpacked/kept" "$unpacked/org/sqlite/native"
  mv "$unpacked/META-INF/MANIFEST.MF" "$unpacked.manifest"
  "$jdk/bin/jar" --create --file "$library" --manifest "$unpacked.manifest" -C "$unpacked" .
  rm -rf "$unpacked" "$unpacked.manifest"
done

# As one heap of classes, because jdeps would resolve the modules that some jars declare.
rm -rf "$classes/META-INF" "$classes/module-info.class"
used=$("$jdk/bin/jdeps" --print-module-deps --ignore-missing-deps "$classes")
# Only classes that nobody loads refer to java.desktop (JavaBeans for SnakeYAML and Jackson, a point of
# PostgreSQL's): 11 MiB of windows and fonts.
used=$(echo "$used" | tr , '\n' | grep -v '^java\.desktop$' | paste -s -d , -)
# What is looked up by name at run time, so that jdeps does not see it: elliptic curves and the trust
# store for TLS, Unsafe for Netty, DNS through JNDI, zip file systems, the management beans.
"$jdk/bin/jlink" \
  --add-modules "$used,java.management,java.naming,jdk.crypto.ec,jdk.unsupported,jdk.zipfs" \
  --strip-debug --no-header-files --no-man-pages --compress zip-6 \
  --output "$home/runtime"

rm -rf "$classes"

tar -C target/dist --owner=0 --group=0 --numeric-owner -czf "$home.tar.gz" "$name"
echo "$home.tar.gz: $(($(wc -c <"$home.tar.gz") / 1048576)) MiB"
