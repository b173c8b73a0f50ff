#!/bin/sh
# Builds the 32-bit PC guest from Debian packages, with the kernel for machines
# without PAE: see pc.sh. Prints the output directory.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

arch=i386
kernel_package=linux-image-686
tools="gcc-i686-linux-gnu libc6-dev-i386-cross binutils-i686-linux-gnu"
CC=i686-linux-gnu-gcc STRIP=i686-linux-gnu-strip bench_cflags='-march=i686 -mfpmath=387'
. "$kit/pc.sh"
