"""A plan with one byte changed, anywhere, is refused with 5; so is one that was cut, or had something put behind it."""

import os
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import programs

FLIPS = 1000


@pytest.fixture(scope="module")
def plan_bytes(built, shop, main_cluster, standin_cluster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flips")
    main_cluster.createdb("flips", template=shop)
    standin_cluster.createdb("flips", template=shop)
    try:
        main_cluster.psql("flips", file=programs.ROOT / "scripts/demo.d/move-on.sql")
        file = folder / "whole.pgplan"
        programs.plan("--maindsn", main_cluster.dsn("flips"), "--standindsn", standin_cluster.dsn("flips"), "--schema=*", "--clean-extra", "-o", file).expect(0)
        programs.plan("verify", file).expect(0)
        return file.read_bytes()
    finally:
        main_cluster.dropdb("flips")
        standin_cluster.dropdb("flips")


def verdict(folder, number, data, program="pgsyncer-plan"):
    file = folder / ("%d.pgplan" % number)
    file.write_bytes(data)
    done = subprocess.run([programs.BIN / program, "verify", file], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=programs.SCRUBBED, timeout=60)
    os.unlink(file)
    return done.returncode, done.stderr.decode(errors="replace")


def all_refused(folder, changed):
    """Runs verify over (description, bytes) pairs, two at a time; returns what was not refused as damaged."""
    with ThreadPoolExecutor(2) as pool:
        verdicts = pool.map(lambda item: (item[1][0], verdict(folder, item[0], item[1][1], ("pgsyncer-plan", "pgsyncer-apply")[item[0] % 2])), enumerate(changed))
        return ["%s: exit %d %s" % (what, code, err[-300:]) for what, (code, err) in verdicts if code != programs.ARCHIVE or not err.strip()]


def test_a_flipped_byte_is_refused(plan_bytes, tmp_path):
    choose = random.Random(1000)

    def flips():
        for _ in range(FLIPS):
            at, bit = choose.randrange(len(plan_bytes)), 1 << choose.randrange(8)
            data = bytearray(plan_bytes)
            data[at] ^= bit
            yield "byte %d of %d, bit %d" % (at, len(data), bit), data

    assert all_refused(tmp_path, flips()) == []


def test_every_byte_of_the_first_header_counts(plan_bytes, tmp_path):
    def flips():
        for at in range(512):
            data = bytearray(plan_bytes)
            data[at] ^= 0x01
            yield "byte %d" % at, data

    assert all_refused(tmp_path, flips()) == []


def test_a_plan_that_was_cut_or_grew(plan_bytes, tmp_path):
    choose = random.Random(7)
    n = len(plan_bytes)
    lengths = [0, 1, 511, 512, 513, 1024, n - 1, n - 512, n - 1024, n - 1025] + [choose.randrange(n) for _ in range(40)]
    changed = [("cut to %d of %d" % (length, n), plan_bytes[:length]) for length in lengths]
    changed += [("with %d bytes behind it" % len(tail), plan_bytes + tail) for tail in (b"\0", b"x", b"\0" * 512, b"\0" * 10240, b"more" * 512, plan_bytes)]
    assert all_refused(tmp_path, changed) == []


def test_swapped_and_doubled_blocks(plan_bytes, tmp_path):
    choose = random.Random(11)
    blocks = len(plan_bytes) // 512

    def changed():
        for _ in range(60):
            a, b = sorted(choose.sample(range(blocks), 2))
            first, second = plan_bytes[a * 512:a * 512 + 512], plan_bytes[b * 512:b * 512 + 512]
            if first == second:
                continue
            yield "blocks %d and %d swapped" % (a, b), plan_bytes[:a * 512] + second + plan_bytes[a * 512 + 512:b * 512] + first + plan_bytes[b * 512 + 512:]
            yield "block %d doubled" % a, plan_bytes[:a * 512] + first + plan_bytes[a * 512:]

    assert all_refused(tmp_path, changed()) == []


def test_a_flipped_byte_reaches_no_database(plan_bytes, tmp_path):
    """apply refuses before it connects: the DSN leads nowhere, and the code is 5 all the same."""
    choose = random.Random(3)
    for _ in range(10):
        data = bytearray(plan_bytes)
        data[choose.randrange(len(data))] ^= 0x40
        (tmp_path / "x.pgplan").write_bytes(data)
        programs.apply(tmp_path / "x.pgplan", "--standindsn", "host=/nonexistent dbname=x", "--yes").expect(programs.ARCHIVE)
