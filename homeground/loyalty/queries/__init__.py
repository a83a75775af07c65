"""What pages and other rooms read of points and coupons; one module a subject."""
