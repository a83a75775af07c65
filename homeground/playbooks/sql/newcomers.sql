-- Who was first known in each period, how many of them ordered before it ended, and how many a referral brought.
-- Periods are `days` times 24 hours from `since` on.
-- Params: since, until DateTime64(3); days UInt32; referrals Array(String): names of sources that are referrals.
SELECT
    came.period AS period, count() AS newcomers,
    countIf(bought.customer_id > 0
        AND intDiv(dateDiff('second', {since:DateTime64(3)}, bought.first_at), {days:UInt32} * 86400) = came.period) AS buyers,
    countIf(has({referrals:Array(String)}, came.source)) AS referred
FROM (
    SELECT customer_id, source, toInt32(intDiv(dateDiff('second', {since:DateTime64(3)}, created_at), {days:UInt32} * 86400)) AS period
    FROM events.customers FINAL
    WHERE into_id = customer_id AND created_at >= {since:DateTime64(3)} AND created_at < {until:DateTime64(3)}
) AS came
LEFT JOIN (
    SELECT if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS customer_id, min(told.happened_at) AS first_at
    FROM (
        SELECT customer_id, happened_at FROM events.events WHERE name = 'commerce.order_paid' AND customer_id > 0
    ) AS told
    LEFT JOIN (
        SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
    ) AS absorbed ON absorbed.customer_id = told.customer_id
    GROUP BY customer_id
) AS bought ON bought.customer_id = came.customer_id
GROUP BY period ORDER BY period
