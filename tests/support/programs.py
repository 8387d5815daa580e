"""Runs pgsyncer-plan and pgsyncer-apply as a user would, and keeps what they said."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("PGSYNCER_BIN", ROOT / "build/dev/bin")).resolve()

DONE, INTERNAL, CHANGES, USAGE, CONNECTION, ARCHIVE, SIGNATURE, BASE_STATE, ALREADY, CONFLICT, VERIFICATION, DECLINED, UNKNOWN, REFUSED = range(14)
INTERRUPTED = 130

# What libpq would pick up from the caller's environment must not decide what a test does.
SCRUBBED = {k: v for k, v in os.environ.items() if not k.startswith("PG") or k.startswith("PGSYNCER")}
for name in ("MAIN_DSN", "STANDIN_DSN", "SOURCE_DATE_EPOCH"):
    SCRUBBED.pop(name, None)
SCRUBBED.setdefault("ASAN_OPTIONS", "detect_leaks=1")


def missing():
    """What keeps the programs from running, as a sentence; None when nothing does."""
    for name in ("pgsyncer-plan", "pgsyncer-apply"):
        if not os.access(BIN / name, os.X_OK):
            return "%s not found in %s (build it, or set PGSYNCER_BIN)" % (name, BIN)
    return None


class Outcome:
    """How one run ended: `code`, `out`, `err`, and the command for messages."""

    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err

    def __str__(self):
        return "$ %s\nexit %s\n--- stdout\n%s\n--- stderr\n%s" % (" ".join(map(str, self.command)), self.code, self.out[-4000:], self.err[-4000:])

    def expect(self, *codes):
        assert self.code in codes, "expected exit %s\n%s" % (" or ".join(map(str, codes)), self)
        return self

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def last_line(self):
        lines = self.out.strip().splitlines()
        return lines[-1] if lines else ""


def passwords_in(command, env):
    """The passwords that this run was given, which no output may repeat."""
    found = set()
    for text in [str(c) for c in command[1:]] + [env.get("MAIN_DSN", ""), env.get("STANDIN_DSN", "")]:
        found.update(re.findall(r"password\s*=\s*'((?:[^'\\]|\\.)+)'", text))
        found.update(re.findall(r"password\s*=\s*([^'\s&]+)", text))
        found.update(re.findall(r"://[^/@\s]*?:([^@\s]+)@", text))
    if env.get("PGPASSWORD"):
        found.add(env["PGPASSWORD"])
    return {p for raw in found for p in (raw, unquote(raw)) if len(p) >= 4}


def check_output(outcome, env):
    for password in passwords_in(outcome.command, env):
        for stream in (outcome.out, outcome.err):
            assert password not in stream, "a password was shown by %s:\n%s" % (outcome.command[0], stream)
    for mark in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:"):
        assert mark not in outcome.err, str(outcome)
    return outcome


class Running:
    """A program that runs beside the test; finish() returns its Outcome."""

    def __init__(self, program, args, env=None, cwd=None, stdin=subprocess.DEVNULL):
        self.env = {**SCRUBBED, **(env or {})}
        self.command = [str(BIN / program), *map(str, args)]
        self.process = subprocess.Popen(self.command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env, cwd=cwd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def signal(self, number=signal.SIGINT):
        self.process.send_signal(number)

    def finish(self, timeout=300):
        try:
            out, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError("hangs: %s" % Outcome(self.command, "none", out.decode(errors="replace"), err.decode(errors="replace")))
        code = self.process.returncode
        return check_output(Outcome(self.command, code, out.decode(errors="replace"), err.decode(errors="replace")), self.env)


def run(program, *args, env=None, cwd=None, timeout=300, stdin=subprocess.DEVNULL):
    with Running(program, args, env, cwd, stdin) as running:
        return running.finish(timeout)


def plan(*args, **more):
    return run("pgsyncer-plan", *args, **more)


def apply(*args, **more):
    return run("pgsyncer-apply", *args, **more)
