// An application with one of Clerk's packages for React. Its page shows who is signed in, in every way that the
// package offers.
import { createRoot } from "react-dom/client";

export function mount({ ClerkProvider, SignedIn, SignedOut, SignIn, SignOutButton, useAuth }, scripts) {
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
      {...scripts}
    >
      <Page />
    </ClerkProvider>,
  );
}
