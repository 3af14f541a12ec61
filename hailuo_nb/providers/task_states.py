"""The words for a task's state that providers of video use, and what a look says beside a state.
Pure.

An adapter adds the words of its own page on top. Only a word whose meaning is sure ends a task: a
word that nobody knows leaves it running, and the person who waits is told the word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import TaskState

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
    "成功 已成功 生成成功 完成 已完成",
    "failed": "fail failed fails failure error errored timeout timed_out time_out expired rejected "
    "aborted "
    "terminated deleted removed data_removed 失败 已失败 生成失败 任务失败 超时 已超时 已过期 "
    "已拒绝 已终止 已删除",
    "cancelled": "cancelled canceled cancel 取消 已取消",
}
_SHARED: dict[str, TaskState] = {
    word: state for state, words in _WORDS.items() for word in words.split()
}

_LONGEST = 100  # characters of a word
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFIX = re.compile(r"^(?:[a-z]+_)*?(?:status|state)_|^(?:task|job|video)_(?!(?:status|state)_)")

# Where the adapters' pages and their sisters put a warning or a reason beside the state.
_REMARKS = (
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
    """What a provider's word means, in any case and with its prefix; None for a word that nobody
    knows.

    own  the adapter's words, folded (lower case, `_` between words, without a prefix); they win
         over the shared ones
    """
    folded = _folded(word[:_LONGEST])
    return (own or {}).get(folded) or _SHARED.get(folded)


def standing(
    word: str, links: Sequence[str], remark: str = "", own: Mapping[str, TaskState] | None = None
) -> tuple[TaskState, str]:
    """(state, note) of one look: what the word means, and what a person should know beside it.

    A success without a link is a success: whoever watches the task goes on asking for the link.
    """
    known = state_of(word, own)
    state = known or "running"
    note = ""
    if known == "succeeded" and not links:
        note = f"the provider says {word} and gives no link yet"
    elif known is None and word:
        note = f"the provider says {word[:_LONGEST]!r}, a word that hailuo_nb does not know"
    elif known is None:
        note = "the provider's answer names no state of the task"
    over = state in {"failed", "cancelled"} or (state == "succeeded" and links)
    if remark and not over:
        note = f"{note}: {remark}" if note else f"the provider says: {remark}"
    return state, note


def ended_badly(state: TaskState, reason: str) -> bool:
    """Whether there is something to say of how a task ended. Who cancelled a task need not be told
    why."""
    return state == "failed" or (state == "cancelled" and bool(reason))


def remark(task: Mapping[str, Any]) -> str:
    """The warning or reason that an answer about a task carries, whatever the field is called; else
    ""."""
    for name in _REMARKS:
        value = task.get(name)
        said = parsing.mapping(value)
        text = parsing.text(said.get("message")) or parsing.text(said.get("msg")) or _text(value)
        if text.casefold() not in _SAYS_NOTHING:
            return text
    return ""


def _text(value: Any) -> str:
    return parsing.text(value[0] if isinstance(value, list) and value else value)


def _folded(word: str) -> str:
    spaced = _CAMEL.sub("_", word.strip())
    return _PREFIX.sub("", re.sub(r"[\s\-./:]+", "_", spaced).casefold().strip("_"))
