-- One applied plan, from the JSON document $1.
INSERT INTO pgsyncer.journal (plan_id, content_root, tool, objects_created, objects_altered, objects_dropped,
                              rows_inserted, rows_updated, rows_deleted, proof, main, standin)
SELECT r.plan_id, r.content_root, r.tool, r.objects_created, r.objects_altered, r.objects_dropped,
       r.rows_inserted, r.rows_updated, r.rows_deleted, r.proof, r.main, r.standin
FROM jsonb_populate_record(NULL::pgsyncer.journal, $1::jsonb) AS r;
