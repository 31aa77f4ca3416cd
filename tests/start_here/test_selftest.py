import importlib
from importlib import metadata

import pytest

from cascadelab.kit import check, explore
from cascadelab.start_here.selftest import PROBES, Probe, environment, libraries, picture, self_check, widget


def test_environment_is_ready_here():
    report = environment()
    assert report.ready
    assert repr(report).splitlines() == [f"{name:<20}  ok" for name in (p.name for p in PROBES)] + [
        "environment: ready"
    ]


def test_report_shows_no_version_and_no_path():
    assert not any(character.isdigit() or character in "/\\" for character in repr(environment()))


def test_failure_is_named_with_its_remedy_and_the_rest_is_still_tried():
    def broken():
        raise ImportError("no module named 'scipy'")

    report = environment([Probe("libraries", broken, "Install them."), Probe("picture", lambda: None, "Draw it.")])
    assert not report.ready
    assert repr(report).splitlines() == [
        "libraries  failed: ImportError: no module named 'scipy'. Install them.",
        "picture    ok",
        "environment: not ready, follow the remedies above",
    ]


def test_every_probe_has_a_remedy():
    assert all(probe.remedy for probe in PROBES)


def test_too_old_python_is_found(monkeypatch):
    monkeypatch.setattr(metadata, "metadata", lambda _: {"Requires-Python": ">=4"})
    with pytest.raises(RuntimeError, match="the book needs Python >=4, this is 3"):
        libraries()


def test_too_old_library_is_found(monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda _: ["absent; extra == 'test'", "numpy>=999"])
    with pytest.raises(RuntimeError, match="the book needs numpy>=999, this is"):
        libraries()


def test_missing_library_is_found(monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda _: ["surely-not-installed"])
    with pytest.raises(metadata.PackageNotFoundError):
        libraries()


def test_package_that_asks_for_nothing_passes(monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda _: None)
    libraries()


def test_picture_that_does_not_draw_is_found(monkeypatch):
    monkeypatch.setattr(explore.Canvas, "png", lambda *_: b"")
    with pytest.raises(RuntimeError, match="did not become a PNG"):
        picture()


def test_widget_that_does_not_move_is_found(monkeypatch):
    monkeypatch.setattr(explore.Explorer, "_refresh", lambda *_: None)
    with pytest.raises(RuntimeError, match="did not follow its slider"):
        widget()


@pytest.mark.parametrize("verdict", [True, False])
def test_check_that_judges_wrongly_is_found(monkeypatch, verdict):
    monkeypatch.setattr(check, "check", lambda *_: check.Verdict(verdict, ""))
    with pytest.raises(RuntimeError, match="judged wrongly"):
        self_check()


def test_missing_library_does_not_break_the_import_of_the_chapter():
    module = importlib.import_module("cascadelab.start_here.selftest")
    assert not {"sympy", "matplotlib", "ipywidgets", "packaging"} & set(vars(module))
