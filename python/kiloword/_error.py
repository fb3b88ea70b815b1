"""The exception of the package."""


class Error(RuntimeError):
    """What failed: its text says what, where and what to do; `kind` is "usage", "input", "model", "labels", "output" or "internal"."""

    def __init__(self, text: str, kind: str = "internal") -> None:
        super().__init__(text)
        self.kind = kind
