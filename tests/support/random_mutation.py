"""One seed of the random mutation test: both sides of the demo database move on their own, then the whole job must make them equal."""

import random
import traceback
from pathlib import Path

from support import judge, programs
from support.mutate import Mutator

SHOP = programs.ROOT / "scripts" / "demo.d" / "shop.sql"
TEMPLATE = "shop"


def make_templates(main, standin, rows=3000):
    """The demo database on both clusters, small, for seeds to start from."""
    main.createdb(TEMPLATE)
    main.psql(TEMPLATE, file=SHOP, variables={"rows": rows})
    main.psql("postgres", "ALTER DATABASE %s IS_TEMPLATE true" % TEMPLATE)
    standin.clone(main, TEMPLATE, TEMPLATE)
    standin.psql("postgres", "ALTER DATABASE %s IS_TEMPLATE true" % TEMPLATE)


def mutate(cluster, db, seed, count, rows_only):
    connection = cluster.connect(db)
    try:
        return Mutator(connection, seed, rows_only).run(count)
    finally:
        connection.close()


def run_seed(main, standin, seed, folder, rows_only=False):
    """
    Returns (None, a line about what was done) or (what is wrong, the same). Everything comes from the seed: how much is mutated,
    how, and the options of plan. In `folder` are then main.sql and standin.sql (what the mutator did), the plans and the outputs.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    choose = random.Random("options-%d" % seed)
    count = choose.choice([3, 10, 30, 60, 120])
    options = ["--workers=%d" % choose.choice([1, 2, 4]), "--chunk-size=%d" % choose.choice([10, 100, 1000, 10000])]
    main_db, standin_db = "m%d" % seed, "s%d" % seed
    main.createdb(main_db, template=TEMPLATE)
    standin.createdb(standin_db, template=TEMPLATE)
    done = "%d mutations" % count
    try:
        sides = [mutate(main, main_db, "main-%d" % seed, count, rows_only), mutate(standin, standin_db, "stand-in-%d" % seed, count if choose.random() < 0.8 else 0, rows_only)]
        for name, side in zip(("main", "standin"), sides):
            (folder / (name + ".sql")).write_text("".join(line + "\n" for line in side.log))
        done = "%3d + %3d mutations, %s" % (sides[0].done, sides[1].done, " ".join(options))
        return whole_job(main, main_db, standin, standin_db, folder, options), done
    except (AssertionError, Exception) as e:
        (folder / "exception").write_text(traceback.format_exc())
        return "the test itself: %s" % e, done
    finally:
        main.dropdb(main_db)
        standin.dropdb(standin_db)


def whole_job(main, main_db, standin, standin_db, folder, options):
    """Plan, apply, judge, plan again, apply again; returns what went wrong, or None."""
    sides = ["--maindsn", main.dsn(main_db), "--standindsn", standin.dsn(standin_db), "--schema=*", "--clean-extra", "--force", *options]
    first, second = folder / "first.pgplan", folder / "second.pgplan"

    def step(name, outcome, *codes):
        (folder / (name + ".log")).write_text(str(outcome))
        if outcome.code not in codes:
            said = [line for line in outcome.err.splitlines() if line.startswith(("error:", "detail:", "context:"))] or outcome.err.strip().splitlines()[-3:]
            return "%s: exit %s: %s" % (name, outcome.code, " | ".join(said))
        return None

    wrong = step("plan", programs.plan(*sides, "-o", first), 0)
    if wrong:
        return wrong
    (folder / "plan.sql").write_text(programs.plan("show", "--sql", first).out)
    wrong = step("apply", programs.apply(first, "--standindsn", standin.dsn(standin_db), "--yes"), 0)
    if wrong:
        return wrong
    found = judge.differences(main, main_db, standin, standin_db)
    if found:
        (folder / "differences").write_text("\n".join(found))
        return "%d differences, first: %s" % (len(found), " ".join(found[0].split()))
    wrong = step("second-plan", programs.plan(*sides, "--detailed-exitcode", "-o", second), 0)
    if wrong:
        (folder / "second-plan.json").write_text(programs.plan("show", "--json", second).out)
        return wrong
    return step("second-apply", programs.apply(first, "--standindsn", standin.dsn(standin_db), "--yes"), programs.ALREADY)
