"""Provider, Call, Reply, Progress: a provider is a translator between a VideoRequest and its API.

`submit` and `poll` are generators: they yield a `Call`, are sent the `Reply`, and return the
result. A flow of several calls is straight-line code, and tests feed it recorded replies. The
engine makes the calls.
"""

from __future__ import annotations

import json
import math
from abc import abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote

from hailuo_nb.errors import ProviderError

if TYPE_CHECKING:
    import httpx2

    from hailuo_nb.requests.video_request import VideoRequest

TaskState = Literal["queued", "running", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request to make.

    url       a path below the provider's base URL, or an absolute URL (an upload target, say)
    charges   the one call that costs money: the engine sends it once and never again
    sign      put the provider's credentials on it; False for every absolute URL of somebody else
    delay     seconds to wait before sending
    """

    method: str
    url: str
    json: object = None
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    charges: bool = False
    sign: bool = True
    delay: float = 0.0


_MAX_QUOTED = 8192  # bytes of a body that a message may quote of
_MAX_KEY_LENGTH = 2048


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            raise ValueError(f"{name} stands twice")
        found[name] = value
    return found


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, headers with lower-case names, the body as it was.

    mask         takes out of a text what must not be shown; asked before the text is cut, for half
                 a key shows too
    received_at  Unix seconds when it came, None if unknown
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    mask: Callable[[str], str] = field(default=_as_it_is, repr=False, compare=False)
    received_at: float | None = field(default=None, compare=False)

    def json(self) -> Any:
        """The body as JSON: UTF-8 with or without a mark, else GB 18030. NaN and infinity are None.

        Raises ProviderError(protocol) that quotes the start of what came instead; so does a name
        that stands twice in one object with two values, because either could be meant.
        """
        try:
            return json.loads(
                self._text(),
                object_pairs_hook=_unambiguous,
                parse_constant=_finite,
                parse_float=_finite,
            )
        except (ValueError, RecursionError):
            raise ProviderError(
                "protocol",
                f"answered with something that is not JSON: {self.excerpt()}",
                status=self.status,
            ) from None

    def _text(self) -> str:
        encoding = json.detect_encoding(self.body)
        try:
            return self.body.decode(encoding)
        except UnicodeDecodeError:
            return self.body.decode("gb18030")

    def excerpt(self, limit: int = 200) -> str:
        """The start of the body as one line of text, for messages."""
        text = self.mask(self.body[:_MAX_QUOTED].decode("utf-8", "replace"))
        if len(self.body) > _MAX_QUOTED:  # a key may be cut in two there
            text = text[:-_MAX_KEY_LENGTH]
        text = " ".join(text[: limit * 8].split())
        return repr(text[:limit] + ("…" if len(text) > limit else ""))

    def at(self, *path: str | int) -> object:
        """The value at a path in the JSON body, or None where the path leads nowhere."""
        value = self.json()
        for key in path:
            if isinstance(value, dict) and isinstance(key, str):
                value = value.get(key)
            elif (
                isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value)
            ):
                value = value[key]
            else:
                return None
        return value

    def text_at(self, *path: str | int) -> str:
        """The non-empty text (or number, as text) at a path. Raises ProviderError(protocol) if
        there is none."""
        value = self.at(*path)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            where = ".".join(str(key) for key in path)
            raise ProviderError(
                "protocol", f"the answer has no {where}: {self.excerpt()}", status=self.status
            )
        return str(value)


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of one task, in one shape for all providers.

    percent          0..100, None where the provider has no number
    eta              seconds that the provider thinks are left
    queue_position   tasks ahead
    links            video links, best first; those of a state "succeeded", empty while the provider
                     gives none yet. Each is fetched without a key, but for
                     `Provider.content_path`
    link_ttl         seconds that the links live from this answer on
    link_expires_at  the same as a Unix time, where the provider says it so
    seconds          generation time by the provider's own clock, when it is over
    error            why it failed, in the provider's words
    charged_cost     what the provider says that it charged for this task, in `charged_currency`;
                     None where it does not say so
    word             the provider's own status word, for people and logs
    note             what a person should know beside it: an unknown word, a link that is not there
                     yet, a warning
    sure             False for a failure in a word that the provider's page does not list: it is
                     polled again before that is believed
    """

    task_id: str
    state: TaskState
    percent: float | None = None
    eta: float | None = None
    queue_position: int | None = None
    links: tuple[str, ...] = field(default=(), repr=False)
    link_ttl: float | None = None
    link_expires_at: float | None = None
    seconds: float | None = None
    error: ProviderError | None = None
    charged_cost: float | None = None
    charged_currency: str = ""
    word: str = ""
    note: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's answer to a submit, by which the task is known from then on.

    task_id  the provider's name of the task
    links    addresses of the task that the provider says must not be built by hand, by a name of
             the adapter's ("status", "result", "cancel"); the ledger keeps them. Empty where the
             task was found in a list
    """

    task_id: str
    links: Mapping[str, str] = field(default_factory=dict, repr=False)


Submit = Generator[Call, Reply, Receipt]
Poll = Generator[Call, Reply, list[Progress]]
CancelOutcome = Literal["cancelled", "requested", "too_late"]
"""A provider's answer to a cancel: the task is cancelled, it may be (the next polls show), or it is
not."""
Cancel = Generator[Call, Reply, CancelOutcome]


def path_segment(task_id: str) -> str:
    """Returns a task's id as one segment of a URL's path, whatever characters it has."""
    return quote(task_id, safe="", errors="surrogatepass")


def poll_each(
    tasks: Sequence[Receipt], look: Callable[[Receipt], Generator[Call, Reply, Progress | None]]
) -> Poll:
    """Polls one task after the other, each by `look`. Left out are a task that the provider does
    not know, by its own word (`no_task`), and one of which `look` gives None."""
    found = []
    for task in tasks:
        try:
            progress = yield from look(task)
        except ProviderError as error:
            if not error.no_task:
                raise
        else:
            if progress is not None:
                found.append(progress)
    return found


class Provider(Protocol):
    """One provider's API. CONTRIBUTING.md, "A provider", says what else belongs to one.

    name           "ppinfra": lower case, and the name of its folder
    title          "PPInfra", for people
    base_url       "https://api.ppinfra.com"
    hosts          the hosts that may be given this provider's key
    key_variables  environment variables of the credentials, one or two, in the order of `auth`
    batch_size     tasks that one poll can ask for
    """

    name: str
    title: str
    base_url: str
    hosts: frozenset[str]
    key_variables: tuple[str, ...]
    batch_size: int

    def auth(self, credentials: Sequence[str], clock: Callable[[], float]) -> httpx2.Auth:
        """Puts the credentials (one for each of `key_variables`) on a request: one key as
        `Authorization: Bearer KEY`, unless the provider has another way. `clock` gives Unix
        seconds."""
        from hailuo_nb.providers.auth import Bearer, keys

        return Bearer(*keys(credentials, self.key_variables))

    @abstractmethod
    def submit(self, request: VideoRequest) -> Submit:
        """Send the request with one charging call. Raises ProviderError."""
        ...

    @abstractmethod
    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        """One Progress a task, in any order. Raises ProviderError.

        A task is left out only where the provider itself says, in its own error shape, that it has
        no such task: the clip is given up for that, when it lasts. A gateway's page or a list that
        may be cut short does not say so.
        """
        ...

    def content_path(self, task_id: str) -> str:
        """The path below the base URL at which the clip of a task lies behind the key, where it may
        stand among the links of a Progress; "" where the provider has none."""
        return ""

    def cancel(self, task: Receipt) -> Cancel:
        """Cancel a task, where the catalogue says that the provider can. Raises ProviderError.

        What it costs is the provider's business: `advice` of the catalogue quotes its page.
        """
        raise ProviderError("invalid", f"{self.title} cannot cancel a task")
