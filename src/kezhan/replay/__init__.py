"""Lives through a file of real bookings with the product's own operations, to show that the figures come out."""
