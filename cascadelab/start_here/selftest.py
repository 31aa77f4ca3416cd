"""Self-test of the reader's environment: what the book needs is tried out, and a failure comes with its remedy."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

INSTALL = "Run the first command of the README's section 'Set up' again, then restart the kernel."


@dataclass(frozen=True)
class Probe:
    """One thing that must work: `attempt` raises if it does not, and `remedy` says what to do then."""

    name: str
    attempt: Callable[[], None]
    remedy: str


@dataclass(frozen=True)
class Environment:
    """Report of the self-test: one line for each probe, and a verdict."""

    lines: tuple[str, ...]
    ready: bool

    def __repr__(self) -> str:
        verdict = "environment: ready" if self.ready else "environment: not ready, follow the remedies above"
        return "\n".join((*self.lines, verdict))


def environment(probes: Sequence[Probe] | None = None) -> Environment:
    """Try out libraries, a picture, a widget and a self-check.

    Parameters
    ----------
    probes : sequence of Probe, optional   what to try; the book's own four by default

    Returns
    -------
    Environment                            prints one line for each probe and a verdict; while all is well, it shows
                                           no version and no path

    Raises
    ------
    nothing of its own                     an `Exception` of a probe becomes its line of the report

    Notes
    -----
    Chapter 0. A library that the chapter's own first cell imports and that is missing stops that cell already; the
    probes find the others, versions that are too old, and libraries that load but do not work. They run in the kernel
    and can not see the browser.

    Examples
    --------
    >>> environment([Probe("arithmetic", lambda: None, "Buy an abacus.")])
    arithmetic  ok
    environment: ready
    """
    chosen = PROBES if probes is None else tuple(probes)
    width = max((len(probe.name) for probe in chosen), default=0)
    lines, ready = [], True
    for probe in chosen:
        try:
            probe.attempt()
        except Exception as error:  # whatever is wrong is what the reader has to be told
            ready = False
            lines.append(f"{probe.name:<{width}}  failed: {type(error).__name__}: {error}. {probe.remedy}")
        else:
            lines.append(f"{probe.name:<{width}}  ok")
    return Environment(tuple(lines), ready)


def libraries() -> None:
    """Every library that the package asks for is there in a version that it accepts, and so is Python."""
    from importlib import metadata

    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    python = ".".join(map(str, sys.version_info[:3]))
    wanted = metadata.metadata("cascadelab")["Requires-Python"]
    if python not in SpecifierSet(wanted):
        raise RuntimeError(f"the book needs Python {wanted}, this is {python}")
    for line in metadata.requires("cascadelab") or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found = metadata.version(requirement.name)
            if found not in requirement.specifier:
                raise RuntimeError(f"the book needs {requirement}, this is {found}")
    for name in ("numpy", "scipy", "sympy", "matplotlib", "ipywidgets"):
        import_module(name)


def picture() -> None:
    """A figure draws and becomes a PNG."""
    figures, explore = import_module("cascadelab.start_here.figures"), import_module("cascadelab.kit.explore")
    drawn = explore.show(figures.dominoes, fall=0.25, impact_b=0.2, margin="cross")
    if not drawn.canvas.png().startswith(b"\x89PNG"):
        raise RuntimeError("the figure did not become a PNG")


def widget() -> None:
    """A slider that moves in the kernel moves its picture; whether the browser shows it, only the reader can see."""
    figures, explore = import_module("cascadelab.start_here.figures"), import_module("cascadelab.kit.explore")
    explorer = explore.Explorer(figures.dominoes, figures.DOMINOES_SLIDERS)
    before = explorer.picture.value
    explorer.controls["fall"].value = 0.5
    if explorer.picture.value == before:
        raise RuntimeError("the picture did not follow its slider")


def self_check() -> None:
    """A right answer is found right, and a wrong one is not."""
    check = import_module("cascadelab.kit.check")
    right = check.find("start_here.1").answer()
    if not check.check("start_here.1", right).right or check.check("start_here.1", right + 1).right:
        raise RuntimeError("an exercise was judged wrongly")


PROBES = (
    Probe("libraries", libraries, INSTALL),
    Probe("picture", picture, INSTALL),
    Probe("widget (kernel side)", widget, INSTALL),
    Probe("self-check", self_check, INSTALL),
)
