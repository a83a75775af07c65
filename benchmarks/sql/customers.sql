-- Customers as people would mirror them; one in a hundred was merged into its neighbour.
-- Params: customers UInt64.
INSERT INTO events.customers
SELECT
    number + 1 AS customer_id,
    if(number % 100 = 99, number, number + 1) AS into_id,
    toDateTime64('2024-01-01', 3, 'UTC') + toIntervalSecond(intHash32(number) % 63000000) AS created_at,
    ['poster', 'shop', 'referral'][intHash32(number + 1) % 3 + 1] AS source,
    ['none', 'one_way', 'two_way', 'many_way'][intHash32(number + 2) % 4 + 1] AS relation,
    ['phone'] AS identity_kinds,
    arrayFilter(tag -> cityHash64(tag, number) % 4 = 0, ['高客单', '母婴', '新客', '沉睡']) AS tags,
    if(intHash32(number + 3) % 3 = 0, [], ['promotion:phone']) AS consents,
    if(intHash32(number + 3) % 3 = 0, ['promotion:phone'], []) AS refusals,
    map(
        'city', ['上海', '杭州', '北京', '成都', '广州'][intHash32(number + 4) % 5 + 1],
        'age', toString(18 + intHash32(number + 5) % 60)
    ) AS attributes,
    1 AS version,
    0 AS is_deleted
FROM numbers({customers:UInt64})
