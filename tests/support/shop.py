"""The demo database, small, as a template on two clusters."""

from support import programs

SHOP = programs.ROOT / "scripts" / "demo.d" / "shop.sql"
TEMPLATE = "shop"


def make_templates(main, standin, rows=3000):
    main.createdb(TEMPLATE)
    main.psql(TEMPLATE, file=SHOP, variables={"rows": rows})
    main.psql("postgres", "ALTER DATABASE %s IS_TEMPLATE true" % TEMPLATE)
    standin.clone(main, TEMPLATE, TEMPLATE)
    standin.psql("postgres", "ALTER DATABASE %s IS_TEMPLATE true" % TEMPLATE)
