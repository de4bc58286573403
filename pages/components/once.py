"""What is made once for every session of this process. ``st.cache_data`` does as much, but looks at the signature and
hashes the arguments of each call: a quarter of the processor of a page whose parts are all kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, ClassVar, Generic, TypeVar, cast
from weakref import WeakSet

Made = TypeVar("Made")


class _Result:
    """``value`` once it is made; whoever comes meanwhile waits for it."""

    def __init__(self) -> None:
        self.lock = RLock()  # a function that asks for itself fails, rather than wait for ever
        self.is_made = False
        self.value: Any = None


class Once(Generic[Made]):
    """Values by key, given to everybody as they are and never to be changed; ``most``: the one not asked for longest goes."""

    _all: ClassVar[WeakSet[Once[Any]]] = WeakSet()

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, _Result] = OrderedDict()
        self._lock = Lock()
        Once._all.add(self)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The value of a key, made by whoever asks first. What ``make`` raises is kept for nobody."""
        with self._lock:
            result = self._kept.setdefault(key, _Result())
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if not result.is_made:
            with result.lock:
                if not result.is_made:
                    result.value = make()
                    result.is_made = True
        return cast("Made", result.value)

    @classmethod
    def forget(cls) -> None:
        """Everything that was ever kept, as in a process just started."""
        for every in list(cls._all):
            every.clear()

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
