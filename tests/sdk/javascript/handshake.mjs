// If a browser's token is missing or too old, the SDK redirects it to the Frontend API, and trusts what it brings back.
import assert from "node:assert/strict";
import { createClerkClient } from "@clerk/backend";
import { APPLICATION, cookies, keep, page, signIn } from "./application.mjs";
import { base, check, secretKey, seeds } from "./harness.mjs";

const { expired, publishableKey } = seeds.tokens;
const application = createClerkClient({ secretKey, apiUrl: base, publishableKey });
const options = { proxyUrl: `${base}/__clerk`, authorizedParties: [APPLICATION] };
const asked = (jar, url, more) => application.authenticateRequest(page({ cookie: cookies(jar), ...more }, url), options);
const ada = await signIn();

// Follows the SDK's redirects as a browser does, with its cookies for our host and, in `jar`, for the application.
async function visit(jar, { ours = ada.cookies, url, more } = {}) {
  const states = [];
  for (;;) {
    const state = await asked(jar, url, more);
    keep(jar, state.headers.getSetCookie());
    states.push(state.status);
    if (state.status !== "handshake") return { state, states, url };
    assert.ok(states.length < 5, "it goes round in circles");
    const answer = await fetch(state.headers.get("location"), { redirect: "manual", headers: { cookie: cookies(ours) } });
    assert.equal(answer.status, 307);
    url = answer.headers.get("location");
  }
}

async function comesIn(jar, more) {
  const { state, states, url } = await visit(jar, { more });
  assert.deepEqual(states, ["handshake", "signed-in"]);
  assert.deepEqual([state.toAuth().userId, state.toAuth().sessionId], [ada.user.id, ada.session]);
  assert.ok(url.startsWith(`${APPLICATION}/dashboard?tab=one&__clerk_handshake=`), url);
  assert.equal((await asked(jar)).status, "signed-in");
}
check("an expired token is replaced", () => comesIn({ __session: expired, __client_uat: "1" }));
check("a missing token is fetched", () => comesIn({ __client_uat: ada.since }));
check("a token older than the sign-in is replaced", () => comesIn({ __session: expired, __client_uat: ada.since }));
check("a token without a sign-in gets one beside it", () => comesIn({ __session: ada.token }));
check("a browser from another site is looked at again", () =>
  comesIn(
    { __session: ada.token, __client_uat: ada.since },
    { "sec-fetch-dest": "document", referer: "https://elsewhere.example.com/" },
  ));

check("whoever has signed out elsewhere is signed out here, and asked no more", async () => {
  const jar = { __session: expired, __client_uat: ada.since };
  const { states } = await visit(jar, { ours: {} });
  assert.deepEqual(states, ["handshake", "signed-out"]);
  assert.deepEqual(Object.keys(jar).filter((name) => name.startsWith("__session") || name.startsWith("__client")), []);
  assert.equal((await asked(jar)).status, "signed-out");
});
check("a page that is opened again with an old handshake gets a new one", async () => {
  const opened = `${APPLICATION}/dashboard?__clerk_handshake=${seeds.tokens.oldHandshake}&tab=one`;
  const { states, url } = await visit({ __session: expired, __client_uat: ada.since }, { url: opened });
  assert.deepEqual(states, ["handshake", "signed-in"]);
  assert.ok(url.startsWith(`${APPLICATION}/dashboard?tab=one&__clerk_handshake=`), url);
});
check("a browser is sent back to no page of strangers", async () => {
  const state = await asked({ __client_uat: ada.since }, "https://strange.example.com/");
  const answer = await fetch(state.headers.get("location"), { redirect: "manual" });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).errors[0].code, "origin_invalid");
});
