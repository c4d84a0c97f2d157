// Requests to the server, as `studio/API.md` has them. What always holds: every request carries the token where there is
// one, every POST its header, and a refusal becomes a `Refused` with the server's own words.

const KEPT = "storyreel-token";

/** The server said no, or was not there (`code` is `gone`). */
export class Refused extends Error {
  constructor({ code, message, help }) {
    super(message);
    this.code = code;
    this.help = help;
  }
}

/** Takes the token out of the address, where it came in, and keeps it for this tab. */
function takeToken() {
  const match = /(?:^#|&)token=([^&]+)/.exec(location.hash);
  if (match) {
    sessionStorage.setItem(KEPT, decodeURIComponent(match[1]));
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT);
}

const token = takeToken();

function headers(more) {
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

async function ask(path, options) {
  let reply;
  try {
    reply = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({ code: "gone", message: "The studio's server does not answer.", help: "Is `storyreel studio` still running?" });
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => null);
  throw new Refused(told?.error ?? { code: "failed", message: `The server answered ${reply.status}.`, help: null });
}

/** A JSON document. */
export async function read(path, signal) {
  return (await ask(path, { headers: headers({}), signal })).json();
}

/** Bytes of a medium. */
export async function bytes(path, signal) {
  return (await ask(path, { headers: headers({}), signal })).arrayBuffer();
}

/** A change: `post("approve", {shot, approved: true})`. */
export async function post(verb, body) {
  const reply = await ask(`/api/${verb}`, {
    method: "POST",
    headers: headers({ "Content-Type": "application/json", "X-Storyreel": "1" }),
    body: JSON.stringify(body),
  });
  return reply.status === 204 ? null : reply.json();
}

/** Makes media and events work, which cannot carry the token themselves. */
export function session() {
  return post("session", {});
}
