"""Hooks: how an app uses functions and values of apps above it without importing them.

The lower app owns a `Hook` and says in its docstring what is registered there. Apps above register functions or values when they are
loaded, in one of the modules that `exchange.core.apps` imports at start-up. A signal returns nothing; a hook returns values.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Hook(Generic[T]):
    """Functions or values of one kind, by key and in order. Registering the same value twice changes nothing.

    With `single`, a key holds one value, and another one is refused with ValueError.
    """

    def __init__(self, name: str, *, single: bool = False) -> None:
        self.name = name
        self.single = single
        self._values: dict[str, dict[str, tuple[int, T]]] = {}

    def register(self, key: str = "", *, order: int = 50) -> Callable[[T], T]:
        """A decorator that adds a function."""

        def add(value: T) -> T:
            return self.add(value, key, order=order)

        return add

    def add(self, value: T, key: str = "", *, order: int = 50) -> T:
        """Add a function or a value under `key`; a smaller `order` comes first. Returns it."""
        held = self._values.setdefault(key, {})
        if self.single and any(other != value for _order, other in held.values()):
            raise ValueError(f"two values of the hook {self.name} for {key!r}")
        held[_identity(value)] = (order, value)
        return value

    def remove(self, value: T, key: str = "") -> None:
        """Remove a value; does nothing when it is not registered."""
        self._values.get(key, {}).pop(_identity(value), None)

    def all(self, key: str = "") -> list[T]:
        """All values under `key`, by order, then by registration."""
        return [value for _order, value in sorted(self._values.get(key, {}).values(), key=lambda pair: pair[0])]

    def get(self, key: str = "") -> T | None:
        """The first value under `key`, or None."""
        return next(iter(self.all(key)), None)

    def keys(self) -> list[str]:
        """The keys that hold a value, in the order of first use."""
        return [key for key, held in self._values.items() if held]

    def values(self) -> list[T]:
        """All values of all keys, in the order of first use."""
        return [value for key in self._values for value in self.all(key)]


def _identity(value: object) -> str:
    """Functions are identified by their module and name, so that a module that is loaded twice registers once."""
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"  # type: ignore[attr-defined]
    return repr(value)
