import assert from "node:assert/strict";
import { address, check, clerk, connect, names, refused, seeds, sent } from "./harness.mjs";

const create = (fields = {}) => () => clerk.invitations.createInvitation({ emailAddress: address("error"), ...fields });
const revoke = (id) => () => clerk.invitations.revokeInvitation(id);
const list = (options) => () => clerk.invitations.getInvitationList(options);

check("a pending invitation is a 400 that lists the address", async () => {
  const emailAddress = address("twice");
  await create({ emailAddress })();
  const { errors } = await refused(400, "duplicate_record", create({ emailAddress }));
  assert.deepEqual(errors[0].meta.emailAddresses, [emailAddress]);
});

check("the address of a user is a 422", () =>
  names("email_address", "form_identifier_exists", create({ emailAddress: seeds.user.address })));
check("an empty address is a 422", () => names("email_address", "form_param_nil", create({ emailAddress: "" })));
check("a null address is a 422", () => names("email_address", "form_param_nil", create({ emailAddress: null })));
check("no address is a 422", () =>
  names("email_address", "form_param_missing", () => clerk.invitations.createInvitation({ notify: false })));
check("no parameters are a 422", () =>
  names("email_address", "form_param_missing", () => clerk.invitations.createInvitation({})));
check("what is no address is a 422", () =>
  names("email_address", "form_param_format_invalid", create({ emailAddress: "ada" })));
check("a number for an address is a 422", () =>
  names("email_address", "form_param_value_invalid", create({ emailAddress: 5 })));
check("a relative redirect URL is a 422", () =>
  names("redirect_url", "form_param_format_invalid", create({ redirectUrl: "/welcome" })));
check("a script for a redirect URL is a 422", () =>
  names("redirect_url", "form_param_format_invalid", create({ redirectUrl: "javascript:alert(1)" })));
check("0 days are a 422", () => names("expires_in_days", "form_param_value_invalid", create({ expiresInDays: 0 })));
check("366 days are a 422", () => names("expires_in_days", "form_param_value_invalid", create({ expiresInDays: 366 })));
check("half a day is a 422", () => names("expires_in_days", "form_param_value_invalid", create({ expiresInDays: 0.5 })));
check("days as text are a 422", () =>
  names("expires_in_days", "form_param_value_invalid", create({ expiresInDays: "30" })));
check("a number for a boolean is a 422", () => names("notify", "form_param_value_invalid", create({ notify: 1 })));
check("an array for metadata is a 422", () =>
  names("public_metadata", "form_param_value_invalid", create({ publicMetadata: [] })));
check("metadata over 8 KiB is a 422", () =>
  names("public_metadata", "form_param_exceeds_allowed_size", create({ publicMetadata: { text: "x".repeat(8192) } })));
check("an unknown template is a 422", () =>
  names("template_slug", "form_param_value_invalid", create({ templateSlug: "magic" })));
check("an unknown key is a 422", () => names("expires_in_dayz", "form_param_unknown", create({ expiresInDayz: 3 })));

check("all bad parameters come in one error", async () => {
  const bad = { emailAddress: "ada", redirectUrl: "x", expiresInDays: 0 };
  const { errors } = await refused(422, "form_param_format_invalid", create(bad));
  assert.deepEqual(new Set(errors.map(({ meta }) => meta.paramName)), new Set(["email_address", "redirect_url", "expires_in_days"]));
});

check("a limit over 500 is a 422", () => names("limit", "form_param_value_invalid", list({ limit: 501 })));
check("a negative offset is a 422", () => names("offset", "form_param_value_invalid", list({ offset: -1 })));
check("an unknown order is a 422", () => names("order_by", "form_param_value_invalid", list({ orderBy: "status" })));
check("an unknown status is a 422", () => names("status", "form_param_value_invalid", list({ status: "open" })));

check("a second revoke is a 400", () => refused(400, "invitation_already_revoked", revoke(seeds.revoked.id)));
check("a revoke of what was accepted is a 400", () =>
  refused(400, "invitation_already_accepted", revoke(seeds.accepted.id)));
check("a revoke of an unknown id is a 404", () => refused(404, "resource_not_found", revoke(`inv_${"0".repeat(27)}`)));
check("a revoke of another object's id is a 404", () => refused(404, "resource_not_found", revoke(seeds.user.id)));
check("a revoke of an object by mistake is a 404", async () => {
  await refused(404, "resource_not_found", revoke({ invitationId: "inv_1" }));
  assert.equal(sent[0].target, "/v1/invitations/[object%20Object]/revoke");
});
check("an empty id is refused before it is sent", async () => {
  await assert.rejects(revoke(""), /ID is required/);
  assert.deepEqual(sent, []);
});

check("a wrong key is a 401", () =>
  refused(401, "clerk_key_invalid", () => connect("sk_test_unknown").invitations.getInvitationList()));
check("a revoked key is a 401", () =>
  refused(401, "clerk_key_invalid", () => connect(seeds.revokedKey).invitations.getInvitationList()));
check("a publishable key is a 401", () =>
  refused(401, "clerk_key_invalid", () => connect("pk_test_abc").invitations.getInvitationList()));
check("a body that is too large is a 413", () =>
  refused(413, "request_body_too_large", create({ publicMetadata: { text: "x".repeat(300_000) } })));
check("an operation that Ollio has not is a 404", () =>
  refused(404, "resource_not_found", () => clerk.organizations.getOrganizationList()));

check("an error has its texts, code and trace id", async () => {
  const error = await refused(422, "form_param_format_invalid", create({ emailAddress: "ada" }));
  const [{ message, longMessage }] = error.errors;
  assert.ok(message && longMessage.includes("email_address"));
  assert.match(error.clerkTraceId, /^[0-9a-f]{32}$/);
  assert.equal(error.retryAfter, undefined);
});

check("trace ids differ from request to request", async () => {
  const first = await refused(422, "form_param_format_invalid", create({ emailAddress: "ada" }));
  const second = await refused(422, "form_param_format_invalid", create({ emailAddress: "ada" }));
  assert.notEqual(first.clerkTraceId, second.clerkTraceId);
});

check("a refused request is sent once", async () => {
  await refused(422, "form_param_format_invalid", create({ emailAddress: "ada" }));
  assert.equal(sent.length, 1);
});

check("after an error the next call works", async () => {
  await refused(422, "form_param_format_invalid", create({ emailAddress: "ada" }));
  assert.equal((await create()()).status, "pending");
});
