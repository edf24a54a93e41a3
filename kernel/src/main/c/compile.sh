#!/bin/sh
# Compiles every C file beside this script into one shared library, for the machine that builds.
#   compile.sh FOLDER NOTE   writes FOLDER/<os>-<arch>/libelanus-kernel.so (.dylib on macOS), and
#                            into the file NOTE which compiler did it, or none
# Without a usable C compiler it says so in one line and succeeds: the Java kernels serve then.
# With one, a compile error fails the build. CC names the compiler; else cc, gcc, clang are tried.
set -eu

sources=$(cd "$(dirname "$0")" && pwd)
folder=$1
note=$2

case $(uname -s) in
  Linux) os=linux ending=so ;;
  Darwin) os=macos ending=dylib ;;
  *) os=$(uname -s | tr '[:upper:]' '[:lower:]') ending=so ;;
esac
case $(uname -m) in
  x86_64 | amd64) arch=x86_64 ;;
  aarch64 | arm64) arch=aarch64 ;;
  *) arch=$(uname -m) ;;
esac

mkdir -p "$folder/$os-$arch"
library=$folder/$os-$arch/libelanus-kernel.$ending
if [ -f "$library" ] && [ -f "$note" ] && [ -z "$(find "$sources" -newer "$library" -print | head -n 1)" ]; then
  exit 0
fi

flags="-std=gnu11 -O3 -ffp-contract=fast -fno-math-errno -fPIC -shared -fvisibility=hidden"
draft=$library.$$
trap 'rm -f "$draft"' EXIT

# A compiler counts when it compiles and links a file that includes what the sources include.
for candidate in "${CC-}" cc gcc clang; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if printf '#include <stdint.h>\n#include <string.h>\nint probe(void) { return 0; }\n' |
    "$candidate" $flags -x c - -o "$draft" 2>/dev/null; then
    "$candidate" $flags -Wall -Wextra -Werror=implicit-function-declaration "$sources"/*.c -o "$draft"
    mv -f "$draft" "$library"
    echo "$candidate" >"$note"
    exit 0
  fi
done
rm -f "$library"
echo none >"$note"
echo "No usable C compiler (cc, gcc, clang): the native kernel is left out, the Vector API serves."
