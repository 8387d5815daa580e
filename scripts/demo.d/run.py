"""What scripts/demo does once the programs are built: two servers, a shop, a plan, its application, and the proof."""

import argparse
import os
import shlex
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support import cluster as clusters  # noqa: E402
from support import judge, programs  # noqa: E402

HERE = Path(__file__).resolve().parent


class Failed(Exception):
    pass


class Demo:
    def __init__(self, phases):
        self.phases = phases
        self.env = dict(os.environ)
        self.env["PATH"] = "%s:%s" % (programs.BIN, self.env.get("PATH", ""))

    def say(self, text):
        print("\n== " + text, flush=True)

    def phase(self, name):
        demo = self

        class Timed:
            def __enter__(self):
                self.begin = time.monotonic()

            def __exit__(self, kind, *_):
                if kind is None:
                    demo.phases.append((name, time.monotonic() - self.begin))

        return Timed()

    def setenv(self, name, value):
        print("$ export %s=%s" % (name, shlex.quote(value)), flush=True)
        self.env[name] = value

    def run(self, *command, expect=0, first=None):
        """Shows the command as a user would type it, runs it, shows what it says (the `first` lines); returns its output."""
        names = {self.env.get(n): '"$%s"' % n for n in ("MAIN_DSN", "STANDIN_DSN")}
        print("$ " + " ".join(names.get(c) or shlex.quote(c) for c in command) + (" | head -%d" % first if first else ""), flush=True)
        p = subprocess.run(command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        lines = p.stdout.splitlines()
        if lines:
            print("\n".join(lines[:first] if first else lines), flush=True)
        if p.returncode != expect:
            raise Failed("%s ended with exit code %d, not %d" % (command[0], p.returncode, expect))
        if expect != 0:
            print("(exit code %d, as it should)" % expect)
        return p.stdout


def count_rows(cluster, db):
    cluster.rows(db, "ANALYZE")
    return cluster.rows(db, "SELECT count(*) FILTER (WHERE relkind = 'r'), sum(greatest(reltuples, 0)) FILTER (WHERE relkind = 'r')::bigint"
                            " FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)'")[0]


def run(demo, rows, keep, stack):
    demo.say("Two throwaway servers: one for main, one for the stand-in")
    with demo.phase("start servers"):
        main = stack.enter_context(clusters.Cluster("main", survives=keep))
        standin = stack.enter_context(clusters.Cluster("stand-in", survives=keep))
    demo.setenv("MAIN_DSN", main.dsn("shop", uri=True))
    demo.setenv("STANDIN_DSN", standin.dsn("shop", uri=True))

    demo.say("Main is filled with a shop")
    with demo.phase("fill main"):
        main.createdb("shop")
        demo.run("psql", demo.env["MAIN_DSN"], "-q", "-o", "/dev/null", "-v", "rows=%d" % rows, "-f", str((HERE / "shop.sql").relative_to(ROOT)))
    print("%d tables, %d rows" % count_rows(main, "shop"))

    demo.say("The stand-in becomes a copy of it (pg_dump, pg_restore)")
    with demo.phase("clone to the stand-in"):
        standin.clone(main, "shop", "shop")

    demo.say("Main moves on: rows and definitions change in many places")
    with demo.phase("move main on"):
        demo.run("psql", demo.env["MAIN_DSN"], "-q", "-o", "/dev/null", "-f", str((HERE / "move-on.sql").relative_to(ROOT)))
    with demo.phase("count the differences"):
        found = judge.differences(main, "shop", standin, "shop")
    print("pg_dump and COPY see %d differences between the two databases now; the first ones:" % len(found))
    for line in found[:5]:
        print("  " + line.splitlines()[0][:110])

    folder = ROOT / "build" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "shop.pgplan"
    name = str(file.relative_to(ROOT))

    demo.say("Plan: what would bring the stand-in to the state of main; neither database is changed")
    with demo.phase("plan"):
        summary = demo.run("pgsyncer-plan", "--schema=*", "--clean-extra", "--force", "-o", name).strip().splitlines()[-1]

    demo.say("Review: the plan is one file, and needs no database to be read")
    with demo.phase("show and verify"):
        demo.run("pgsyncer-plan", "verify", name)
        demo.run("pgsyncer-plan", "show", name, first=60)
        demo.run("tar", "tf", name, first=12)

    demo.say("Apply: one transaction, proved before COMMIT")
    with demo.phase("apply"):
        demo.run("pgsyncer-apply", name, "--yes")

    demo.say("Proof by PostgreSQL's own means: pg_dump --schema-only and COPY of every table, both databases")
    with demo.phase("proof"):
        found = judge.differences(main, "shop", standin, "shop")
    if found:
        raise Failed("the databases still differ:\n  " + "\n  ".join(found[:20]))
    print("equal: %d statements of pg_dump, every row of %d tables, every sequence"
          % (judge.normalise(judge.dump_schema(main, "shop")).total(), count_rows(main, "shop")[0]))

    demo.say("A second plan has nothing to do, and the first one cannot be applied twice")
    with demo.phase("second plan and apply"):
        demo.run("pgsyncer-plan", "--schema=*", "--clean-extra", "--detailed-exitcode", "--force", "-o", str((folder / "second.pgplan").relative_to(ROOT)))
        demo.run("pgsyncer-apply", name, "--yes", expect=programs.ALREADY)
    return main, standin, summary, name


def main():
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--rows", type=int, default=600000)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--phase", action="append", default=[], metavar="NAME=SECONDS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    why = clusters.missing() or programs.missing()
    if why:
        sys.exit("scripts/demo: " + why)
    os.chdir(ROOT)
    demo = Demo([(name, float(seconds)) for name, seconds in (p.rsplit("=", 1) for p in options.phase)])
    with ExitStack() as stack:
        try:
            main_server, standin_server, summary, name = run(demo, options.rows, options.keep, stack)
        except Failed as e:
            sys.exit("\nscripts/demo: FAILED: %s" % e)
        print("\n== Done: the stand-in equals main\n")
        for phase, seconds in demo.phases:
            print("  %-24s %7.1f s" % (phase, seconds))
        print("\n%s\nThe plan file: %s\nLook into it: %s show --sql %s" % (summary, name, (programs.BIN / "pgsyncer-plan").relative_to(ROOT)
              if programs.BIN.is_relative_to(ROOT) else programs.BIN / "pgsyncer-plan", name))
        if options.keep:
            stack.pop_all()
            print("\nThe servers are still running:\n  export MAIN_DSN='%s'\n  export STANDIN_DSN='%s'\nStop them: kill -QUIT %d %d; sleep 1; rm -rf %s %s"
                  % (demo.env["MAIN_DSN"], demo.env["STANDIN_DSN"], main_server.process.pid, standin_server.process.pid, main_server.dir, standin_server.dir))


if __name__ == "__main__":
    main()
