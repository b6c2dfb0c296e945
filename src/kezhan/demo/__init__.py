"""The demo hotel: invented people in an invented house, made with the product's own operations."""
