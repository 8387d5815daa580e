"""Definitions that the reader puts together are those that the server prints, of every version."""

import pytest

from support import definitions
from support.servers import VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_definitions_are_the_servers(servers, version):
    server = servers(version)
    server.createdb("definitions")
    try:
        definitions.check(server, "definitions", version)
    finally:
        server.dropdb("definitions")
