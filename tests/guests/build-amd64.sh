#!/bin/sh
# Builds the x86-64 PC guest from Debian packages: see pc.sh. Prints the output directory.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

arch=amd64
kernel_package=linux-image-amd64
tools="gcc libc6-dev binutils"
CC=gcc STRIP=strip bench_cflags='-march=x86-64'
. "$kit/pc.sh"
