// The one trace of its own URL that a plain script, a module and an import have in common.
const SELF = /https?:\S+?(?=\/sign-up\.js)/.exec(new Error().stack)?.[0] ?? "";

class Refusal extends Error {
  constructor(status = 0, errors = [], retryAfter = 0) {
    Object.assign(super(), { status, errors, retryAfter, code: errors[0]?.code ?? "" });
  }
}

function demand(names) {
  if (names[0]) throw new Refusal(422, names.map((name) => ({ code: `missing_${name}`, meta: { param_name: name } })));
}

// Throws Refusal, of status 0 where nobody answers.
async function ask(api, path, said) {
  const url = new URL(`${api ?? `${SELF}/__clerk`}/v1/${path}`, document.baseURI);
  const post = said && { method: "POST", body: new URLSearchParams(said) };
  let answer, told;
  try {
    answer = await fetch(url, { credentials: "include", signal: AbortSignal.timeout(30000), ...post });
    told = await answer.json();
  } catch {
    throw new Refusal();
  }
  if (!answer.ok) throw new Refusal(answer.status, told?.errors, Number(answer.headers.get("Retry-After")));
  return told.response ?? told;
}

// Over reloads, in the page's entry of the history: the ticket, its link's status, the sign-up's id.
function keep(kept, query = location.search) {
  history.replaceState({ ...history.state, ollio: kept }, "", location.href.replace(location.search, () => query));
  return kept;
}

// Out of the address bar; the rest stays as it is.
function takeTicket(given) {
  const query = new URLSearchParams(location.search);
  const rest = location.search.slice(1).split("&").filter((part) => !/^__clerk_(ticket|status)(=|$)/.test(part)).join("&");
  const ticket = given || query.get("__clerk_ticket");
  const kept = history.state?.ollio ?? {};
  const isNew = ticket && ticket !== kept.ticket;
  return keep(isNew ? { ticket, status: query.get("__clerk_status") } : kept, rest && `?${rest}`);
}
