import assert from "node:assert/strict";
import { address, check, clerk, connect, names, refused, seeds, sent } from "./harness.mjs";

const UNKNOWN = `user_${"0".repeat(27)}`;
const make = (fields = {}) =>
  clerk.users.createUser({ emailAddress: [address("faulty")], skipPasswordRequirement: true, ...fields });
const create = (fields) => () => make(fields);
const list = (options) => () => clerk.users.getUserList(options);

check("a known address is a 422", () =>
  names("email_address", "form_identifier_exists", create({ emailAddress: [seeds.user.address] })));
check("what is no address is a 422", () =>
  names("email_address", "form_param_format_invalid", create({ emailAddress: ["ada"] })));
check("an address that is no list is a 422", () =>
  names("email_address", "form_param_value_invalid", create({ emailAddress: "ada@example.com" })));
check("no address is a 422", () =>
  names("email_address", "form_param_missing", () => clerk.users.createUser({ skipPasswordRequirement: true })));
check("no password is a 422", () =>
  names("password", "form_param_missing", () => clerk.users.createUser({ emailAddress: [address("faulty")] })));
check("a short password is a 422", () =>
  names("password", "form_password_length_too_short", create({ password: "short" })));
check("a phone number is a 422", () =>
  names("phone_number", "form_param_value_invalid", create({ phoneNumber: ["+15555550100"] })));
check("an unknown hasher is a 422", () =>
  names("password_hasher", "form_param_value_invalid", create({ passwordDigest: "x", passwordHasher: "md5" })));
check("an unknown key of a user is a 422", () => names("colour", "form_param_unknown", create({ colour: "red" })));
check("metadata of a user over 8 KiB is a 422", () =>
  names("unsafe_metadata", "form_param_exceeds_allowed_size", create({ unsafeMetadata: { text: "x".repeat(8192) } })));

check("a merge that grows past 8 KiB is a 422", async () => {
  const { id } = await make({ publicMetadata: { a: "x".repeat(5000) } });
  const merge = () => clerk.users.updateUserMetadata(id, { publicMetadata: { b: "x".repeat(5000) } });
  await names("public_metadata", "form_param_exceeds_allowed_size", merge);
});

check("a known username is a 422", async () => {
  await make({ username: "taken.javascript" });
  await names("username", "form_identifier_exists", create({ username: "taken.javascript" }));
});

check("a list of users with a limit over 500 is a 422", () =>
  names("limit", "form_param_value_invalid", list({ limit: 501 })));
check("a list of users in an unknown order is a 422", () =>
  names("order_by", "form_param_value_invalid", list({ orderBy: "id" })));
check("101 values of a filter are a 422", () =>
  names("user_id", "form_param_array_size_exceeded", list({ userId: Array(101).fill(UNKNOWN) })));

check("an unknown user is a 404", () => refused(404, "resource_not_found", () => clerk.users.getUser(UNKNOWN)));
check("a malformed id is a 404", () => refused(404, "resource_not_found", () => clerk.users.getUser("user_1")));
check("a change of an unknown user is a 404", () =>
  refused(404, "resource_not_found", () => clerk.users.updateUser(UNKNOWN, { firstName: "Ada" })));
check("metadata of an unknown user is a 404", () =>
  refused(404, "resource_not_found", () => clerk.users.updateUserMetadata(UNKNOWN, { publicMetadata: {} })));
check("a ban of an unknown user is a 404", () =>
  refused(404, "resource_not_found", () => clerk.users.banUser(UNKNOWN)));
check("a lock of an unknown user is a 404", () =>
  refused(404, "resource_not_found", () => clerk.users.lockUser(UNKNOWN)));

check("a second deletion is a 404", async () => {
  const { id } = await make();
  await clerk.users.deleteUser(id);
  await refused(404, "resource_not_found", () => clerk.users.deleteUser(id));
});

check("an empty user id is refused before it is sent", async () => {
  await assert.rejects(clerk.users.getUser(""), /ID is required/);
  assert.deepEqual(sent, []);
});

check("a key may not ban an admin", () =>
  refused(403, "authorization_invalid", () => clerk.users.banUser(seeds.admin.id)));
check("a key may not delete an admin", () =>
  refused(403, "authorization_invalid", () => clerk.users.deleteUser(seeds.admin.id)));

check("a wrong key is a 401 at the users", () =>
  refused(401, "clerk_key_invalid", () => connect("sk_test_unknown").users.getCount()));
