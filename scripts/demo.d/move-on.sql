-- Main moves on: rows and definitions change in many places, as they would between two synchronisations.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'UTC';

-------------------------------------------------------------------------------------------------------------- rows

-- Customers move, some come, one leaves. The triggers write to the audit log and to updated_at.
UPDATE sales.customer SET name = name || ' (new name)', country = 'NZ' WHERE id % 97 = 0;
UPDATE sales.customer SET discount = discount + 0.5, last_ip = '10.0.0.1' WHERE id % 211 = 5 AND discount < 99;
INSERT INTO sales.customer (email, name, country, profile)
SELECT 'fresh.' || i || '@example.net', E'Fresh\tcustomer\n' || i, 'CI', '{"from": "move-on", "x": 1.00}' FROM generate_series(1, 50) i;
DELETE FROM sales.customer c WHERE id % 53 = 1 AND NOT EXISTS (SELECT FROM sales."order" o WHERE o.customer_id = c.id);

-- Unique values move between rows: two products swap their stock numbers, and a ring of e-mail addresses moves on by one.
SELECT max(sku) FILTER (WHERE id = 1) AS first, max(sku) FILTER (WHERE id = 2) AS second FROM stock.product WHERE id IN (1, 2) \gset
UPDATE stock.product SET sku = 'ZZ-999999' WHERE id = 1;
UPDATE stock.product SET sku = :'first' WHERE id = 2;
UPDATE stock.product SET sku = :'second' WHERE id = 1;
UPDATE "HR & Staff"."Employee List" SET "e""mail" = '~' || "e""mail" WHERE "No." BETWEEN 20 AND 40;
UPDATE "HR & Staff"."Employee List" SET "e""mail" = 'e' || (CASE "No." WHEN 40 THEN 20 ELSE "No." + 1 END) || '@shop.example' WHERE "No." BETWEEN 20 AND 40;

-- Keys change, and with them what refers to them.
UPDATE stock.warehouse SET code = 'NORTH' WHERE code = 'north';
UPDATE sales.coupon SET code = 'COTE-' || code WHERE code LIKE 'zoo%' AND NOT EXISTS (SELECT FROM sales."order" o WHERE o.coupon = sales.coupon.code);
UPDATE web.page_view SET at = at + interval '40 days' WHERE id % 501 = 7;      -- from one partition to another
UPDATE sales.payment SET method = 'debit' WHERE id % 307 = 4;

UPDATE sales."order" SET state = 'cancelled', history = history || 'cancelled'::sales.order_state WHERE id % 301 = 3;
INSERT INTO sales."order" (customer_id, ordered_at) SELECT 1000 + i % 10, timestamptz '2026-02-02' + make_interval(mins => i) FROM generate_series(1, 200) i;
INSERT INTO sales.order_item (order_id, line, product_id, quantity, price)
SELECT id, 1, id % 19 + 1, 2, 9.99 FROM sales."order" WHERE ordered_at >= '2026-02-02';
DELETE FROM sales."order" WHERE id % 997 = 10;
INSERT INTO stock.movement (warehouse, product, change, at, note)
SELECT 'South', i % 20 + 1, -1, timestamp '2026-02-02' + make_interval(mins => i), 'sold' FROM generate_series(1, 100) i;
DELETE FROM stock.price_history WHERE product_id % 89 = 0;
INSERT INTO stock.price_history (product_id, valid, price) SELECT id, tstzrange('2026-01-01', NULL), price FROM stock.product WHERE id % 5 = 0;
INSERT INTO sales.invoice (id, order_id, total, document, issued)
SELECT md5('late invoice' || id)::uuid, id, 19.98, '<late/>', '2026-02-03' FROM sales."order" WHERE ordered_at >= '2026-02-02' LIMIT 20;
DELETE FROM web.click WHERE ctid IN (SELECT ctid FROM web.click ORDER BY ctid LIMIT 10);
INSERT INTO web.click SELECT * FROM web.click ORDER BY session, x, y, value LIMIT 5;
INSERT INTO sales.newsletter_queue (id, due) SELECT md5('letter' || i)::uuid, timestamptz '2026-03-01' + make_interval(hours => i) FROM generate_series(1, 30) i;
UPDATE stock.supplier SET rating = '0' WHERE rating = 0;                       -- minus zero becomes zero
UPDATE stock.product SET exact_weight = 1.000 WHERE exact_weight = 1 AND id % 30 = 0;
UPDATE public.setting SET value = '{"on": true, "share": 0.10}', secret = '\x00ff' WHERE name = 'feature.7';
DELETE FROM public.setting WHERE name = 'feature.9';
INSERT INTO public.setting (name, value) VALUES ('', '""'), ('null', 'null'), ('\N', '"\\."');
DELETE FROM "HR & Staff"."Employee List" WHERE "No." > 195;

------------------------------------------------------------------------------------------------------- definitions

ALTER TYPE sales.order_state ADD VALUE 'returned' AFTER 'delivered';
UPDATE sales."order" SET state = 'returned' WHERE id % 401 = 6;

ALTER TABLE sales.customer ADD COLUMN vip bool NOT NULL DEFAULT false, ADD COLUMN phone varchar(30);
UPDATE sales.customer SET vip = true, phone = '+49 ' || id WHERE id % 101 = 0;
ALTER TABLE stock.movement ALTER change TYPE int, ALTER note TYPE text;
ALTER TABLE stock.supplier DROP COLUMN device;
ALTER TABLE stock.level ALTER counted SET DEFAULT '2026-01-01', ALTER quantity DROP NOT NULL;
UPDATE stock.level SET quantity = NULL WHERE warehouse = 'South' AND product % 50 = 0;
ALTER TABLE web.session ALTER agent SET NOT NULL;
ALTER TABLE web.cart ADD COLUMN added timestamptz;
ALTER TABLE public.currency ADD CONSTRAINT name_given CHECK (name <> '');
ALTER TABLE stock.product DROP CONSTRAINT product_price_check;
ALTER TABLE stock.product ADD CONSTRAINT product_price_check CHECK (price BETWEEN 0 AND 1000000);
ALTER TABLE sales.address ADD CONSTRAINT postcode_once UNIQUE (customer_id, postcode, no);
ALTER TABLE "HR & Staff"."Employee List" VALIDATE CONSTRAINT "salary is fair";

CREATE TABLE sales.review (
    product_id  int REFERENCES stock.product ON DELETE CASCADE,
    customer_id bigint REFERENCES sales.customer ON DELETE CASCADE,
    stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    words       text,
    PRIMARY KEY (product_id, customer_id)
);
INSERT INTO sales.review SELECT p.id, c.id, (p.id + c.id) % 5 + 1, CASE WHEN c.id % 2 = 0 THEN 'Fine.' END
FROM stock.product p, sales.customer c WHERE p.id < 20 AND c.id % 40 = 2;
COMMENT ON TABLE sales.review IS 'One per customer and product';
GRANT SELECT ON sales.review TO shop_reader;
CREATE INDEX ON sales.review (customer_id);
CREATE TABLE web.page_view_2026_07 PARTITION OF web.page_view FOR VALUES FROM ('2026-07-01') TO ('2026-08-01');
DROP TABLE web.cart;

CREATE INDEX ON sales.customer (country) WHERE newsletter;
DROP INDEX stock.product_name_lower;
CREATE INDEX product_name_lower ON stock.product (lower(name));
CREATE OR REPLACE VIEW sales.order_total AS
    SELECT o.id, o.customer_id, o.state, sum(i.amount) AS total, count(*) AS lines, max(o.ordered_at) AS ordered_at
    FROM sales."order" o JOIN sales.order_item i ON i.order_id = o.id WHERE o.state <> 'cancelled' GROUP BY o.id;
CREATE VIEW sales.vip AS SELECT id, name, email FROM sales.customer WHERE vip;
CREATE OR REPLACE FUNCTION public.slug(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(regexp_replace(name, '[^a-zA-Z0-9]+', '-', 'g')) -- as ever $$;
CREATE FUNCTION sales.stars(product int) RETURNS numeric LANGUAGE sql STABLE
    AS $$ SELECT round(avg(stars), 2) FROM sales.review WHERE product_id = product $$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON sales.review FOR EACH ROW EXECUTE FUNCTION public.write_audit();
DROP TRIGGER audit ON sales.payment;
CREATE SEQUENCE web.visit START WITH 7;
SELECT nextval('web.visit'), nextval('sales.invoice_number');
COMMENT ON COLUMN sales.customer.phone IS 'International form';
COMMENT ON VIEW stock.low IS NULL;
REVOKE UPDATE ON sales."order" FROM shop_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA web TO shop_reader;
CREATE DOMAIN public.email AS citext CHECK (VALUE ~ '@');
