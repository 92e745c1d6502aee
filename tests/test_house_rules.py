"""House rules that a machine can check. Each rule was broken once on purpose to see its test fail."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["config", "accounts", "invitations"]
SOURCES = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
]
TESTS = [path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts]
TEMPLATES = [*(ROOT / "templates").rglob("*.*")]
STYLES = [*(ROOT / "static" / "css").rglob("*.css")]

# The order of layers. A module imports only from its own layer or from earlier ones.
LAYERS = [
    "leaf", "models", "flow", "forms", "door",
]  # fmt: skip
LEAVES = {
    "config.ids", "config.database", "config.limits", "config.counters", "config.audit", "config.crypto", "config.mail",
    "config.logging", "config.clients", "config.responses", "config.paging", "config.rights",
    "accounts.addresses", "accounts.metadata", "accounts.passwords", "accounts.publishable_key",
    "invitations.targets", "invitations.origins",
}  # fmt: skip
DOORS = {"views", "api", "frontend_api", "admin", "management"}


def named(path):
    return str(path.relative_to(ROOT))


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module):
    """Return a module's layer, or None for modules of others and those that only put the project together."""
    app, _, rest = module.partition(".")
    head = rest.split(".")[0]
    if module in LEAVES or any(module.startswith(f"{leaf}.") for leaf in LEAVES):
        return "leaf"
    if app not in {"accounts", "invitations"} or not head:
        return None
    return {"models": "models", "forms": "forms"}.get(head, "door" if head in DOORS else "flow")


def imported(path):
    """Yield (module, line, is it at the top) of each import of our own packages; `from package import module` too."""
    tree = ast.parse(path.read_text())
    top = set(tree.body) | {
        node for part in tree.body if isinstance(part, ast.If) for node in part.body
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, node in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno, node in top
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                if (ROOT / below.replace(".", "/")).exists() or (
                    ROOT / f"{below.replace('.', '/')}.py"
                ).exists():
                    yield below, node.lineno, node in top


def only_for_types(path):
    """Return the line numbers inside `if TYPE_CHECKING:`, which never runs."""
    tree = ast.parse(path.read_text())
    blocks = [
        n for n in tree.body if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)
    ]
    return {
        line
        for block in blocks
        for line in range(block.lineno, (block.end_lineno or block.lineno) + 1)
    }


def faults_of_imports(path):
    module, skipped = module_of(path), only_for_types(path)
    own = layer_of(module)
    for target, line, _top in imported(path):
        layer = layer_of(target)
        if line in skipped or layer is None:
            continue
        same_app = target.split(".")[0] == module.split(".")[0]
        if own == "leaf" and layer != "leaf":
            yield f"{named(path)}:{line} a leaf imports {target}"
        elif own == "models" and not same_app and layer != "leaf":
            yield f"{named(path)}:{line} models import another app: {target}"
        elif (
            layer == "door"
            and own is not None
            and target.split(".")[1] in {"views", "api", "frontend_api"}
            and own != "door"
        ):
            yield f"{named(path)}:{line} imports a door: {target}"
        elif (
            layer == "door"
            and own == "door"
            and not (same_app and target.split(".")[1] == module.split(".")[1])
        ):
            yield f"{named(path)}:{line} a door imports another door: {target}"
        elif own and same_app and LAYERS.index(layer) > LAYERS.index(own):
            yield f"{named(path)}:{line} {own} imports {layer}: {target}"


def test_imports_run_from_meaning_to_wiring():
    assert [fault for path in SOURCES for fault in faults_of_imports(path)] == []


def test_imports_stand_at_the_top():
    inside = [
        f"{named(path)}:{line}"
        for path in SOURCES
        for _module, line, top in imported(path)
        if not top
    ]
    assert inside == []


def test_files_are_small():
    too_long = {
        named(p): n
        for p in SOURCES + TESTS + STYLES
        if (n := len(p.read_text().splitlines())) > 250
    }
    assert too_long == {}


def test_functions_are_small():
    too_long = [
        f"{named(path)}:{node.name}"
        for path in SOURCES + TESTS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > 30
    ]
    assert too_long == []


def test_templates_are_small():
    assert [named(path) for path in TEMPLATES if len(path.read_text().splitlines()) > 100] == []


def test_colours_stand_in_the_tokens_alone():
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(", re.IGNORECASE)
    assert [
        named(p) for p in STYLES if p.name != "tokens.css" and colour.search(p.read_text())
    ] == []


def test_styles_need_no_important():
    assert [named(path) for path in STYLES if "!important" in path.read_text()] == []


def test_pages_hold_no_inline_style_or_script():
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|javascript:"
    )
    pages = [path for path in TEMPLATES if "emails" not in path.parts]
    assert [named(path) for path in pages if inline.search(path.read_text())] == []


def test_nothing_is_marked_safe():
    marks = re.compile(r"mark_safe|\|\s*safe\b|safestring|autoescape off|\{% filter safe")
    assert [named(path) for path in SOURCES + TEMPLATES if marks.search(path.read_text())] == []


def test_no_template_is_made_of_data():
    """Templates are files only. Text that becomes a template could be a user's name."""
    making = re.compile(r"\bTemplate\(|\bfrom_string\b|\bEngine\(")
    assert [named(path) for path in SOURCES if making.search(path.read_text())] == []


def test_no_exception_is_caught_blindly():
    blind = [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert blind == []


def test_no_request_text_reaches_a_query_by_name():
    unpacked = re.compile(r"\*\*\s*(?:self\.)?request\.|order_by\(\s*request|\*\*dict\(request")
    assert [named(path) for path in SOURCES if unpacked.search(path.read_text())] == []


def test_lock_files_name_no_place_to_load_from():
    locks = ["requirements.txt", "requirements-dev.txt", "pyproject.toml"]
    assert [name for name in locks if "://" in (ROOT / name).read_text()] == []


def test_each_value_of_the_environment_is_told_where_people_look():
    read = re.compile(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"')
    names = set(read.findall((ROOT / "config" / "settings.py").read_text())) - {"TEST_DATABASE"}
    assert "SESSION_DAYS" in names
    for place in ("README.md", ".env.example"):
        said = (ROOT / place).read_text()
        untold = [name for name in sorted(names) if not re.search(rf"\b{name}\b", said)]
        assert untold == [], place
