// The page of main.jsx with @clerk/clerk-react 5, which older applications use, and the script that it loads.
import { ClerkProvider, SignedIn, SignedOut, SignIn, SignOutButton, useAuth } from "@clerk/clerk-react";
import { createRoot } from "react-dom/client";

function Page() {
  const { isLoaded, userId } = useAuth();
  return (
    <main>
      <p>{isLoaded ? `useAuth knows ${userId ?? "nobody"}` : "Loading"}</p>
      <SignedIn>
        <p>Shown to the signed-in</p>
        <SignOutButton />
      </SignedIn>
      <SignedOut>
        <SignIn routing="hash" />
      </SignedOut>
    </main>
  );
}

createRoot(document.getElementById("root")).render(
  <ClerkProvider
    publishableKey={import.meta.env.PUBLISHABLE_KEY}
    proxyUrl="/__clerk"
    afterSignOutUrl={location.pathname}
    signInFallbackRedirectUrl={location.pathname}
    clerkJSUrl="/clerk-js-5/dist/clerk.browser.js"
  >
    <Page />
  </ClerkProvider>,
);
