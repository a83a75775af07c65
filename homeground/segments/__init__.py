"""Who: rule trees compiled to ClickHouse, static lists, generations of members. Emits segment_entered, segment_left."""
