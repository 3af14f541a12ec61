"""The camera words that people write: each is understood, or found with the text that cures it.

The forms are those of public prompts (providers-next.md, section 4), and others of their kinds.
"""

from __future__ import annotations

import time

import pytest

from hailuo_nb.prompts import camera

# What is written; what of it is understood; what is found, as (rule, text, cure, other cures).
Row = tuple[str, list[str], list[tuple[str, ...]]]

UNDERSTOOD: dict[str, list[str]] = {
    "[Push in; Pan left]": ["push_in+pan_left"],
    "[Push in + Pan left]": ["push_in+pan_left"],
    "[Push in & Pan left]": ["push_in+pan_left"],
    "[Push in and Pan left]": ["push_in+pan_left"],
    "[Push in | Pan left]": ["push_in+pan_left"],
    "[Push in；Pan left＋Shake]": ["push_in+pan_left+shake"],
    "[推进和左摇]": ["push_in+pan_left"],
    "【推进＆左摇】": ["push_in+pan_left"],
    "[Ｐｕｓｈ　ｉｎ，Ｐａｎ ｌｅｆｔ]": ["push_in+pan_left"],
    "［ｔｉｌｔ＿ｕｐ］": ["tilt_up"],
    "[Push in\u200b]": ["push_in"],
    "[\ufeffPush\u00a0in\u200d,\u2060Pan left]": ["push_in+pan_left"],
    "[推進，左搖]": ["push_in+pan_left"],
    "[變焦推近]【變焦拉遠】［拉遠］": ["zoom_in", "zoom_out", "pull_out"],
    "[晃動、跟隨]": ["shake+tracking"],
    "[Static] then [Tracking]": ["static", "tracking"],
    "[push  IN]Close up": ["push_in"],
    "**[Push in]** and `[Shake]`": ["push_in", "shake"],
    "@图1 [Tracking shot] 街道": ["tracking"],
}

FOUND: list[Row] = [
    # Other names and film words.
    ("[Push in, Follow]A woman", ["push_in"], [("unknown_command", "Follow", "Tracking shot")]),
    ("[Ascend]", [], [("unknown_command", "Ascend", "Pedestal up")]),
    ("[Descend]", [], [("unknown_command", "Descend", "Pedestal down")]),
    ("[lower]", [], [("unknown_command", "lower", "Pedestal down")]),
    ("[Fixed]", [], [("unknown_command", "Fixed", "Static shot")]),
    ("[pull back]", [], [("unknown_command", "pull back", "Pull out")]),
    ("[Push out]", [], [("unknown_command", "Push out", "Pull out")]),
    ("[Crane up]", [], [("unknown_command", "Crane up", "Pedestal up")]),
    ("[boom down]", [], [("unknown_command", "boom down", "Pedestal down")]),
    ("[Dolly left]", [], [("unknown_command", "Dolly left", "Truck left")]),
    ("[Handheld]", [], [("unknown_command", "Handheld", "Shake")]),
    ("[Static camera]", [], [("unknown_command", "Static camera", "Static shot")]),
    ("[Locked-off shot]", [], [("unknown_command", "Locked-off shot", "Static shot")]),
    ("[No camera movement]", [], [("unknown_command", "No camera movement", "Static shot")]),
    ("[camera pans left]", [], [("unknown_command", "camera pans left", "Pan left")]),
    ("[Camera: push in]", [], [("unknown_command", "Camera: push in", "Push in")]),
    ("[panning to the right]", [], [("unknown_command", "panning to the right", "Pan right")]),
    ("[pan from left to right]", [], [("unknown_command", "pan from left to right", "Pan right")]),
    ("[tilt-up]", [], [("unknown_command", "tilt-up", "Tilt up")]),
    ("[Dolly zoom]", [], [("unknown_command", "Dolly zoom", "Push in,Zoom out")]),
    ("[Orbit left]", [], [("unknown_command", "Orbit left", "Truck left,Pan right")]),
    ("[Pann left]", [], [("unknown_command", "Pann left", "Pan left")]),
    ("[Push in ~ Shake]", [], [("no_separator", "Push in ~ Shake", "Push in,Shake")]),
    # What can be two moves.
    ("[Pan left/right]", [], [("which_move", "Pan left/right", "Pan left", "Pan right")]),
    ("[pan left and right]", [], [("which_move", "pan left and right", "Pan left", "Pan right")]),
    (
        "[Push in/Pan left]",
        [],
        [("which_move", "Push in/Pan left", "Push in", "Pan left", "Push in,Pan left")],
    ),
    ("[Pan left → right]", [], [("which_move", "Pan left → right", "Pan left", "Pan right")]),
    ("[Pan]", [], [("which_move", "Pan", "Pan left", "Pan right")]),
    ("[Whip pan]", [], [("which_move", "Whip pan", "Pan left", "Pan right")]),
    ("[Zoom, Shake]", ["shake"], [("which_move", "Zoom", "Zoom in", "Zoom out")]),
    (
        "[Orbit]",
        [],
        [("which_move", "Orbit", "Truck left,Pan right", "Truck right,Pan left")],
    ),
    ("[Arc]", [], [("which_move", "Arc", "Truck left,Pan right", "Truck right,Pan left")]),
    ("[拉近]", [], [("which_move", "拉近", "推进", "变焦推近")]),
    ("[环绕]", [], [("which_move", "环绕", "左移,右摇", "右移,左摇")]),
    ("[推进/拉远]", [], [("which_move", "推进/拉远", "推进", "拉远", "推进,拉远")]),
    # No separator, and what follows in turn.
    ("[Push in Pan left]", [], [("no_separator", "Push in Pan left", "Push in,Pan left")]),
    ("[Push in; warm light]", [],
     [("no_separator", "Push in; warm light", "Push in,warm light")]),
    ("[推进左摇]", [], [("no_separator", "推进左摇", "推进,左摇")]),
    ("[Push in then pull out]", [], [("in_turn", "[Push in then pull out]", "[Push in] [Pull out]")]),
    ("[Push in → Pan left]", [], [("in_turn", "[Push in → Pan left]", "[Push in] [Pan left]")]),
    ("[推进然后拉远]", [], [("in_turn", "[推进然后拉远]", "[推进][拉远]")]),
    ("[Push in, then pan left]", ["push_in"],
     [("in_turn", "[Push in, then pan left]", "[Push in] [Pan left]")]),
    ("[推进，同时左摇，然后上升]", ["push_in"],
     [("in_turn", "[推进，同时左摇，然后上升]", "[推进,左摇][上升]")]),
    # Adverbs.
    ("[Push in, slowly]", ["push_in"], [("adverb", "[Push in, slowly]", "[Push in]")]),
    ("[推进，缓慢]", ["push_in"], [("adverb", "[推进，缓慢]", "[推进]")]),
    ("[Slow push in]", [], [("adverb", "Slow push in", "Push in")]),
    ("[Zoom In slowly]", [], [("adverb", "Zoom In slowly", "Zoom in")]),
    ("[very gently tilting up]", [], [("adverb", "very gently tilting up", "Tilt up")]),
    ("[缓慢推进]", [], [("adverb", "缓慢推进", "推进")]),
    ("[鏡頭緩緩向左搖]", [], [("adverb", "鏡頭緩緩向左搖", "左摇")]),
    (
        "[Wide shot, slow pan right]",
        [],
        [("unknown_command", "Wide shot", ""), ("adverb", "slow pan right", "Pan right")],
    ),
    (
        "[Zoom in on the cat] runs",
        [],
        [("unknown_command", "[Zoom in on the cat]", "[Zoom in] on the cat")],
    ),
    ("[Push in followed by Pan left]", [],
     [("in_turn", "[Push in followed by Pan left]", "[Push in] [Pan left]")]),
    ("[Push in with a pan left]", [],
     [("no_separator", "Push in with a pan left", "Push in,Pan left")]),
    ("[Pan left to the window]", [],
     [("unknown_command", "[Pan left to the window]", "[Pan left] to the window")]),
    ("[Pan left 30 degrees]", [], [("unknown_command", "Pan left 30 degrees", "Pan left")]),
    ("[camera movement: push in]", [],
     [("unknown_command", "camera movement: push in", "Push in")]),
    ("[Aerial pull back]", [], [("unknown_command", "Aerial pull back", "Pull out")]),
    ("[Ped up]", [], [("unknown_command", "Ped up", "Pedestal up")]),
    ("[0-3s: push in]", [], [("unknown_command", "0-3s: push in", "Push in")]),
    ("(push in:1.3)", [], [("other_bracket", "(push in:1.3)", "[Push in]")]),
    ("[pull focus]", [], [("plain_bracket", "[pull focus]", "")]),
    ("[lateral tracking left]", [],
     [("no_separator", "lateral tracking left", "Truck left")]),
    ("[without camera movement]", [],
     [("unknown_command", "without camera movement", "Static shot")]),
    ("[上下摇]", [], [("which_move", "上下摇", "上摇", "下摇")]),
    ("[逆时针环绕]", [], [("unknown_command", "逆时针环绕", "右移,左摇")]),
    ("[摇臂上升]", [], [("unknown_command", "摇臂上升", "上升")]),
    ("[推进（慢）]", [], [("adverb", "推进（慢）", "推进")]),
    ("[无运镜]", [], [("unknown_command", "无运镜", "固定")]),
    ("[不要推进]", [], [("plain_bracket", "[不要推进]", "")]),
    ("[先推进后左摇]", [], [("in_turn", "[先推进后左摇]", "[推进][左摇]")]),
    ("[希区柯克变焦]", [], [("unknown_command", "希区柯克变焦", "推进,变焦拉远")]),
    ("[“推进”]", [], [("unknown_command", "“推进”", "推进")]),
    ("[上昇]", ["pedestal_up"], []),
    ("[Track 5] plays", [], [("plain_bracket", "[Track 5]", "")]),
    ("[Follow the red car]", [],
     [("unknown_command", "[Follow the red car]", "[Tracking shot] the red car")]),
    # Chinese near words.
    ("[向前推进]", [], [("unknown_command", "向前推进", "推进")]),
    ("[镜头向后移动]", [], [("unknown_command", "镜头向后移动", "拉远")]),
    ("[推镜头]", [], [("unknown_command", "推镜头", "推进")]),
    ("[推镜]", [], [("unknown_command", "推镜", "推进")]),
    ("[镜头推进]", [], [("unknown_command", "镜头推进", "推进")]),
    ("[跟拍]", [], [("unknown_command", "跟拍", "跟随")]),
    ("[摇晃]", [], [("unknown_command", "摇晃", "晃动")]),
    ("[固定镜头]", [], [("unknown_command", "固定镜头", "固定")]),
    ("[静止]", [], [("unknown_command", "静止", "固定")]),
    ("[向左平移]", [], [("unknown_command", "向左平移", "左移")]),
    ("[摇镜向右]", [], [("unknown_command", "摇镜向右", "右摇")]),
    ("[升镜]", [], [("unknown_command", "升镜", "上升")]),
    ("[变焦推进]", [], [("unknown_command", "变焦推进", "变焦推近")]),
    # Another provider's names.
    ("[tilt left, rise]", [], [("other_names", "[tilt left, rise]", "[Pan left,Pedestal up]")]),
    (
        "[Tilt Left, Pan Right]",
        ["pan_right"],
        [
            (
                "other_names",
                "[Tilt Left, Pan Right]",
                "[Pan left,Truck right]",
                "[Pan left,Pan right]",
            )
        ],
    ),
    (
        "[pan left] a cat [rise]",
        ["pan_left"],
        [
            (
                "other_names",
                "[pan left] a cat [rise]",
                "[Truck left] a cat [Pedestal up]",
                "[Pan left] a cat [Pedestal up]",
            )
        ],
    ),
    # Brackets that are not closed, nested, escaped, or others.
    ("[Push in a cat", [], [("unclosed_bracket", "[Push in", "[Push in]")]),
    ("[Push in, Pan left a cat", [], [("unclosed_bracket", "[Push in, Pan left", "[Push in,Pan left]")]),
    ("[推进一只猫", [], [("unclosed_bracket", "[推进", "[推进]")]),
    ("A cat. Push in] runs", [], [("unclosed_bracket", "Push in]", "[Push in]")]),
    ("[Push in) a cat", [], [("unclosed_bracket", "[Push in)", "[Push in]")]),
    ("(Push in] a cat", [], [("unclosed_bracket", "(Push in]", "[Push in]")]),
    ("[[Push in] a cat", ["push_in"], [("unclosed_bracket", "[[Push in]", "[Push in]")]),
    ("Push in]]] a cat", [], [("unclosed_bracket", "Push in]]]", "[Push in]")]),
    ("[[[Push in a cat", [], [("unclosed_bracket", "[[[Push in", "[Push in]")]),
    ("[[Push in]]", ["push_in"], [("nested_bracket", "[[Push in]]", "[Push in]")]),
    (
        "[Push in [Pan left]]",
        ["pan_left"],
        [("nested_bracket", "[Push in [Pan left]]", "[Push in,Pan left]")],
    ),
    ("【推进【左摇】】", ["pan_left"], [("nested_bracket", "【推进【左摇】】", "[推进,左摇]")]),
    (
        r"\[Push in], then \[Push out]",
        ["push_in"],
        [
            ("escaped_bracket", r"\[Push in]", "[Push in]"),
            ("unknown_command", "Push out", "Pull out"),
        ],
    ),
    (r"\[Push in\]", ["push_in"], [("escaped_bracket", r"\[Push in\]", "[Push in]")]),
    ("a {Push in} b", [], [("other_bracket", "{Push in}", "[Push in]")]),
    ("{{Push in, Shake}}", [], [("other_bracket", "{{Push in, Shake}}", "[Push in,Shake]")]),
    ("(pull back)", [], [("other_bracket", "(pull back)", "[Pull out]")]),
    ("<Push in>", [], [("other_bracket", "<Push in>", "[Push in]")]),
    ("「推进」", [], [("other_bracket", "「推进」", "[推进]")]),
    ("〔推进〕", [], [("other_bracket", "〔推进〕", "[推进]")]),
    ("（镜头左移）", ["truck_left"], [("other_bracket", "（镜头左移）", "[左移]")]),
    ("([Push in])", ["push_in"], [("nested_bracket", "([Push in])", "[Push in]")]),
    ("{【推进】}", ["push_in"], [("nested_bracket", "{【推进】}", "[推进]")]),
    ("&#91;Push in&#93;", [], [("other_bracket", "&#91;Push in&#93;", "[Push in]")]),
    # In plain words.
    ("鏡頭緩緩推進，女孩微笑。", ["push_in"], [("bare_move", "鏡頭緩緩推進", "[推进]")]),
    ("The camera stays still.", ["static"],
     [("bare_move", "The camera stays still", "[Static shot]")]),
    ("镜头先推进，再左摇。", ["push_in", "pan_left"], [("bare_move", "镜头先推进", "[推进]")]),
    ("A cat. Camera pushes in then pans left.", [],
     [("bare_move", "Camera pushes in then pans left", "[Push in] [Pan left]")]),
    ("(Push in then pan left)", [],
     [("other_bracket", "(Push in then pan left)", "[Push in] [Pan left]")]),
    ("The camera zooms in and out.", [],
     [("bare_move", "The camera zooms in and out", "[Zoom in]", "[Zoom out]")]),
    ("A cat. Camera: slow push in.", [], [("bare_move", "Camera: slow push in", "[Push in]")]),
    ("猫在跑，运镜：左移。", [], [("bare_move", "运镜：左移", "[左移]")]),
    ("A man reads a book. Static shot.", [], [("bare_move", "Static shot", "[Static shot]")]),
    ("一位老人,左移运镜", [], [("bare_move", "左移运镜", "[左移]")]),
    ("A street, camera slowly pans left, rain", [],
     [("bare_move", "camera slowly pans left", "[Pan left]")]),
    (
        "A cat runs as the camera pushes in, then pans left. It stops.",
        ["push_in", "pan_left"],
        [
            (
                "bare_move",
                "as the camera pushes in, then pans left",
                "[Push in] [Pan left]",
            )
        ],
    ),
    # How long, and in which order.
    ("[push in for 3 seconds]", [], [("unknown_command", "push in for 3 seconds", "Push in")]),
    ("[Pan left over 2 sec]", [], [("unknown_command", "Pan left over 2 sec", "Pan left")]),
    ("[缓慢推进3秒]", [], [("adverb", "缓慢推进3秒", "推进")]),
    ("[推进，2秒后左摇]", ["push_in"], [("in_turn", "[推进，2秒后左摇]", "[推进][左摇]")]),
    ("[推进后左摇]", [], [("in_turn", "[推进后左摇]", "[推进][左摇]")]),
    ("[首先推进，然后左摇]", [], [("in_turn", "[首先推进，然后左摇]", "[推进][左摇]")]),
    ("[1. Push in 2. Pan left]", [],
     [("in_turn", "[1. Push in 2. Pan left]", "[Push in] [Pan left]")]),
    ("[①推进②左摇]", [], [("in_turn", "[①推进②左摇]", "[推进][左摇]")]),
    ("[first push in, then pan left]", [],
     [("in_turn", "[first push in, then pan left]", "[Push in] [Pan left]")]),
    ("[一边推进一边左摇]", [], [("no_separator", "一边推进一边左摇", "推进,左摇")]),
    ("[Shot 1: push in]", [], [("unknown_command", "Shot 1: push in", "Push in")]),
    ("[镜头一：推进]", [], [("unknown_command", "镜头一：推进", "推进")]),
    # To where, and round whom.
    ("[zoom into her eyes]", [],
     [("unknown_command", "[zoom into her eyes]", "[Zoom in] on her eyes")]),
    ("[Push in to Close-up]", [],
     [("unknown_command", "[Push in to Close-up]", "[Push in] to Close-up")]),
    ("[推到特写]", [], [("unknown_command", "[推到特写]", "[推进] 到特写")]),
    ("[推到一边]", [], [("unknown_command", "[推到一边]", "[推进] 到一边")]),
    ("[360 pan]", [], [("which_move", "360 pan", "Pan left", "Pan right")]),
    ("[360° rotation]", [],
     [("which_move", "360° rotation", "Truck left,Pan right", "Truck right,Pan left")]),
    ("[环绕主体旋转]", [], [("which_move", "环绕主体旋转", "左移,右摇", "右移,左摇")]),
    ("[跟随人物移动]", [], [("unknown_command", "跟随人物移动", "跟随")]),
    ("[dolly zoom out]", [], [("unknown_command", "dolly zoom out", "Pull out,Zoom in")]),
    ("[Hitchcock zoom]", [], [("unknown_command", "Hitchcock zoom", "Push in,Zoom out")]),
    ("[镜头抬高]", [], [("unknown_command", "镜头抬高", "上升")]),
    ("[Wide shot; push in]", [],
     [("no_separator", "Wide shot; push in", "Wide shot,push in")]),
    ("[Zoom out to wide shot]", [],
     [("unknown_command", "[Zoom out to wide shot]", "[Zoom out] to wide shot")]),
    ("[zoom in until she smiles]", [],
     [("unknown_command", "[zoom in until she smiles]", "[Zoom in] until she smiles")]),
    ("[right-to-left pan]", [], [("unknown_command", "right-to-left pan", "Pan left")]),
    ("[bottom to top tilt]", [], [("unknown_command", "bottom to top tilt", "Tilt up")]),
    ("[鏡頭自下而上搖]", [], [("unknown_command", "鏡頭自下而上搖", "上摇")]),
    ("[上下摇晃]", [], [("unknown_command", "上下摇晃", "晃动")]),
    ("[無運鏡]", [], [("unknown_command", "無運鏡", "固定")]),
    ("[推进 or 拉远]", [],
     [("which_move", "推进 or 拉远", "推进", "拉远", "推进,拉远")]),
    ("[「推进」]", [], [("unknown_command", "「推进」", "推进")]),
    ("[Begin static, then push in]", [],
     [("in_turn", "[Begin static, then push in]", "[Static shot] [Push in]")]),
    # Other signs around it.
    ("A cat **Push in** runs", [], [("other_bracket", "**Push in**", "[Push in]")]),
    ("A cat `pan left` runs", [], [("other_bracket", "`pan left`", "[Pan left]")]),
    ("<camera>slow push in</camera>", [],
     [("other_bracket", "<camera>slow push in</camera>", "[Push in]")]),
    ("A cat ❲Push in❳ ﹝左摇﹞", [],
     [("other_bracket", "❲Push in❳", "[Push in]"), ("other_bracket", "﹝左摇﹞", "[左摇]")]),
    ("&#x5B;Push in&#x5D;", [], [("other_bracket", "&#x5B;Push in&#x5D;", "[Push in]")]),
    ("[{Push in}]", [], [("unknown_command", "{Push in}", "Push in")]),
    ("[Push in}]", [], [("unknown_command", "Push in}", "Push in")]),
    ("[Push in\\Tilt up]", [], [("no_separator", "Push in\\Tilt up", "Push in,Tilt up")]),
    ("[Push in &amp; Pan left]", [],
     [("no_separator", "Push in &amp; Pan left", "Push in,Pan left")]),
    ("[Push&nbsp;in]", [], [("unknown_command", "Push&nbsp;in", "Push in")]),
    (r"\[Push\_in\]", ["push_in"], [("escaped_bracket", r"\[Push\_in\]", "[Push_in]")]),
    # Beside signs, and with an adverb.
    ("Cat runs - pan left", [], [("bare_move", "pan left", "[Pan left]")]),
    ("Cat runs — pan left", [], [("bare_move", "pan left", "[Pan left]")]),
    ("Push in slowly.", [], [("bare_move", "Push in slowly", "[Push in]")]),
    ("缓慢推镜头，女孩微笑。", [], [("bare_move", "缓慢推镜头", "[推进]")]),
    ("The camera does not move.", ["static"],
     [("bare_move", "The camera does not move", "[Static shot]")]),
    ("No camera movement, rain.", [], [("bare_move", "No camera movement", "[Static shot]")]),
    ("The camera begins with a slow push in.", ["push_in"],
     [("bare_move", "The camera begins with a slow push in", "[Push in]")]),
    # Meant together, written apart.
    (
        "[Truck left] [Pan right] around her",
        ["truck_left", "pan_right"],
        [("split_orbit", "[Truck left] [Pan right]", "[Truck left,Pan right]")],
    ),
    ("【左摇】【右移】", ["pan_left", "truck_right"], [("split_orbit", "【左摇】【右移】", "[左摇,右移]")]),
]  # fmt: skip

ORDINARY = [
    "【仙侠云海环绕】少年",
    "[Shot 1] A cat",
    "[Bird's Eye View]",
    "[POV] [Dutch angle] [Slow motion]",
    "[00:01-00:03] [人物]",
    "[Sony A7, f/2.8]",
    "[warm and soft light]",
    "[медленно]",
    "[环绕音效] [转场：淡入]",
    "[Scene 3: forest] [镜头一：森林]",
    "[3 seconds] [1. Forest] [first]",
    "[not static] [no zoom] [推拉摇移]",
]
"""One plain_bracket each, and nothing else."""

NOTHING = [
    "A {red|blue} cat {Push in|Pan left}",
    "[{Push in|Pan left}]",
    "radio (static), he moves left, she turns right. Follow!",
    "The lift goes up, the leaves fall, waves rise.",
    "热气球上升，落叶下降，他跟随母亲",
    'He says: "Zoom in!"',
    "shot on [Sony A7",
    "a] b [ c",
    "She walks [into the room [slowly",
    "(left) <up> 「天空」",
    "A tracking device, a pan, a truck, a crane",
    "The truck left. The crane is down. The walls close in.",
    "a *b* c * d, **Bold** `code`",
    "Shake slowly. Static. He does not move.",
    "风筝上升2秒后下降，他慢慢抬起头",
]


def said(prompt: str) -> list[tuple[str, ...]]:
    return [
        (one.rule, prompt[one.start : one.end], one.replacement or "", *one.others)
        for one in camera.lint(prompt)
    ]


def steps(prompt: str) -> list[str]:
    return ["+".join(move.key for move in step.moves) for step in camera.parse(prompt)]


def test_the_table_has_the_forms_that_it_should() -> None:
    assert len(UNDERSTOOD) + len(FOUND) + len(ORDINARY) + len(NOTHING) >= 60


@pytest.mark.parametrize("prompt", UNDERSTOOD)
def test_understood(prompt: str) -> None:
    assert steps(prompt) == UNDERSTOOD[prompt]
    assert said(prompt) == []
    # What is sent is spelt as the providers spell it.
    for language in ("en", "zh"):
        sent = camera.render(prompt, language)
        assert steps(sent) == UNDERSTOOD[prompt]
        assert camera.render(sent, language) == sent
        for step in camera.parse(sent):
            written = camera.bracket(step.moves, language)
            assert sent[step.start : step.end] == written


@pytest.mark.parametrize(("prompt", "keys", "findings"), FOUND, ids=[row[0] for row in FOUND])
def test_found(prompt: str, keys: list[str], findings: list[tuple[str, ...]]) -> None:
    assert steps(prompt) == keys
    assert said(prompt) == findings


@pytest.mark.parametrize("prompt", [row[0] for row in FOUND])
def test_each_cure_leaves_steps_and_no_finding_of_its_kind(prompt: str) -> None:
    for finding in camera.lint(prompt):
        for cure in (finding.replacement, *finding.others):
            if cure is None:
                continue
            cured = prompt[: finding.start] + cure + prompt[finding.end :]
            rules = [one.rule for one in camera.lint(cured)]
            before = [one.rule for one in camera.lint(prompt)]
            assert rules.count(finding.rule) == before.count(finding.rule) - 1
            assert steps(cured)


@pytest.mark.parametrize(
    ("prompt", "keys"),
    [
        ("The camera dollies back, tilts up, and pans left.", ["pull_out", "tilt_up", "pan_left"]),
        ("The camera begins with a slow push in, then pans left.", ["push_in", "pan_left"]),
        ("The camera zooms to her face.", ["zoom_in"]),
        ("The camera moves away from the house.", ["pull_out"]),
        ("The camera never moves.", ["static"]),
        ("The camera pulls focus.", []),
        ("The camera pans left, revealing rising smoke.", ["pan_left"]),
        ("The camera pushes in, she smiles, and pans left.", ["push_in"]),
    ],
)
def test_prose_of_anybody_is_read_to_its_end(prompt: str, keys: list[str]) -> None:
    assert steps(prompt) == keys


@pytest.mark.parametrize("prompt", ORDINARY)
def test_style_tags_are_ordinary_text(prompt: str) -> None:
    assert steps(prompt) == []
    assert {rule for rule, *_ in said(prompt)} == {"plain_bracket"}
    assert camera.render(prompt, "zh") == camera.render(prompt, "prose") == prompt


@pytest.mark.parametrize("prompt", NOTHING)
def test_ordinary_words_are_no_commands(prompt: str) -> None:
    assert steps(prompt) == []
    assert [row for row in said(prompt) if row[0] != "plain_bracket"] == []


@pytest.mark.parametrize("move", camera.moves(), ids=lambda move: move.key)
@pytest.mark.parametrize(
    "form",
    ["slow {}", "{} slowly", "camera {}", "the {} movement", "a very smooth {}", "{}!", "~{}~"],
)
def test_any_move_with_any_adverb_is_cured(move: camera.Move, form: str) -> None:
    prompt = f"A cat [{form.format(move.english.lower())}] runs"
    (finding,) = camera.lint(prompt)
    assert (finding.rule in {"adverb", "unknown_command"}, finding.replacement) == (
        True,
        move.english,
    )


@pytest.mark.parametrize("move", camera.moves(), ids=lambda move: move.key)
@pytest.mark.parametrize("form", ["缓慢{}", "镜头{}", "鏡頭緩緩{}", "{}运镜", "快速地{}镜头"])
def test_any_move_in_chinese_with_words_around_it_is_cured(move: camera.Move, form: str) -> None:
    prompt = f"猫[{form.format(move.chinese)}]跑"
    (finding,) = camera.lint(prompt)
    assert finding.replacement == move.chinese


@pytest.mark.parametrize("move", camera.moves(), ids=lambda move: move.key)
@pytest.mark.parametrize("pair", ["{}", "()", "<>", "「」", "〔〕", "（）", "『』", "《》"])
def test_any_move_in_other_brackets_is_cured(move: camera.Move, pair: str) -> None:
    for name in (move.english, move.chinese):
        prompt = f"A cat {pair[0]}{name}{pair[1]} runs"
        (finding,) = camera.lint(prompt)
        assert (finding.rule, finding.replacement) == ("other_bracket", f"[{name}]")


@pytest.mark.parametrize("move", camera.moves(), ids=lambda move: move.key)
def test_any_move_in_an_open_bracket_is_cured(move: camera.Move) -> None:
    for prompt in (f"[{move.english} a cat", f"A cat, {move.english}] runs", f"[{move.english})"):
        (finding,) = camera.lint(prompt)
        assert (finding.rule, finding.replacement) == ("unclosed_bracket", f"[{move.english}]")


def test_a_hostile_prompt_is_read_in_time() -> None:
    pieces = [
        "[",
        "]",
        "{",
        "(",
        "[Push in ",
        "推进",
        "[[",
        "a, ",
        "the camera ",
        "[]",
        "[a]",
        "(a)",
    ]
    pieces += [
        "The camera pushes in ",
        "镜头推进",
        "push in and ",
        " then pan left",
        "\\[",
        "Camera: ",
    ]
    for piece in pieces:
        for prompt in (piece * (20_000 // len(piece)), "The camera " + piece * 1000):
            began = time.thread_time()
            camera.lint(prompt)
            camera.parse(prompt)
            camera.render(prompt, "prose")
            camera.write_brackets(prompt)
            assert time.thread_time() - began < 1.5, piece
