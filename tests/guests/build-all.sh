#!/bin/sh
# Builds the guests of `make check`; prints QEMU_GUEST_NAME='DIRECTORY' for each, as
# tests/guest.py reads it. Those which the environment names already are not built.
# SPDX-License-Identifier: MIT
set -e
kit=$(cd "$(dirname "$0")" && pwd)

for name in ppc riscv32 amd64 i386 pc-media; do
    variable=QEMU_GUEST_$(echo $name | tr a-z- A-Z_)
    eval "directory=\${$variable:-}"
    [ -n "$directory" ] || directory=$("$kit/build-$name.sh")
    echo "$variable='$directory'"
done
