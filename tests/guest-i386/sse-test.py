#!/usr/bin/env python3
# MMX and SSE instructions with memory operands, MXCSR settings and unmasked
# exceptions against the host's CPU, in each translation mode. If it fails,
# programs with floating point compute wrong values or miss exceptions.
# SPDX-License-Identifier: MIT
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bare

bare.main([("sse", "fx-sse", "max")])
