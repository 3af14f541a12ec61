"""What is written in several words, or in signs, and the word of words.json for it."""

from __future__ import annotations

import re

# Pattern of a folded text, and what stands in its place.
_SPELLINGS = (
    (
        r"\b(?:dolly|vertigo|hitchcock|contra|trombone)[ -]?(?:zoom|shot)\b|\bzolly\b"
        r"|\bvertigo(?: effect)?\b",
        "vertigo",
    ),
    (r"\block(?:ed)?(?:[ -]?(?:off|down))?\b(?! on)", "locked"),
    (r"\bhand[ -]held\b", "handheld"),
    (r"\b(?:no|without) (?:any )?camera (?:movement|motion|move)s?\b", "camera static"),
    (
        r"\b(?:no|without) (?:any )?(?:camera )?(?:movement|motion|move)\b|\b(?:not|no) moving\b",
        "static",
    ),
    (r"\b(?:does not|doesn't|do not|don't|never) moves?\b", "static"),
    (r"\bclos(?:e|es|ing) in\b", "creep in"),
    (r"(?:无|没有|不要|不)(?:镜头)?(?:运动|运镜|移动)|(?:不要|别)动", "固定"),
    # How it begins, and in which order.
    (
        r"\b(?:begins?|beginning|starts?|starting|opens?|opening|continues?|ends?|ending) "
        r"(?:with|by|on|to)\b|^(?:begin|start)s? (?=[a-z])"
        r"|\b(?:performs?|makes?|does|executes?) (?=an? )",
        "",
    ),
    (r"(?<![\d.:])\d{1,2}[.)、]\s*(?=[a-z\u3400-\u9fff])", " then "),
    (r"(?<!\d)\d(?=(?:推|拉|左|右|上|下|变|晃|跟|固|摇|移|升|降|环))", " then "),
    (r"\bfirst(?:ly)?\b[,:]?|首先", ""),
    # A time before it, a weight behind it.
    (
        r"^\(?\d[\d.:]*\s?s?\s?[-–~到至]\s?\d[\d.:]*\s?(?:seconds?|secs?|s|秒)?\)?\s*[:,]?\s*(?=\D)",
        "",
    ),
    (r":\s?\d(?:\.\d+)?$", ""),
    (r"(?:\d+(?:\.\d+)?|[一二两三四五六])秒钟?[之以]?后", "然后"),
    # How long it takes.
    (
        r"\(?(?:(?:for|over|in|within) (?:about |the first |the last )?)?(?<![\w.:])\d+(?:\.\d+)? ?"
        r"(?:seconds?|secs?|s)\b\)?|\(?(?:持续|用时?)?\d+(?:\.\d+)?秒(?:钟|内)?\)?",
        "",
    ),
    (r"顺时针", "左"),
    (r"逆时针", "右"),
    (r"(?:360|180) ?(?:度|°(?! ?[a-z]))|[一两]圈|一周", ""),
    (r"\bcounter[ -]clockwise\b", "counterclockwise"),
    (r"\b(?:360|180)(?: ?degrees?| ?°)? (?=pan|tilt|orbit|arc)", ""),
    (r"\b(?:360|180)(?: ?degrees?\b| ?°|\b)(?: (?:rotation|spin|shot|view))?", "orbit"),
    (r"\b(?:rotat|mov|circl)(?:e|es|ing) around\b", "orbit"),
    (r"\bzoom(?:s|ing)? (?:in)?to(?:wards?)?\b|\bzoom(?:s|ing)? on\b", "zoom in on"),
    (
        r"\b(dolly|dollies|dollying|moves?|moving|glides?|gliding|fly|flies|flying|drifts?|drifting"
        r"|travels?|travelling|slides?|sliding) (?:in)?to(?:wards?)\b",
        r"\1 in toward",
    ),
    (r"\b(?:from )?(?:the )?left[ -]to[ -](?:the )?right\b", "right"),
    (r"\b(?:from )?(?:the )?right[ -]to[ -](?:the )?left\b", "left"),
    (r"\b(?:from )?(?:the )?bottom[ -]to[ -](?:the )?top\b", "up"),
    (r"\b(?:from )?(?:the )?top[ -]to[ -](?:the )?bottom\b", "down"),
    (r"推拉摇移", "？"),
    (r"[从由自][左右上下前后][向往到至而](?=[左右上下前后])", ""),
    (r"((?:环绕|围绕|旋绕|绕)着?[^,，]{0,8}?)(?:旋转|转动|转圈|转|运动|移动|拍摄)$", r"\1"),
    (r"镜头随着?(?=.{1,8}(?:移动|运动|前进|前行)$)", "镜头跟随"),
    (r"((?:跟随|跟着|跟拍|追随|跟踪)着?[^,，]{1,8}?)(?:一起|同步)?(?:移动|运动|前进|前行)$", r"\1"),
    (r"(?<=[进远移摇升降近动随定])后(?=[左右推拉变晃跟固]|上[升摇]|下[降摇])", "然后"),
    (r"一边(.+?)一边", r"\1同时"),
    (r"->|=>|→|➔|➡|>", " then "),
    (r"\b(?:followed by|after that|and then|before)\b", " then "),
    (r"^camera (?:move|movement|motion|work) ?[:：]", "camera "),
    (r"^(?:shot|scene|clip|镜头|分镜|场景) ?(?:\d+|[一二三四五六七八九十]+) ?[:：\-]\s*", ""),
    (r"^镜头语言[:：]|^镜头=", "镜头"),
    (r"先(.+?)(?<!然)(?<!之)后", r"\1然后"),
    (r"希区柯克(?:式)?变焦", "希区柯克"),
    (r"(?<=\w) \d+(?:\.\d+)? ?(?:°|degrees?|deg)(?!\w)", ""),
)


def spelt_plainly(folded: str) -> str:
    """A folded text in words of words.json, in the order in which a reader takes them."""
    for pattern, word in _SPELLINGS:
        folded = re.sub(pattern, word, folded)
    return folded
