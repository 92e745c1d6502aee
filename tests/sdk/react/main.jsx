// With @clerk/react.
import { ClerkProvider, Show, SignIn, SignOutButton, useAuth } from "@clerk/react";
import { mount } from "./application.jsx";

const SignedIn = ({ children }) => <Show when="signed-in">{children}</Show>;
const SignedOut = ({ children }) => <Show when="signed-out">{children}</Show>;

mount(
  { ClerkProvider, SignedIn, SignedOut, SignIn, SignOutButton, useAuth },
  {
    __internal_clerkJSUrl: "/clerk-js/dist/clerk.browser.js",
    __internal_clerkUIUrl: "/ui/dist/ui.browser.js",
  },
);
