// With @clerk/clerk-react 5, which older applications use, and the script that it loads.
import { ClerkProvider, SignedIn, SignedOut, SignIn, SignOutButton, useAuth } from "@clerk/clerk-react";
import { mount } from "./application.jsx";

mount(
  { ClerkProvider, SignedIn, SignedOut, SignIn, SignOutButton, useAuth },
  { clerkJSUrl: "/clerk-js-5/dist/clerk.browser.js" },
);
