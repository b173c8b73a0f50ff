#!/usr/bin/env python3
"""Boots of PowerPC Linux by the same paths as tests/boot's, with other controllers and
cards. If this fails, some of people's guests do not come up.

SPDX-License-Identifier: MIT
"""
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "boot"), os.path.join(HERE, "..")]
from guest import Tap       # noqa: E402


def main():
    tap = Tap()
    for name, function, *args in importlib.import_module("ppc-boot-test").MORE:
        tap.test(name, function, *args)
    tap.done()


if __name__ == "__main__":
    main()
