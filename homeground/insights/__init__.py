"""What happened and what an action caused: metrics, the review. Reads other rooms, writes no fact of theirs."""
