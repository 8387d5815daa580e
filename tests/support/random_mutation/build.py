"""A random database: types, tables with rows, constraints, views and what else hangs on them."""

from support.random_mutation import builder, column_types, objects, tables
from support.random_mutation.session import literal


def build(m, size):
    """Some `size` tables and all that goes with them."""
    make_schemas(m)
    m.phase = builder.TYPES
    for make, most in ((column_types.make_collation, 2), (column_types.make_enum, 3), (column_types.make_domain, 3), (column_types.make_composite, 3), (column_types.make_range, 2), (column_types.make_domain, 1), (column_types.make_composite, 1)):
        for _ in range(m.random.randrange(most + 1)):
            m.guarded(make)
    m.phase = builder.FUNCTIONS
    objects.make_functions(m)
    m.phase = builder.TABLES
    tables.make(m, size)
    m.phase = builder.ROWS
    tables.fill_all(m)
    m.phase = builder.KEYS
    tables.add_indexes(m)
    m.phase = builder.REFERENCES
    for _ in range(m.random.randrange(size + 1)):
        m.guarded(tables.add_reference)
    m.phase = builder.REST
    for make, most in ((objects.make_view, 4), (objects.make_materialized_view, 2), (objects.make_trigger, 3), (objects.make_policy, 3), (objects.make_rule, 1), (objects.make_sequence, 3), (objects.make_statistics, 1), (objects.make_comment, 6),
                       (objects.make_grant, 5), (objects.make_publication, 1)):
        for _ in range(m.random.randrange(most + 1)):
            m.guarded(make)
    set_sequences(m)


def make_schemas(m):
    m.schemas = ["public"]
    for _ in range(m.random.randrange(3)):
        name = m.name("schema")
        if m.step("CREATE SCHEMA %s" % name):
            m.schemas.append(name)


def set_sequences(m):
    for sequence in m.relations("S"):
        if m.chance(0.7):
            m.step("SELECT pg_catalog.setval(%s, %d, %s)" % (literal(sequence.name), m.random.randrange(1, 30000), m.random.choice(["true", "false"])))
