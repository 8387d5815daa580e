"""A throwaway PostgreSQL cluster: made by initdb, reached by a unix socket only, gone when its owner is gone."""

import atexit
import ctypes
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg2

BIN = os.environ.get("PGSYNCER_PGBIN", "/usr/lib/postgresql/15/bin")
SUPERUSER = "postgres"
MEMORY = "/dev/shm"
MEMORY_NEEDED = 8 << 30  # bytes, for the servers of two workers

folder = "/tmp"  # where clusters are made

CONF = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 128MB
max_wal_size = 4GB
max_connections = 100
autovacuum = off
log_min_messages = warning
log_line_prefix = '%m [%p] %q%a %d '
timezone = 'UTC'
"""

# The first line lets a test ask for a password; everyone else comes in without one.
HBA = """
local all +needs_password scram-sha-256
local all all trust
local replication all trust
"""


class ClusterError(Exception):
    pass


def missing():
    """What keeps a cluster from starting here, as a sentence; None when nothing does."""
    for name in ("initdb", "postgres", "psql", "pg_dump", "pg_basebackup"):
        if not os.access(os.path.join(BIN, name), os.X_OK):
            return "%s not found in %s (set PGSYNCER_PGBIN)" % (name, BIN)
    return None


def live_in_memory():
    """Makes clusters in shared memory, if it has room: a database is made and dropped there in a fifth of the time."""
    global folder
    with open("/proc/meminfo") as f:
        available = int(re.search(r"^MemAvailable: *(\d+) kB", f.read(), re.M).group(1)) << 10
    if os.path.isdir(MEMORY) and min(available, shutil.disk_usage(MEMORY).free) >= MEMORY_NEEDED:
        folder = MEMORY


def _identity():
    """Servers refuse root, so root starts them as the user postgres."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def _die_with_parent():
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def quote_ident(name):
    return '"' + name.replace('"', '""') + '"'


def conninfo_value(value):
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


class Cluster:
    """
    with Cluster("main") as main:
        main.createdb("shop")
        main.psql("shop", "CREATE TABLE t (id int PRIMARY KEY)")

    `conf` is appended to postgresql.conf, `initdb` are more arguments of initdb. A cluster with `survives` outlives
    this process (scripts/demo --keep); every other one is killed with it, whatever way it ends.
    """

    def __init__(self, name="cluster", conf="", initdb=(), survives=False, standby_of=None, server_bin=BIN):
        self.name = name
        self.server_bin = server_bin  # of another version; psql and its like stay those of BIN
        self.survives = survives
        self.process = None
        self.port = random.SystemRandom().randint(20000, 60000)
        self.dir = tempfile.mkdtemp(prefix="pgs-", dir=folder)
        self.data = os.path.join(self.dir, "data")
        self.log = os.path.join(self.dir, "log")
        os.chmod(self.dir, 0o755)
        if os.geteuid() == 0:
            shutil.chown(self.dir, "postgres", "postgres")
        atexit.register(self.stop, at_exit=True)
        try:
            if standby_of is None:
                self._as_server_user([os.path.join(self.server_bin, "initdb"), "-D", self.data, "-U", SUPERUSER, "-A", "trust", "-N",
                                      "-E", "UTF8", "--locale=C.UTF-8", *initdb])
            else:
                standby_of.psql("postgres", "CHECKPOINT")
                self._as_server_user([os.path.join(BIN, "pg_basebackup"), "-D", self.data, "-R", "-X", "stream", "-c", "fast",
                                      "-h", standby_of.dir, "-p", str(standby_of.port), "-U", SUPERUSER])
            with open(os.path.join(self.data, "postgresql.conf"), "a") as f:
                f.write(CONF + ("max_wal_size = 1GB\n" if folder == MEMORY else ""))
                f.write("port = %d\nunix_socket_directories = '%s'\n" % (self.port, self.dir) + conf + "\n")
            with open(os.path.join(self.data, "pg_hba.conf"), "w") as f:
                f.write(HBA)
            self.start()
            if standby_of is None:
                self.psql("postgres", "CREATE ROLE needs_password NOLOGIN")
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _as_server_user(self, command):
        p = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **_identity())
        if p.returncode != 0:
            raise ClusterError("%s: %s failed:\n%s" % (self.name, command[0], p.stdout))

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.server_bin, "postgres"), "-D", self.data], cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=None if self.survives else _die_with_parent, **_identity())
        deadline = time.monotonic() + 60
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg2.OperationalError as e:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    with open(self.log) as f:
                        raise ClusterError("%s did not start: %s\n%s" % (self.name, e, f.read()[-3000:]))
                time.sleep(0.05)

    def stop(self, at_exit=False):
        """Stops the server at once and removes its files. May be called again."""
        if at_exit and self.survives:
            return
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        shutil.rmtree(self.dir, ignore_errors=True)
        if not at_exit:
            atexit.unregister(self.stop)

    def dsn(self, db, user=SUPERUSER, password=None, uri=False, **more):
        """How libpq reaches the database: conninfo by default, a URI with `uri`."""
        if uri:
            from urllib.parse import quote, urlencode
            who = quote(user, safe="") + (":" + quote(password, safe="") if password is not None else "")
            query = urlencode({"host": self.dir, "port": self.port, **more})
            return "postgresql://%s@/%s?%s" % (who, quote(db, safe=""), query)
        fields = {"host": self.dir, "port": self.port, "user": user, "dbname": db, **more}
        if password is not None:
            fields["password"] = password
        return " ".join("%s=%s" % (k, v if re.fullmatch(r"[\w./-]+", str(v)) else conninfo_value(v)) for k, v in fields.items())

    def connect(self, db, autocommit=True, **more):
        connection = psycopg2.connect(self.dsn(db, **more))
        connection.autocommit = autocommit
        connection.set_client_encoding("UTF8")
        return connection

    def command(self, program, db, *args):
        """The command line of one of PostgreSQL's own programs against a database here."""
        return [os.path.join(BIN, program), "-h", self.dir, "-p", str(self.port), "-U", SUPERUSER, "-d", db, *args]

    def psql(self, db, sql=None, file=None, variables=None):
        """Runs SQL or a file through psql, stopping at the first error; returns the unaligned output without headers."""
        command = self.command("psql", db, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
        for name, value in (variables or {}).items():
            command += ["-v", "%s=%s" % (name, value)]
        if file is not None:
            command += ["-f", str(file)]
        p = subprocess.run(command, input=sql if file is None else None, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           env={**os.environ, "PGCLIENTENCODING": "UTF8", "PGOPTIONS": "-c client_min_messages=warning"})
        if p.returncode != 0:
            raise ClusterError("%s: psql failed: %s" % (self.name, p.stderr.strip()))
        return p.stdout.rstrip("\n")

    def rows(self, db, sql, parameters=None, **more):
        """All rows of a query, as tuples; an empty list where there is none to fetch."""
        connection = self.connect(db, **more)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                if cursor.description is None and cursor.statusmessage.startswith("SELECT"):
                    return [()] * cursor.rowcount       # psycopg2 takes rows without columns for none
                return cursor.fetchall() if cursor.description is not None else []
        finally:
            connection.close()

    def value(self, db, sql, parameters=None, **more):
        return self.rows(db, sql, parameters, **more)[0][0]

    def createdb(self, db, template=None, options=""):
        connection = self.connect("postgres")
        try:
            # In memory, files are copied in a third of the time that the default of 15, by the log, takes; on disk they take more.
            files = "STRATEGY file_copy" if folder == MEMORY and connection.server_version >= 150000 else ""
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE %s TEMPLATE %s %s %s" % (quote_ident(db), quote_ident(template or "template0"), files, options))
        finally:
            connection.close()
        return db

    def dropdb(self, db):
        self.rows("postgres", "DROP DATABASE IF EXISTS %s WITH (FORCE)" % quote_ident(db))

    def clone(self, source_cluster, source, db):
        """Makes `db` here a copy of `source` there: the same cluster by TEMPLATE, another one by pg_dump and pg_restore."""
        if source_cluster is self:
            return self.createdb(db, template=source)
        self.copy_roles(source_cluster)
        self.createdb(db)
        dump = subprocess.Popen(source_cluster.command("pg_dump", source, "-Fc", "-Z0"), stdout=subprocess.PIPE)
        restore = subprocess.run(self.command("pg_restore", db, "-1", "--exit-on-error"), stdin=dump.stdout, stderr=subprocess.PIPE, text=True)
        dump.stdout.close()
        if dump.wait() != 0 or restore.returncode != 0:
            raise ClusterError("cloning %s to %s failed: %s" % (source, db, restore.stderr.strip()))
        return db

    def copy_roles(self, source_cluster):
        """Roles belong to the cluster, not to a database: makes those of the other one that are missing here."""
        here = {r for (r,) in self.rows("postgres", "SELECT rolname FROM pg_roles")}
        there = source_cluster.rows("postgres", "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname !~ '^pg_'")
        for role, login in there:
            if role not in here:
                self.rows("postgres", "CREATE ROLE %s %s" % (quote_ident(role), "LOGIN" if login else "NOLOGIN"))

    def standby(self, name="standby", conf=""):
        """A hot standby of this cluster by pg_basebackup; wait_for_replay() says when it has caught up."""
        return Cluster(name, conf=conf, standby_of=self)

    def wait_for_replay(self, primary):
        primary.psql("postgres", "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'test', 'flushes all before it')")
        lsn = primary.value("postgres", "SELECT pg_current_wal_flush_lsn()")
        wait_until(lambda: self.value("postgres", "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (lsn,)), "the standby to catch up")

    def wait_for_lock_wait(self, db, application="pgsyncer", count=1):
        """Returns once `count` sessions of the program wait for a lock in the database."""
        wait_until(lambda: self.value("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name ~ %s"
                                      " AND wait_event_type = 'Lock'", (db, application)) >= count, "the program to wait for a lock")


def wait_until(condition, what, seconds=60):
    """Polls a state that must come; not a wait for time to pass."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise ClusterError("waited in vain for %s" % what)
        time.sleep(0.02)
