"""
Random mutation of a database, reproducible from its seed and the database it starts from: rows here, definitions in
mutate_schema.py. Each mutation is a transaction of its own; one that the server refuses is skipped. No CASCADE, no clock, no random
values of the server's.
"""

import random
import uuid

import psycopg2
import psycopg2.extras


def qualified(schema, name):
    return "pg_catalog.quote_ident(%s) || '.' || pg_catalog.quote_ident(%s)" % (schema, name)


def user_object(alias):
    """The condition that an object in schema `n` is a user's: not the system's, an extension's or the journal."""
    return ("n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgsyncer')"
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = %s.oid AND e.deptype = 'e')" % alias)


class Nothing(Exception):
    """There is nothing here that this mutation could be done to."""


class Relation:
    def __init__(self, oid, name, kind, is_partition, has_key):
        self.oid, self.name, self.kind, self.is_partition, self.has_key = oid, name, kind, is_partition, has_key


class Column:
    def __init__(self, name, type, base, category, element, not_null, has_default, identity, generated, in_key, number):
        self.name, self.type, self.base, self.category, self.element = name, type, base, category, element
        self.not_null, self.has_default, self.identity, self.generated, self.in_key = not_null, has_default, identity, generated, in_key
        self.number = number


class Mutator:
    """Mutator(connection, seed).run(60) does sixty mutations; `log` then has the SQL of those that the server took."""

    def __init__(self, connection, seed, rows_only=False):
        from support import mutate_schema
        self.connection = connection
        self.connection.autocommit = False
        self.random = random.Random(seed)
        self.log, self.pending = [], []
        self.done, self.skipped = 0, []
        self.mutations = ROW_MUTATIONS if rows_only else ROW_MUTATIONS + mutate_schema.MUTATIONS
        self.do("SELECT set_config('search_path', '', false), set_config('client_min_messages', 'error', false), set_config('TimeZone', 'UTC', false),"
                " set_config('statement_timeout', '60s', false), set_config('synchronize_seqscans', 'off', false)")
        self.connection.commit()

    def run(self, count):
        for _ in range(count):
            mutation, = self.random.choices([m for m, _ in self.mutations], [w for _, w in self.mutations])
            self.pending = []
            try:
                mutation(self)
                self.connection.commit()
                self.log += ["-- %s" % mutation.__name__, "BEGIN;", *self.pending, "COMMIT;"]
                self.done += 1
            except Nothing:
                self.connection.rollback()
            except psycopg2.Error as e:
                self.connection.rollback()
                self.skipped.append((mutation.__name__, self.pending[-1] if self.pending else "", str(e).splitlines()[0]))
        return self

    # What the mutations are made of

    def query(self, sql, parameters=None):
        """A look at the database; its failure is a fault of the mutator, not a mutation that the server refused."""
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(sql, parameters)
            except psycopg2.Error as e:
                raise AssertionError("%s\n%s" % (e, sql)) from e
            return cursor.fetchall()

    def sorted(self, sql, parameters=None):
        return sorted(self.query(sql, parameters))

    def do(self, sql, parameters=None):
        with self.connection.cursor() as cursor:
            text = cursor.mogrify(sql, parameters).decode() if parameters is not None else sql
            self.pending.append(text + ";")
            cursor.execute(text)

    def pick(self, items):
        items = list(items)
        if not items:
            raise Nothing
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def relations(self, kinds="r"):
        """Tables ('r'), partitioned tables ('p'), views ('v'), by name; extension members and the journal left out."""
        return [Relation(*row) for row in self.query(f"""
            SELECT c.oid, {qualified("n.nspname", "c.relname")}, c.relkind, c.relispartition,
                   EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = ANY (%s::"char"[]) AND c.relpersistence <> 't' AND {user_object("c")}
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C" """, (list(kinds),))]

    def columns(self, relation):
        return [Column(*row) for row in self.query("""
            SELECT pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
                   CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE pg_catalog.format_type(a.atttypid, NULL) END,
                   CASE WHEN t.typtype = 'e' THEN 'E' ELSE t.typcategory::text END,
                   CASE WHEN t.typcategory = 'A' THEN pg_catalog.format_type(t.typelem, NULL) END,
                   a.attnotnull, a.atthasdef, a.attidentity <> '', a.attgenerated <> '',
                   EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)), a.attnum
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname COLLATE "C" """, (relation.oid,))]

    def schema(self):
        return self.pick(n for n, in self.query(
            f'SELECT pg_catalog.quote_ident(nspname) FROM pg_catalog.pg_namespace n WHERE {user_object("n")} ORDER BY nspname COLLATE "C"'))

    def labels(self, type):
        return [label for label, in self.query("SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = %s::regtype ORDER BY enumsortorder", (type,))]

    def row_ids(self, relation, count):
        """Up to `count` rows: their places, chosen by the order of their text."""
        total, = self.query("SELECT count(*) FROM ONLY %s" % relation.name)[0]
        if total == 0:
            raise Nothing
        at = self.random.randrange(total)
        places = self.query('SELECT ctid::text FROM ONLY %s x ORDER BY x::text COLLATE "C", ctid OFFSET %d LIMIT %d' % (relation.name, at, count))
        return [p for p, in places]

    def text(self):
        return self.pick(["", " ", "x", "NULL", "\\N", "\\.", "a'b\"c", "tab\there", "line\nbreak", "back\\slash", "ÄÖ€ 李 🙂", "%s {,} $1 $$", "A" * 3000,
                          "row %d" % self.random.randrange(10**6), "word%d" % self.random.randrange(50)])

    def value(self, base, category, element=None):
        """A value as text for a type; Nothing where no rule makes one."""
        r, name = self.random, base.split("(")[0]
        if category == "E":
            return self.pick(self.labels(base))
        if category == "A" and element:
            items = [self.value(element, "E" if self.is_enum(element) else "?") for _ in range(r.randrange(4))]
            return "{" + ",".join('"' + i.replace("\\", "\\\\").replace('"', '\\"') + '"' if r.random() < 0.9 else "NULL" for i in items) + "}"
        if name in ("integer", "bigint", "oid"):
            return str(r.choice([0, 1, r.randrange(100), r.randrange(100000), 2**31 - 1]))
        if name == "smallint":
            return str(r.randrange(-300, 300))
        if name == "numeric":
            return r.choice(["0", "1.50", "1.5", "99.9", "%d.%02d" % (r.randrange(1000), r.randrange(100)), "0.00"])
        if name == "money":
            return "%d.%02d" % (r.randrange(1000), r.randrange(100))
        if name in ("real", "double precision"):
            return r.choice(["0", "-0", "NaN", "Infinity", "1e-5", "0.1", repr(r.random())])
        if name in ("text", "character varying", "public.citext"):
            return self.text()
        if name == "character":
            return r.choice(["DE", "FR", "X", ""])
        if name == "boolean":
            return r.choice(["t", "f"])
        if name == "date":
            return "20%02d-0%d-1%d" % (r.randrange(10, 30), r.randrange(1, 10), r.randrange(10))
        if name.startswith("timestamp"):
            return "2026-0%d-1%d 0%d:00:00.%d" % (r.randrange(1, 10), r.randrange(10), r.randrange(10), r.randrange(1000))
        if name.startswith("time"):
            return "0%d:3%d:00" % (r.randrange(10), r.randrange(10))
        if name == "interval":
            return r.choice(["1 day", "24 hours", "1 mon", "30 days", "-3 hours 2 sec", "0"])
        if name == "uuid":
            return str(uuid.UUID(int=r.getrandbits(128)))
        if name in ("json", "jsonb"):
            return r.choice(['{}', '[]', 'null', '{"a": 1, "b": 1.0}', '{"a": 1.00}', '"\\u00e4"', '[1, {"x": null}]'])
        if name == "bytea":
            return "\\x" + r.randbytes(r.randrange(6)).hex()
        if name in ("inet", "cidr"):
            return "10.%d.0.0/16" % r.randrange(256)
        if name == "xml":
            return "<a b='%d'/>" % r.randrange(10)
        if name == "bit":
            return "{:08b}".format(r.randrange(256))
        if name in ("int4range", "numrange"):
            return "[%d,%d)" % (r.randrange(5), r.randrange(6, 20))
        if name in ("tsrange", "tstzrange"):
            return "[2027-01-%02d,2027-02-%02d)" % (r.randrange(1, 29), r.randrange(1, 28))
        if name == '"char"':
            return chr(97 + r.randrange(26))
        if name == "public.hstore":
            return r.choice(['', '"a"=>"1"', '"a"=>NULL, "b"=>"2"'])
        raise Nothing

    def is_enum(self, type):
        return bool(self.query("SELECT FROM pg_catalog.pg_type WHERE oid = %s::regtype AND typtype = 'e'", (type,)))

    def column_value(self, column):
        if not column.not_null and self.chance(0.2):
            return None
        return self.value(column.type if column.category == "E" else column.base, column.category, column.element)


def root(m, relation):
    """The table through which a leaf's rows are written, so that they may move to another partition."""
    if not relation.is_partition:
        return relation.name
    return m.query(f"SELECT {qualified('n.nspname', 'c.relname')} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   " WHERE c.oid = pg_catalog.pg_partition_root(%s)", (relation.oid,))[0][0]


def update_rows(m):
    table = m.pick(m.relations())
    column = m.pick(c for c in m.columns(table) if not c.generated)
    places = m.row_ids(table, m.random.choice([1, 1, 3, 20]))
    if m.chance(0.2):
        other = m.row_ids(table, 1)[0]
        value, = m.query("SELECT %s::text FROM ONLY %s WHERE ctid = %%s::tid" % (column.name, table.name), (other,))[0]
    else:
        value = m.column_value(column)
    m.do("UPDATE %s SET %s = %%s::%s WHERE tableoid = %%s::regclass AND ctid = ANY (%%s::tid[])" % (root(m, table), column.name, column.type),
         (value, table.name, places))


def update_many_rows(m):
    """A whole column of a table, or a regular part of it."""
    table = m.pick(m.relations("rp"))
    column = m.pick(c for c in m.columns(table) if not c.generated and not c.in_key)
    m.do("UPDATE %s x SET %s = %%s::%s WHERE abs(pg_catalog.hashtext(x::text)) %%%% %%s = 0" % (table.name, column.name, column.type),
         (m.column_value(column), m.random.choice([1, 2, 7, 40])))


def insert_rows(m):
    """Copies of rows that are there, with other keys; or made-up ones."""
    table = m.pick(m.relations("rp"))
    columns = [c for c in m.columns(table) if not c.generated]
    count = m.random.choice([1, 2, 5, 40])
    places = m.row_ids(table, count) if table.kind == "r" and m.chance(0.7) else []
    overriding = " OVERRIDING SYSTEM VALUE" if any(c.identity for c in columns) else ""
    names = ", ".join(c.name for c in columns)
    made = 0
    for n in range(len(places) or count):
        values, parameters = [], []
        for c in columns:
            if places and not (c.in_key and table.has_key) and m.chance(0.8):
                values.append("x." + c.name)
            else:
                values.append("%%s::%s" % c.type)
                parameters.append(m.column_value(c))
        source = " FROM ONLY %s x WHERE x.ctid = %%s::tid" % table.name if places else ""
        m.do("SAVEPOINT s")
        try:
            m.do("INSERT INTO %s (%s)%s SELECT %s%s" % (root(m, table), names, overriding, ", ".join(values), source),
                 parameters + ([places[n]] if places else []))
            made += 1
            m.do("RELEASE s")
        except psycopg2.Error:
            m.do("ROLLBACK TO s")
            del m.pending[-3:]
    if made == 0:
        raise Nothing


def delete_rows(m):
    table = m.pick(m.relations())
    m.do("DELETE FROM ONLY %s WHERE ctid = ANY (%%s::tid[])" % table.name, (m.row_ids(table, m.random.choice([1, 2, 5, 30])),))


def delete_many_rows(m):
    table = m.pick(m.relations("rp"))
    m.do("DELETE FROM %s x WHERE abs(pg_catalog.hashtext(x::text)) %%%% %%s = 0" % table.name, (m.random.choice([1, 2, 5, 40]),))


def copy_rows_without_key(m):
    table = m.pick(t for t in m.relations() if not t.has_key)
    columns = ", ".join(c.name for c in m.columns(table) if not c.generated)
    m.do("INSERT INTO %s (%s) SELECT %s FROM ONLY %s WHERE ctid = ANY (%%s::tid[])" % (table.name, columns, columns, table.name),
         (m.row_ids(table, 5),))


def swap_unique_values(m):
    """Two rows, or a ring of some, exchange what a unique index is over. Their set stays, so references to it stay true."""
    table = m.pick(t for t in m.relations() if not t.is_partition)
    uniques = m.query("""SELECT i.indkey::int2[] FROM pg_catalog.pg_index i WHERE i.indrelid = %s AND i.indisunique AND i.indexprs IS NULL
                         ORDER BY (i.indexrelid::regclass::text) COLLATE "C" """, (table.oid,))
    numbers = m.pick(k for k, in uniques)
    columns = [c for c in m.columns(table) if not c.generated]
    moving = [c for c in columns if c.number in numbers]
    places = m.row_ids(table, m.random.choice([2, 2, 3, 6]))
    if not moving or len(places) < 2:
        raise Nothing
    m.do("SET LOCAL session_replication_role = replica")
    m.do("CREATE TEMPORARY TABLE ring ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY pg_catalog.array_position(%%s::tid[], ctid)) AS ring_no, * FROM ONLY %s"
         " WHERE ctid = ANY (%%s::tid[])" % table.name, (places, places))
    m.do("DELETE FROM ONLY %s WHERE ctid = ANY (%%s::tid[])" % table.name, (places,))
    overriding = " OVERRIDING SYSTEM VALUE" if any(c.identity for c in columns) else ""
    m.do("INSERT INTO %s (%s)%s SELECT %s FROM pg_temp.ring a JOIN pg_temp.ring b ON b.ring_no = a.ring_no %% %d + 1" % (
         table.name, ", ".join(c.name for c in columns), overriding,
         ", ".join(("b." if c in moving else "a.") + c.name for c in columns), len(places)))


def change_key(m):
    table = m.pick(t for t in m.relations() if t.has_key)
    column = m.pick(c for c in m.columns(table) if c.in_key and not c.generated)
    place, = m.row_ids(table, 1)
    m.do("UPDATE %s SET %s = %%s::%s WHERE tableoid = %%s::regclass AND ctid = %%s::tid" % (root(m, table), column.name, column.type),
         (m.column_value(column), table.name, place))


def shift_keys(m):
    """All integer keys move up by one, through a detour: the values overlap with those before."""
    table = m.pick(t for t in m.relations() if t.has_key and not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.in_key and c.base in ("integer", "bigint") and not c.identity)
    m.do("SET LOCAL session_replication_role = replica")
    referenced = m.query("SELECT FROM pg_catalog.pg_constraint WHERE contype = 'f' AND (confrelid = %s OR conrelid = %s)", (table.oid, table.oid))
    if referenced:
        raise Nothing
    m.do("UPDATE %s SET %s = -1 - %s" % (table.name, column.name, column.name))
    m.do("UPDATE %s SET %s = -%s" % (table.name, column.name, column.name))


def move_sequence(m):
    sequence = m.pick(m.relations("S"))
    if m.chance(0.5):
        m.do("SELECT pg_catalog.nextval(%s)", (sequence.name,))
    elif m.chance(0.5):
        m.do("SELECT pg_catalog.setval(%s, %s, %s)", (sequence.name, m.random.randrange(1, 5000), m.chance(0.5)))
    else:
        m.do("ALTER SEQUENCE %s RESTART WITH %d" % (sequence.name, m.random.randrange(1, 5000)))


ROW_MUTATIONS = [(update_rows, 16), (update_many_rows, 3), (insert_rows, 10), (delete_rows, 8), (delete_many_rows, 2), (copy_rows_without_key, 3),
                 (swap_unique_values, 6), (change_key, 5), (shift_keys, 1), (move_sequence, 3)]
