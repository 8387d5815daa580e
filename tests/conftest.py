"""What every whole-program test shares: two servers for the session, two databases for each test."""

import itertools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import cluster as clusters  # noqa: E402
from support import judge, programs, random_mutation  # noqa: E402

_numbers = itertools.count(1)


class Pair:
    """Two databases, main and stand-in, and the two programs run against them."""

    def __init__(self, main, standin, main_db, standin_db, folder):
        self.main, self.standin, self.main_db, self.standin_db, self.folder = main, standin, main_db, standin_db, folder
        self.file = folder / "test.pgplan"

    @property
    def main_dsn(self):
        return self.main.dsn(self.main_db)

    @property
    def standin_dsn(self):
        return self.standin.dsn(self.standin_db)

    def both(self, sql):
        self.on_main(sql)
        self.on_standin(sql)

    def on_main(self, sql):
        self.main.psql(self.main_db, sql)

    def on_standin(self, sql):
        self.standin.psql(self.standin_db, sql)

    def move_on(self):
        self.main.psql(self.main_db, file=programs.ROOT / "scripts" / "demo.d" / "move-on.sql")

    def plan(self, *args, output=None, **more):
        return programs.plan("--maindsn", self.main_dsn, "--standindsn", self.standin_dsn, "-o", output or self.file, *args, **more)

    def apply(self, *args, file=None, **more):
        return programs.apply(file or self.file, "--standindsn", self.standin_dsn, "--yes", *args, **more)

    def show(self, file=None):
        return programs.plan("show", "--json", file or self.file).expect(0).json

    def assert_equal(self):
        judge.assert_equal(self.main, self.main_db, self.standin, self.standin_db)

    def standin_state(self):
        return judge.state(self.standin, self.standin_db)

    def main_state(self):
        return judge.state(self.main, self.main_db)

    def synchronise(self, *args):
        """The whole job, and the proof that is not ours; returns what show --json says of the plan."""
        self.plan("--schema=*", "--clean-extra", "--force", *args).expect(0)
        document = self.show()
        self.apply().expect(0)
        self.assert_equal()
        self.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force", *args, output=self.folder / "second.pgplan").expect(0)
        self.apply().expect(programs.ALREADY)
        return document


@pytest.fixture(scope="session")
def pair_type():
    """For folders with fixtures of their own."""
    return Pair


def _need_servers():
    why = clusters.missing()
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def main_cluster():
    _need_servers()
    with clusters.Cluster("main") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def standin_cluster():
    _need_servers()
    with clusters.Cluster("stand-in") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def built():
    why = programs.missing()
    if why:
        pytest.skip(why)


def _pair(main_cluster, standin_cluster, folder, template=None):
    name = "t%d" % next(_numbers)
    main_cluster.createdb(name + "_main", template=template)
    standin_cluster.createdb(name + "_standin", template=template)
    return Pair(main_cluster, standin_cluster, name + "_main", name + "_standin", folder)


def _drop(pair):
    pair.main.dropdb(pair.main_db)
    pair.standin.dropdb(pair.standin_db)


@pytest.fixture
def databases(main_cluster, standin_cluster, tmp_path):
    """Two empty databases, without asking for the programs: for tests of the test's own tools."""
    pair = _pair(main_cluster, standin_cluster, tmp_path)
    yield pair
    _drop(pair)


@pytest.fixture
def pair(built, databases):
    """Two empty databases, and the programs."""
    return databases


@pytest.fixture(scope="session")
def shop(main_cluster, standin_cluster):
    """The demo database, small, as a template on both clusters."""
    random_mutation.make_templates(main_cluster, standin_cluster)
    return random_mutation.TEMPLATE


@pytest.fixture
def shop_pair(built, shop, main_cluster, standin_cluster, tmp_path):
    """The demo database on both sides, equal; move_on() lets main move on as in the demo."""
    pair = _pair(main_cluster, standin_cluster, tmp_path, template=shop)
    yield pair
    _drop(pair)
