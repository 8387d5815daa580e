"""Fixtures: servers by version, and pairs of databases on two of them."""

import itertools

import pytest

from support import servers as servers_found
from support.pair import Pair

_numbers = itertools.count(1)
_running = {}


@pytest.fixture(scope="session")
def servers():
    """servers(15) starts it when it is first asked for; skips where there is none."""
    def get(version):
        if version not in _running:
            folder, why = servers_found.server_bin(version)
            if why:
                pytest.skip(why)
            _running[version] = servers_found.Server(version, folder)
        return _running[version]

    yield get
    while _running:
        _running.popitem()[1].stop()


@pytest.fixture
def pair_of(built, servers, tmp_path):
    """pair_of(main version, stand-in version): two empty databases."""
    made = []

    def make(main_version, standin_version):
        main, standin = servers(main_version), servers(standin_version)
        name = "v%d" % next(_numbers)
        main.createdb(name + "_main")
        standin.createdb(name + "_standin")
        made.append(Pair(main, standin, name + "_main", name + "_standin", tmp_path))
        return made[-1]

    yield make
    for pair in made:
        pair.main.dropdb(pair.main_db)
        pair.standin.dropdb(pair.standin_db)
