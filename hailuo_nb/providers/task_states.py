"""The words for a task's state that sellers of video use, and `progress`: a poll's answer read by
them.

An adapter adds the words of its own page. Only a word whose meaning is sure ends a task: an
unknown word leaves it running, and the note of the progress quotes it. A timeout that the page does
not list ends a task with `sure` False.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import messages, parsing
from hailuo_nb.providers.base import Progress, TaskState
from hailuo_nb.providers.parsing import JsonObject

# Folded by `_folded`. The columns of MiniMax V1 and V2, fal, OpenRouter, Replicate, Novita,
# WaveSpeed, Kie and the four adapters here (reference on more providers, 1.9), and the other
# spellings of those words.
_WORDS: dict[TaskState, str] = {
    "queued": "queued queueing queuing in_queue pending waiting submitted created scheduled "
    "starting preparing "
    "not_start not_started 排队 排队中 等待中 待处理",
    "running": "running processing in_progress generating started rendering 处理中 进行中 生成中 "
    "执行中",
    "succeeded": "succeed succeeded success successful succeeds completed complete done finished "
    "finish "
    "成功 已成功 生成成功 完成 已完成 生成完成 处理完成 任务完成",
    "failed": "fail failed fails failure error errored timeout timed_out time_out expired rejected "
    "aborted "
    "terminated deleted removed data_removed 失败 已失败 生成失败 任务失败 处理失败 审核失败 "
    "审核未通过 审核不通过 超时 已超时 逾时 已过期 "
    "已拒绝 已终止 已删除",
    "cancelled": "cancelled canceled cancel 取消 已取消",
}
_SHARED: dict[str, TaskState] = {
    word: state for state, words in _WORDS.items() for word in words.split()
}
# A proxy on the way may have set the time limit, and a record may be gone while the clip is made:
# these words are an end only where the provider's page lists them.
_UNSURE = frozenset(
    {"timeout", "timed_out", "time_out", "expired", "deleted", "removed", "data_removed"}
    | {"超时", "已超时", "逾时", "已过期", "已删除"}
)

_MAX_WORD = 100  # characters of a word
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFIX = re.compile(r"^(?:[a-z]+_)*?(?:status|state)_|^(?:task|job|video)_(?!(?:status|state)_)")

# Where the adapters' pages and their sisters put a warning or a reason beside the state.
_REASON_FIELDS = (
    "reason",
    "err_msg",
    "error_msg",
    "error_message",
    "fail_reason",
    "failure_reason",
    "error",
    "warning",
    "warnings",
)
_SAYS_NOTHING = frozenset({"", "success", "succeed", "ok", "none", "null", "0"})


def state_of(word: str, own: Mapping[str, TaskState] | None = None) -> TaskState | None:
    """What a provider's word means, in any case and with its prefix; None for an unknown
    word.

    own  the adapter's words, folded (lower case, `_` between words, without a prefix); they win
         over the shared ones
    """
    folded = _folded(word[:_MAX_WORD])
    return (own or {}).get(folded) or _SHARED.get(folded)


def progress(
    task_id: str,
    word: str,
    reason: str = "",
    links: Sequence[str] = (),
    *,
    failure: ProviderError,
    own: Mapping[str, TaskState] | None = None,
    percent: float | None = None,
    eta: float | None = None,
    seconds: float | None = None,
    link_ttl: float | None = None,
    link_expires_at: float | None = None,
    charged_cost: float | None = None,
    charged_currency: str = "",
) -> Progress:
    """What an answer to a poll says: the state that the word means, and what fits that state.

    word     the provider's own word for the state
    reason   a warning or reason beside it
    failure  the error of a failed task; also of a cancelled one for which the provider gives a
             reason
    own      as in `state_of`

    A success without a link stays a success: the task is polled until there is a link.
    """
    state, note = _state_and_note(word, links, reason, own)
    has_failure = state == "failed" or (state == "cancelled" and bool(reason))
    is_success = state == "succeeded"
    return Progress(
        task_id,
        state,
        percent=percent,
        eta=eta if state in {"queued", "running"} else None,
        links=tuple(links) if is_success else (),
        link_ttl=link_ttl if is_success else None,
        link_expires_at=link_expires_at if is_success else None,
        seconds=seconds if state in {"succeeded", "failed"} else None,
        error=failure if has_failure else None,
        sure=_is_sure(word, own),
        charged_cost=charged_cost,
        charged_currency=charged_currency,
        word=word,
        note=note,
    )


def _state_and_note(
    word: str, links: Sequence[str], reason: str, own: Mapping[str, TaskState] | None
) -> tuple[TaskState, str]:
    known = state_of(word, own)
    state = known or "running"
    note = ""
    if known == "succeeded" and not links:
        note = no_link_yet(word)
    elif known is None and word:
        note = f"the provider says {word[:_MAX_WORD]!r}, a word that hailuo_nb does not know"
    elif known is None:
        note = "the provider's answer names no state of the task"
    elif not _is_sure(word, own):
        note = f"the provider says {word[:_MAX_WORD]!r}: asked once more before that is believed"
    over = state in {"failed", "cancelled"} or (state == "succeeded" and links)
    if reason and not over:
        note = f"{note}: {reason}" if note else f"the provider says: {reason}"
    return state, note


def _is_sure(word: str, own: Mapping[str, TaskState] | None) -> bool:
    folded = _folded(word[:_MAX_WORD])
    return folded not in _UNSURE or folded in (own or {})


def no_link_yet(word: str) -> str:
    """The note of a task that is over, in the provider's `word`, and has no link."""
    return f"the provider says {word} and gives no link yet"


def reason_in(task: JsonObject) -> str:
    """The warning or reason in an answer about a task, whatever its field is called; else ""."""
    for name in _REASON_FIELDS:
        value = task.get(name)
        said = parsing.mapping(value)
        text = parsing.text(said.get("message")) or parsing.text(said.get("msg")) or _text(value)
        if text.casefold() not in _SAYS_NOTHING:
            return text
    return ""


def _text(value: object) -> str:
    return parsing.text(value[0] if isinstance(value, list) and value else value)


def _folded(word: str) -> str:
    spaced = _CAMEL.sub("_", messages.simplified(word.strip()))
    return _PREFIX.sub("", re.sub(r"[\s\-./:]+", "_", spaced).casefold().strip("_"))
