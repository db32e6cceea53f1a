"""How headers are written down."""

from email import policy
from email.headerregistry import HeaderRegistry
from typing import Any


class Verbatim:
    """A header of links, left as it is.

    The standard library folds a long one into encoded words, which no mail program reads as a link.
    """

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it stands. Raises ValueError where it is more than printable ASCII."""
        if not (value.isascii() and value.isprintable()):
            raise ValueError("a header of links holds printable ASCII only")
        kwds["decoded"] = value
        kwds["parse_tree"] = None

    def fold(self, *, policy: policy.Policy) -> str:
        """One line."""
        name: str = getattr(self, "name")  # noqa: B009 - set by the class this is mixed into
        return f"{name}: {self}{policy.linesep}"


_registry = HeaderRegistry()
_registry.map_to_type("list-unsubscribe", Verbatim)  # type: ignore[arg-type] # mixed into a header by the registry

#: CRLF; seven bits, so that every server takes it; headers in encoded words.
POLICY = policy.SMTP.clone(cte_type="7bit", header_factory=_registry)
