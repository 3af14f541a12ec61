"""Draft: what is in the studio at one moment, parsed from what the page sent; Settings for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from hailuo_nb import catalog
from hailuo_nb.errors import ArgumentError, VariantsError
from hailuo_nb.prompts.variants import expand
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.wire import MAX_TAKES

FRAMES = ("first_frame", "last_frame")


def option_names() -> tuple[str, ...]:
    """What a draft has among its options: ratio, sound, and those of the catalogue, but for what
    an action on a clip sets."""
    return tuple(name for name, option in catalog.settings().items() if not option.essential)


class Settings(TypedDict, total=False):
    """What can be put into a studio's editor, see `PromptStudio.load`; what is missing stays.

    targets  "provider/model"
    frames   anything that `Frame.of` takes, or None for no frame
    references  a list of what `Reference.of` takes
    """

    prompt: str
    targets: list[str]
    resolution: str
    duration: int
    options: Mapping[str, OptionValue | None]
    takes: int
    first_frame: object
    last_frame: object
    references: Sequence[object]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the studio at one moment.

    prompt   as written; `{dawn|dusk}` in it makes two prompts, see `prompts`
    targets  ("simulated:ppinfra/MiniMax-Hailuo-02", ...), provider and model
    options  every option of the catalogue, ratio and sound by their names; None leaves the
             provider's default
    takes    clips of each target and prompt
    """

    prompt: str = ""
    targets: tuple[str, ...] = ()
    resolution: str = "768P"
    duration: int = 6
    first_frame: Frame | None = None
    last_frame: Frame | None = None
    references: tuple[Reference, ...] = ()
    options: Mapping[str, OptionValue | None] = field(default_factory=dict)
    takes: int = 1

    def prompts(self) -> list[str]:
        """Every prompt that is sent. Raises VariantsError where they are too many."""
        return expand(self.prompt)

    def clips(self) -> int:
        """How many clips it asks for. Raises VariantsError."""
        return len(self.prompts()) * len(self.targets) * self.takes

    def requests(self) -> list[tuple[str, VideoRequest]]:
        """One request for each prompt and target, with the name of its provider. Takes are not
        multiplied out.

        Raises VariantsError where the prompts are too many.
        """
        return [
            self.request(target, prompt) for prompt in self.prompts() for target in self.targets
        ]

    def request(self, target: str, prompt: str) -> tuple[str, VideoRequest]:
        """The request for one target, with the name of its provider."""
        ref = ProviderRef.parse(target)
        request = VideoRequest(
            prompt=prompt,
            model=ref.model,
            resolution=self.resolution,
            duration=self.duration,
            first_frame=self.first_frame,
            last_frame=self.last_frame,
            references=self.references,
        )
        return ref.name, request.but(**self.options)

    @classmethod
    def of(
        cls,
        given: Mapping[str, Any],
        first_frame: Frame | None,
        last_frame: Frame | None,
        references: tuple[Reference, ...] = (),
    ) -> Draft:
        """A draft from what the page sent. Raises ArgumentError, KeyError or AttributeError for
        what is no draft.

        Half an emoji and a prompt that is too long are no error here: `find_problems` says so while
        it stands there.
        """
        if not isinstance(given["prompt"], str):
            raise ArgumentError(
                f"prompt is {arguments.describe(given['prompt'])}, which is no text"
            )
        return cls(
            prompt=given["prompt"],
            targets=tuple(
                dict.fromkeys(arguments.as_text("targets", target) for target in given["targets"])
            ),
            resolution=arguments.as_text("resolution", given["resolution"]),
            duration=_whole("duration", given["duration"]),
            first_frame=first_frame,
            last_frame=last_frame,
            references=references,
            options={
                name: catalog.parse_option(name, given["options"].get(name))
                for name in option_names()
            },
            takes=max(1, min(MAX_TAKES, _whole("takes", given["takes"]))),
        )


def _whole(name: str, value: object) -> int:
    """Any whole number within reason: `find_problems` says which of them is sold."""
    return arguments.as_int(name, value, -(10**6), 10**6)


def escape_braces(prompt: str) -> str:
    """What has to stand in the editor so that exactly this prompt is sent."""
    try:
        if expand(prompt) == [prompt]:
            return prompt
    except VariantsError:
        pass
    return re.sub(r"([{}|\\])", r"\\\1", prompt)
