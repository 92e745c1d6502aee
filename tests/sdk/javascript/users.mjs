import assert from "node:assert/strict";
import { address, bodies, check, clerk, sent, targets } from "./harness.mjs";

const PASSWORD = "seven wet penguins";
const create = (fields = {}) =>
  clerk.users.createUser({ emailAddress: [address("person")], skipPasswordRequirement: true, ...fields });

async function several(word) {
  const users = [];
  for (const letter of "bca") {
    users.push(await create({ emailAddress: [`${letter}.${word}@example.com`], firstName: letter.toUpperCase() }));
  }
  return users;
}

const letters = ({ data }) => data.map(({ firstName }) => firstName.toLowerCase()).join("");
const only = async (filter) => (await clerk.users.getUserList(filter)).data.map(({ id }) => id);

// --- Create ----------------------------------------------------------------------------------------

check("a user is made from an address and a password", async () => {
  const emailAddress = address("person");
  const user = await clerk.users.createUser({ emailAddress: [emailAddress], password: PASSWORD });
  assert.deepEqual(bodies(), [{ email_address: [emailAddress], password: PASSWORD }]);
  assert.match(user.id, /^user_[0-9A-Za-z]{27}$/);
  assert.equal(user.primaryEmailAddress.emailAddress, emailAddress);
  assert.equal(user.passwordEnabled, true);
});

check("a new user's address is verified by the key", async () => {
  const { primaryEmailAddress } = await create();
  const { status, strategy, attempts, expireAt } = primaryEmailAddress.verification;
  assert.deepEqual([status, strategy, attempts, expireAt], ["verified", "admin", null, null]);
  assert.deepEqual(primaryEmailAddress.linkedTo, []);
});

check("all fields come back", async () => {
  const user = await create({
    firstName: "Ada",
    lastName: "Lovelace",
    locale: "en-GB",
    externalId: "javascript-1",
    username: "ada.javascript",
    publicMetadata: { Role: "editor" },
    privateMetadata: { note: null },
    unsafeMetadata: { a: [1] },
    legalAcceptedAt: new Date("2026-01-02T03:04:05Z"),
    createdAt: new Date("2025-01-02T03:04:05.678Z"),
  });
  assert.equal(user.fullName, "Ada Lovelace");
  assert.deepEqual([user.locale, user.externalId, user.username], ["en-GB", "javascript-1", "ada.javascript"]);
  assert.deepEqual(user.publicMetadata, { Role: "editor" });
  assert.deepEqual(user.privateMetadata, { note: null });
  assert.deepEqual(user.unsafeMetadata, { a: [1] });
  assert.deepEqual([user.legalAcceptedAt, user.createdAt], [1767323045000, 1735787045678]);
});

check("what was not given is null or empty", async () => {
  const user = await create();
  const { firstName, lastName, username, externalId, locale, lastSignInAt, lastActiveAt, legalAcceptedAt } = user;
  const nulls = [firstName, lastName, username, externalId, locale, lastSignInAt, lastActiveAt, legalAcceptedAt];
  assert.deepEqual(new Set(nulls), new Set([null]));
  assert.deepEqual([user.publicMetadata, user.privateMetadata, user.unsafeMetadata], [{}, {}, {}]);
  assert.deepEqual([user.banned, user.locked, user.passwordEnabled, user.hasImage], [false, false, false, false]);
});

check("times are whole milliseconds", async () => {
  const { createdAt, updatedAt, raw } = await create({ password: PASSWORD });
  for (const time of [createdAt, updatedAt, raw.password_last_updated_at]) {
    assert.ok(Number.isInteger(time) && time > 1_700_000_000_000);
  }
});

check("a user may be made banned and locked", async () => {
  const { banned, locked } = await create({ banned: true, locked: true });
  assert.deepEqual([banned, locked], [true, true]);
});

// --- Read, list, count -----------------------------------------------------------------------------

check("a user is read as it was made", async () => {
  const { raw, id } = await create({ firstName: "Ada", publicMetadata: { a: 1 } });
  assert.deepEqual((await clerk.users.getUser(id)).raw, raw);
});

check("a list asks for users and their count in parallel", async () => {
  await clerk.users.getUserList({ emailAddress: ["a@b.co", "c@d.co"], limit: 5, orderBy: "-created_at", query: "x" });
  const both = "email_address=a%40b.co&email_address=c%40d.co";
  assert.deepEqual(targets(), [
    `GET /v1/users?${both}&limit=5&order_by=-created_at&query=x`,
    `GET /v1/users/count?${both}&query=x`,
  ]);
});

check("a list has data and a total", async () => {
  await several("userpage");
  const { data, totalCount } = await clerk.users.getUserList({ query: ".userpage@", limit: 2 });
  assert.deepEqual([data.length, totalCount, data[0].constructor.name], [2, 3, "_User"]);
});

async function isOrdered(orderBy, expected) {
  const [word] = address("userorder").split("@");
  await several(word);
  assert.equal(letters(await clerk.users.getUserList({ query: `.${word}@`, orderBy })), expected);
}

check("users are ordered by -created_at", () => isOrdered("-created_at", "acb"));
check("users are ordered by +created_at", () => isOrdered("+created_at", "bca"));
check("users are ordered by first_name", () => isOrdered("first_name", "abc"));
check("users are ordered by -email_address", () => isOrdered("-email_address", "cba"));

check("offset and limit cut a page out of the users", async () => {
  await several("useroffset");
  assert.equal(letters(await clerk.users.getUserList({ query: ".useroffset@", offset: 1, limit: 1 })), "c");
});

check("users are found by id, external id, username and words", async () => {
  const { id } = await create({ externalId: "javascript-find", username: "javascript.find" });
  assert.deepEqual(await only({ userId: [id] }), [id]);
  assert.deepEqual(await only({ externalId: ["javascript-find"] }), [id]);
  assert.deepEqual(await only({ username: ["javascript.find"] }), [id]);
  assert.deepEqual(await only({ query: "vascript.find" }), [id]);
});

check("several values of a filter are a union", async () => {
  const [first, second] = [await create(), await create()];
  const found = await only({ userId: [first.id, second.id, `user_${"0".repeat(27)}`] });
  assert.deepEqual(new Set(found), new Set([first.id, second.id]));
});

check("users are found by when they were made", async () => {
  const { id, createdAt } = await create({ createdAt: new Date("2001-02-03T00:00:00Z") });
  assert.deepEqual(await only({ createdAtAfter: createdAt - 1, createdAtBefore: createdAt + 1 }), [id]);
});

check("a count is a number", async () => {
  await several("usercount");
  assert.equal(await clerk.users.getCount({ query: ".usercount@" }), 3);
});

check("the whole count moves with what is made and deleted", async () => {
  const before = await clerk.users.getCount();
  const { id } = await create();
  assert.equal(await clerk.users.getCount(), before + 1);
  await clerk.users.deleteUser(id);
  assert.equal(await clerk.users.getCount(), before);
});

// --- Change ----------------------------------------------------------------------------------------

check("a change changes what is given", async () => {
  const { id } = await create({ firstName: "Ada" });
  const { firstName, lastName } = await clerk.users.updateUser(id, { lastName: "Lovelace" });
  assert.deepEqual([firstName, lastName], ["Ada", "Lovelace"]);
  assert.deepEqual([targets()[1], bodies()[1]], [`PATCH /v1/users/${id}`, { last_name: "Lovelace" }]);
});

check("null clears a name", async () => {
  const { id } = await create({ firstName: "Ada", username: "null.javascript" });
  const { firstName, username } = await clerk.users.updateUser(id, { firstName: null, username: null });
  assert.deepEqual([firstName, username, bodies()[1]], [null, null, { first_name: null, username: null }]);
});

check("a password is set", async () => {
  const { id } = await create();
  assert.equal((await clerk.users.updateUser(id, { password: PASSWORD })).passwordEnabled, true);
});

check("an empty change is a body-less PATCH", async () => {
  const { id } = await create();
  assert.equal((await clerk.users.updateUser(id)).id, id);
  assert.equal(sent[1].text, "");
});

check("metadata in a change is a PATCH, then a PUT of the metadata", async () => {
  const { id } = await create({ publicMetadata: { a: 1 }, privateMetadata: { b: 1 } });
  const user = await clerk.users.updateUser(id, { firstName: "Grace", publicMetadata: { c: null } });
  assert.deepEqual(targets().slice(1), [`PATCH /v1/users/${id}`, `PUT /v1/users/${id}/metadata`]);
  assert.deepEqual([user.firstName, user.publicMetadata, user.privateMetadata], ["Grace", { c: null }, { b: 1 }]);
});

// --- Metadata --------------------------------------------------------------------------------------

check("a merge goes deep and null deletes", async () => {
  const { id } = await create({ publicMetadata: { a: { b: 1, c: 2 } }, privateMetadata: { kept: true } });
  const user = await clerk.users.updateUserMetadata(id, { publicMetadata: { a: { b: null, e: 3 } } });
  assert.deepEqual(user.publicMetadata, { a: { c: 2, e: 3 } });
  assert.deepEqual(user.privateMetadata, { kept: true });
  assert.deepEqual(bodies()[1], { public_metadata: { a: { b: null, e: 3 } } });
});

check("a replacement replaces the field and no other", async () => {
  const { id } = await create({ publicMetadata: { a: 1 }, unsafeMetadata: { kept: true } });
  const user = await clerk.users.replaceUserMetadata(id, { publicMetadata: { camelCase: { x: [1] } } });
  assert.deepEqual([user.publicMetadata, user.unsafeMetadata], [{ camelCase: { x: [1] } }, { kept: true }]);
});

check("private metadata of any shape survives", async () => {
  const privateMetadata = { "ÄÖ 🎈": [{ deep: { deeper: [null, true, 1.5] } }], "": "empty key" };
  const { id } = await create();
  assert.deepEqual((await clerk.users.updateUserMetadata(id, { privateMetadata })).privateMetadata, privateMetadata);
});

// --- Ban, lock, delete -----------------------------------------------------------------------------

check("a ban is made and ended", async () => {
  const { id } = await create();
  assert.equal((await clerk.users.banUser(id)).banned, true);
  assert.equal((await clerk.users.unbanUser(id)).banned, false);
  assert.deepEqual(targets().slice(1), [`POST /v1/users/${id}/ban`, `POST /v1/users/${id}/unban`]);
});

check("a lock is made and ended", async () => {
  const { id } = await create();
  assert.equal((await clerk.users.lockUser(id)).locked, true);
  assert.equal((await clerk.users.unlockUser(id)).locked, false);
});

check("a ban and a lock may be repeated", async () => {
  const { id } = await create();
  for (const verb of ["banUser", "banUser", "lockUser", "lockUser", "unlockUser", "unlockUser", "unbanUser", "unbanUser"]) {
    assert.equal((await clerk.users[verb](id)).id, id);
  }
});

check("a deletion says what was deleted", async () => {
  const { id } = await create();
  const deleted = await clerk.users.deleteUser(id);
  assert.deepEqual([deleted.constructor.name, deleted.object, deleted.id, deleted.deleted], ["_DeletedObject", "user", id, true]);
});
