// The studio: brings its parts together. What always holds: the selected shot is the one under the playhead, and an event
// from the server changes what it names and nothing else: selection, scroll and playing stay.

import { post, read, session } from "./api.js";
import { Diagnostics } from "./diagnostics.js";
import { h, fill } from "./dom.js";
import { Film } from "./film.js";
import { GraphView } from "./graph/graph.js";
import { Inspector } from "./inspector.js";
import { Keys } from "./keys.js";
import { Live } from "./live.js";
import { Player } from "./player/player.js";
import { Search } from "./search.js";
import { Sheet } from "./sheet.js";
import { Timeline } from "./timeline/timeline.js";
import { Topbar } from "./topbar.js";
import { Versions } from "./versions.js";
import { Viewer } from "./viewer.js";

const VIEWS = ["film", "sheet", "graph", "versions"];
/** How long a shot is under the running playhead before its details are read, in milliseconds. */
const LINGER = 160;
const byId = (id) => document.getElementById(id);

class Studio {
  constructor() {
    this.film = new Film();
    this.view = "film";
    this.act = this.acts();
    this.viewer = new Viewer(byId("view-film"), this.film);
    this.player = new Player(this.film, this.viewer.video, this.viewer.audio);
    this.viewer.attach(this.player);
    this.topbar = new Topbar(byId("topbar"), this.film, this.act);
    this.diagnostics = new Diagnostics(byId("diagnostics"), this.film, this.act);
    this.inspector = new Inspector(byId("inspector"), this.film, this.player, this.act);
    this.timeline = new Timeline(byId("timeline"), this.film, this.player);
    this.sheet = new Sheet(byId("view-sheet"), this.film, this.player);
    this.graph = new GraphView(byId("view-graph"), this.film, this.player);
    this.versions = new Versions(byId("view-versions"), this.film);
    this.search = new Search(this.film, (index) => this.go(index));
    this.keys = new Keys(this);
    this.listen();
    this.show("film");
  }

  listen() {
    this.player.addEventListener("frame", () => this.chosen());
    this.player.addEventListener("state", () => this.chosen());
    document.addEventListener("fault", ({ detail }) => this.say(detail, true));
    document.addEventListener("open-film", () => this.show("film"));
    const divider = byId("divider");
    divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
    divider.addEventListener("pointermove", (event) => divider.hasPointerCapture(event.pointerId) && this.divide(innerHeight - event.clientY));
    divider.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 16, ArrowDown: -16 }[event.key];
      if (by) this.divide(byId("timeline").clientHeight + by);
    });
  }

  divide(height) {
    const most = innerHeight * 0.6;
    document.documentElement.style.setProperty("--timeline", `${Math.round(Math.max(150, Math.min(most, height)))}px`);
  }

  // ---- the server

  async start() {
    try {
      await session();
      this.film.load(await read("/api/film"));
    } catch (error) {
      this.alone(error);
      if (error.code === "gone") setTimeout(() => this.start(), 1000);
      return;
    }
    byId("alone")?.remove();
    this.player.load(0);
    this.select(this.film.shotAt(0));
    this.live = new Live({ after: this.film.data.event, told: (kind, data) => this.told(kind, data), state: (state) => this.line(state), welcome: session });
    performance.mark("interactive");
  }

  alone({ message, help }) {
    byId("alone")?.remove();
    document.body.append(h("div", { class: "alone", id: "alone", role: "alert" }, h("div", { class: "message" }, h("h2", {}, message), help ? h("p", {}, help) : null)));
  }

  told(kind, data) {
    if (kind === "patch") this.patch(data);
    else if (kind === "nodes") this.graph.change(data);
    else if (kind === "shot" && data.id === this.inspector.id) this.inspector.show(data.id);
    else if (kind === "film") this.again();
    else if (kind === "versions" && this.view === "versions") this.versions.load();
  }

  patch(data) {
    this.film.patch(data);
    if (data.segments) this.player.reel.load();
    if (data.sound !== undefined) this.player.loadSound();
    if (data.shots?.some((part) => part.id === this.inspector.id && part.state)) this.inspector.show(this.inspector.id);
  }

  /** All anew. The playhead stays in its shot, at the same frame of it, where the shot is still there. */
  async again() {
    const shot = this.film.shots[this.film.shotAt(this.player.frame)];
    const before = { playing: this.player.playing, speed: this.player.speed, loop: this.player.loop };
    let data;
    try {
      data = await read("/api/film");
    } catch (error) {
      return this.refused(error);
    }
    const local = this.player.frame - (shot?.start ?? 0);
    this.film.load(data);
    const same = shot && this.film.shotById(shot.id);
    const frame = same ? same.start + Math.min(local, Math.max(0, same.length - 1)) : Math.min(this.player.frame, this.film.frames - 1);
    this.player.load(frame);
    if (before.loop && before.loop[1] <= this.film.frames) this.player.loop = before.loop;
    this.player.tell("state");
    return this.select(this.film.shotAt(this.player.frame));
  }

  line(state) {
    this.topbar.line(state);
    if (state === "gone" && this.lineWas === "live") this.announce("The server is gone");
    if (state === "live" && this.lineWas === "gone") this.announce("The server is back");
    this.lineWas = state;
  }

  // ---- the selected shot

  chosen() {
    if (!this.film.data) return;
    const index = this.film.shotAt(this.player.frame);
    if (index === this.index) return;
    clearTimeout(this.lingering);
    this.index = index;
    this.sheet.select(index);
    this.graph.select(index);
    this.timeline.select(index);
    const id = this.film.shots[index]?.id;
    this.lingering = setTimeout(() => this.inspector.show(id), this.player.playing ? LINGER : 30);
    if (!this.player.playing) this.timeline.reveal();
  }

  select(index) {
    this.index = index;
    const shot = this.film.shots[index];
    this.sheet.select(index);
    this.graph.select(index);
    this.timeline.select(index);
    if (shot) this.inspector.show(shot.id);
  }

  /** To a shot's first frame, wherever it is. */
  go(index) {
    this.player.seek(this.film.shots[index].start);
    this.timeline.reveal();
    this.sheet.reveal();
    const shot = this.film.shots[index];
    this.announce(`${this.film.sceneOf(shot)} / ${shot.name}`);
  }

  /** The previous or the next shot; in the middle of a shot the previous is its own start. */
  neighbour(by) {
    const { film, player } = this;
    const index = film.shotAt(player.frame);
    if (by < 0 && player.frame > film.shots[index].start) return this.go(index);
    const next = index + by;
    return next >= 0 && next < film.shots.length ? this.go(next) : undefined;
  }

  /** What the keys of playing act on. */
  transport() {
    return this.view === "versions" ? this.versions.pair : this.player;
  }

  /** Frames in a second of timecode. */
  second() {
    return this.film.rate.nominal;
  }

  // ---- what hands ask for

  acts() {
    return {
      view: (view) => this.show(view),
      diagnostics: () => this.diagnostics.toggle(),
      docked: (open) => this.topbar?.diagnosticsButton.setAttribute("aria-expanded", String(open)),
      post: (verb, body) => this.post(verb, body),
      refused: (error) => this.refused(error),
      say: (words) => this.say(words),
      approve: () => this.onShot((shot) => this.post("approve", { shot: shot.id, approved: !shot.approved }), (shot) => (shot.approved ? "Approval taken back" : "Approved")),
      reroll: () => this.onShot((shot) => this.post("reroll", { shot: shot.id }), () => "Seed re-rolled"),
      take: (number) => this.take(number),
    };
  }

  async onShot(act, words) {
    const shot = this.film.shots[this.film.shotAt(this.player.frame)];
    if (!shot) return;
    const told = `${words(shot)}: ${shot.name}`;
    if (await act(shot)) this.announce(told);
  }

  take(number) {
    const { detail, id } = this.inspector;
    if (!detail || detail.id !== id) return;
    if (number > detail.candidates.length) this.say(detail.candidates.length > 1 ? `This shot has ${detail.candidates.length} takes.` : "This shot has one take.");
    else if (number !== detail.take) this.post("take", { shot: id, candidate: number });
  }

  /** True where the server took it. */
  async post(verb, body) {
    try {
      await post(verb, body);
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }

  refused(error) {
    this.say(error.message, true, error.help);
  }

  show(view) {
    const before = this.view;
    this.view = view;
    for (const one of VIEWS) byId(`view-${one}`).hidden = one !== view;
    document.body.dataset.view = view;
    this.topbar.show(view);
    if (view === "versions") this.player.pause();
    if (before === "versions" && view !== "versions") this.versions.leave();
    if (view === "film") this.viewer.fitScreen();
    else if (this.film.data) this[view].enter();
  }

  // ---- words

  announce(words) {
    byId("said").textContent = words;
  }

  say(words, bad = false, help = null) {
    const toasts = byId("toasts");
    if ([...toasts.children].some((one) => one.firstChild.textContent === words)) return;
    const toast = h("div", { class: bad ? "toast bad" : "toast" }, h("p", {}, words), help ? h("p", { class: "help" }, help) : null);
    toasts.append(toast);
    setTimeout(() => toast.remove(), bad ? 7000 : 3000);
    if (toasts.children.length > 4) fill(toasts, [...toasts.children].slice(-4));
  }
}

/** The one studio of this page. */
export const studio = new Studio();
studio.start();
