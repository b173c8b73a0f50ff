#!/bin/sh
# Builds a 4 MiB ROM image: vectors at its start, the guest program at 0xfff00000.
# usage: build-guest.sh SRC_DIR VECTORS OUTPUT SOURCES... (the first holds the reset vector)
# SPDX-License-Identifier: MIT
set -e
src=$1 vectors=$2 out=$3
shift 3
cross=${CROSS_COMPILE_PPC:-powerpc-linux-gnu-}
sources=
for f; do sources="$sources $src/$f"; done
# shellcheck disable=SC2086
"${cross}gcc" -O1 -ffreestanding -fno-pic -no-pie -fno-stack-protector -mcpu=750 -mno-sdata -nostdlib -static \
    -I"$src" -Wl,--build-id=none -Wl,-N -Wl,-Ttext=0xfff00000 -Wl,-e,_start -o "$out.elf" $sources
"${cross}objcopy" -O binary "$out.elf" "$out.code"
{ head -c 3145728 "$vectors"; head -c $((3145728 - $(head -c 3145728 "$vectors" | wc -c))) /dev/zero
  cat "$out.code"; } > "$out.tmp"
head -c $((4194304 - $(wc -c < "$out.tmp"))) /dev/zero >> "$out.tmp"
mv "$out.tmp" "$out"
