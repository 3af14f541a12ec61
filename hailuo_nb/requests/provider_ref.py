"""ProviderRef: what a person names a provider by, `[simulated:]PROVIDER[/MODEL]`."""

from __future__ import annotations

from dataclasses import dataclass, replace

SIMULATED = "simulated:"
"""The prefix of the name of a provider's free stand-in."""


@dataclass(frozen=True, slots=True)
class ProviderRef:
    """A provider or its stand-in, and a model there. `str()` writes it as `parse` reads it.

    provider   the plain name: "ppinfra"
    simulated  the provider's free stand-in is meant
    model      the text behind the slash; "" where there is none
    """

    provider: str
    simulated: bool = False
    model: str = ""

    @classmethod
    def parse(cls, text: str) -> ProviderRef:
        """Read a name without looking it up: a name that no provider has is no error here."""
        name, _, model = text.strip().partition("/")
        plain = name.removeprefix(SIMULATED)
        return cls(plain.strip(), plain != name, model.strip())

    @property
    def name(self) -> str:
        """The name without the model: "simulated:ppinfra"."""
        return f"{SIMULATED if self.simulated else ''}{self.provider}"

    def stand_in(self) -> ProviderRef:
        """The free stand-in of the same provider."""
        return replace(self, simulated=True)

    def with_model(self, model: str) -> ProviderRef:
        return replace(self, model=model)

    def __str__(self) -> str:
        return f"{self.name}/{self.model}" if self.model else self.name
