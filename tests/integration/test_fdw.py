"""Plans of --fdw-mode: they name main's rows, and apply fetches them through postgres_fdw."""

import pytest

from support import judge, plan_file, programs


def fdw_plan(pair, *args, **more):
    return pair.plan("--schema=*", "--clean-extra", "--fdw-mode", "--force", *args, **more)


def fdw_apply(pair, *args, **more):
    return pair.apply("--maindsn", pair.main_dsn, *args, **more)


def synchronise(pair, *args):
    fdw_plan(pair, *args).expect(0)
    document = pair.show()
    pair.apply().expect(programs.USAGE)
    fdw_apply(pair).expect(0)
    pair.assert_equal()
    fdw_plan(pair, "--detailed-exitcode", *args, output=pair.folder / "second.pgplan").expect(0)
    return document


def test_shop(shop_pair):
    """The demo's job: rows of every kind, new tables, changed columns, partitions."""
    shop_pair.move_on()
    document = synchronise(shop_pair)
    assert {table["strategy"] for table in document["tables"]} == {"fdw"}
