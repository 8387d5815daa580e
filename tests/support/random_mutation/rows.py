"""Mutations of rows and of sequences."""

from support.random_mutation.session import literal, qualified
from support.random_mutation.values import Nothing


def root(m, relation):
    """The table through which a leaf's rows are written, so that they may move to another partition."""
    if not relation.is_partition:
        return relation.name
    return m.query(f"SELECT {qualified('n.nspname', 'c.relname')} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   f" WHERE c.oid = pg_catalog.pg_partition_root({relation.oid})")[0][0]


def places(ids):
    return "ctid = ANY (%s::pg_catalog.tid[])" % literal("{%s}" % ",".join('"%s"' % i for i in ids))


def here(table, ids):
    """The condition that names rows of one leaf, in a statement through its root."""
    return "tableoid = %s::pg_catalog.regclass AND %s" % (literal(table.name), places(ids))


def share(m, *ones):
    """The condition that holds for one in n rows, the same ones in every database."""
    return "pg_catalog.abs(pg_catalog.hashtext(this_row::text)::bigint) %% %d = 0" % m.random.choice(ones)


def writable(columns):
    return [c for c in columns if not c.generated]


def overriding(columns):
    return " OVERRIDING SYSTEM VALUE" if any(c.identity for c in columns) else ""


def update_rows(m):
    """One column of some rows: a new value, or one of another row."""
    table = m.pick(m.relations())
    column = m.pick(writable(m.columns(table)))
    ids = m.row_ids(table, m.random.choice([1, 1, 3, 20]))
    if m.chance(0.2):
        value = "(SELECT %s FROM ONLY %s WHERE %s)" % (column.name, table.name, places(m.row_ids(table, 1)))
    else:
        value = m.column_value(column)
    m.do("UPDATE %s SET %s = %s WHERE %s" % (root(m, table), column.name, "DEFAULT" if column.identity else value, here(table, ids)))


def update_whole_rows(m):
    """Every column but the key."""
    table = m.pick(m.relations())
    columns = [c for c in writable(m.columns(table)) if not c.in_key and not c.identity]
    ids = m.row_ids(table, m.random.choice([1, 2, 5]))
    if not columns:
        raise Nothing
    m.do("UPDATE %s SET %s WHERE %s" % (root(m, table), ", ".join("%s = %s" % (c.name, m.column_value(c)) for c in columns), here(table, ids)))


def update_many_rows(m):
    """A whole column of a table, or a regular part of it."""
    table = m.pick(m.relations("rp"))
    column = m.pick(c for c in writable(m.columns(table)) if not c.in_key and not c.identity)
    m.do("UPDATE %s this_row SET %s = %s WHERE %s" % (table.name, column.name, m.column_value(column), share(m, 1, 2, 7, 40)))


def swap_values(m):
    """Two rows, or a ring of some, exchange the values of one column, whatever it is."""
    table = m.pick(t for t in m.relations() if not t.is_partition)
    column = m.pick(c for c in writable(m.columns(table)) if not c.identity)
    ids = m.row_ids(table, m.random.choice([2, 2, 5]))
    if len(ids) < 2:
        raise Nothing
    ring = "(VALUES %s)" % ", ".join("(%s::pg_catalog.tid, %s::pg_catalog.tid)" % (literal(a), literal(b)) for a, b in zip(ids, ids[1:] + ids[:1]))
    m.do("UPDATE ONLY %s this_row SET %s = other.%s FROM %s ring (this, that) JOIN ONLY %s other ON other.ctid = ring.that WHERE this_row.ctid = ring.this" % (
        table.name, column.name, column.name, ring, table.name))


def insert_rows(m):
    """Copies of rows that are there, with other keys; or made-up ones."""
    table = m.pick(m.relations("rp"))
    columns = writable(m.columns(table))
    count = m.random.choice([1, 2, 5, 20])
    ids = m.row_ids(table, count) if table.kind == "r" and m.chance(0.7) else []
    made = 0
    for n in range(len(ids) or count):
        chosen = [c.name if ids and not (c.in_key or c.in_unique) and m.chance(0.8) else m.column_value(c) for c in columns]
        source = " FROM ONLY %s WHERE %s" % (table.name, places(ids[n:n + 1])) if ids else ""
        made += m.tried("INSERT INTO %s %s%s SELECT %s%s" % (root(m, table), "(%s)" % ", ".join(c.name for c in columns) if columns else "", overriding(columns), ", ".join(chosen), source)) or 0
    if made == 0:
        raise Nothing


def delete_rows(m):
    table = m.pick(m.relations())
    m.do("DELETE FROM ONLY %s WHERE %s" % (table.name, places(m.row_ids(table, m.random.choice([1, 2, 5, 30])))))


def delete_many_rows(m):
    table = m.pick(m.relations("rp"))
    m.do("DELETE FROM %s this_row WHERE %s" % (table.name, share(m, 1, 2, 5, 40)))


def copy_rows_without_key(m):
    """The same row again, and again."""
    table = m.pick(t for t in m.relations() if not t.has_key)
    columns = ", ".join(c.name for c in writable(m.columns(table)))
    m.do("INSERT INTO %s %s SELECT %s FROM ONLY %s, pg_catalog.generate_series(1, %d) WHERE %s" % (
        table.name, "(%s)" % columns if columns else "", columns, table.name, m.random.choice([1, 1, 2, 7]), places(m.row_ids(table, 5))))


def unique_columns(m, table):
    return m.query(f"""SELECT i.indkey::int2[] FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = {table.oid} AND i.indisunique AND i.indexprs IS NULL ORDER BY c.relname COLLATE "C" """)


def swap_unique_values(m):
    """Rows exchange what a unique index is over. Their set stays, so references to it stay true."""
    table = m.pick(t for t in m.relations() if not t.is_partition)
    numbers = m.pick(k for k, in unique_columns(m, table))
    columns = writable(m.columns(table))
    moving = [c for c in columns if c.number in numbers]
    ids = m.row_ids(table, m.random.choice([2, 2, 3, 6]))
    if not moving or len(ids) < 2:
        raise Nothing
    m.as_replica()
    m.do("CREATE TEMPORARY TABLE ring ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY pg_catalog.array_position(%s::pg_catalog.tid[], ctid)) AS ring_no, * FROM ONLY %s"
         " WHERE %s" % (literal("{%s}" % ",".join('"%s"' % i for i in ids)), table.name, places(ids)))
    m.do("DELETE FROM ONLY %s WHERE %s" % (table.name, places(ids)))
    m.do("INSERT INTO %s (%s)%s SELECT %s FROM pg_temp.ring a JOIN pg_temp.ring b ON b.ring_no = a.ring_no %% %d + 1" % (
        table.name, ", ".join(c.name for c in columns), overriding(columns),
        ", ".join(("b." if c in moving else "a.") + c.name for c in columns), len(ids)))


def change_key(m):
    table = m.pick(t for t in m.relations() if t.has_key)
    column = m.pick(c for c in writable(m.columns(table)) if c.in_key)
    m.do("UPDATE %s SET %s = %s WHERE %s" % (root(m, table), column.name, "DEFAULT" if column.identity else m.column_value(column), here(table, m.row_ids(table, 1))))


def shift_keys(m):
    """All integer keys move up by one, through a detour: the values overlap with those before."""
    table = m.pick(t for t in m.relations() if t.has_key and not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.in_key and c.base in ("integer", "bigint") and not c.identity)
    if m.query("SELECT FROM pg_catalog.pg_constraint WHERE contype = 'f' AND %d IN (confrelid, conrelid)" % table.oid):
        raise Nothing
    m.as_replica()
    m.do("UPDATE ONLY %s SET %s = -1 - %s" % (table.name, column.name, column.name))
    m.do("UPDATE ONLY %s SET %s = -%s" % (table.name, column.name, column.name))


def move_sequence(m):
    sequence = m.pick(m.relations("S"))
    if m.chance(0.5):
        m.do("SELECT pg_catalog.nextval(%s)" % literal(sequence.name))
    elif m.chance(0.5):
        m.do("SELECT pg_catalog.setval(%s, %d, %s)" % (literal(sequence.name), m.random.randrange(1, 5000), m.random.choice(["true", "false"])))
    else:
        m.do("ALTER SEQUENCE %s RESTART WITH %d" % (sequence.name, m.random.randrange(1, 5000)))


MUTATIONS = [(update_rows, 16), (update_whole_rows, 4), (update_many_rows, 3), (swap_values, 5), (insert_rows, 10), (delete_rows, 8), (delete_many_rows, 2),
             (copy_rows_without_key, 4), (swap_unique_values, 6), (change_key, 6), (shift_keys, 1), (move_sequence, 3)]
