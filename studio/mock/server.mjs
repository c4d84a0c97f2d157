// A development server for the studio's page: invented films over the API of `studio/API.md`, by node's standard library
// alone. It is for tests of the page and for work on it; it renders nothing and guards little.
//
//   node studio/mock/server.mjs [--film twelve|rendering|faulty|long|hostile] [--port 8123] [--token WORD] [--live]

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { STATES, VERSION_FRAMES, detail, faulty, graph, hostile, long, material, peaks, rendering, twelve } from "./films.mjs";
import { RATE } from "./media.mjs";

const PAGE = fileURLToPath(new URL("../page/", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml" };
const HEADERS = {
  "Content-Security-Policy": "default-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
};
const FILMS = { twelve, rendering, faulty, long, hostile };

class Refusal extends Error {
  constructor(status, code, message, help = null) {
    super(message);
    Object.assign(this, { status, code, help });
  }
}

/** Starts a server; `film` is a name or an object. Gives its address and handles for tests. */
export async function start({ film = "twelve", port = 0, token = null } = {}) {
  const mock = new Mock(typeof film === "string" ? FILMS[film]() : film, await material(), token);
  await mock.listen(port);
  return mock;
}

class Mock {
  constructor(film, media, token) {
    Object.assign(this, { film, media, token, posts: [], streams: new Set(), past: [], sockets: new Set() });
    this.event = Date.now();
    this.film.event = this.event;
    this.graph = graph(film);
    this.kept = new Map();
    this.noted = 0;
    this.gone = false;
  }

  async listen(port) {
    this.server = createServer((request, reply) => this.answer(request, reply));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}/${this.token ? `#token=${this.token}` : ""}`;
    this.pinging = setInterval(() => this.send("ping", {}), 5000);
  }

  /** Ends all connections and takes no more until `listen`. */
  async close() {
    clearInterval(this.pinging);
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    this.streams.clear();
    await closed;
  }

  // ---- events

  send(kind, data) {
    this.event += 1;
    const line = { id: this.event, kind, data };
    this.past.push(line);
    if (this.past.length > 500) this.past.shift();
    for (const stream of this.streams) write(stream, line);
  }

  /** Changes the film and tells it. */
  patch(change) {
    for (const [field, value] of Object.entries(change)) {
      if (field === "shots" || field === "segments") {
        for (const part of value) Object.assign(this.film[field].find((one) => one.id === part.id), part);
      } else {
        this.film[field] = value;
      }
    }
    this.send("patch", change);
    this.film.event = this.event;
  }

  /** A shot's progress, as a render tells it. */
  advance(index, progress) {
    const shot = this.film.shots[index];
    this.patch({ shots: [{ id: shot.id, state: "running", progress }] });
    this.nodes(index, "running", progress);
  }

  /** A shot is ready. */
  finish(index) {
    const shot = this.film.shots[index];
    this.patch({
      shots: [{ id: shot.id, state: "done", progress: 1, poster: `/media/poster/${index % 12}.jpg` }],
      segments: this.film.segments.filter((one) => one.id === shot.id).map((one) => ({ id: one.id, clip: `/media/clip/${index % 12}.mp4` })),
    });
    this.nodes(index, "done", 1);
  }

  nodes(shot, state, progress) {
    const { nodes } = this.graph;
    const changes = [];
    nodes.shot.forEach((owner, i) => {
      if (owner === shot && this.graph.kinds[nodes.kind[i]] === "encode") {
        nodes.state[i] = STATES.indexOf(state);
        nodes.progress[i] = progress;
        changes.push([i, nodes.state[i], progress]);
      }
    });
    this.send("nodes", { revision: this.graph.revision, changes });
  }

  /** Another film in place of this one, as after an edit of the storyboard. */
  replace(film) {
    film.revision = this.film.revision + 1;
    this.film = film;
    this.graph = graph(film);
    this.send("film", { revision: film.revision });
    this.film.event = this.event;
  }

  // ---- requests

  async answer(request, reply) {
    const url = new URL(request.url, "http://127.0.0.1");
    try {
      if (url.pathname.startsWith("/api/")) await this.api(url, request, reply);
      else if (url.pathname.startsWith("/media/")) this.mediaFile(url, request, reply);
      else this.page(url, request, reply);
    } catch (error) {
      const { status = 500, code = "failed", message, help = null } = error;
      json(reply, status, { error: { code, message, help } });
    }
  }

  page(url, request, reply) {
    const file = path.join(PAGE, url.pathname === "/" ? "index.html" : path.normalize(url.pathname));
    if (!file.startsWith(PAGE)) throw new Refusal(404, "unknown", "There is no such file.");
    try {
      statSync(file);
    } catch {
      throw new Refusal(404, "unknown", "There is no such file.");
    }
    serveFile(file, TYPES[path.extname(file)] ?? "application/octet-stream", request, reply, "no-cache");
  }

  letIn(request) {
    if (!this.token) return;
    const bearer = request.headers.authorization === `Bearer ${this.token}`;
    const cookie = (request.headers.cookie ?? "").includes(`storyreel=cookie-of-${this.token}`);
    if (!bearer && !cookie) throw new Refusal(401, "unauthorized", "The studio does not know this page.", "Open the link that the terminal shows.");
  }

  async api(url, request, reply) {
    this.letIn(request);
    const verb = url.pathname.slice("/api/".length);
    if (request.method === "POST") {
      if (request.headers["x-storyreel"] !== "1") throw new Refusal(403, "forbidden", "The header X-Storyreel is missing.");
      const body = JSON.parse(await text(request));
      this.posts.push({ verb, body });
      return this.post(verb, body, reply);
    }
    if (verb === "events") return this.stream(url, request, reply);
    return json(reply, 200, this.read(verb, url.searchParams));
  }

  read(verb, query) {
    switch (verb) {
      case "film": return this.film;
      case "graph": return this.graph;
      case "shot": return detail(this.film, this.graph, this.shot(query.get("id")), this.keep(query.get("id")));
      case "node": return this.node(Number(query.get("index")));
      case "versions": return { versions: this.versions() };
      case "changes": return { changes: this.changes() };
      default: throw new Refusal(404, "unknown", `There is no ${verb}.`);
    }
  }

  shot(id) {
    const index = this.film.shots.findIndex((shot) => shot.id === id);
    if (index < 0) throw new Refusal(404, "unknown", `There is no shot ${id}.`);
    return index;
  }

  keep(id) {
    if (!this.kept.has(id)) {
      const notes = this.film.shots[this.shot(id)].notes === 2
        ? [{ id: "n-a", frame: 31, text: "Gull crosses too fast here, try a longer lens.", at: "2026-03-01T10:12:00Z", done: false },
          { id: "n-b", frame: null, text: "Colour is right. Keep the fog.", at: "2026-03-01T10:20:00Z", done: false }]
        : [];
      this.kept.set(id, { seed: 7, take: 1, notes });
    }
    return this.kept.get(id);
  }

  node(index) {
    const { nodes, kinds } = this.graph;
    return {
      index, kind: kinds[nodes.kind[index]], label: nodes.label[index], step: "b3a1c5d09e77", device: "cpu:0", millis: 5200, bytes: 1843200,
      why: "camera: `static` -> `slow push in`", failure: null, parameters: [{ name: "crf", value: "18" }, { name: "preset", value: "medium" }],
    };
  }

  versions() {
    return [3, 2, 1].map((number) => ({
      number, at: `2026-03-0${number}T10:12:00Z`, film: `/media/version/${number}.mp4`, poster: `/media/poster/${number}.jpg`,
      rate: RATE, frames: VERSION_FRAMES, draft: number === 1,
    }));
  }

  changes() {
    const shots = this.film.shots;
    return [
      { shot: shots[2].id, kind: "changed", from_frame: shots[2].start, to_frame: shots[2].start, text: "seed: 7 -> 22" },
      { shot: shots[4].id, kind: "changed", from_frame: shots[4].start, to_frame: shots[4].start, text: "camera: `static` -> `slow push in`" },
      { shot: null, kind: "changed", from_frame: null, to_frame: null, text: "score: theme is 2 s longer" },
    ];
  }

  stream(url, request, reply) {
    const after = Number(request.headers["last-event-id"] ?? url.searchParams.get("after") ?? this.event);
    reply.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    reply.write("retry: 500\n\n");
    for (const line of this.past) if (line.id > after) write(reply, line);
    this.streams.add(reply);
    request.on("close", () => this.streams.delete(reply));
  }

  post(verb, body, reply) {
    const done = this[`do_${verb.replace("-", "_")}`];
    if (!done) throw new Refusal(404, "unknown", `There is no ${verb}.`);
    const answer = done.call(this, body);
    if (verb === "session") return this.session(reply);
    return answer === undefined ? reply.writeHead(204, HEADERS).end() : json(reply, 200, answer);
  }

  session(reply) {
    const cookie = this.token ? { "Set-Cookie": `storyreel=cookie-of-${this.token}; HttpOnly; SameSite=Strict; Path=/` } : {};
    reply.writeHead(204, { ...HEADERS, ...cookie }).end();
  }

  do_session() {}

  do_render() {
    if (this.film.stale) throw new Refusal(422, "mistake", "The storyboard has mistakes.", "Mend them; the last good film stays.");
    if (this.film.render.state === "running") throw new Refusal(409, "busy", "A render is running.", "Cancel it first.");
    this.patch({ render: { ...this.film.render, state: "running", done: 0, total: 12, work: 0, left_millis: 60000 } });
  }

  do_cancel() {
    this.patch({ render: { ...this.film.render, state: "idle", left_millis: null, running: [] } });
  }

  do_draft({ draft }) {
    this.film.draft = draft;
    this.replace(this.film);
  }

  do_approve({ shot, approved }) {
    this.patch({ shots: [{ id: this.film.shots[this.shot(shot)].id, approved }] });
    this.send("shot", { id: shot });
  }

  do_reroll({ shot }) {
    const index = this.shot(shot);
    this.keep(shot).seed += 1;
    this.patch({ shots: [{ id: shot, state: "waiting", progress: 0 }] });
    this.send("shot", { id: this.film.shots[index].id });
  }

  do_take({ shot, candidate }) {
    this.shot(shot);
    this.keep(shot).take = candidate;
    this.send("shot", { id: shot });
  }

  do_note({ shot, frame, text: words }) {
    const note = { id: `n${(this.noted += 1)}`, frame, text: words, at: "2026-03-02T09:00:00Z", done: false };
    this.keep(shot).notes.push(note);
    this.counted(shot);
    return note;
  }

  do_note_done({ shot, note, done }) {
    this.keep(shot).notes.find((one) => one.id === note).done = done;
    this.counted(shot);
  }

  do_note_remove({ shot, note }) {
    const kept = this.keep(shot);
    kept.notes = kept.notes.filter((one) => one.id !== note);
    this.counted(shot);
  }

  do_open() {}

  counted(shot) {
    this.patch({ shots: [{ id: shot, notes: this.keep(shot).notes.filter((note) => !note.done).length }] });
    this.send("shot", { id: shot });
  }

  mediaFile(url, request, reply) {
    this.letIn(request);
    const [, , kind, name] = url.pathname.split("/");
    const stem = path.parse(name).name;
    if (kind === "peaks") {
      const [frames, which] = stem.split("-").map(Number);
      reply.writeHead(200, { ...HEADERS, "Content-Type": "application/octet-stream" }).end(peaks(frames, which));
      return;
    }
    const { clips, posters, takes, head, between, tail, others, mix, versions } = this.media;
    const named = { head, between, tail, other: others };
    const file = { clip: named[stem] ?? clips[stem], poster: posters[stem], take: takes[stem], sound: mix, version: versions[stem - 1] }[kind];
    if (!file) throw new Refusal(404, "unknown", "There is no such file.");
    const type = { clip: "video/mp4", poster: "image/jpeg", take: "image/jpeg", sound: "audio/mp4", version: "video/mp4" }[kind];
    serveFile(file, type, request, reply, "private, max-age=31536000, immutable");
  }
}

function write(stream, { id, kind, data }) {
  stream.write(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}

function json(reply, status, value) {
  reply.writeHead(status, { ...HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" }).end(JSON.stringify(value));
}

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function serveFile(file, type, request, reply, cache) {
  const { size } = statSync(file);
  const headers = { ...HEADERS, "Content-Type": type, "Cache-Control": cache, "Accept-Ranges": "bytes" };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) {
    reply.writeHead(200, { ...headers, "Content-Length": size }).end(readFileSync(file));
    return;
  }
  const first = Number(range[1]);
  const last = range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  reply.writeHead(206, { ...headers, "Content-Length": last - first + 1, "Content-Range": `bytes ${first}-${last}/${size}` });
  createReadStream(file, { start: first, end: last }).on("error", () => reply.destroy()).pipe(reply);
}

/** A render that goes on by itself, for looking at the page. */
function goOn(mock) {
  setInterval(() => {
    const running = mock.film.shots.findIndex((shot) => shot.state === "running");
    const next = running >= 0 ? running : mock.film.shots.findIndex((shot) => shot.state === "ready" || shot.state === "waiting");
    if (next < 0) return;
    const progress = mock.film.shots[next].progress + 0.05;
    if (progress >= 1) mock.finish(next);
    else mock.advance(next, progress);
    const work = mock.film.shots.reduce((sum, shot) => sum + shot.progress, 0) / mock.film.shots.length;
    mock.patch({ render: { ...mock.film.render, state: work < 1 ? "running" : "idle", work, left_millis: (1 - work) * 90000 } });
  }, 250);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
  const has = (name) => process.argv.includes(`--${name}`);
  const mock = await start({ film: has("film") ? option("film") : "twelve", port: has("port") ? Number(option("port")) : 8123, token: has("token") ? option("token") : null });
  if (has("live")) goOn(mock);
  console.log(`Invented films for work on the page: ${mock.url}`);
}
