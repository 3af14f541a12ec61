"""What `check` says about a request."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog.compatibility import check
from hailuo_nb.prompts import camera
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit.requests import FAST, FIRST, FOUR, H02, H23, LAST, ask, errors, only, warnings

# Errors -------------------------------------------------------------------------------------------


def test_every_row_takes_its_plain_request() -> None:
    for row in catalog.rows():
        for cell in row.cells:
            frame = FIRST if row.first_frame == "required" else None
            request = ask(
                row.model, resolution=cell.resolution, duration=cell.duration, first_frame=frame
            )
            assert errors(request, row.provider) == []
            assert catalog.cell_for(request, row.provider) == cell


@pytest.mark.parametrize("provider", FOUR)
def test_1080_for_ten_seconds_keeps_1080_and_names_768(provider: str) -> None:
    request = ask(catalog.default_model(provider), resolution="1080P", duration=10)
    problem = only(errors(request, provider))
    assert (problem.field, problem.code) == ("duration", "pair_not_sold")
    assert problem.nearest == request.but(duration=6)
    assert "1080P" in problem.message
    assert "10 s is sold at 768P" in problem.message


@pytest.mark.parametrize("provider", FOUR)
@pytest.mark.parametrize(
    ("resolution", "nearest"),
    [
        ("720P", "768P"),
        ("512P", "768P"),
        ("2K", "1080P"),
        ("768p", "768P"),
        ("4320P", "1080P"),
        ("", "768P"),
    ],
)
def test_a_resolution_that_is_not_sold(provider: str, resolution: str, nearest: str) -> None:
    request = ask(catalog.default_model(provider), resolution=resolution)
    problem = only(errors(request, provider))
    assert (problem.field, problem.code) == ("resolution", "resolution_not_sold")
    assert problem.nearest == request.but(resolution=nearest)


@pytest.mark.parametrize(
    ("duration", "nearest"), [(5, 6), (8, 6), (9, 10), (0, 6), (600, 10), (6.0, 6)]
)
def test_a_duration_that_is_not_sold(duration: int, nearest: int) -> None:
    request = ask(duration=duration)
    problem = only(errors(request, "modelverse"))
    assert problem.field == "duration"
    assert problem.nearest == request.but(duration=nearest)
    assert type(problem.nearest.duration) is int


@pytest.mark.parametrize("provider", ["ppinfra", "modelverse", "xcompute"])
def test_fast_needs_a_first_frame(provider: str) -> None:
    problem = only(errors(ask(FAST), provider))
    assert (problem.field, problem.code) == ("first_frame", "first_frame_missing")
    assert problem.nearest == ask(H23)
    assert errors(ask(FAST, first_frame=FIRST), provider) == []


@pytest.mark.parametrize("model", [H23, FAST])
def test_a_last_frame_on_2_3_goes_to_02_where_that_is_sold(model: str) -> None:
    request = ask(model, first_frame=FIRST, last_frame=LAST)
    for provider in ("ppinfra", "modelverse"):
        problem = only(errors(request, provider))
        assert (problem.field, problem.code) == ("last_frame", "last_frame_not_taken")
        assert problem.nearest == request.but(model=H02)
        assert H02 in problem.message
    problem = only(errors(request, "xcompute"))
    assert problem.nearest == request.but(last_frame=None)


def test_a_model_that_is_not_sold_there() -> None:
    problem = only(errors(ask(H02), "xcompute"))
    assert (problem.field, problem.code, problem.nearest) == ("model", "model_not_sold", ask(H23))
    assert only(errors(ask(FAST, first_frame=FIRST), "chanjing")).nearest == ask(
        H02, first_frame=FIRST
    )
    problem = only(errors(ask("hailuo-02"), "ppinfra"))
    assert (problem.code, problem.nearest) == ("model_spelling", ask(H02))


@pytest.mark.parametrize("provider", catalog.providers())
@pytest.mark.parametrize("prompt", ["", "  \n\t", "　"])
def test_an_empty_prompt_has_no_nearest(provider: str, prompt: str) -> None:
    row = catalog.row_for(ask(catalog.default_model(provider)), provider)
    cell = row.cells[0]
    request = ask(row.model, prompt=prompt, resolution=cell.resolution, duration=cell.duration)
    problem = only(errors(request, provider))
    assert (problem.field, problem.code, problem.nearest) == ("prompt", "prompt_missing", None)


@pytest.mark.parametrize("provider", FOUR)
@pytest.mark.parametrize("char", ["x", "猫", "🐱"])
def test_2000_code_points_pass_and_2001_do_not(provider: str, char: str) -> None:
    request = ask(catalog.default_model(provider), prompt=char * 2000)
    assert errors(request, provider) == []
    problem = only(errors(request.but(prompt=char * 2001), provider))
    assert (problem.field, problem.code) == ("prompt", "prompt_too_long")
    assert problem.nearest == request
    assert "2,001" in problem.message
    assert "2,000" in problem.message
    assert ("MiniMax's own" in problem.message) == (provider == "chanjing")


def test_a_long_prompt_is_not_cut_through_a_step() -> None:
    request = ask(prompt="x" * 1995 + "[Push in]")
    assert only(errors(request, "ppinfra")).nearest == request.but(prompt="x" * 1995)


@pytest.mark.parametrize(
    ("prompt", "kept"),
    [
        ("A cat. " * 400, ("A cat. " * 285).rstrip()),
        ("猫走过街道。" * 400, "猫走过街道。" * 333),
        ("word " * 500, ("word " * 400).rstrip()),
        ("x" * 1200 + " [Push in]" + "y" * 1200, "x" * 1200),
        ("Short. " + "x" * 2500, "Short. " + "x" * 1993),
    ],
)
def test_a_long_prompt_is_cut_behind_a_sentence_or_a_word(prompt: str, kept: str) -> None:
    request = ask(prompt=prompt)
    assert only(errors(request, "ppinfra")).nearest == request.but(prompt=kept)


def test_half_a_character_cannot_be_sent() -> None:
    problem = only(errors(ask(prompt="a\ud83dcat"), "ppinfra"))
    assert problem.code == "prompt_not_text"
    assert problem.nearest == ask(prompt="acat")


def test_several_errors_lead_to_one_accepted_request() -> None:
    request = VideoRequest("x" * 2001, FAST, "1080P", 10, last_frame=LAST)
    found = errors(request, "ppinfra")
    assert {p.field for p in found} == {"first_frame", "last_frame", "duration", "prompt"}
    assert {p.nearest for p in found} == {
        VideoRequest("x" * 2000, H02, "1080P", 6, last_frame=LAST)
    }


def test_rules_that_no_row_of_today_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that takes no first frame and needs a last one, as other sellers of the model have
    them."""
    row = next(row for row in catalog.rows() if row.provider == "chanjing")
    changed = (replace(row, first_frame="no", last_frame="required"),)
    for module in ("compatibility", "row_choice"):
        monkeypatch.setattr(f"hailuo_nb.catalog.{module}.rows_of", lambda _: changed)
    found = errors(ask(first_frame=FIRST), "chanjing")
    assert [p.code for p in found] == ["first_frame_not_taken", "last_frame_missing"]
    assert [p.nearest for p in found] == [None, None]
    assert only(errors(ask(first_frame=FIRST, last_frame=LAST), "chanjing")).nearest == ask(
        last_frame=LAST
    )


MODELS = [H02, H23, FAST, "MiniMax-H3", "hailuo-2.3"]
FRAMES = list(itertools.product([None, FIRST], [None, LAST]))
PROMPTS = ["a cat", "", "x" * 1996 + "[Push in,Static shot]", "a [Push out] \ud83d"]


@pytest.mark.parametrize("provider", catalog.providers())
@pytest.mark.parametrize("model", MODELS)
def test_check_accepts_every_nearest_that_it_names(provider: str, model: str) -> None:
    accepted: set[VideoRequest] = set()
    for resolution, duration, (first, last), prompt in itertools.product(
        ["512P", "720P", "768P", "1080P", "2K"], [5, 6, 10], FRAMES, PROMPTS
    ):
        request = VideoRequest(prompt, model, resolution, duration, first, last)
        found = check(request, provider)
        for problem in found:
            if problem.nearest is not None:
                if problem.nearest not in accepted:
                    assert errors(problem.nearest, provider) == []
                accepted.add(problem.nearest)
            elif problem.severity == "error":
                assert not prompt.strip(), problem  # only a missing prompt is beyond mending
        if catalog.cell_for(request, provider) is None:
            assert any(problem.severity == "error" for problem in found)
    assert accepted


@pytest.mark.parametrize("provider", catalog.providers())
@pytest.mark.parametrize("model", MODELS)
def test_every_problem_is_one_sentence_that_names_the_provider(provider: str, model: str) -> None:
    title = next(row.title for row in catalog.rows() if row.provider == provider)
    options = {"prompt_optimizer": True, "fast_pretreatment": True, "watermark": True}
    request = VideoRequest("x" * 2001, model, "720P", 5, None, LAST, options=options)
    for problem in check(request, provider):
        assert title in problem.message
        assert problem.message.endswith(".")
        assert problem.message.count(". ") == 0
        assert problem.field in {**request.to_json(), **options}


# Warnings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["ppinfra", "modelverse", "chanjing"])
def test_a_last_frame_without_a_first_is_sent_with_a_warning(provider: str) -> None:
    request = ask(last_frame=LAST)
    assert errors(request, provider) == []
    assert [p.field for p in warnings(request, provider) if p.code == "last_without_first"] == [
        "last_frame"
    ]
    both = request.but(first_frame=FIRST)
    assert not [p for p in warnings(both, provider) if p.code == "last_without_first"]


# Which option of which row does something, typed from the pages.
OPTIONS = {
    ("ppinfra", H02): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "none",
        "watermark": "none",
    },
    ("ppinfra", H23): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "works",
        "watermark": "undocumented",
    },
    ("ppinfra", FAST): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "none",
        "watermark": "undocumented",
    },
    ("modelverse", H02): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "ignored",
        "watermark": "works",
    },
    ("modelverse", H23): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "works",
        "watermark": "works",
    },
    ("modelverse", FAST): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "ignored",
        "watermark": "works",
    },
    ("chanjing", H02): {
        "prompt_optimizer": "none",
        "fast_pretreatment": "none",
        "watermark": "none",
    },
    ("xcompute", H23): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "works",
        "watermark": "works",
    },
    ("xcompute", FAST): {
        "prompt_optimizer": "works",
        "fast_pretreatment": "works",
        "watermark": "works",
    },
}


@pytest.mark.parametrize("name", ["prompt_optimizer", "fast_pretreatment", "watermark"])
@pytest.mark.parametrize(("provider", "model"), OPTIONS)
@pytest.mark.parametrize("with_frame", [False, True])
def test_an_option_that_does_nothing_is_a_warning(
    provider: str, model: str, name: str, with_frame: bool
) -> None:
    request = ask(model, first_frame=FIRST if with_frame or model == FAST else None, **{name: True})
    state = OPTIONS[provider, model][name]
    found = [p for p in check(request, provider) if p.field == name]
    if state == "works":
        assert found == []
    else:
        problem = only(found)
        assert (problem.severity, problem.code) == ("warning", f"option_{state}")
        assert problem.nearest == request.but(**{name: None})


def test_an_option_left_alone_is_no_warning() -> None:
    assert {p.code for p in check(ask(), "chanjing")} == {"sold_as"}
    assert {p.code for p in check(ask(fast_pretreatment=False), "chanjing")} == {"sold_as"}
    assert {p.code for p in check(ask(watermark=False), "chanjing")} == {"sold_as", "option_none"}


def test_an_assumed_cell_and_a_resolution_sold_as_another_are_said() -> None:
    assert [p.code for p in check(ask(duration=10), "chanjing")] == ["assumed", "sold_as"]
    assert check(ask(resolution="1080P"), "chanjing") == []
    assert check(ask(duration=10), "modelverse") == []
    assert check(ask(H23), "xcompute") == []  # 768p is only another spelling of 768P


@pytest.mark.parametrize(
    "prompt",
    [
        "a [Push out]",
        "[Sony A7]",
        "[]",
        "[Push in,Pull out]",
        "[Static shot,Shake]",
        "[左移,上升,上摇,跟随]",
    ],
)
def test_every_camera_finding_is_a_warning_on_the_prompt(prompt: str) -> None:
    request = ask(prompt=prompt, prompt_optimizer=False)
    found = warnings(request, "modelverse")
    assert [(p.field, p.code, p.message) for p in found] == [
        ("prompt", f.rule, f.message) for f in camera.lint(prompt)
    ]
    assert errors(request, "modelverse") == []


def test_a_camera_finding_brings_its_cure() -> None:
    (problem,) = check(ask(prompt="a 🐱 [Push out] b"), "modelverse")
    assert problem.nearest == ask(prompt="a 🐱 [Pull out] b")


def test_a_prompt_of_remarks_alone_is_read_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each remark on a prompt that is too long was mended from the whole prompt: these took 9 s."""
    read: list[int] = []
    parse = camera.parse
    monkeypatch.setattr(camera, "parse", lambda prompt: read.append(len(prompt)) or parse(prompt))
    request = ask(prompt="[]" * 2_500)
    (long, *remarks) = check(request, "modelverse")
    assert (long.code, {remark.code for remark in remarks}) == (
        "prompt_too_long",
        {"empty_bracket"},
    )
    assert all(remark.nearest and len(remark.nearest.prompt) < 2000 for remark in remarks)
    assert sum(read) < 50 * len(request.prompt)


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://192.168.1.5/a.png", "192.168.1.5"),
        ("https://localhost:8888/files/a.png", "localhost"),
        ("https://nas.local/a.png", "nas.local"),
        ("https://[::1]/a.png", "::1"),
        ("https://jupyter/a.png", "jupyter"),
        ("https://pictures.example/a.png", ""),
        ("https://8.8.8.8/a.png", ""),
        ("https://localhost.example.com/a.png", ""),
    ],
)
def test_44_a_link_that_no_provider_can_open(link: str, host: str) -> None:
    """huobao-drama 53, lobehub 14652: "image download failed"."""
    frame = Frame(link, url=link)
    found = [
        problem
        for request in (ask(first_frame=frame), ask(references=(Reference("picture", link, link),)))
        for problem in warnings(request, "ppinfra")
        if problem.code == "link_closed"
    ]
    assert [problem.field for problem in found] == (["first_frame", "references"] if host else [])
    assert all(f"a link to {host}," in problem.message for problem in found)
