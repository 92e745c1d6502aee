"""What an application's developer copies: the lines that bring sign-up to a page of their own.

The option names are those of @clerk/clerk-js 6, @clerk/react 6 and @clerk/nextjs 7. Left alone these packages load
their scripts from the host that the publishable key names, where Clerk would serve them; so they are bundled, or told
where the application serves the files of the npm packages. The address of such a page has a ticket in it, which
Clerk's component leaves there, so that the page must not tell it on.
"""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.publishable_key import frontend_api_url, publishable_key

_COMPONENT = """\
<meta name="referrer" content="no-referrer">
<script type="module" src="«base»/sign-up.js"></script>
<ollio-sign-up redirect="/welcome"></ollio-sign-up>
"""

_SCRIPTS = """\
<!-- npm install @clerk/clerk-js @clerk/ui, and serve their dist folders as /clerk-js and /clerk-ui -->
<meta name="referrer" content="no-referrer">
<div id="sign-up"></div>
<script src="/clerk-ui/ui.browser.js"></script>
<script
  src="/clerk-js/clerk.browser.js"
  data-clerk-publishable-key="«key»"
  data-clerk-proxy-url="«proxy»"
></script>
<script type="module">
  await Clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor } });
  Clerk.mountSignUp(document.getElementById("sign-up"));
</script>
"""

_REACT = """\
// npm install @clerk/react @clerk/clerk-js @clerk/ui
// In the head of index.html: <meta name="referrer" content="no-referrer">
import { Clerk } from "@clerk/clerk-js";
import { ClerkProvider, SignUp } from "@clerk/react";
import { ui } from "@clerk/ui";

export function Join() {
  return (
    <ClerkProvider
      publishableKey="«key»"
      proxyUrl="«proxy»"
      Clerk={Clerk}
      ui={ui}
    >
      <SignUp routing="hash" />
    </ClerkProvider>
  );
}
"""

_VITE = """\
// In the page then: proxyUrl="/__clerk"
export default {
  server: {
    proxy: {
      "^/__clerk/": { target: "«base»", changeOrigin: true, xfwd: true },
    },
  },
};
"""

_NEXT_ENVIRONMENT = """\
NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=«key»
NEXT_PUBLIC_CLERK_PROXY_URL=«proxy»
NEXT_PUBLIC_CLERK_JS_URL=/clerk-js/clerk.browser.js
NEXT_PUBLIC_CLERK_PREFETCH_UI=false
CLERK_API_URL=«base»
CLERK_SECRET_KEY=YOUR_SECRET_KEY
"""

# Clerk's own matcher, but for /__clerk, which the rewrites lead to Ollio: a middleware that signs in would send the
# request that signs in to itself.
_NEXT_PROXY = """\
import { clerkMiddleware } from "@clerk/nextjs/server";

export default clerkMiddleware();

// Did you copy a matcher with |.*\\\\..*) from here? It let every path with a dot by. Take this one.
export const config = {
  matcher: [
    // All but Next.js internals and files. A path that ends like a file passes too: see the closed page.
    "/((?!_next|__clerk/|[^?]*\\\\.(?:html?|css|js(?!on)|jpe?g|webp|png|gif|svg|ttf|woff2?|ico|csv|docx?|xlsx?|zip|webmanifest)).*)",
    // Always for API routes
    "/(api|trpc)(.*)",
  ],
};
"""

_NEXT_CLOSED = """\
import { auth } from "@clerk/nextjs/server";

export default async function Page() {
  const { userId } = await auth.protect(); // in each closed page and route: this is what keeps it closed
  return <p>Hello, {userId}</p>;
}
"""

_NEXT_LAYOUT = """\
// npm install @clerk/nextjs @clerk/clerk-js @clerk/ui
// cp -r node_modules/@clerk/clerk-js/dist public/clerk-js
import { ClerkProvider } from "@clerk/nextjs";
import { ui } from "@clerk/ui";

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <ClerkProvider ui={ui}>{children}</ClerkProvider>
      </body>
    </html>
  );
}
"""

_NEXT_PAGE = """\
import { SignUp } from "@clerk/nextjs";

export const metadata = { referrer: "no-referrer" };

export default function Page() {
  return <SignUp />;
}
"""

_NEXT_REWRITES = """\
// In .env.local then: NEXT_PUBLIC_CLERK_PROXY_URL=/__clerk
export default {
  rewrites: async () => [
    { source: "/__clerk/:path*", destination: "«base»/__clerk/:path*" },
  ],
};
"""

_GROUPS: list[tuple[str, list[tuple[str | Promise, str]]]] = [
    ("HTML", [(_("Ollio's own form"), _COMPONENT), (_("Clerk's form"), _SCRIPTS)]),
    (
        "React",
        [
            (_("A page with a form"), _REACT),
            (_("vite.config.js, where Ollio is on another site"), _VITE),
        ],
    ),
    (
        "Next.js",
        [
            (".env.local", _NEXT_ENVIRONMENT),
            (_("proxy.js (middleware.js before Next.js 16)"), _NEXT_PROXY),
            ("app/layout.jsx", _NEXT_LAYOUT),
            ("app/sign-up/[[...sign-up]]/page.jsx", _NEXT_PAGE),
            (_("app/dashboard/page.jsx, a closed page"), _NEXT_CLOSED),
            (_("next.config.mjs, where Ollio is on another site"), _NEXT_REWRITES),
        ],
    ),
]


def snippets() -> list[tuple[str, list[tuple[str | Promise, str]]]]:
    """By framework, the title and the text of each. No secret is among them."""
    return [(name, [(title, _filled(text)) for title, text in parts]) for name, parts in _GROUPS]


def _filled(text: str) -> str:
    values = {"base": settings.BASE_URL, "key": publishable_key(), "proxy": frontend_api_url()}
    for name, value in values.items():
        text = text.replace(f"«{name}»", value)
    return text.strip()
