#!/usr/bin/env python3
# x87 instructions over edge operands, stacks and control words against the
# host's CPU, in each translation mode. If it fails, programs with floating
# point compute wrong values, or see wrong flags and exceptions.
# SPDX-License-Identifier: MIT
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bare

bare.main([("x87", "fx-x87", "max")])
