"""What every whole-program test shares: two servers for the session, two databases for each test."""

import itertools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import cluster as clusters  # noqa: E402
from support import programs, shop as shops, ways  # noqa: E402
from support.pair import Pair  # noqa: E402

_numbers = itertools.count(1)


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


def _pair(main_cluster, standin_cluster, folder, way, template=None, options=""):
    name = "t%d" % next(_numbers)
    main_cluster.createdb(name + "_main", template, options)
    standin_cluster.createdb(name + "_standin", template, options)
    return Pair(main_cluster, standin_cluster, name + "_main", name + "_standin", folder, way)


def _drop(pair):
    pair.main.dropdb(pair.main_db)
    pair.standin.dropdb(pair.standin_db)


def pytest_configure(config):
    clusters.live_in_memory()
    config.addinivalue_line("markers", "not_by(ways…, reason): cannot hold in these ways of applying, by the design; see support/ways.py")


@pytest.fixture
def way():
    """How a pair's plans are made and applied: see support/ways.py."""
    return ways.DEFAULT


@pytest.fixture(autouse=True)
def by_its_way(request):
    """Skips what is marked by ways.not_by() in the way in which it would run."""
    if "way" not in request.fixturenames:
        return
    way = request.getfixturevalue("way")
    for mark in request.node.iter_markers("not_by"):
        *names, reason = mark.args
        if way in names:
            pytest.skip("not by %s: %s" % (way, reason))


@pytest.fixture
def encoding():
    """That of a pair's databases: @pytest.mark.parametrize("encoding", ["LATIN1"])."""
    return "UTF8"


@pytest.fixture
def databases(main_cluster, standin_cluster, tmp_path, way, encoding):
    """Two empty databases, without asking for the programs: for tests of the test's own tools."""
    options = "" if encoding == "UTF8" else "ENCODING '%s' LOCALE 'C'" % encoding
    pair = _pair(main_cluster, standin_cluster, tmp_path, way, options=options)
    yield pair
    _drop(pair)


@pytest.fixture
def pair(built, databases):
    """Two empty databases, and the programs."""
    return databases


@pytest.fixture(scope="session")
def shop(main_cluster, standin_cluster):
    """The demo database, small, as a template on both clusters."""
    shops.make_templates(main_cluster, standin_cluster)
    return shops.TEMPLATE


@pytest.fixture
def shop_pair(built, shop, main_cluster, standin_cluster, tmp_path, way):
    """The demo database on both sides, equal; move_on() lets main move on as in the demo."""
    pair = _pair(main_cluster, standin_cluster, tmp_path, way, template=shop)
    yield pair
    _drop(pair)
