-- The stand-in's journal: one row per applied plan.
SELECT 1;
