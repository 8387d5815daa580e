"""Definitions that the reader puts together are those that the server prints."""

from support import definitions


def test_definitions_are_the_servers(databases):
    definitions.check(databases.main, databases.main_db, 15, citext=True)
