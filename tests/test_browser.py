"""A reader's hands: JupyterLab in a real browser, a slider moved from the keyboard, and the page without a kernel.

The server and the browser run on this machine and talk to nothing else. Latency is reported, never asserted;
on a quiet machine: `.venv/bin/python -m pytest -n0 tests/test_browser.py`.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect, sync_playwright

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
WITH_WIDGET = [path.stem for path in sorted(CHAPTERS.glob("[0-9]*.ipynb")) if "Explorer(" in path.read_text("utf-8")]
NAMES = ("chromium", "chromium-browser", "google-chrome")
MAIN = "03_portfolio"
CHROMIUM = next((found for found in map(shutil.which, NAMES) if found), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
STATUS = "text=/^Python 3 \\(ipykernel\\) \\|/"
READY = "text='Python 3 (ipykernel) | Idle'"  # what the status bar says once a kernel is there and has nothing to do
PRESSES = 20
ALL_RAN = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  return prompts.every(prompt => /\\d/.test(prompt.textContent));
}"""  # the kernel says Idle after each cell: it has nothing left to do once every cell has its number
PATIENCE = 180_000  # milliseconds, for a machine with much else to do

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason=f"no Chromium on this machine (looked for {', '.join(NAMES)}); `bash .ci/run` installs it"
)
every_widget = pytest.mark.parametrize("stem", WITH_WIDGET)

CUT = "labels => labels.filter(label => label.scrollWidth > label.clientWidth).map(label => label.innerText)"

# Looks at every frame that the browser is about to paint: is the picture there, whole, and when did it change?
WATCH = """view => {
  const log = window.cascadelab = {waits: [], frames: 0, bad: []};
  const find = () => view.querySelector("img.cascadelab-picture");
  const height = find().getBoundingClientRect().height;
  let shown = find().src, pressed = 0;
  view.addEventListener("keydown", () => { pressed = performance.now(); }, true);
  const look = () => {
    const img = find();
    log.frames += 1;
    if (!img) log.bad.push("gone");
    else if (Math.abs(img.getBoundingClientRect().height - height) > 1) log.bad.push("resized");
    else if (!img.complete || !img.naturalWidth) log.bad.push("empty");
    else if (img.src !== shown) { shown = img.src; log.waits.push(performance.now() - pressed); }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on copies of the chapters; yields a function from a notebook to its address."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("live", "stored", "trusted"):
        shutil.copytree(CHAPTERS, home / folder)
    command = [sys.executable, "-m", "cascadelab.course", "release", "--source", str(CHAPTERS / "assignments")]
    subprocess.run([*command, "--salt", "demo", "--out", str(home / "release")], check=True, timeout=300)
    places = {
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython",
    }  # fmt: skip
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    environment |= {key: str(home / folder) for key, folder in places.items()}
    for path in (home / "stored").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata = {}  # names no kernel: JupyterLab asks for one
        nbformat.write(notebook, path)
    for stem in WITH_WIDGET:
        path = home / "live" / f"{stem}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        above = notebook.cells[: widget_cell(notebook) + 1]
        notebook.cells = [cell for cell in above if cell.cell_type == "code"]
        for cell in notebook.cells:
            cell.outputs, cell.execution_count = [], None  # so that a number says that the cell was run here
        nbformat.write(notebook, path)
    trust = "from nbformat.sign import TrustNotebookApp; TrustNotebookApp.launch_instance()"
    trusted = map(str, (home / "trusted").glob("*.ipynb"))
    subprocess.run([sys.executable, "-c", trust, *trusted], env=environment, check=True, timeout=300)
    # the announcements would ask a server elsewhere for news; without windowing, cells out of view are drawn too
    _write(home / "config/labconfig/page_config.json", {
        "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
    })  # fmt: skip
    _write(home / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings", {"windowingMode": "none"})

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={home}",
    ]  # fmt: skip
    log = home / "log.txt"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command, cwd=home, env=environment, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log)
        yield (
            lambda folder, stem: (
                f"http://127.0.0.1:{port}/lab/workspaces/{folder}-{stem}/tree/{folder}/{stem}.ipynb?token={token}&reset"
            )
        )
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(20)


def _write(path, settings):
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(settings), encoding="utf-8")


def _wait_for(address, server, log):
    end = time.monotonic() + 180
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if server.poll() is not None:
                break
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text('utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    page.close()


def widget_cell(notebook):
    """Return the place of a chapter's first widget."""
    return next(k for k, cell in enumerate(notebook.cells) if cell.cell_type == "code" and "Explorer(" in cell.source)


def stored_widget(stem):
    """Return the stored picture and facts of a chapter's first widget."""
    notebook = nbformat.read(CHAPTERS / f"{stem}.ipynb", as_version=4)
    for output in notebook.cells[widget_cell(notebook)].outputs:
        if "image/png" in output.get("data", {}):
            lines = output.data["text/plain"].split("\n")[1:]
            return "".join(output.data["image/png"].split()), _last_column(lines)
    raise AssertionError(f"{stem} stores no picture of its widget")


def _last_column(lines):
    return [line.split("  ")[-1] for line in lines]


@every_widget
def test_slider_moved_from_the_keyboard_moves_the_picture(stem, lab, page, record_property):
    strangers = []
    here = lab("live", stem).split("/lab")[0].removeprefix("http")
    local = (f"http{here}/", f"ws{here}/", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(local) else strangers.append(request.url))
    page.goto(lab("live", stem))
    page.locator(READY).wait_for()
    _run(page, "Run All Cells")
    picture = page.locator("img.cascadelab-picture").first
    try:
        picture.wait_for(state="attached")
        page.wait_for_function(ALL_RAN)
    except Late:
        errors = page.locator("[data-mime-type='application/vnd.jupyter.error']").all_inner_texts()
        prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
        pytest.fail(f"the notebook did not run to its end; cells that failed: {errors}; prompts: {prompts}")
    picture.scroll_into_view_if_needed()  # only now: while cells run, the page is drawn anew and elements come and go
    view = page.locator(".jp-OutputArea-output:has(img.cascadelab-picture)").first
    handle, facts = view.locator(".noUi-handle").first, view.locator(".cascadelab-facts")

    def state():
        return picture.get_attribute("src"), picture.get_attribute("alt"), facts.inner_text()

    start = state()
    assert all(start)
    assert _last_column(start[2].split("\n")) == stored_widget(stem)[1], "the browser moved a slider as it drew it"
    assert view.locator(".widget-label").evaluate_all(CUT) == []
    for _ in range(3):  # a page that is still settling may take the focus away, or draw the output anew
        view.evaluate(WATCH)
        handle.focus()
        key = _next_key(handle, "ArrowRight")
        if _press(page, key):
            break
    else:
        focus = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        value, status = handle.get_attribute("aria-valuenow"), page.locator(STATUS).inner_text()
        pytest.fail(f"the picture did not follow the slider at {value}; {status}; focus on {focus}")
    expect(facts).not_to_have_text(start[2])  # they come after the picture
    assert all(now != before for now, before in zip(state(), start, strict=True))

    for _ in range(PRESSES - 1):
        key = _next_key(handle, key)
        _press(page, key)
    log = page.evaluate("cascadelab")
    assert log["bad"] == [], f"of {log['frames']} frames"
    assert len(log["waits"]) > PRESSES / 2

    view.locator("button:text-is('Reset')").click()
    page.wait_for_function("src => document.querySelector('img.cascadelab-picture').src === src", arg=start[0])
    expect(facts).to_have_text(start[2])
    assert state() == start
    assert strangers == []
    median, late = np.percentile(log["waits"], [50, 95])
    record_property(
        "measured",
        f"{stem}: key press to picture {median:.0f} ms (median), {late:.0f} ms (95 %), {len(log['waits'])} pictures; "
        f"whole in all of {log['frames']} frames; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
    )


def _run(page, entry):
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(f".lm-Menu-itemLabel:text-is('{entry}')")


def _next_key(handle, key):
    """Turn around at either end of the slider."""
    low, now, high = (float(handle.get_attribute(f"aria-value{name}")) for name in ("min", "now", "max"))
    return {"ArrowRight": "ArrowLeft" if now >= high else key, "ArrowLeft": "ArrowRight" if now <= low else key}[key]


def _press(page, key):
    """Press a key and wait for a new picture; False where none comes."""
    before = page.evaluate("cascadelab.waits.length")
    page.keyboard.press(key)
    try:
        page.wait_for_function("before => cascadelab.waits.length > before", arg=before, timeout=20_000)
    except Late:
        return False
    return True


def test_jupyterlab_without_a_kernel_shows_the_stored_picture(lab, page):
    page.goto(lab("stored", MAIN))
    page.click("button:has-text('No Kernel')")
    assert_stored_picture_shows(page, MAIN, ".jp-CodeCell")


def test_jupyterlab_shows_the_stored_picture_before_a_cell_is_run(lab, page):
    """Also in a notebook that the reader has declared trusted, where JupyterLab would prefer a live widget."""
    page.goto(lab("trusted", MAIN))
    page.locator(READY).wait_for()
    assert_stored_picture_shows(page, MAIN, ".jp-CodeCell")


@every_widget
def test_page_without_a_kernel_shows_the_stored_picture_and_its_facts(stem, page):
    notebook = nbformat.read(CHAPTERS / f"{stem}.ipynb", as_version=4)
    notebook.cells = [notebook.cells[widget_cell(notebook)]]
    body, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    page.route("**/*", lambda route: route.abort())
    page.set_content(body, wait_until="domcontentloaded")
    picture = assert_stored_picture_shows(page, stem, ".code_cell")
    alt, facts = picture.get_attribute("alt"), stored_widget(stem)[1]
    assert facts
    assert all(fact in alt for fact in facts)


def assert_stored_picture_shows(page, stem, cell):
    """Look below the code of the chapter's first widget; returns the picture."""
    picture = page.locator(f"{cell}:has-text('Explorer(')").first.locator("img[src^='data:image/png']")
    picture.scroll_into_view_if_needed()
    assert "".join(picture.get_attribute("src").split()) == f"data:image/png;base64,{stored_widget(stem)[0]}"
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 300
    return picture


def test_a_student_types_an_answer_into_the_release_and_reads_what_is_wrong_with_it(lab, page):
    page.goto(lab("release", "01_account"))
    page.locator(READY).wait_for()
    _retype(page, "student", 'student = "ab1234"')
    _run(page, "Run All Cells")
    page.locator(".jp-OutputArea-output:has-text('course.account.5b: no answer yet')").wait_for()
    assert page.locator(".jp-RenderedHTMLCommon td:text-is('520')").count() == 1  # this student's entry price
    for price, said in {
        "520 * (1 - 1 / 9) / (1 - 0.058)": "not yet. That is the long's price: a short is liquidated above its entry.",
        "520 * (1 + 1 / 9) / (1 + 0.058)": "right (within 0.01).",
    }.items():
        _retype(page, "liquidation_price = ", f"liquidation_price = {price}")
        for _ in range(2):  # the answer, then the check below it
            page.keyboard.press("Shift+Enter")
        page.locator(f'.jp-OutputArea-output:has-text("course.account.1b: {said}")').wait_for()
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0


def _retype(page, begins, text):
    """Put another text into the first code cell that begins so."""
    editors = page.locator(".jp-CodeCell .cm-content")
    place = next(k for k, shown in enumerate(editors.all_inner_texts()) if shown.startswith(begins))
    editors.nth(place).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
