"""The thirty bad inputs of the reference on reliability (B3): what each row asks for, and where it
is tested.

A row with a pointer is tested there and not again here; `test_every_pointer_leads_to_a_test` holds
the table to it.

row  what comes                            where it is tested
 1   a marked key through everything
                                           engine/test_leaks.py::test_a_marked_key_through_everything engine/test_leaks_in_notebook.py::test_a_saved_notebook_holds_no_key
 2   a malformed key
                                           unit/test_credentials.py::test_a_malformed_key_is_named_by_its_variable engine/test_leaks.py::test_a_malformed_key_is_not_shown
 3   repr, pickle, copy, f-string
                                           unit/test_credentials.py::test_nothing_that_a_user_holds_shows_a_key contract/test_auth.py::test_keys_are_in_no_repr_and_no_pickle
                                           here::test_row_3_what_runs_is_not_pickled
 4   a found key, an unknown base_url
                                           unit/test_credentials.py::test_a_found_key_never_goes_to_another_host
 5   http:// or credentials in base_url
                                           unit/test_api.py::test_an_address_that_would_show_the_key_is_refused unit/test_credentials.py::test_a_bad_address_is_not_repeated
 6   hostile text
                                           browser/test_hostile.py::test_hostile_text_in_the_studio_and_its_board browser/test_hostile.py::test_hostile_text_in_the_page_on_disk
                                           unit/test_text.py::test_what_nobody_sees_is_written_out
                                           here::test_row_6_hostile_text_in_the_plain_table
 7   a hostile content type                here::test_row_7_the_servers_content_type_is_not_used
 8   formulas in CSV                       here::test_row_8_a_formula_in_csv_is_text
                                           here::test_row_8_negative_numbers_stay_numbers_and_chinese_stays_readable
 9   links to files and private hosts
                                           engine/test_links.py::test_no_spelling_of_a_private_address_is_asked here::test_row_9_a_name_that_leads_to_a_private_address
10   redirects
     engine/test_download.py::test_redirects_are_followed_and_counted
                                           engine/test_links.py::test_a_redirect_to_a_private_address_is_refused
                                           here::test_row_10_a_redirect_to_plain_http
                                           here::test_row_10_an_api_that_redirects_gets_nothing_more
11   a frame given as a link
     unit/test_frame.py::test_a_link_is_passed_on_and_never_opened
12   files that are no pictures
     unit/test_frame_limits.py::test_a_text_file_is_refused_without_its_content
                                           unit/test_frame_limits.py::test_a_pipe_does_not_hang
                                           unit/test_frame_limits.py::test_a_device
                                           unit/test_frame_limits.py::test_a_folder
                                           unit/test_frame_limits.py::test_a_missing_file
                                           unit/test_frame_limits.py::test_a_link_in_the_file_system_is_followed
                                           unit/test_frame.py::test_a_frame_names_its_file_and_never_its_folder
13   other kinds of pictures               unit/test_frame_limits.py::test_other_files_are_refused
                                           unit/test_frame_limits.py::test_animated_pictures_are_refused
                                           unit/test_frame_limits.py::test_sizes_beyond_the_limit_are_refused_with_both_numbers
14   bombs, cut pictures, metadata
     unit/test_frame_limits.py::test_a_bomb_is_refused_before_it_is_decoded
                                           unit/test_frame_limits.py::test_truncated_pictures_are_refused
                                           unit/test_frame_metadata.py::test_metadata_stays_on_the_machine
15   hostile file names                    here::test_row_15_names_are_ours
                                           here::test_row_15_two_prompts_that_differ_in_case_only_have_two_files
16   the target is taken, disk full        here::test_row_16_a_name_that_is_taken
                                           here::test_row_16_what_a_dead_process_left
                                           here::test_row_16_a_part_or_a_folder_that_leads_elsewhere
                                           here::test_row_16_a_disk_that_is_full
                                           here::test_row_16_a_folder_that_cannot_be_made
                                           here::test_row_16_without_hard_links_it_is_a_rename
17   JSON that is none
     contract/test_any_provider.py::test_json_that_is_no_object
                                           contract/test_any_provider.py::test_an_answer_that_is_not_the_api_s
                                           engine/test_bad_answers.py::test_row_17_json
                                           engine/test_bad_answers.py::test_row_17_a_submit_answered_with_that_is_unknown
                                           engine/test_bad_answers.py::test_row_17_a_poll_answered_with_that_is_spec_again
                                           engine/test_bad_answers.py::test_row_17_an_answer_without_end
                                           engine/test_bad_answers.py::test_row_17_json_is_refused_with_its_start
18   packed bombs
     engine/test_bad_answers.py::test_row_18_a_packed_bomb_is_stopped
                                           engine/test_bad_answers.py::test_row_18_a_packed_bomb_for_a_clip
                                           engine/test_bad_answers.py::test_row_18_an_encoding_that_was_not_asked_for
19   files that are no clips
     unit/test_media.py::test_other_files_named_mp4_are_refused
                                           unit/test_media.py::test_other_containers_are_refused
                                           unit/test_media.py::test_sound_alone_is_no_clip
                                           unit/test_media.py::test_a_giant_is_refused
                                           unit/test_media.py::test_an_endless_clip_is_refused
                                           unit/test_media.py::test_frames_are_counted_and_not_only_bytes
                                           engine/test_download.py::test_a_body_over_the_budget_is_stopped
20   bodies of the wrong length or speed
     engine/test_download.py::test_a_body_shorter_than_promised_is_never_kept
                                           engine/test_runner.py::test_a_cut_download_is_fetched_again_whole
                                           engine/test_bad_answers.py::test_row_20_a_body_that_is_longer_or_a_part
                                           engine/test_bad_answers.py::test_row_20_a_transfer_that_crawls
21   dead links
     engine/test_runner.py::test_a_dead_link_is_replaced_by_a_fresh_one
                                           engine/test_paid_clips.py::test_a_link_that_stays_dead_without
                                           engine/test_bad_answers.py::test_row_21_an_error_of_the_store_with_status_200
                                           engine/test_bad_answers.py::test_row_21_a_refusal_does_not_lose_a_paid_clip
                                           engine/test_bad_answers.py::test_row_21_past_its_window_the_date_is_told
                                           engine/test_bad_answers.py::test_row_21_a_fresh_link_is_tried_though_it_seems_too_old
                                           engine/test_bad_answers.py::test_row_21_a_provider_that_cannot_be_asked_loses_no_clip
22   odd answers about tasks
     engine/test_bad_answers.py::test_row_22_odd_answers_about_a_task
                                           engine/test_bad_answers.py::test_row_22_one_id_for_two_clips
                                           contract/test_ppinfra.py::test_a_success_without_a_link_says_so
                                           contract/test_ppinfra.py::test_status_words
23   Retry-After                           contract/test_any_provider.py::test_retry_after
                                           engine/test_schedule.py::test_retry_after_is_obeyed_within_reason
24   a machine that slept
     engine/test_resume.py::test_what_dies_first_is_fetched_first
                                           engine/test_takeover.py::test_a_driver_that_sleeps
25   ledgers that cannot be used
     engine/test_ledger.py::test_a_file_that_is_no_ledger_is_refused_and_kept
                                           engine/test_ledger.py::test_a_ledger_of_a_newer_version_is_refused
                                           engine/test_ledger.py::test_a_folder_that_cannot_be_made_is_a_clear_error
                                           engine/test_ledger_contract.py::test_one_of_two_claims_wins
                                           engine/test_doctor.py::test_file_systems
                                           engine/test_bad_places.py::test_row_25_a_ledger_that_is_empty_beside_clips
                                           engine/test_bad_places.py::test_row_25_the_database_of_another_program
                                           engine/test_bad_places.py::test_row_25_a_ledger_that_is_locked
                                           engine/test_bad_places.py::test_row_25_a_ledger_that_may_not_be_written
26   restart, kill, Run All twice          engine/test_fault_points.py::test_a_process_killed_here
                                           engine/test_runner.py::test_the_same_clip_again_is_the_same_job_and_pays_nothing
                                           engine/test_resume.py::test_resume_goes_on_where_a_kernel_died
                                           engine/test_loop.py::test_a_cancelled_cell_leaves_the_work
27   fork after import
     engine/test_bad_places.py::test_row_27_a_forked_child_drives_nothing
     engine/test_bad_places.py::test_row_27_a_fork_waits_for_an_import_of_another_thread
28   a thousand clips by mistake
     engine/test_resume.py::test_a_dry_run_lists_and_sends_nothing
                                           engine/test_resume.py::test_a_limit_holds_before_anything_is_sent
                                           unit/test_budget.py::test_what_is_over_is_refused_with_the_figure
29   a page for strangers
     unit/test_credentials.py::test_on_a_page_for_strangers_the_servers_key_stays
30   nest_asyncio 1.6, uvloop, no widgets
     engine/test_bad_places.py::test_row_30_the_old_nest_asyncio_is_warned_of
                                           engine/test_bad_places.py::test_row_30_without_ipywidgets_there_is_a_plain_table
                                           engine/test_bad_places.py::test_row_30_uvloop
                                           engine/test_bad_places.py::test_row_30_nested_loops_of_our_own_are_no_warning
"""

from __future__ import annotations

import asyncio
import csv
import errno
import os
import pickle
import re
from pathlib import Path
from typing import Any

import httpx2
import pandas as pd
import pytest

from hailuo_nb.engine.download import DownloadError, LinkGoneError
from hailuo_nb.engine.fetching import _slug
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.results.source import LiveSource
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_download import fetch
from tests.engine.test_links import fetch_checked, resolves
from tests.engine.test_runner import play, settled

TESTS = Path(__file__).parents[1]


def test_every_pointer_leads_to_a_test() -> None:
    assert __doc__ is not None
    rows = [int(found) for found in re.findall(r"^ ?(\d+)   ", __doc__, re.M)]
    assert rows == list(range(1, 31))
    pointers = re.findall(r"(\S+)::(\w+)", __doc__)
    assert len(pointers) > 80
    for file, name in pointers:
        text = (Path(__file__) if file == "here" else TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}", text, re.M), f"{file}::{name}"
    for file in ("here", "engine/test_bad_answers.py", "engine/test_bad_places.py"):
        text = (Path(__file__) if file == "here" else TESTS / file).read_text(encoding="utf-8")
        for name in re.findall(r"^def (test_row_\w+)\(", text, re.M):
            assert (file, name) in pointers, name


# -- what a user holds, and what is written
# -----------------------------------------------------------------


def jobs_of(home: Path, server: Server, prompt: str) -> tuple[TrackedJob, Comparison]:
    async def main() -> tuple[TrackedJob, Comparison]:
        runner = fake.runner(home, server)
        (tracked,) = await runner.ask([fake.spec(fake.account(), prompt)])
        await settled(tracked)
        runner.ledger.close()
        return tracked, Comparison([Job(tracked, LiveSource(runner))], title=prompt)

    return asyncio.run(main())


def test_row_3_what_runs_is_not_pickled(tmp_path: Path, server: Server) -> None:
    _, board = jobs_of(tmp_path, server, "A cat")
    for thing in (board, board[0], board[0]._tracked, board[0]._tracked.spec.account):
        with pytest.raises(TypeError, match="pickle"):
            pickle.dumps(thing)


HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m\0\u202egnp.exe\u200b\n"


def test_row_6_hostile_text_in_the_plain_table(tmp_path: Path, server: Server) -> None:
    """A terminal obeys ANSI codes, and so does the plain text below a widget in a notebook."""
    server.submit_faults.append((400, {}))
    _, board = jobs_of(tmp_path, server, HOSTILE)
    for face in (repr(board), repr(board[0]), board._repr_mimebundle_()["text/plain"], f"{board}"):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u200b]", face)
    assert "\\x1b[31m\\x00\\u202egnp.exe\\u200b" in repr(board)
    assert board.to_frame()["prompt"][0] == HOSTILE, "data stay what they are"


def test_row_7_the_servers_content_type_is_not_used(tmp_path: Path, server: Server) -> None:
    hostile = 'video/mp4" onload="alert(1)'
    real = server.handle
    server.handle = lambda request: _typed(real(request), hostile)  # type: ignore[method-assign]
    _, board = jobs_of(tmp_path, server, "A cat")
    page = board.to_html(tmp_path / "page.html").read_text()
    assert 'src="data:video/mp4;base64,' in page
    assert "onload=" not in page and "alert(1)" not in page
    assert b"onload" not in (tmp_path / "ledger.sqlite").read_bytes()


def _typed(response: httpx2.Response, kind: str) -> httpx2.Response:
    if response.headers["content-type"].startswith("video/"):
        response.headers["content-type"] = kind
    return response


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n="])
def test_row_8_a_formula_in_csv_is_text(tmp_path: Path, server: Server, start: str) -> None:
    prompt = f'{start}HYPERLINK("https://stranger.example","click")'
    server.fail_tasks = True
    _, board = jobs_of(tmp_path, server, prompt)
    path = board.to_csv(tmp_path / "table.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["prompt"] == "'" + prompt
    assert (row["cost"], row["duration"], row["state"]) == ("2.0", "6", "failed")
    assert row["error"] == "unfit (code 1026)"


def test_row_8_negative_numbers_stay_numbers_and_chinese_stays_readable(tmp_path: Path) -> None:
    class Odd(Comparison):
        def to_frame(self) -> pd.DataFrame:
            row = {"id": "x", "prompt": "猫 \ud800", "cost": -1.5, "error": None, "task_id": "-7"}
            return super().to_frame().reindex([0]).assign(**row)

    data = Odd().to_csv(tmp_path / "table.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "猫 \\ud800" in data.decode("utf-8-sig")
    assert ",-1.5," in data.decode("utf-8-sig")
    assert ",'-7," in data.decode("utf-8-sig")


# -- where a clip comes from
# --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "169.254.169.254", "127.0.0.1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"],
)
def test_row_9_a_name_that_leads_to_a_private_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """All addresses of a name are looked at: one that is public does not excuse the other."""
    resolves(monkeypatch, "1.1.1.1", address)
    with pytest.raises(LinkGoneError, match="private address"):
        fetch_checked(
            lambda _: httpx2.Response(200), tmp_path / "a.mp4", "https://clips.example/a.mp4"
        )


def test_row_10_a_redirect_to_plain_http(tmp_path: Path) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        assert request.url.scheme == "https"
        return httpx2.Response(302, headers={"location": "http://1.1.1.1/a.mp4"})

    with pytest.raises(LinkGoneError, match="not https"):
        fetch_checked(handler, tmp_path / "a.mp4", "https://1.1.1.1/a.mp4")


def test_row_10_an_api_that_redirects_gets_nothing_more(tmp_path: Path, server: Server) -> None:
    """The key is in a header of the first call; a client that follows would carry other headers
    on."""
    asked: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(307, headers={"location": "https://stranger.example/submit"})

    server.handle = handle  # type: ignore[method-assign]
    assert play(tmp_path, server).row.state == "unknown"
    assert asked == ["fake.invalid"]


# -- names and disks
# ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prompt",
    ["../../x", "..\\..\\x", "/abs/x", "C:\\x", "CON", "aux.mp4", "nul", "a" * 300, "🐈" * 100,
    "قطة", "a\0b", "a\nb",
     "x. ", "%2e%2e%2f", "-rf /", "$(reboot)", "`id`", "a;b|c", "AUX", ".hidden", "COM1"],
)  # fmt: skip
def test_row_15_names_are_ours(tmp_path: Path, server: Server, prompt: str) -> None:
    real = server.handle

    def handle(request: httpx2.Request) -> httpx2.Response:
        answer = real(request)
        answer.headers["content-disposition"] = 'attachment; filename="../../evil.exe"'
        return answer

    server.handle = handle  # type: ignore[method-assign]
    row = play(tmp_path, server, fake.spec(fake.account(), prompt)).row
    assert row.state == "saved"
    path = tmp_path / str(row.path)
    assert path.resolve().parent == (tmp_path / "videos").resolve()
    assert re.fullmatch(rf"{row.id}-simulated-ppinfra(-[a-z0-9-]+)?\.mp4", path.name)
    assert len(path.name) <= 12 + 1 + 60 + 4
    assert [found.name for found in (tmp_path / "videos").iterdir()] == [path.name]


def test_row_15_two_prompts_that_differ_in_case_only_have_two_files() -> None:
    assert _slug(_row("A CAT")) == _slug(_row("a cat")), (
        "so it is the job's id in front that keeps them apart"
    )


def _row(prompt: str) -> JobRow:
    return JobRow("i", "p", "u", "m", prompt, "768P", 6, "{}", None, "", "id", 1, 1, "ready", 0.0)


@pytest.mark.parametrize("how", ["file", "symlink", "dangling", "folder"])
def test_row_16_a_name_that_is_taken(tmp_path: Path, clip: bytes, how: str) -> None:
    elsewhere = tmp_path / "precious.txt"
    elsewhere.write_bytes(b"precious")
    target = tmp_path / "videos" / "a.mp4"
    target.parent.mkdir()
    if how == "file":
        target.write_bytes(b"precious")
    elif how == "folder":
        target.mkdir()
    else:
        target.symlink_to(elsewhere if how == "symlink" else tmp_path / "nothing")
    with pytest.raises(
        DownloadError, match="in the way" if how == "file" else "is a (symbolic link|folder)"
    ):
        fetch(lambda _: httpx2.Response(200, content=clip), target)
    assert elsewhere.read_bytes() == b"precious"
    assert not (tmp_path / "nothing").exists()
    assert how != "file" or target.read_bytes() == b"precious"
    assert [path.name for path in target.parent.iterdir()] == ["a.mp4"]


def test_row_16_what_a_dead_process_left(tmp_path: Path, clip: bytes) -> None:
    """Renamed, and dead before the ledger knew: the whole file that has our name is the clip."""
    target = tmp_path / "a.mp4"
    (tmp_path / ".a.mp4.0123456789abcdef.part").write_bytes(b"half")
    first = fetch(lambda _: httpx2.Response(200, content=clip), target)
    before = target.stat().st_ino
    again = fetch(lambda _: httpx2.Response(200, content=clip), target)
    assert (again.sha256, again.bytes, again.facts.frames) == (first.sha256, len(clip), 24)
    assert target.stat().st_ino == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_row_16_a_part_or_a_folder_that_leads_elsewhere(tmp_path: Path, clip: bytes) -> None:
    """Nothing is written there, and nothing that lies there is swept away; nothing is asked of the
    link either."""
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "home"
    elsewhere.mkdir()
    home.mkdir()
    precious = elsewhere / ".a.mp4.0123456789abcdef.part"
    precious.write_bytes(b"precious")
    (home / "videos").symlink_to(elsewhere)
    with pytest.raises(DownloadError, match="videos is a symbolic link"):
        fetch(lambda _: pytest.fail("asked"), home / "videos" / "a.mp4", root=home)
    (home / precious.name).symlink_to(precious)
    assert (
        fetch(lambda _: httpx2.Response(200, content=clip), home / "a.mp4").path.read_bytes()
        == clip
    )
    assert [path.name for path in elsewhere.iterdir()] == [precious.name]
    assert precious.read_bytes() == b"precious"


def test_row_16_without_hard_links_it_is_a_rename(
    tmp_path: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    assert (
        fetch(lambda _: httpx2.Response(200, content=clip), tmp_path / "a.mp4").path.read_bytes()
        == clip
    )
    (tmp_path / "b.mp4").write_bytes(b"precious")
    with pytest.raises(DownloadError, match="in the way"):
        fetch(lambda _: httpx2.Response(200, content=clip), tmp_path / "b.mp4")


def test_row_16_a_disk_that_is_full(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(number: int) -> None:
        if Path(f"/proc/self/fd/{number}").readlink().suffix == ".part":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(number)

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fsync)
        to = fake.account()
        row = play(tmp_path, server, fake.spec(to)).row
    assert row.state == "ready"
    assert "No space left on device" in str(row.error)
    assert f"it has {len(server.clip) / 1e6:.1f} MB" in str(row.error)
    assert list((tmp_path / "videos").iterdir()) == []
    assert play(tmp_path, server, fake.spec(to)).row.state == "saved"
    assert len(server.charged) == 1


def test_row_16_a_folder_that_cannot_be_made(tmp_path: Path, server: Server) -> None:
    (tmp_path / "videos").write_text("in the way")
    to = fake.account()
    row = play(tmp_path, server, fake.spec(to)).row
    assert row.state == "ready"
    assert "cannot be written" in str(row.error)
    (tmp_path / "videos").unlink()
    assert play(tmp_path, server, fake.spec(to)).row.state == "saved"
