// An application on another origin: the Frontend API calls of its visitors' browsers, and the requests to its server.
import { address, base, clerk, seeds } from "./harness.mjs";

export const APPLICATION = seeds.tokens.origin;
const PASSWORD = "seven wet penguins";

export const cookies = (pairs) => Object.entries(pairs).map(([name, value]) => `${name}=${value}`).join("; ");

// A navigation to a page of the application, as its server sees it.
export const page = (headers, url = `${APPLICATION}/dashboard?tab=one`) =>
  new Request(url, { headers: { accept: "text/html", ...headers } });

export const somebody = () => clerk.users.createUser({ emailAddress: [address(process.argv[2])], password: PASSWORD });

// Returns the cookies that a browser keeps from `Set-Cookie` headers.
export function keep(jar, headers) {
  for (const header of headers) {
    const [pair, ...attributes] = header.split("; ");
    const [name, value] = pair.split(/=(.*)/);
    if (attributes.includes("Max-Age=0")) delete jar[name];
    else jar[name] = value;
  }
  return jar;
}

// Returns a signed-in browser.
export async function signIn(user) {
  await clerk.instance.update({ allowedOrigins: [APPLICATION] });
  user ??= await somebody();
  const jar = {};
  const ask = (path, options) =>
    fetch(`${base}/__clerk/v1/${path}`, { redirect: "manual", ...options, headers: { ...options?.headers, cookie: cookies(jar) } });
  const post = async (path, fields = {}) => {
    const answer = await ask(path, { method: "POST", headers: { origin: APPLICATION }, body: new URLSearchParams(fields) });
    keep(jar, answer.headers.getSetCookie());
    return answer;
  };
  const handshake = async (url) => {
    const answer = await ask(`client/handshake?redirect_url=${encodeURIComponent(url)}`);
    const back = new URL(answer.headers.get("location"));
    const claims = JSON.parse(Buffer.from(back.searchParams.get("__clerk_handshake").split(".")[1], "base64url"));
    return { back, token: keep({ __session: "" }, claims.handshake).__session ?? "" };
  };
  const identifier = user.emailAddresses[0].emailAddress;
  const { response } = await (await post("client/sign_ins", { identifier, password: PASSWORD })).json();
  const session = response.created_session_id;
  const { jwt } = await (await post(`client/sessions/${session}/tokens`)).json();
  return { user, session, token: jwt, cookies: jar, since: jar.__client_uat, ask, post, handshake };
}
