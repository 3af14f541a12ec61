"""What the words of a refusal mean: a content filter, an empty account or plan, a time to wait.

A message may quote the prompt, and a prompt may be about anything: `without_quotes` removes that.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from hailuo_nb.errors import ErrorKind

MINIMAX: dict[str, ErrorKind] = {
    "1000": "server",
    "1001": "server",
    "1002": "rate",
    "1004": "auth",
    "1008": "balance",
    "1013": "server",
    "1024": "server",
    "1026": "moderation",
    "1027": "moderation",
    "1028": "balance",
    "1030": "balance",
    "1033": "server",
    "1039": "rate",
    "1041": "rate",
    "1042": "invalid",
    "2013": "invalid",
    "2045": "rate",
    "2049": "auth",
    "2056": "rate",
    "2061": "permission",
}
"""MiniMax's own codes, which those who sell its models pass on: in `base_resp`, as a code, or at a
message's end.

Source: its error-code page, and its official CLI for 1028, 1030 and 2061 (reference on providers,
5.3).
"""

# Traditional characters that occur in refusals, states and waits, and the simplified ones.
_SIMPLIFIED = str.maketrans(
    "內審詞違規觸過餘額費賬帳戶後請試鐘鍾時間復個兩發達檢濾處敗號級購買補務執隊絕終刪將於圖頻產適運結",
    "内审词违规触过余额费账账户后请试钟钟时间复个两发达检滤处败号级购买补务执队绝终删将于图频产适运结",
)

# Words that name a cause more exactly than a general code or status does. `_` is read as a blank.
_MODERATION = re.compile(
    r"(?<!case )(?<!case-)(?<!in)sensitive|nsfw|content polic|content[ "
    r"-](?:checker|filter)|moderat(?:ed|ion)"
    r"|(?<!account has been )(?<!account was )(?<!account is )\bflagged|safety "
    r"(?:system|filter|check|polic|setting)"
    r"|prohibited (?:content|use|material|word|term|image|input|prompt)"
    r"|(?:content|prompt|image|picture|input|video|request|text|words?)\b[^.;]{0,60}\bprohibited"
    r"|violat\w*\b[^.;]{0,40}\b(?:polic(?:y|ies)|guidelines?)"
    r"|inappropriate (?:content|image|prompt|text|material)|sexually explicit|explicit content"
    r"|copyright(?:ed)? (?:material|content|character)"
    r"|敏感|违规|违禁|内容审核|安全审核|未通过审核|审核未通过|审核不通过|审核失败|未通过安全"
    r"|不合规|不当内容|内容不当|涉黄|涉政|内容安全|不适切|부적절"
)
_PLAN = re.compile(
    r"usage limit|plan limit|token plan|spending limit|quota exceeded|insufficient quota|exceeded "
    r"your current quota"
    r"|out of credits|(?:insufficient|not enough|n't have enough|not have enough) credits?"
    r"|key limit exceeded|用量上限|用量已|积分"
    r"|(?:套餐|额度)[^。；]{0,12}(?:不足|已用|用尽|用完|到期|过期)"
)
_BALANCE = re.compile(r"balance|insufficient funds?|arrear|余额|欠费")
_PACE = re.compile(
    r"per (?:second|minute|hour)|\brpm\b|\btpm\b|\bqps\b|concurren|每(?:秒|分钟|小时)|并发"
)

_LAST_CODE = re.compile(r"\((\d{4})\)\W*$")
_FILTER_CODE = re.compile(r"(?<!\d)102[67](?!\d)")

_PIECE = (
    12  # letters of the prompt that are taken for a quotation, or half as many Chinese characters
)
_BREAKS = re.compile(r"[\n\r\t\"\\<>&]+")  # what a provider writes otherwise where it quotes

_SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "毫秒": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0,
    "秒": 1.0,
    "m": 60.0, "min": 60.0, "minute": 60.0, "分": 60.0, "分钟": 60.0, "h": 3600.0, "hr": 3600.0,
    "hour": 3600.0,
    "小时": 3600.0, "d": 86_400.0, "day": 86_400.0, "天": 86_400.0,
}  # fmt: skip
_UNIT = (
    r"(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d"
    r"|毫秒|秒|分钟|分|小时|天)(?![a-z])"
)
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s?({_UNIT})")
_LENGTH = (
    rf"((?:\d+(?:\.\d+)?\s?{_UNIT}(?:, | and )?\s?)+)"  # 30s, 6m0s, 1 hour and 5 minutes, 2 分钟
)
_CUE = (
    "resets?|try again|retry|retrying|retrydelay|wait|available|renews?|resumes?|cool ?down"
    "|back off|come back"
)
_IN = re.compile(rf"\b(?:{_CUE})\b[^\d.;]{{0,32}}?{_LENGTH}")
_AFTER = re.compile(rf"{_LENGTH}(?:之后|以后|后)[^。；]{{0,8}}(?:重试|再试|再次|恢复|重置|重新)")
_WAIT = re.compile(rf"(?:等待|等候)(?:时间)?[^\d。；]{{0,4}}{_LENGTH}")
_NUMBERS = "a=1 an=1 one=1 two=2 three=3 five=5 ten=10 一=1 两=2 二=2 三=3 五=5 十=10"
_WORDS = dict(one.split("=") for one in _NUMBERS.split())
_NUMBER = re.compile(rf"(?:\b(an?|one|two|three|five|ten) |([一两二三五十])\s?个?)(?={_UNIT})")
_BARE = re.compile(r"\bretry[ -](?:after|in)[\"']?\s?[:=]?\s?(\d+(?:\.\d+)?)(?![\d.:/-])")
_LATER = re.compile(rf"\b(?:{_CUE}|until)\b|重置|恢复|重试|再试|重新")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?"
    r"\s?\(?(z|(?:utc|gmt)?\s?[+-]\d\d?(?::?\d\d)?|utc|gmt)(?![\w+-])"
)
_BEIJING = re.compile(r"(\d{4})[-年](\d\d?)[-月](\d\d?)[日t ]\s?(\d\d:\d\d(?::\d\d)?)")
_CLOCK = re.compile(r"\b(?:at|until) (\d\d?):(\d\d)(?::\d\d)? ?(?:utc|gmt|z)\b")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_HTTP_DATE = re.compile(r"[a-z]{3}, \d\d? [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt")
_UNIX = re.compile(r"\bresets?\b[^\d.;]{0,12}?(\d{10})(?:\d{3})?(?!\d)")
_MAX = 4000  # characters of a message that are read


def without_quotes(message: str, prompt: str) -> str:
    """The message without what it quotes of the prompt, whole or cut short."""
    for piece in map(str.strip, _BREAKS.split(prompt)):
        size = _PIECE if piece.isascii() else _PIECE // 2
        head = piece[:size]
        if len(head) < size:
            continue
        while (at := message.find(head)) >= 0:
            pairs = enumerate(zip(piece, message[at:], strict=False))
            agree = next((number for number, (ours, theirs) in pairs if ours != theirs), len(piece))
            message = message[:at] + "…" + message[at + agree :]
    if 0 < len(prompt) < _PIECE:
        message = re.sub(rf"(?<=[\"'“「『`]){re.escape(prompt)}(?=[\"'”」』`])", "…", message)
    return message


def minimax_code(message: str) -> str:
    """MiniMax's code in brackets at the end of a message (`invalid params, … (2013)`); else ""."""
    found = _LAST_CODE.search(message)
    return found[1] if found is not None and found[1] in MINIMAX else ""


def is_filtered(code: str, message: str) -> bool:
    """Whether MiniMax's content filter refused: its 1026 or 1027, which come with any HTTP status,
    500 too."""
    if MINIMAX.get(code) == "moderation" or MINIMAX.get(minimax_code(message)) == "moderation":
        return True
    folded = _read(message)
    return bool(_FILTER_CODE.search(folded) and _MODERATION.search(folded))


def kind_of_message(message: str) -> ErrorKind | None:
    """Moderation or balance, if the provider's words say so."""
    folded = _read(message)
    if _MODERATION.search(folded):
        return "moderation"
    return "balance" if _BALANCE.search(folded) or _PLAN.search(folded) else None


def is_plan_limit(message: str) -> bool:
    """Whether a plan or an account is used up, for a while or until it is paid: no matter of
    requests a minute."""
    folded = _read(message)
    return bool(_PLAN.search(folded)) and not _PACE.search(folded)


def wait_in(message: str, now: float | None) -> float | None:
    """Seconds to wait that a message names: "resets in ~30s", "try again in 2 minutes", "resets at
    2026-05-15T15:00Z".

    now  Unix seconds when it was said; without it a moment tells no wait. A moment without a zone
         tells none either, nor does one that has passed.
    """
    folded = _NUMBER.sub(lambda found: f"{_WORDS[found[1] or found[2]]} ", _read(message))
    for pattern in (_IN, _AFTER, _WAIT):
        if (found := pattern.search(folded)) is not None:
            return sum(float(number) * _unit(unit) for number, unit in _PART.findall(found[1]))
    if (found := _BARE.search(folded)) is not None:
        return float(found[1])
    if now is None or not _LATER.search(folded):
        return None
    moments = [*_moments(folded)]
    if not _YEAR.search(folded):
        moments += [_next(now, *found.groups()) for found in _CLOCK.finditer(folded)]
    return max((then - now for then in moments if then > now), default=None)


def _moments(folded: str) -> Iterator[float]:
    """The moments that a message names, as Unix seconds."""
    for day, time, zone in _MOMENT.findall(folded):
        with contextlib.suppress(ValueError, OverflowError):
            yield datetime.fromisoformat(f"{day} {time}+00:00").timestamp() - _offset(zone)
    if re.search("北京时间|beijing time", folded):
        for *date, time in _BEIJING.findall(folded):
            with contextlib.suppress(ValueError, OverflowError):
                year, month, day = map(int, date)
                yield datetime.fromisoformat(
                    f"{year:04}-{month:02}-{day:02} {time}+08:00"
                ).timestamp()
    for text in _HTTP_DATE.findall(folded):
        with contextlib.suppress(ValueError, OverflowError, TypeError):
            yield parsedate_to_datetime(text).timestamp()
    for digits in _UNIX.findall(folded):
        yield float(digits)


def _next(now: float, hour: str, minute: str) -> float:
    """The next time that a clock in UTC shows this."""
    return now + (int(hour) * 3600 + int(minute) * 60 - now) % 86_400


def _offset(zone: str) -> float:
    """Seconds east of UTC: `z`, `utc`, `+08:00`, `+0800`, `utc+8`."""
    digits = zone.removeprefix("utc").removeprefix("gmt").strip()
    if digits in {"", "z"}:
        return 0.0
    hours, minutes = digits[1:].replace(":", "")[:-2], digits[-2:]
    if len(digits) <= 3:
        hours, minutes = digits[1:], "0"
    return (int(hours) * 3600 + int(minutes) * 60) * (-1.0 if digits[0] == "-" else 1.0)


def _unit(word: str) -> float:
    return _SECONDS.get(word) or _SECONDS[word.removesuffix("s")]


def _read(message: str) -> str:
    return " ".join(simplified(message[:_MAX]).casefold().replace("_", " ").split())


def simplified(text: str) -> str:
    """The text in simplified characters, as far as refusals and states need it."""
    return text.translate(_SIMPLIFIED)
