"""The ways in which a plan is made and applied. A test takes the fixture `way`, or its `pair`, and may be parametrised with several:

    @pytest.mark.parametrize("way", ways.OTHERS)

A way is a function of (file, dsn, arguments of pgsyncer-apply, env) that returns an Outcome, whose code is pgsyncer-apply's.
"fdw", "client" and "updated" apply as "apply" does; it is the plan that is made in another way. PGSYNCER_WAY=psql runs every test in
that way; one that cannot hold in some by the design says so:

    @ways.not_by("fdw", "the plan has no rows that show could print")
"""

import os
import re
import subprocess

import pytest

from support import programs, updated_at
from support.cluster import BIN

PSQL = os.path.join(BIN, "psql")


def by_apply(file, dsn, args, **more):
    return programs.apply(file, "--standindsn", dsn, "--yes", *args, **more)


def by_force_psql(file, dsn, args, **more):
    return by_apply(file, dsn, ["--force-psql", "--psql=" + PSQL, *args], **more)


def by_pipe(file, dsn, args, **more):
    """As from another program: what `cat` writes cannot be read twice."""
    with subprocess.Popen(["cat", str(file)], stdout=subprocess.PIPE) as cat:
        return by_apply("-", dsn, args, stdin=cat.stdout, **more)


def _exit_code(returncode, err):
    """What pgsyncer-apply would exit with: an SQLSTATE PS007 of the script is its 7."""
    if returncode == 0:
        return 0
    found = re.search(r"^psql:<stdin>:\d+: \w+:  (?!0[012])([0-9A-Z]{5}): ", err, re.MULTILINE)
    state = found[1] if found else "XX000"
    if state.startswith("PS"):
        return int(state[2:])
    if state.startswith(("22", "23")):
        return programs.CONFLICT
    return programs.CONNECTION if state.startswith(("08", "28", "42501", "53", "57", "55P03")) else programs.INTERNAL


def by_script(file, dsn, args, env=None):
    """
    show --sql, run by psql: what a DBA does who has nothing but psql. It has one option, a line to be edited. It proves what it touched,
    also where all is to be proved.
    """
    env = {**programs.SCRUBBED, **(env or {})}
    script = programs.plan("show", "--sql", file).expect(0).out
    for arg in args:
        name, _, value = arg.partition("=")
        if name == "--verify" and value != "none":
            continue
        if name != "--lock-timeout":
            pytest.skip("the script of show --sql has no option " + name)
        assert "set_config('lock_timeout', '10s'" in script
        script = script.replace("set_config('lock_timeout', '10s'", "set_config('lock_timeout', '%s'" % value)
    command = [PSQL, "-X", "-v", "VERBOSITY=verbose", "-f", "-", dsn]
    psql = subprocess.run(command, input=script.encode(), capture_output=True, env=env)
    err = psql.stderr.decode()
    return programs.Outcome(command, _exit_code(psql.returncode, err), psql.stdout.decode(), err)


# What a plan made in another way does not go with, by cli.md: rows that are not compared, others than tables'; another way.
GOES_WITHOUT = {
    "fdw": ("--fdw-mode", "--no-sync-data", "--sync-data=false", "--large-objects", "--hash", "--hash=client"),
    "client": ("--hash", "--fdw-mode", "--use-updated-at"),
    "updated": ("--use-updated-at", "--no-sync-data", "--sync-data=false", "--hash=client"),
}
PLANNED = {"fdw": ("--fdw-mode",), "client": ("--hash=client",), "updated": ("--use-updated-at", "--last-sync-time=" + updated_at.SINCE)}


def plan_arguments(way, args):
    """What pgsyncer-plan is told for a way."""
    given = {str(arg) for arg in args} | {str(arg).partition("=")[0] for arg in args}
    return () if given & set(GOES_WITHOUT.get(way, ())) else PLANNED.get(way, ())


def not_by(*names_and_reason):
    """Marks a test that cannot hold in these ways; it is skipped there, and the reason shown."""
    return pytest.mark.not_by(*names_and_reason)


# For not_by("updated", …): the way gives every table the column updated_at.
ONE_COLUMN_MORE = "the test writes or counts rows as if the tables had no column updated_at"

WAYS = {"apply": by_apply, "fdw": by_apply, "client": by_apply, "updated": by_apply, "psql": by_force_psql, "script": by_script, "pipe": by_pipe}
OTHERS = ("psql", "script", "pipe")
DEFAULT = os.environ.get("PGSYNCER_WAY", "apply")  # PGSYNCER_WAY=psql runs every test in that way
