// Session tokens as the SDK verifies them on an application's server: in a header or in cookies, with keys that it
// fetches or is given. Tokens that only the server could sign, such as an old one, come with the seeds.
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createClerkClient, verifyToken } from "@clerk/backend";
import { buildPublishableKey, getCookieSuffix } from "@clerk/shared/keys";
import { APPLICATION, cookies, page, signIn, somebody } from "./application.mjs";
import { base, check, clerk, secretKey, seeds, targets } from "./harness.mjs";

const { expired, issuer, publishableKey } = seeds.tokens;
const suffix = await getCookieSuffix(publishableKey);
const server = { secretKey, apiUrl: base };
const application = createClerkClient({ ...server, publishableKey });
const ada = await signIn();
const pem = async () => {
  const { keys } = await (await fetch(`${base}/.well-known/jwks.json`)).json();
  return createPublicKey({ key: keys[0], format: "jwk" }).export({ type: "spki", format: "pem" });
};

const part = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
const read = (token) => token.split(".").slice(0, 2).map((each) => JSON.parse(Buffer.from(each, "base64url")));
const changed = (token, claims) => token.replace(/\.[^.]+\./, `.${part({ ...read(token)[1], ...claims })}.`);
const strange = (token) => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const text = token.split(".").slice(0, 2).join(".");
  return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
};
const unsigned = (token) => `${part({ ...read(token)[0], alg: "none" })}.${token.split(".")[1]}.`;

// Returns why verifyToken() refuses; checks that fetched keys and a given key lead to the same reason.
async function refusal(token, options = {}) {
  const reasons = [];
  for (const key of [server, { jwtKey: await pem() }]) {
    const refused = await verifyToken(token, { ...key, ...options }).catch((error) => error);
    reasons.push(refused.reason);
  }
  assert.equal(reasons[0], reasons[1]);
  return reasons[0];
}
const bearer = (token, options) =>
  application.authenticateRequest(page({ accept: "application/json", authorization: `Bearer ${token}` }), options);
const asSeen = (token, since = ada.since) => ({ __session: token, __client_uat: since });
const withCookies = (pairs, options) => application.authenticateRequest(page({ cookie: cookies(pairs) }), options);

check("verifyToken believes a token, asking for the keys once", async () => {
  const claims = await verifyToken(ada.token, { ...server, skipJwksCache: true });
  assert.deepEqual([claims.sub, claims.sid, claims.azp, claims.iss], [ada.user.id, ada.session, APPLICATION, issuer]);
  assert.equal(claims.exp - claims.iat, 60);
  assert.deepEqual(targets(), ["GET /v1/jwks"]);
});
check("verifyToken believes a token by a key that is given, and asks nobody", async () => {
  const jwtKey = await pem();
  const claims = await verifyToken(ada.token, { jwtKey, authorizedParties: [APPLICATION] });
  assert.equal(claims.sub, ada.user.id);
  assert.deepEqual(targets(), ["GET /.well-known/jwks.json"]);
});
check("an expired token is refused", async () => {
  assert.equal(await refusal(expired), "token-expired");
  assert.equal((await bearer(expired)).status, "signed-out");
});
check("a token for pages of another origin is refused", async () => {
  const elsewhere = { authorizedParties: ["https://other.example.com"] };
  assert.equal(await refusal(ada.token, elsewhere), "token-invalid-authorized-parties");
  assert.equal((await bearer(ada.token, elsewhere)).status, "signed-out");
  assert.equal((await withCookies(asSeen(ada.token), elsewhere)).status, "signed-out");
});
check("a tampered token is refused", async () => {
  const forged = changed(ada.token, { sub: "user_somebody_else" });
  assert.equal(await refusal(forged), "token-invalid-signature");
  assert.equal((await bearer(forged)).status, "signed-out");
  assert.equal((await withCookies(asSeen(forged))).status, "signed-out");
});
check("a token signed by another key is refused", async () => {
  assert.equal(await refusal(strange(ada.token)), "token-invalid-signature");
  assert.equal((await bearer(strange(ada.token))).status, "signed-out");
});
check("a token signed by nobody is refused", async () => {
  assert.equal(await refusal(unsigned(ada.token)), "token-invalid-algorithm");
  assert.equal((await bearer(unsigned(ada.token))).status, "signed-out");
});
check("a handshake is no session token", async () => {
  const answer = await fetch(`${base}/__clerk/v1/client/handshake?redirect_url=${APPLICATION}/`, { redirect: "manual" });
  const token = new URL(answer.headers.get("location")).searchParams.get("__clerk_handshake");
  assert.equal((await bearer(token)).status, "signed-out");
});

check("authenticateRequest believes a header", async () => {
  const state = await bearer(ada.token, { authorizedParties: [APPLICATION] });
  assert.equal(state.status, "signed-in");
  assert.equal(state.toAuth().userId, ada.user.id);
});
check("authenticateRequest believes the cookies of a page on localhost, with proxyUrl and without", async () => {
  assert.match(issuer, /^http:\/\/localhost\.:\d+$/);
  for (const proxyUrl of [undefined, `${base}/__clerk`, "/__clerk"]) {
    for (const pairs of [asSeen(ada.token), { ...asSeen(ada.token), ...suffixed(asSeen(ada.token)) }]) {
      const state = await withCookies(pairs, { proxyUrl, authorizedParties: [APPLICATION] });
      assert.equal(state.status, "signed-in", `${proxyUrl} ${Object.keys(pairs)}`);
      assert.equal(state.toAuth().sessionId, ada.session);
    }
  }
});
const suffixed = (pairs) => Object.fromEntries(Object.entries(pairs).map(([name, value]) => [`${name}_${suffix}`, value]));
check("the cookies that signing in sets are those that the SDK looks for", async () => {
  assert.equal(publishableKey, buildPublishableKey(issuer.replace("http://", "")));
  assert.equal(ada.cookies[`__client_uat_${suffix}`], ada.cookies.__client_uat);
});
check("a neighbour on the same host signs nobody out by the names that are shared", async () => {
  const theirs = changed(ada.token, { iss: "http://localhost.:8123", iat: read(ada.token)[1].iat + 5 });
  const neighbours = [{ __client_uat: "0" }, asSeen(theirs, `${Number(ada.since) + 5}`), asSeen(theirs, "0")];
  for (const shared of neighbours) {
    const state = await withCookies({ ...shared, ...suffixed(asSeen(ada.token)) });
    assert.deepEqual([state.status, state.toAuth()?.sessionId], ["signed-in", ada.session], Object.keys(shared));
  }
});
check("a token alone, or cookies of nobody, sign no request in", async () => {
  assert.equal((await withCookies({ __session: ada.token })).status, "handshake");
  assert.equal((await withCookies({})).status, "signed-out");
  assert.equal((await withCookies({ __client_uat: "0" })).status, "signed-out");
});

const ends = {
  "sign-out": (person) => person.post(`client/sessions/${person.session}/end`),
  "a ban": ({ user }) => clerk.users.banUser(user.id),
  "deletion": ({ user }) => clerk.users.deleteUser(user.id),
  "a new password": ({ user }) =>
    clerk.users.updateUser(user.id, { password: "nine dry flamingos", signOutOfOtherSessions: true }),
};
const noTokenAfter = async (end) => {
  const person = await signIn(await somebody());
  assert.equal((await bearer(person.token)).status, "signed-in");
  await ends[end](person);
  const refused = await person.post(`client/sessions/${person.session}/tokens`);
  assert.ok([401, 404].includes(refused.status), `${refused.status}`);
  assert.equal((await refused.json()).jwt, undefined);
  assert.equal((await person.handshake(`${APPLICATION}/`)).token, "");
  assert.ok(read(person.token)[1].exp <= Date.now() / 1000 + 60);
};
check("there is no further token after sign-out", () => noTokenAfter("sign-out"));
check("there is no further token after a ban", () => noTokenAfter("a ban"));
check("there is no further token after deletion", () => noTokenAfter("deletion"));
check("there is no further token after a new password", () => noTokenAfter("a new password"));
