"""
One seed: a random database, the stand-in another like it, both moved on their own, and the whole job on them. What was done and what came
of it is left in a folder. Everything comes from the seed: the databases, how much is mutated and how, the options of the programs.
"""

import random
import re
import shutil
import traceback
from pathlib import Path

import psycopg2

from support import judge, programs, updated_at, ways
from support.cluster import quote_ident
from support.random_mutation.build import build
from support.random_mutation.builder import Builder, repeat
from support.random_mutation.mutator import Mutator

OWNER = "random_owner"
TEMPLATES = {"random_c": "", "random_icu": "LOCALE_PROVIDER icu ICU_LOCALE 'de-u-kn-true'"}

# What plan may refuse, with the place in the documents that says so.
REFUSALS = [
    r"what main lacks is in the way of what main has",                          # cli.md, the same: not with --clean-extra
    r"what main lacks does not allow main's rows",
    r"main has no such partition, and the columns of its table change",         # cli.md, the same: not with --clean-extra
    r"uses a composite type whose attributes are in another order than main's",   # cli.md, the same
    r"may not read table [\s\S]*: row-level security may hide rows",                # a plain owner and FORCE ROW LEVEL SECURITY
    r"rows of the stand-in do not become what the statements make of them",    # cli.md, "What is looked at before there is a plan"
]

# What apply may refuse: apply.md, an index does not take rows that go.
APPLY_REFUSALS = r"index row requires|index row size|could not identify a comparison function"
# What says something of an object that main has goes where main lacks it: entries of these types; and identities, and primary keys where main has another.
ATTRIBUTES = ("COMMENT", "SECURITY LABEL", "DEFAULT", "ROW SECURITY", "SCHEMA", "SEQUENCE OWNED BY")
GIVE_WAY = """SELECT c.relname FROM pg_depend JOIN pg_class c ON c.oid = objid WHERE classid = 'pg_class'::regclass AND deptype = 'i' AND refobjsubid > 0 AND relkind = 'S'
UNION ALL SELECT c.relname || ' ' || conname FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE contype = 'p'"""
VALID_KEYS = "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conparentid = 0"


def make_templates(main, standin):
    """Roles, and databases with extensions that sort by other rules."""
    for cluster in (main, standin):
        for role in (OWNER + " LOGIN", "random_reader", "random_clerk", '"Random ""Role"""'):
            cluster.rows("postgres", "CREATE ROLE %s" % role)
        for template, options in TEMPLATES.items():
            cluster.createdb(template, options=options)
            cluster.psql(template, "".join("CREATE EXTENSION %s;" % e for e in ("hstore", "citext", "ltree", "cube", "seg", "btree_gist")))
            cluster.psql("postgres", "ALTER DATABASE %s IS_TEMPLATE true" % template)


class Options:
    """What a seed chooses before anything else."""

    def __init__(self, seed):
        r = random.Random("options-%d" % seed)
        self.templates = [r.choice(list(TEMPLATES)) for _ in range(2)]
        self.size = r.choice([1, 3, 6, 10])
        self.rows_only = r.random() < 0.35
        self.count = r.choice([3, 10, 25, 60])
        self.main_count = r.choice([0, 0, self.count // 2, self.count])
        self.owner = OWNER if r.random() < 0.35 else None
        self.main_user = r.choice([OWNER, "postgres"]) if self.owner else "postgres"
        self.upkeep = r.choice([0, 0.2, 0.6])
        self.clean_extra = r.random() < 0.75
        self.delete_rows = not (self.rows_only and r.random() < 0.15)
        self.look = r.choice([None, None, "check", "dry run", "script"])
        self.plan = ["--workers=%d" % r.choice([1, 2, 4]), "--chunk-size=%d" % r.choice([1, 10, 100, 1000, 10000])]
        self.plan += [[], ["--before-images=false"]][r.random() < 0.25] + [[], ["--schema-source=pgdump"]][r.random() < 0.08]

    def __str__(self):
        return "%s, %d tables, %s, %s%s%s, %s" % ("+".join(t[7:] for t in self.templates), self.size, "rows only" if self.rows_only else "definitions too", "as owner" if self.owner else "as superuser",
                                                "" if self.clean_extra else ", nothing dropped", "" if self.delete_rows else ", no row deleted", " ".join(self.plan + ([self.look] if self.look else [])))


def make(cluster, db, template, options):
    cluster.createdb(db, template=template, options="OWNER %s" % (OWNER if options.owner else "postgres"))


def make_databases(main, main_db, standin, standin_db, seed, options, folder):
    """Returns how many mutations each side took."""
    make(main, main_db, options.templates[0], options)
    make(standin, standin_db, options.templates[1], options)
    done = []
    steps = None
    for name, cluster, db, count in (("main", main, main_db, options.main_count), ("standin", standin, standin_db, options.count)):
        connection = cluster.connect(db)
        try:
            if steps is None:
                session = Builder(connection, "build-%d" % seed, options.owner, superuser=not options.owner, alike=not options.delete_rows)
                build(session, options.size)
                steps = session.steps
            else:
                session = Builder(connection, "repeat-%d" % seed, options.owner)
                repeat(session, steps, "order-%d" % seed)
            if ways.DEFAULT == "updated":
                updated_at.add_columns(cluster, db)
            mutator = Mutator(connection, "%s-%d" % (name, seed), options.owner).run(count, options.rows_only)
            mutator.keep_up(options.upkeep)
            mutator.refresh()
            done.append(mutator.done)
            (folder / (name + ".sql")).write_text("".join(line + "\n" for line in session.log + ["-- mutated"] + mutator.log))
            (folder / (name + ".skipped")).write_text("".join("%s: %s\n    %s\n" % (what, why, sql[:500]) for what, sql, why in session.skipped + mutator.skipped))
        finally:
            connection.close()
    return done


class Wrong(Exception):
    """What the programs did is not what they must do."""


class Refused(Exception):
    """Plan refuses, as the documents say."""


class Job:
    """The programs run on two databases; every run's output goes into the folder."""

    def __init__(self, main, main_db, standin, standin_db, folder, options):
        self.main, self.main_db, self.standin, self.standin_db, self.folder, self.options = main, main_db, standin, standin_db, folder, options
        self.standin_dsn = standin.dsn(standin_db, user=options.owner or "postgres")
        # Through postgres_fdw, only a superuser reaches main without a password.
        self.apply_dsn = standin.dsn(standin_db) if ways.DEFAULT == "fdw" else self.standin_dsn
        self.env = {"MAIN_DSN": main.dsn(main_db)} if ways.DEFAULT == "fdw" else None
        self.sides = ["--maindsn", main.dsn(main_db, user=options.main_user), "--standindsn", self.standin_dsn, "--schema=*", "--force", *options.plan]

    def step(self, name, outcome, *codes):
        (self.folder / (name + ".log")).write_text(str(outcome))
        if outcome.code not in codes:
            said = [line for line in outcome.err.splitlines() if line.startswith(("error:", "detail:", "context:"))] or outcome.err.strip().splitlines()[-3:]
            raise Wrong("%s: exit %s: %s" % (name, outcome.code, " | ".join(said)))
        return outcome

    def plan(self, name, *options, nothing=False):
        """Writes NAME.pgplan; with `nothing`, there must be nothing to do."""
        file = self.folder / (name + ".pgplan")
        if ways.DEFAULT == "updated":
            updated_at.move(self.main, self.main_db, self.standin, self.standin_db)
        outcome = programs.plan(*self.sides, *options, *ways.plan_arguments(ways.DEFAULT, options), *(["--detailed-exitcode"] if nothing else []), "-o", file)
        if outcome.code in (programs.REFUSED, programs.CONNECTION) and any(re.search(r, outcome.err) for r in REFUSALS):
            raise Refused(re.search("|".join(REFUSALS), outcome.err)[0])
        try:
            self.step(name, outcome, 0)
        finally:
            if file.exists():
                (self.folder / (name + ".plan.sql")).write_text(programs.plan("show", "--sql", file).out)
        return file

    def look_at(self, file, *codes):
        """What reads a plan reads this one; what tries it changes nothing."""
        self.step("show", programs.plan("show", file), 0)
        self.step("show-json", programs.plan("show", "--json", file), 0).json
        self.step("verify", programs.apply("verify", file), 0)
        if self.options.look == "check":
            self.step("check", programs.apply("check", file, "--standindsn", self.apply_dsn, env=self.env), 0)
        elif self.options.look == "dry run":
            before = judge.state(self.standin, self.standin_db)
            self.step("dry-run", programs.apply(file, "--standindsn", self.apply_dsn, "--dry-run", "--verify=full", env=self.env), 0, *codes)
            if judge.state(self.standin, self.standin_db) != before:
                raise Wrong("the dry run changed something")

    def apply(self, name, file, *codes):
        """In the way that PGSYNCER_WAY names."""
        # Of newer rows alone, and with rows that stay, nobody knows what all rows must be.
        full = [] if ways.DEFAULT == "updated" and not self.options.delete_rows else ["--verify=full"]
        outcome = ways.WAYS[ways.DEFAULT](file, self.apply_dsn, full, env=self.env)
        if outcome.code == programs.REFUSED and re.search(APPLY_REFUSALS, outcome.err):
            raise Refused(re.search(APPLY_REFUSALS, outcome.err)[0])
        return self.step(name, outcome, *(codes or (0,)))

    def judge(self, found):
        """Fails where differences were found; what the plan warned of as `only a superuser can set it` is none."""
        warned = re.findall(r"which columns, checks or NOT NULL of (.*) are its own besides being inherited stays as it is", (self.folder / "plan.log").read_text()) if (self.folder / "plan.log").exists() else []
        found = [d for d in found if not any(re.search(r"TABLE (ONLY )?%s\s" % re.escape(w), d) for w in warned)]
        if found:
            (self.folder / "differences").write_text("\n".join(found))
            raise Wrong("%d differences, first: %s" % (len(found), " ".join(found[0].split())))

    def run_script(self, file):
        """psql in place of apply, on a copy of the stand-in."""
        copy = self.standin_db + "_script"
        self.standin.createdb(copy, template=self.standin_db)
        try:
            script = self.folder / "script.sql"
            script.write_text(programs.plan("show", "--sql", file).expect(0).out)
            try:
                self.standin.psql(copy, file=script)
            except Exception as e:
                if "HINT:  Use pgsyncer-apply" in str(e):
                    return
                raise Wrong("the script: %s" % e) from e
            if self.options.clean_extra and self.options.delete_rows:
                self.judge(judge.differences(self.main, self.main_db, self.standin, copy))
        finally:
            self.standin.dropdb(copy)

    def run(self):
        """Raises Wrong, or Refused; returns what a part of it was refused for."""
        if not self.options.delete_rows:
            return self.run_without_deleting()
        refused = None
        if not self.options.clean_extra:
            try:
                self.run_with_extras()
            except Refused as e:
                refused = str(e)
        file = self.plan("plan", "--clean-extra")
        self.look_at(file)
        if self.options.look == "script" and ways.DEFAULT not in ("fdw", "client") and not self.options.owner:
            self.run_script(file)
        self.apply_unless_main_is_broken(file)
        self.judge(judge.differences(self.main, self.main_db, self.standin, self.standin_db))
        self.plan("plan-again", "--clean-extra", nothing=True)
        self.apply("apply-again", file, programs.ALREADY)
        return refused

    def apply_unless_main_is_broken(self, file):
        """Triggers of main that return NULL keep the actions of foreign keys from rows; then apply says that the rows break the key."""
        try:
            self.apply("apply", file)
        except Wrong as e:
            for table, name, definition in self.main.rows(self.main_db, VALID_KEYS):
                if name in str(e) and self.breaks(table, name, definition):
                    raise Refused("main's own rows break foreign key %s" % name) from e
            raise

    def breaks(self, table, name, definition):
        """Does main refuse to make its own constraint again?"""
        connection = self.main.connect(self.main_db, autocommit=False)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE %s DROP CONSTRAINT %s, ADD CONSTRAINT %s %s" % (table, quote_ident(name), quote_ident(name), definition))
            return False
        except psycopg2.errors.ForeignKeyViolation:
            return True
        finally:
            connection.close()

    def run_with_extras(self):
        """What main lacks stays; what the stand-in alone demands may keep main's rows out, which the server says."""
        file = self.plan("kept")
        own = judge.contents(self.standin, self.standin_db) - judge.contents(self.main, self.main_db)
        give_way = {name for name, in self.standin.rows(self.standin_db, GIVE_WAY)}
        self.look_at(file, programs.CONFLICT)
        outcome = self.apply("apply-kept", file, 0, programs.CONFLICT)
        if outcome.code == programs.CONFLICT and not self.is_of_standin(outcome.err):
            raise Wrong("apply-kept: %s" % outcome.err)
        if outcome.code == 0:
            self.judge(judge.data_differences(self.main, self.main_db, self.standin, self.standin_db, extra=True))
            self.judge(["lost: %s" % (lost,) for lost in own - judge.contents(self.standin, self.standin_db) if lost[1] not in ATTRIBUTES and lost[0] not in give_way])
            self.plan("kept-again", nothing=True)

    def is_of_standin(self, message):
        """Does the server speak of a constraint, an index or a column that main lacks?"""
        found = re.search(r'constraint "([^"]*(?:""[^"]*)*)"|null value in column "([^"]*)"|FOREIGN_KEY "?(.*?)"? of ', message)
        if not found:
            return False
        name = found[1] or found[2] or found[3]
        known = self.main.rows(self.main_db, "SELECT conname FROM pg_constraint WHERE conname = %s UNION ALL SELECT relname FROM pg_class WHERE relname = %s UNION ALL"
                               " SELECT attname FROM pg_attribute WHERE attname = %s AND attnotnull", (name,) * 3)
        return not known

    def run_without_deleting(self):
        """Every row of main is there afterwards, and what else is there was there before."""
        file = self.plan("plan", "--no-delete-rows")    # which moves timestamps, or takes their columns away
        before = judge.rows(self.standin, self.standin_db)
        self.look_at(file, programs.CONFLICT)
        outcome = self.apply("apply", file, 0, programs.CONFLICT)
        after, wanted = judge.rows(self.standin, self.standin_db), judge.rows(self.main, self.main_db)
        if outcome.code != 0:
            self.judge(["table %s.%s changed" % name for name in before if before[name] != after[name]])
        else:
            self.judge(["table %s.%s lacks %s" % (*name, list((wanted[name] - after[name]).elements())[:3]) for name in wanted if wanted[name] - after[name]] +
                       ["table %s.%s has of its own %s" % (*name, list((after[name] - wanted[name] - before[name]).elements())[:3]) for name in wanted if after[name] - wanted[name] - before[name]])
            self.plan("plan-again", "--no-delete-rows", nothing=True)


def run_seed(main, standin, seed, folder, rows_only=None):
    """Returns (None, a line about what was done) or (what is wrong, the same)."""
    folder = Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = Options(seed)
    if rows_only is not None:
        options.rows_only = rows_only
    main_db, standin_db = "m%d" % seed, "s%d" % seed
    done = str(options)
    try:
        counts = make_databases(main, main_db, standin, standin_db, seed, options, folder)
        done = "%3d + %3d mutations, %s" % (*counts, options)
        refused = Job(main, main_db, standin, standin_db, folder, options).run()
        return None, done + ("; refused: %s" % refused if refused else "")
    except Refused as e:
        return None, done + "; refused: %s" % e
    except Wrong as e:
        return str(e), done
    except Exception as e:
        (folder / "exception").write_text(traceback.format_exc())
        return "the test itself: %s" % e, done
    finally:
        main.dropdb(main_db)
        standin.dropdb(standin_db)
