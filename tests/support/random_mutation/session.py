"""What the builder and the mutators have in common: a database, a source of random choices, and the log of what was done."""

import random

import psycopg2

from support.random_mutation import values
from support.random_mutation.values import Nothing


class Relation:
    def __init__(self, oid, name, kind, is_partition, has_key, persistence):
        self.oid, self.name, self.kind, self.is_partition, self.has_key, self.persistence = oid, name, kind, is_partition, has_key, persistence


class Column:
    def __init__(self, name, type, base, type_oid, typmod, not_null, has_default, identity, generated, in_key, in_unique, number):
        self.name, self.type, self.base, self.type_oid, self.typmod, self.number = name, type, base, type_oid, typmod, number
        self.not_null, self.has_default, self.identity, self.generated, self.in_key, self.in_unique = not_null, has_default, identity, generated, in_key, in_unique


class Type:
    def __init__(self, oid, name, kind, category, element, base, typmod, relation, subtype):
        self.oid, self.name, self.kind, self.element, self.base, self.typmod, self.relation, self.subtype = oid, name, kind, element if category == "A" else 0, base, typmod, relation, subtype


def qualified(schema, name):
    return "pg_catalog.quote_ident(%s) || '.' || pg_catalog.quote_ident(%s)" % (schema, name)


def user_object(alias):
    """The condition that an object in schema `n` is a user's: not the system's, an extension's or the journal."""
    return ("n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgsyncer')"
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = %s.oid AND e.deptype = 'e')" % alias)


def literal(value):
    """A value as SQL: text in quotes, NULL."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def insertion(relation, columns, rows):
    if not columns:
        return "INSERT INTO %s SELECT FROM pg_catalog.generate_series(1, %d)" % (relation.name, len(rows))
    return "INSERT INTO %s (%s)%s VALUES %s" % (relation.name, ", ".join(c.name for c in columns), " OVERRIDING SYSTEM VALUE" if any(c.identity for c in columns) else "",
                                                ",\n    ".join("(%s)" % ", ".join(row) for row in rows))


SETTINGS = ("SELECT set_config('search_path', '', false), set_config('client_min_messages', 'error', false), set_config('TimeZone', 'UTC', false),"
            " set_config('statement_timeout', '60s', false), set_config('synchronize_seqscans', 'off', false), set_config('check_function_bodies', 'off', false),"
            " set_config('max_parallel_workers_per_gather', '0', false), set_config('jit', 'off', false)")


class Session:
    """
    Each thing done is a transaction of its own, attempt(); one that the server refuses is skipped and noted in `skipped`. Everything
    comes from the seed and the database as it is: no clock, no random values of the server's, no order that the server may choose.
    """

    def __init__(self, connection, seed, owner=None):
        self.connection, self.random, self.owner = connection, random.Random(seed), owner
        self.connection.rollback()
        self.connection.autocommit = False
        self.log, self.pending, self.skipped = [], [], []
        self.done = 0
        self._types, self._attributes = {}, {}
        self.query(SETTINGS)
        if owner:
            with self.connection.cursor() as cursor:
                cursor.execute("SET ROLE " + owner)
        self.connection.commit()

    def attempt(self, what, action):
        """Returns whether the server took it."""
        self.pending = []
        self._types.clear()
        self._attributes.clear()
        try:
            action()
            self.connection.commit()
        except Nothing:
            self.connection.rollback()
            return False
        except psycopg2.Error as e:
            self.connection.rollback()
            self.skipped.append((what, self.pending[-1] if self.pending else "", str(e).splitlines()[0]))
            return False
        self.log += ["-- %s" % what, "BEGIN;", *self.pending, "COMMIT;"]
        self.done += 1
        return True

    def query(self, sql):
        """A look at the database; its failure is a fault of the test's, not something that the server refused."""
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(sql)
            except psycopg2.Error as e:
                raise AssertionError("%s\n%s" % (e, sql)) from e
            return cursor.fetchall()

    def sorted(self, sql):
        return sorted(self.query(sql))

    def do(self, sql):
        self.pending.append(sql + ";")
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def tried(self, sql):
        """Does it, or does without it; returns how many rows it concerned, or None."""
        with self.connection.cursor() as cursor:
            cursor.execute("SAVEPOINT tried")
            try:
                cursor.execute(sql)
            except psycopg2.Error as e:
                cursor.execute("ROLLBACK TO tried")
                self.skipped.append(("", sql, str(e).splitlines()[0]))
                return None
            count = cursor.rowcount
            cursor.execute("RELEASE tried")
        self.pending.append(sql + ";")
        return count

    def as_replica(self):
        """From here to the end of the transaction neither triggers nor foreign keys act."""
        if self.owner:
            self.do("SET LOCAL ROLE NONE")
        self.do("SET LOCAL session_replication_role = replica")

    # Choices

    def pick(self, items):
        items = list(items)
        if not items:
            raise Nothing
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def sample(self, items, count):
        items = list(items)
        return self.random.sample(items, min(len(items), count))

    # What there is

    def relations(self, kinds="r"):
        """Tables ('r'), partitioned tables ('p'), views ('v', 'm'), sequences ('S'), by name; extension members and the journal left out."""
        return [Relation(*row) for row in self.query(f"""
            SELECT c.oid, {qualified("n.nspname", "c.relname")}, c.relkind, c.relispartition,
                   EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'), c.relpersistence
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ({", ".join(map(literal, kinds))}) AND c.relpersistence <> 't' AND {user_object("c")}
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C" """)]

    def columns(self, relation):
        """By name: their numbers differ between the databases."""
        return [Column(*row) for row in self.query(f"""
            SELECT pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
                   CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE pg_catalog.format_type(a.atttypid, NULL) END,
                   a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef AND a.attgenerated = '', a.attidentity <> '', a.attgenerated <> '',
                   EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
                   EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey)), a.attnum
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = {relation.oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname COLLATE "C" """)]

    def table(self, name):
        """The relation of this name, as it stands in SQL."""
        oid, = self.query("SELECT %s::pg_catalog.regclass::oid" % literal(name))[0]
        return [t for t in self.relations("rpvmS") if t.oid == oid][0]

    def schema(self):
        return self.pick(n for n, in self.query(
            f'SELECT pg_catalog.quote_ident(nspname) FROM pg_catalog.pg_namespace n WHERE {user_object("n")} ORDER BY nspname COLLATE "C"'))

    def own_types(self, kinds):
        """(oid, name) of the user's own enums ('e'), domains ('d'), composite ('c') and range types ('r')."""
        return self.query(f"""SELECT c.oid, {qualified("n.nspname", "c.typname")} FROM pg_catalog.pg_type c JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace
            LEFT JOIN pg_catalog.pg_class r ON r.oid = c.typrelid
            WHERE c.typtype IN ({", ".join(map(literal, kinds))}) AND coalesce(r.relkind, 'c') = 'c' AND {user_object("c")}
            ORDER BY n.nspname COLLATE "C", c.typname COLLATE "C" """)

    def type(self, oid):
        if oid not in self._types:
            self._types[oid] = Type(*self.query(f"""
                SELECT t.oid, t.typname, t.typtype, t.typcategory, t.typelem, t.typbasetype, t.typtypmod, t.typrelid, r.rngsubtype
                FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid) WHERE t.oid = {oid}""")[0])
        return self._types[oid]

    def attributes(self, relation):
        if relation not in self._attributes:
            self._attributes[relation] = self.query(f"""SELECT atttypid, atttypmod FROM pg_catalog.pg_attribute
                WHERE attrelid = {relation} AND attnum > 0 AND NOT attisdropped ORDER BY attnum""")
        return self._attributes[relation]

    def compares(self, oid):
        """Can values of the type be put in order, and so be unique?"""
        type = self.type(oid)
        if type.kind == "d":
            return self.compares(type.base)
        if type.kind == "c":
            return all(self.compares(a) for a, _ in self.attributes(type.relation))
        if type.element and type.name not in ("int2vector", "oidvector"):
            return self.compares(type.element)
        if type.kind in "erm":
            return True
        return bool(self.query("SELECT FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_am a ON a.oid = c.opcmethod WHERE a.amname = 'btree' AND c.opcdefault AND (c.opcintype = %d"
                               " OR EXISTS (SELECT FROM pg_catalog.pg_cast k WHERE k.castsource = %d AND k.casttarget = c.opcintype AND k.castmethod = 'b' AND k.castcontext = 'i'))" % (oid, oid)))

    def labels(self, oid):
        return [label for label, in self.query("SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = %d ORDER BY enumsortorder" % oid)]

    def row_ids(self, relation, count):
        """Up to `count` rows: their places, chosen by the order of their text."""
        total, = self.query("SELECT count(*) FROM ONLY %s" % relation.name)[0]
        if total == 0:
            raise Nothing
        at = self.random.randrange(total)
        return [p for p, in self.query('SELECT ctid::text FROM ONLY %s this_row ORDER BY this_row::text COLLATE "C", ctid OFFSET %d LIMIT %d' % (relation.name, at, count))]

    # Values as SQL

    def value(self, column, small=False):
        return "%s::%s" % (literal(values.make(self, column.type_oid, column.typmod, small)), column.type)

    def column_value(self, column, null_share=0.2):
        if not column.not_null and self.chance(null_share):
            return "NULL"
        return self.value(column, column.in_key or column.in_unique)

    def insert(self, relation, columns, rows):
        """Rows of values as SQL; returns those that the table took."""
        if not rows:
            return []
        if self.tried(insertion(relation, columns, rows)) is not None:
            return rows
        return [row for row in rows if self.tried(insertion(relation, columns, [row])) is not None]
