import assert from "node:assert/strict";
import { address, bodies, check, clerk, seeds, sent, targets } from "./harness.mjs";

const DAY = 24 * 3600 * 1000;
const invite = (fields = {}) => clerk.invitations.createInvitation({ emailAddress: address(), ...fields });

async function several(word) {
  for (const letter of "bca") await invite({ emailAddress: `${letter}.${word}@example.com` });
}

const letters = ({ data }) => data.map(({ emailAddress }) => emailAddress[0]).join("");

check("a minimal create sends the address alone", async () => {
  await invite({ emailAddress: "minimal.js@example.com" });
  assert.deepEqual(targets(), ["POST /v1/invitations"]);
  assert.deepEqual(bodies(), [{ email_address: "minimal.js@example.com" }]);
});

check("every request has the key, a version and the type JSON", async () => {
  await clerk.invitations.getInvitationList();
  const [{ headers }] = sent;
  assert.match(headers.authorization, /^Bearer sk_live_/);
  assert.equal(headers["content-type"], "application/json");
  assert.equal(headers["clerk-api-version"], "2026-05-12");
  assert.equal(headers["user-agent"], "@clerk/backend@3.25.0");
});

check("a create answers with a pending invitation", async () => {
  const invitation = await invite();
  assert.equal(invitation.constructor.name, "_Invitation");
  assert.match(invitation.id, /^inv_[0-9A-Za-z]{27}$/);
  assert.equal(invitation.status, "pending");
  assert.equal(invitation.revoked, undefined);
});

check("a create answers with a link", async () => {
  assert.match((await invite()).url, /\/v1\/tickets\/accept\?ticket=olt_[\w-]{43}$/);
});

check("an address comes back normalised", async () => {
  assert.equal((await invite({ emailAddress: " Normal.JS@Example.COM" })).emailAddress, "normal.js@example.com");
});

check("times are whole milliseconds", async () => {
  const { createdAt, updatedAt, raw } = await invite();
  assert.ok(Number.isInteger(createdAt) && createdAt === updatedAt);
  assert.equal(raw.expires_at - createdAt, 30 * DAY);
});

check("no metadata is an empty object", async () => {
  assert.deepEqual((await invite()).publicMetadata, {});
});

check("a full create sends exactly the keys given, in snake case", async () => {
  await invite({
    emailAddress: "full.js@example.com",
    publicMetadata: { roleName: "editor" },
    redirectUrl: "https://app.example.com/welcome",
    notify: false,
    ignoreExisting: true,
    expiresInDays: 7,
    templateSlug: "waitlist_invitation",
  });
  assert.deepEqual(bodies(), [
    {
      email_address: "full.js@example.com",
      public_metadata: { roleName: "editor" },
      redirect_url: "https://app.example.com/welcome",
      notify: false,
      ignore_existing: true,
      expires_in_days: 7,
      template_slug: "waitlist_invitation",
    },
  ]);
});

check("extensions are under raw", async () => {
  const { raw } = await invite({ redirectUrl: "https://app.example.com/welcome", notify: false });
  assert.equal(raw.redirect_url, "https://app.example.com/welcome");
  assert.equal(raw.delivery_status, "not_requested");
  assert.deepEqual([raw.inviter.type, raw.last_event.type], ["secret_key", "created"]);
});

check("expiresInDays counts in days of 24 hours", async () => {
  const { createdAt, raw } = await invite({ expiresInDays: 365 });
  assert.equal(raw.expires_at - createdAt, 365 * DAY);
});

check("null in an optional field means not given", async () => {
  const { createdAt, publicMetadata, raw } = await invite({ publicMetadata: null, expiresInDays: null });
  assert.deepEqual(publicMetadata, {});
  assert.equal(raw.expires_at - createdAt, 30 * DAY);
});

check("metadata comes back untouched", async () => {
  const publicMetadata = { camelCase: { snake_case: [1, 2.5, null, true] }, "ÄÖ 🎈": "", null: null };
  assert.deepEqual((await invite({ publicMetadata })).publicMetadata, publicMetadata);
});

check("a second create with ignoreExisting makes a second invitation", async () => {
  const first = await invite();
  const second = await invite({ emailAddress: first.emailAddress, ignoreExisting: true });
  assert.notEqual(first.id, second.id);
});

check("an expired invitation is no obstacle", async () => {
  assert.equal((await invite({ emailAddress: seeds.expired.address })).status, "pending");
});

check("a list without options asks for a page", async () => {
  await clerk.invitations.getInvitationList();
  assert.deepEqual(targets(), ["GET /v1/invitations?paginated=true"]);
});

check("a list is a page with its total", async () => {
  await several("page");
  const { data, totalCount } = await clerk.invitations.getInvitationList({ query: ".page@", limit: 2 });
  assert.deepEqual([data.length, totalCount], [2, 3]);
  assert.equal(data[0].constructor.name, "_Invitation");
});

check("the total of the whole list moves with what is made and revoked", async () => {
  const total = async () => (await clerk.invitations.getInvitationList()).totalCount;
  const before = await total();
  const { id } = await invite();
  assert.equal(await total(), before + 1);
  await clerk.invitations.revokeInvitation(id);
  assert.equal(await total(), before);
});

check("a list begins with the newest", async () => {
  await several("newest");
  assert.equal(letters(await clerk.invitations.getInvitationList({ query: ".newest@" })), "acb");
});

check("a list has no links", async () => {
  await invite();
  const { data } = await clerk.invitations.getInvitationList({ limit: 1 });
  assert.equal(data[0].url, undefined);
});

check("all options of a list are understood", async () => {
  await several("options.js");
  sent.length = 0;
  const options = { status: "pending", limit: 2, orderBy: "+created_at", query: "options.js" };
  assert.equal(letters(await clerk.invitations.getInvitationList(options)), "bc");
  const query = "status=pending&limit=2&order_by=%2Bcreated_at&query=options.js&paginated=true";
  assert.deepEqual(targets(), [`GET /v1/invitations?${query}`]);
});

async function isOrdered(orderBy, expected) {
  const [word] = address("order").split("@");
  await several(word);
  assert.equal(letters(await clerk.invitations.getInvitationList({ query: `.${word}@`, orderBy })), expected);
}

check("a list is ordered by created_at", () => isOrdered("created_at", "bca"));
check("a list is ordered by +created_at", () => isOrdered("+created_at", "bca"));
check("a list is ordered by -created_at", () => isOrdered("-created_at", "acb"));
check("a list is ordered by +email_address", () => isOrdered("+email_address", "abc"));
check("a list is ordered by -email_address", () => isOrdered("-email_address", "cba"));
check("a list is ordered by expires_at", () => isOrdered("expires_at", "bca"));

check("offset and limit cut a page out", async () => {
  await several("offset");
  const page = await clerk.invitations.getInvitationList({ query: ".offset@", offset: 1, limit: 1 });
  assert.equal(letters(page), "c");
  assert.equal(page.totalCount, 3);
});

check("limit 0 and offset 0 are not sent, so the defaults hold", async () => {
  const { data } = await clerk.invitations.getInvitationList({ limit: 0, offset: 0 });
  assert.deepEqual(targets(), ["GET /v1/invitations?paginated=true"]);
  assert.equal(data.length, 10);
});

async function hasNothingElse(status) {
  const { data } = await clerk.invitations.getInvitationList({ status, query: ".seed@" });
  assert.deepEqual(data.map((each) => [each.id, each.status]), [[seeds[status].id, status]]);
}

check("a list of what is accepted has nothing else", () => hasNothingElse("accepted"));
check("a list of what is revoked has nothing else", () => hasNothingElse("revoked"));
check("a list of what is expired has nothing else", () => hasNothingElse("expired"));

check("revoked invitations are listed only when asked for", async () => {
  const { data } = await clerk.invitations.getInvitationList({ query: seeds.revoked.address });
  assert.deepEqual(data, []);
});

check("a revoke has no body, though it says JSON", async () => {
  const { id } = await invite();
  await clerk.invitations.revokeInvitation(id);
  assert.deepEqual([targets()[1], sent[1].text], [`POST /v1/invitations/${id}/revoke`, ""]);
  assert.equal(sent[1].headers["content-type"], "application/json");
});

check("a revoke answers with the revoked invitation", async () => {
  const { id } = await invite();
  const revoked = await clerk.invitations.revokeInvitation(id);
  assert.deepEqual([revoked.id, revoked.status, revoked.revoked, revoked.url], [id, "revoked", true, undefined]);
});
