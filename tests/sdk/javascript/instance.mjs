import assert from "node:assert/strict";
import { bodies, check, clerk, connect, names, refused, sent, targets } from "./harness.mjs";

const update = (params) => clerk.instance.update(params);
const restrict = (params) => clerk.instance.updateRestrictions(params);

check("the instance has its settings", async () => {
  const instance = await clerk.instance.get();
  assert.match(instance.id, /^ins_/);
  assert.match(instance.environmentType, /^(development|production)$/);
  assert.ok(Array.isArray(instance.allowedOrigins));
  assert.deepEqual(targets(), ["GET /v1/instance"]);
});

check("an update answers nothing", async () => {
  assert.equal(await update({ testMode: true }), undefined);
  assert.deepEqual([targets(), bodies()], [["PATCH /v1/instance"], [{ test_mode: true }]]);
});

check("allowed origins are replaced as a whole", async () => {
  await update({ allowedOrigins: ["https://one.example.com", "https://two.example.com:8443"] });
  await update({ allowedOrigins: ["https://two.example.com:8443"] });
  assert.deepEqual((await clerk.instance.get()).allowedOrigins, ["https://two.example.com:8443"]);
});

check("what is not given stays", async () => {
  await update({ allowedOrigins: ["https://stays.example.com"] });
  await update({ supportEmail: "help@example.com" });
  assert.deepEqual((await clerk.instance.get()).allowedOrigins, ["https://stays.example.com"]);
});

check("an empty list clears the origins", async () => {
  await update({ allowedOrigins: [] });
  assert.deepEqual((await clerk.instance.get()).allowedOrigins, []);
});

check("settings without effect are accepted", async () => {
  await update({
    hibp: true,
    clerkJsVersion: "6",
    developmentOrigin: "http://localhost:3000",
    urlBasedSessionSyncing: true,
    preferredSignInStrategyWhenPasswordRequired: "otp",
  });
});

check("null settings are left as they are", () => update({ testMode: null, supportEmail: null, hibp: null }));

check("an empty update is a body-less PATCH", async () => {
  await update({});
  assert.equal(sent[0].text, "");
});

check("what is no origin is a 422", () =>
  names("allowed_origins", "form_param_format_invalid", () => update({ allowedOrigins: ["nowhere"] })));
check("what is no address is a 422", () =>
  names("support_email", "form_param_format_invalid", () => update({ supportEmail: "nobody" })));
check("an unknown setting is a 422", () =>
  names("colour", "form_param_unknown", () => update({ colour: "red" })));

check("restrictions are all off", async () => {
  const restrictions = await restrict({});
  assert.equal(restrictions.constructor.name, "_InstanceRestrictions");
  assert.deepEqual(new Set(Object.values(restrictions).filter((each) => typeof each === "boolean")), new Set([false]));
});

check("all restrictions may be switched off", async () => {
  const restrictions = await restrict({
    allowlist: false,
    blocklist: null,
    blockEmailSubaddresses: false,
    blockDisposableEmailDomains: false,
    ignoreDotsForGmailAddresses: false,
  });
  assert.equal(bodies()[0].ignore_dots_for_gmail_addresses, false);
  assert.equal(restrictions.ignoreDotsForGmailAddresses, false);
});

check("a restriction that is not built is a 422", () =>
  names("blocklist", "form_param_value_invalid", () => restrict({ blocklist: true })));

check("the sign-up mode is an extension, in snake case as all bodies", async () => {
  await restrict({ signUpMode: "restricted" });
  await names("allowlist", "sign_up_mode_restricted_invalid_value", () => restrict({ allowlist: true }));
  await restrict({ signUpMode: "public" });
});

check("an unknown mode is a 422", () =>
  names("sign_up_mode", "form_param_value_invalid", () => restrict({ signUpMode: "open" })));

check("the keys are a key set", async () => {
  const { keys } = await clerk.jwks.getJwks();
  assert.deepEqual(Object.keys(keys[0]).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
  assert.deepEqual([keys[0].kty, keys[0].alg, keys[0].use], ["RSA", "RS256", "sig"]);
});

check("Node can read the key", async () => {
  const { keys } = await clerk.jwks.getJwks();
  const { algorithm } = await crypto.subtle.importKey("jwk", keys[0], { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["verify"]);
  assert.equal(algorithm.modulusLength, 2048);
});

check("a wrong key is a 401 at the instance", () =>
  refused(401, "clerk_key_invalid", () => connect("sk_test_unknown").instance.get()));
