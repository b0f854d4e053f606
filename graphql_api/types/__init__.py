"""The schema's types, derived from row and event classes: strawberry describes them, SQL fills them."""
