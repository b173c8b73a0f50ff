#!/usr/bin/env python3
# Integer instructions over edge operands against the host's CPU, in each
# translation mode. If it fails, programs compute wrong values.
# SPDX-License-Identifier: MIT
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bare

bare.main([("int", "fx-none", "max"), ("ext", "fx-none", "max")])
