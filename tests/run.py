#!/usr/bin/env python3
# Runs test programs and scripts in parallel and counts their TAP results.
# SPDX-License-Identifier: MIT
"""usage: run.py [-j JOBS] [--timeout SECONDS] TEST...

Each TEST is a program, or a .py or .sh script. It prints TAP: a plan "1..N",
"ok"/"not ok" lines, "# SKIP". Each gets a temporary directory of its own as
TMPDIR, which is removed afterwards. The last line is "N passed, N failed", with
", N skipped" when there are any; the exit status says whether all passed.
QEMU_TEST_TIMEOUT_FACTOR in the environment multiplies the default timeout.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

RESULT = re.compile(r"^(not )?ok\b(?:\s+\d+)?\s*(?:-\s*)?(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*SKIP\b(.*))?$", re.IGNORECASE)
SKIP = re.compile(r"#\s*SKIP\b", re.IGNORECASE)

running = set()
running_lock = threading.Lock()


class Outcome:
    def __init__(self, name):
        self.name = name
        self.passed = self.failed = self.skipped = 0
        self.problems = []      # one line each
        self.output = ""
        self.seconds = 0.0


def parse_tap(text, outcome):
    """Count the results in text; returns the plan, None when there is none."""
    plan = None
    for line in text.splitlines():
        match = PLAN.match(line)
        if match:
            plan = int(match.group(1))
            if match.group(2) is not None and plan == 0:
                outcome.skipped += 1
            continue
        if line.startswith("Bail out!"):
            outcome.failed += 1
            outcome.problems.append(line)
            continue
        match = RESULT.match(line)
        if not match:
            continue
        if SKIP.search(match.group(2)):
            outcome.skipped += 1
        elif match.group(1):
            outcome.failed += 1
            outcome.problems.append(line)
        else:
            outcome.passed += 1
    return plan


def judge(outcome, status, timed_out, timeout):
    """What the TAP text does not say: a missing plan, missing results, a bad end."""
    plan = parse_tap(outcome.output, outcome)
    counted = outcome.passed + outcome.failed + outcome.skipped
    if timed_out:
        outcome.problems.append(f"no end after {timeout:g} s")
    elif status < 0:
        outcome.problems.append(f"ended by {signal.Signals(-status).name}")
    elif plan is None and not counted:
        outcome.problems.append(f"no test results (exit status {status})")
    elif plan and counted < plan:
        outcome.problems.append(f"only {counted} of {plan} results (exit status {status})")
    elif status and not outcome.failed:
        outcome.problems.append(f"exit status {status}")
    if outcome.problems and not outcome.failed:
        outcome.failed = 1


def command_for(path):
    if path.endswith(".py"):
        return [sys.executable, path]
    if path.endswith(".sh"):
        return ["sh", path]
    return [os.path.join(".", path) if os.sep not in path else path, "--tap"]


def stop_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_test(path, timeout):
    outcome = Outcome(path)
    directory = tempfile.mkdtemp(prefix="check-")
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            command_for(path), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
            env=dict(os.environ, TMPDIR=directory), errors="replace", text=True)
    except OSError as error:
        outcome.problems.append(f"cannot start: {error.strerror}")
        outcome.failed = 1
        shutil.rmtree(directory, ignore_errors=True)
        return outcome
    with running_lock:
        running.add(process)
    timed_out = False
    try:
        outcome.output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
        stop_group(process)
        outcome.output, _ = process.communicate()
    stop_group(process)         # what it left behind
    with running_lock:
        running.discard(process)
    outcome.seconds = time.monotonic() - started
    shutil.rmtree(directory, ignore_errors=True)
    judge(outcome, process.returncode, timed_out, timeout)
    return outcome


def report(outcome):
    verdict = "FAIL" if outcome.failed else "ok" if outcome.passed else "skip"
    counts = f"{outcome.passed} passed"
    if outcome.failed:
        counts += f", {outcome.failed} failed"
    if outcome.skipped:
        counts += f", {outcome.skipped} skipped"
    print(f"{verdict:4} {outcome.name}: {counts} ({outcome.seconds:.1f} s)")
    if outcome.failed:
        for problem in outcome.problems:
            print(f"     {problem}")
        for line in outcome.output.splitlines()[-40:]:
            print(f"     | {line}")
    sys.stdout.flush()


def default_jobs():
    """Half as many more than processors: guests wait for timers, disks and networks now and then."""
    return (os.cpu_count() or 1) * 3 // 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-j", "--jobs", type=int, default=default_jobs())
    factor = float(os.environ.get("QEMU_TEST_TIMEOUT_FACTOR", "1"))
    parser.add_argument("--timeout", type=float, default=600.0 * factor)
    parser.add_argument("tests", nargs="*", metavar="TEST")
    args = parser.parse_args()
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(args.jobs, 1)) as pool:
        futures = [pool.submit(run_test, test, args.timeout) for test in args.tests]
        try:
            for future in concurrent.futures.as_completed(futures):
                outcomes.append(future.result())
                report(outcomes[-1])
        except KeyboardInterrupt:
            for future in futures:
                future.cancel()
            with running_lock:
                for process in running:
                    stop_group(process)
            return 130
    passed = sum(o.passed for o in outcomes)
    failed = sum(o.failed for o in outcomes)
    skipped = sum(o.skipped for o in outcomes)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
