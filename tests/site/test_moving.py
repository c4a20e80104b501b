import pytest
from checks import parsed
from nbformat import writes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlbook._moving import moving_picture

DOTS = [f'<circle cx="{10 + 20 * i}" cy="10" r="{5 + i}"/>' for i in range(3)]
SAID = ["The first.", "The second.", "The third, and last."]


def picture(show, rest="first"):
    return moving_picture(DOTS, SAID, size=(60, 20), label="three dots", show=show, rest=rest).html


def cell(source):
    return new_code_cell(source, outputs=[new_output("execute_result", data={"text/html": picture("one")}, execution_count=1)])


CAPTION = "#| label: fig-dots\n#| fig-cap: Three dots, x − 1 < 3.\nmoving_picture(dots)"
NUMBERED = new_notebook(cells=[new_markdown_cell("# Numbered\n\nSee {numref}`fig-dots`."), cell(CAPTION), cell("moving_picture(dots)")])


@pytest.fixture(scope="module")
def built(tiny_book):
    more = {"still": "# Still\n\nNothing moves.", "numbered": writes(NUMBERED)}
    done, html = tiny_book(f"# Moving\n\n{picture('cumulative')}\n\n{picture('one')}\n\n{picture('cumulative', 'last')}\n\n{picture('one', 1)}\n", more=more)
    assert done.returncode == 0, done.stdout
    return html / "book"


@pytest.fixture
def page(built, context):
    page = context.new_page()
    page.emulate_media(reduced_motion="no-preference", media="screen")
    page.clock.install()
    page.goto((built / "index.html").as_uri())
    yield page
    page.close()


def seen(page, number):
    "The frames of a picture that are seen, and its sentences."
    picture = page.locator("div.moving").nth(number)
    frames = [i for i, frame in enumerate(picture.locator("g.frame").all()) if frame.is_visible()]
    return frames, [item.inner_text() for item in picture.locator("li").all() if item.is_visible()]


def test_only_pages_with_a_moving_picture_load_the_script(built):
    assert "moving.js" in (built / "index.html").read_text(encoding="utf-8")
    assert "moving.js" not in (built / "still.html").read_text(encoding="utf-8")


def test_one_with_a_label_is_a_figure_with_a_number_and_a_caption(built):
    numbered = parsed(built / "numbered.html")
    [figure] = numbered.select("figure")
    assert figure["id"] == "fig-dots" and figure.select_one("div.moving svg") and figure.find_parent("div", class_="cell_output")
    assert figure.figcaption.get_text().strip().rstrip("#") == "Fig. 1 Three dots, x − 1 < 3."
    [link] = numbered.select("article p > a.reference.internal")
    assert (link["href"], link.get_text()) == ("#fig-dots", "Fig. 1")
    assert len(numbered.select("div.moving")) == 2
    assert [tag.get_text() for tag in numbered.select("details.fold > summary")] == 2 * ["How this figure is made"]


def test_a_picture_waits_on_its_first_frame_and_invites(page):
    assert seen(page, 0) == ([0], SAID[:1])
    assert seen(page, 1) == ([0], SAID[:1])
    play, step = page.locator("button.play").first, page.locator("button.step").first
    ground = "one => getComputedStyle(one).backgroundColor"
    assert play.evaluate(ground) != step.evaluate(ground) and not page.locator("button.back").first.is_visible()
    assert page.locator(".moving-bar > span").first.inner_text() == "3 pictures"
    step.click()
    back = page.locator("button.back").first
    assert back.is_visible() and play.evaluate(ground) == back.evaluate(ground)


def test_a_picture_can_wait_on_its_last_frame(page):
    assert seen(page, 2) == ([0, 1, 2], SAID[2:]) and page.locator(".moving-bar > span").nth(2).inner_text() == "3 pictures"
    page.locator("button.play").nth(2).click()
    assert seen(page, 2) == ([0], SAID[:1])


def test_a_picture_can_wait_on_any_frame_and_plays_from_the_first(page):
    assert seen(page, 3) == ([1], SAID[1:2]) and page.locator(".moving-bar > span").nth(3).inner_text() == "3 pictures"
    page.locator("button.play").nth(3).click()
    assert seen(page, 3) == ([0], SAID[:1])


def test_a_click_on_it_plays_and_pauses(page):
    page.locator("div.moving svg").first.click()
    assert page.locator("button.play").first.inner_text() == "Pause" and seen(page, 0) == ([0, 1], SAID[1:2])
    page.locator("div.moving svg").first.click()
    page.clock.run_for(10_000)
    assert page.locator("button.play").first.inner_text() == "Play" and seen(page, 0) == ([0, 1], SAID[1:2])


def test_it_steps_by_button_and_by_key(page):
    page.locator("button.step").first.click()
    assert seen(page, 0) == ([0, 1], SAID[1:2])
    page.locator("button.back").first.click()
    assert seen(page, 0) == ([0], SAID[:1])
    page.locator("div.moving").nth(1).focus()
    for key, frame in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 2)):
        page.keyboard.press(key)
        assert seen(page, 1) == ([frame], [SAID[frame]])
    assert seen(page, 0) == ([0], SAID[:1])


@pytest.mark.parametrize("number", [0, 1])
def test_it_plays_to_its_last_frame_and_again(page, number):
    play = page.locator("button.play").nth(number)
    play.click()
    assert play.inner_text() == "Pause" and seen(page, number)[1] == SAID[1:2]
    page.locator("div.moving").nth(number).focus()
    page.keyboard.press("Space")
    page.clock.run_for(10_000)
    assert play.inner_text() == "Play" and seen(page, number)[1] == SAID[1:2]
    page.keyboard.press("Space")
    page.clock.run_for(10_000)
    assert play.inner_text() == "Play again" and seen(page, number) == ([2] if number else [0, 1, 2], SAID[2:])
    play.click()
    assert play.inner_text() == "Pause" and seen(page, number) == ([0], SAID[:1])


def test_with_reduced_motion_and_in_print_it_is_still_and_complete(page):
    page.locator("button.step").first.click()
    page.locator("button.step").nth(1).click()
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function("document.querySelector('div.moving').dataset.at === '2'")
    assert [seen(page, number) for number in (0, 1)] == [([0, 1, 2], SAID), ([2], SAID)]
    assert not page.locator("button.play").first.is_visible()
    page.emulate_media(reduced_motion="no-preference")
    page.locator("button.step").first.click()
    page.locator("button.step").nth(1).click()
    page.emulate_media(media="print")
    assert [seen(page, number) for number in (0, 1)] == [([0, 1, 2], SAID), ([2], SAID)]
    assert not page.locator(".moving-bar").first.is_visible()


def test_who_wants_no_motion_finds_the_last_frame(built, context):
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto((built / "index.html").as_uri())
    assert [seen(page, number) for number in (0, 1)] == [([0, 1, 2], SAID), ([2], SAID)]
    assert page.locator(".moving-bar > span").first.inner_text() == "3 of 3"
    page.close()


def test_without_a_script_it_is_still_and_complete(built, context):
    page = context.browser.new_context(java_script_enabled=False).new_page()
    page.goto((built / "index.html").as_uri())
    assert [seen(page, number) for number in (0, 1)] == [([0, 1, 2], SAID), ([2], SAID)]
    page.close()
