"""What this app declares and registers when the product starts."""


def register() -> None:
    """Nothing yet."""
