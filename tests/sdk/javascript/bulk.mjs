import assert from "node:assert/strict";
import { address, bodies, check, clerk, refused, seeds, sent, targets } from "./harness.mjs";

const invite = (...rows) => clerk.invitations.createInvitationBulk(rows);
const row = (fields = {}) => ({ emailAddress: address("bulk"), ...fields });

check("many are made in the order of their rows", async () => {
  const rows = [row(), row(), row()];
  const made = await invite(...rows);
  assert.deepEqual(made.map((each) => each.emailAddress), rows.map((each) => each.emailAddress));
  assert.ok(made.every(({ url, status }) => url.includes("olt_") && status === "pending"));
});

check("rows are sent in snake case, with the keys given alone", async () => {
  await invite({ emailAddress: "bulk.keys@example.com", publicMetadata: { roleName: 1 }, expiresInDays: 1 });
  assert.deepEqual(targets(), ["POST /v1/invitations/bulk"]);
  assert.deepEqual(bodies(), [
    [{ email_address: "bulk.keys@example.com", public_metadata: { roleName: 1 }, expires_in_days: 1 }],
  ]);
});

check("a row may say everything", async () => {
  const fields = { publicMetadata: { Role: [null] }, redirectUrl: "https://app.example.com/in", notify: false };
  const [made] = await invite(row({ ...fields, ignoreExisting: true, templateSlug: "waitlist_invitation" }));
  assert.deepEqual(made.publicMetadata, { Role: [null] });
  assert.deepEqual([made.raw.notify, made.raw.template_slug], [false, "waitlist_invitation"]);
});

check("ten rows are as many as may be", async () => {
  assert.equal((await invite(...Array.from({ length: 10 }, () => row()))).length, 10);
  await refused(400, "bulk_size_exceeded", () => invite(...Array.from({ length: 11 }, () => row())));
});

check("no rows are sent as no body, and refused", async () => {
  await refused(422, "form_param_missing", () => invite());
  assert.equal(sent[0].text, "");
});

check("all duplicates are one error", async () => {
  const rows = [row(), row()];
  await invite(...rows);
  const { errors } = await refused(400, "duplicate_record", () => invite(row(), ...rows));
  assert.deepEqual(errors.map(({ meta }) => meta.emailAddresses), [rows.map((each) => each.emailAddress)]);
});

check("every bad row is told, and nothing is made", async () => {
  const good = row();
  const bad = [{ emailAddress: "ada" }, { emailAddress: seeds.user.address }, row({ notify: 1 })];
  const { errors } = await refused(422, "form_param_format_invalid", () => invite(good, ...bad));
  assert.deepEqual(new Set(errors.map(({ code }) => code)), new Set([
    "form_param_format_invalid", "form_identifier_exists", "form_param_value_invalid",
  ]));
  assert.equal((await clerk.invitations.getInvitationList({ query: good.emailAddress })).totalCount, 0);
});

check("a repeated row is a duplicate", async () => {
  const twice = row();
  await refused(400, "duplicate_record", () => invite(twice, twice));
});

check("a repeated row may ignore the first", async () => {
  const twice = row();
  assert.equal((await invite(twice, { ...twice, ignoreExisting: true })).length, 2);
});

// --- Delete, which the Python SDK lacks ------------------------------------------------------------

check("a deletion of an invitation says what was deleted", async () => {
  const [{ id }] = await invite(row());
  const deleted = await clerk.invitations.deleteInvitation(id);
  assert.deepEqual([deleted.object, deleted.id, deleted.deleted], ["invitation", id, true]);
  assert.equal(targets()[1], `DELETE /v1/invitations/${id}`);
});

check("a second deletion of an invitation is a 404", async () => {
  const [{ id }] = await invite(row());
  await clerk.invitations.deleteInvitation(id);
  await refused(404, "resource_not_found", () => clerk.invitations.deleteInvitation(id));
});

check("an invitation is deleted in any status", async () => {
  const [{ id }] = await invite(row());
  await clerk.invitations.revokeInvitation(id);
  assert.equal((await clerk.invitations.deleteInvitation(id)).deleted, true);
});
