"""Every write of the room: points and coupons."""
