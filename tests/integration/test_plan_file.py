"""The plan file as users meet it: stock tools open it, damage anywhere is refused, writing leaves nothing behind."""

import hashlib
import json
import random
import subprocess
import tarfile

import pytest

from support import programs

FLIPS = 1000


@pytest.fixture
def planned(shop_pair):
    shop_pair.move_on()
    shop_pair.plan("--schema=*", "--clean-extra", env={"SOURCE_DATE_EPOCH": "1700000000"}).expect(0)
    return shop_pair


def test_every_flip_is_refused(planned):
    """The evidence of the issue: bytes flipped at 1,000 random offsets, every one refused with 5."""
    good = planned.file.read_bytes()
    random.seed(2)
    bad = planned.folder / "bad.pgplan"
    bad.write_bytes(good)
    state = planned.standin_state()
    with open(bad, "r+b") as file:
        for number in range(FLIPS):
            offset = random.randrange(len(good))
            file.seek(offset)
            file.write(bytes([good[offset] ^ random.randrange(1, 256)]))
            file.flush()
            command = [programs.plan, programs.apply][number % 2]
            outcome = command("verify", bad)
            assert outcome.code == programs.ARCHIVE, "offset %d\n%s" % (offset, outcome)
            if number % 50 == 0:
                planned.apply(file=bad).expect(programs.ARCHIVE)
            file.seek(offset)
            file.write(good[offset : offset + 1])
            file.flush()
    programs.plan("verify", bad).expect(0)
    assert planned.standin_state() == state


def test_stock_tools_open_it(planned, tmp_path):
    folder = tmp_path / "open"
    folder.mkdir()
    subprocess.run(["tar", "xf", planned.file, "-C", folder], check=True)
    subprocess.run(["sha256sum", "--quiet", "-c", "manifest.sha256"], cwd=folder, check=True)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    root = hashlib.sha256()
    for entry in manifest["entries"]:
        stored = (folder / entry["name"]).read_bytes()
        assert len(stored) == entry["size"] and hashlib.sha256(stored).hexdigest() == entry["sha256"]
        raw = stored
        if entry["name"].endswith(".zst"):
            raw = subprocess.run(["zstd", "-dc"], input=stored, capture_output=True, check=True).stdout
        assert len(raw) == entry["raw_size"] and hashlib.sha256(raw).hexdigest() == entry["raw_sha256"]
        root.update(("%s %d %s\n" % (entry["raw_sha256"], entry["raw_size"], entry["name"])).encode())
    assert root.hexdigest() == manifest["content_root"]
    with tarfile.open(planned.file) as tar:
        members = tar.getmembers()
    assert members[0].name == "manifest.json"
    assert {(m.uid, m.gid, m.mode, m.mtime, m.isreg()) for m in members} == {(0, 0, 0o644, 1700000000, True)}


def test_standard_output(planned):
    piped = planned.folder / "piped.pgplan"
    with open(piped, "wb") as out:
        subprocess.run([str(programs.BIN / "pgsyncer-plan"), "--maindsn", planned.main_dsn, "--standindsn", planned.standin_dsn, "--schema=*",
                        "--clean-extra", "-o", "-"], stdout=out, stdin=subprocess.DEVNULL, check=True, env=programs.SCRUBBED)
    programs.plan("verify", piped).expect(0)
    assert planned.show(piped)["content_root"] == planned.show()["content_root"]


def test_nothing_is_left_behind(planned):
    before = sorted(path.name for path in planned.folder.iterdir())
    planned.plan("--schema=*").expect(programs.USAGE)  # the file exists
    planned.plan("--schema=*", output=planned.folder / "nowhere" / "x.pgplan").expect(programs.USAGE)
    assert sorted(path.name for path in planned.folder.iterdir()) == before


def test_all_faults_are_named(planned):
    good = bytearray(planned.file.read_bytes())
    entries = [e for e in json.loads(good[512 : 512 + int(good[124:135], 8)])["entries"] if e["name"].startswith("statements/")][:2]
    for entry in entries:
        with tarfile.open(planned.file) as tar:
            good[tar.getmember(entry["name"]).offset_data] ^= 1
    bad = planned.folder / "bad.pgplan"
    bad.write_bytes(good)
    outcome = programs.plan("verify", bad).expect(programs.ARCHIVE)
    for entry in entries:
        assert entry["name"] in outcome.err


def test_fingerprints_of_another_version(pair):
    """A plan whose fingerprints an older version computed is in order, and shown; it cannot be checked against any row, and is refused."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t VALUES (1)")
    pair.plan("--hash=server").expect(0)
    plan = pair.file.read_bytes()
    manifest = plan[512 : 512 + int(plan[124:135], 8)]
    older = manifest.replace(b'"column-hashes-2"', b'"column-hashes-1"')
    assert older != manifest
    hexes = [hashlib.sha256(m).hexdigest().encode() for m in (manifest, older)]
    pair.file.write_bytes(plan.replace(manifest, older).replace(*hexes))
    programs.plan("show", pair.file).expect(0)
    for command in (("check",), ("--yes",), ("--dry-run",)):
        outcome = programs.apply(*command, pair.file, "--standindsn", pair.standin_dsn).expect(programs.REFUSED)
        assert "fingerprints (column-hashes-1) are of a kind that this version cannot compute" in outcome.err and "make the plan again" in outcome.err.lower(), str(outcome)
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM t") == 0
