// An application with @clerk/react. Its page shows who is signed in, in every way that the package offers.
import { ClerkProvider, Show, SignIn, SignOutButton, useAuth } from "@clerk/react";
import { createRoot } from "react-dom/client";

function Page() {
  const { isLoaded, userId } = useAuth();
  return (
    <main>
      <p>{isLoaded ? `useAuth knows ${userId ?? "nobody"}` : "Loading"}</p>
      <Show when="signed-in">
        <p>Shown to the signed-in</p>
        <SignOutButton />
      </Show>
      <Show when="signed-out">
        <SignIn routing="hash" />
      </Show>
    </main>
  );
}

createRoot(document.getElementById("root")).render(
  <ClerkProvider
    publishableKey={import.meta.env.PUBLISHABLE_KEY}
    proxyUrl="/__clerk"
    afterSignOutUrl={location.pathname}
    signInFallbackRedirectUrl={location.pathname}
    __internal_clerkJSUrl="/clerk-js/dist/clerk.browser.js"
    __internal_clerkUIUrl="/ui/dist/ui.browser.js"
  >
    <Page />
  </ClerkProvider>,
);
