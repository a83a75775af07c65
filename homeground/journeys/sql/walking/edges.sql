-- Adds up how many left which node by which way. In order, so that two batches never wait for each other in a ring.
-- Params: versions bigint[], nodes text[], ways text[], walked bigint[].
INSERT INTO journeys_edgecount AS known (version_id, node, way, walked)
SELECT * FROM unnest(%(versions)s::bigint[], %(nodes)s::text[], %(ways)s::text[], %(walked)s::bigint[])
    AS added (version_id, node, way, walked)
ORDER BY version_id, node, way
ON CONFLICT (version_id, node, way) DO UPDATE SET walked = known.walked + excluded.walked
