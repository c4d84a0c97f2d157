// The graph view: the selected shot's nodes, or the film as a map; takes hands, shows what a node is. What always holds:
// states come live, and the camera stays where it was put until another graph is shown.

import { Refused, read } from "../api.js";
import { h, fill, fit, iconButton, onceAFrame } from "../dom.js";
import { STATE_NAMES } from "../film.js";
import { drawFilm, drawShot } from "./draw.js";
import { layoutFilm, layoutShot } from "./layout.js";
import { Graph } from "./model.js";

export class GraphView {
  constructor(root, film, player) {
    Object.assign(this, { root, film, player, graph: null, whole: false, shot: 0, marked: null, camera: { x: 0, y: 0, scale: 1 } });
    this.redraw = onceAFrame(() => this.draw());
    this.canvas = h("canvas", { tabindex: "0", role: "img" });
    this.list = h("ul", { class: "unseen", "aria-label": "Nodes of the selected shot" });
    this.card = h("aside", { class: "node-card", "aria-label": "Node", hidden: true });
    this.note = h("div", { class: "message" }, "Reading the graph");
    this.field = h("div", { class: "graph-field" }, this.canvas, this.list, this.note, this.card);
    root.append(this.bar(), this.field);
    this.listen();
  }

  bar() {
    this.title = h("h2", {}, "Graph");
    this.counts = h("span", { class: "number" });
    this.shotButton = h("button", { type: "button", "aria-pressed": "true", onclick: () => this.show(false) }, "Selected shot");
    this.filmButton = h("button", { type: "button", "aria-pressed": "false", onclick: () => this.show(true) }, "Whole film");
    return h("div", { class: "view-bar" }, this.title, this.counts, h("span", { class: "space" }), this.shotButton, this.filmButton,
      iconButton("less", "Zoom out", null, () => this.zoom(1 / 1.4)), iconButton("more", "Zoom in", null, () => this.zoom(1.4)),
      h("button", { type: "button", class: "plain", onclick: () => this.fit() }, "Fit"));
  }

  listen() {
    const { canvas } = this;
    new ResizeObserver(() => this.open && this.lay()).observe(this.field);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    this.film.on("film", () => this.load());
    document.fonts?.ready.then(this.redraw);
  }

  get open() {
    return !this.root.hidden;
  }

  /** Reads the graph where it is seen and not of this revision. */
  async load() {
    if (!this.open || !this.film.data || this.graph?.revision === this.film.data.revision) return;
    try {
      this.graph = new Graph(await read("/api/graph"));
      this.note.hidden = true;
      this.marked = null;
      this.card.hidden = true;
      this.lay();
    } catch (error) {
      this.note.hidden = false;
      this.note.textContent = error instanceof Refused ? error.message : String(error);
    }
  }

  /** Takes an event. */
  change(data) {
    if (this.graph?.change(data) && this.open) this.refresh();
    else if (this.graph && data.revision !== this.graph.revision && this.open) this.load();
  }

  refresh() {
    this.redraw();
    this.count();
    this.describe();
  }

  select(index) {
    if (index === this.shot) return;
    this.shot = index;
    if (!this.graph || !this.open) return;
    if (this.whole) this.refresh();
    else this.lay();
  }

  show(whole) {
    this.whole = whole;
    this.marked = null;
    this.card.hidden = true;
    this.shotButton.setAttribute("aria-pressed", String(!whole));
    this.filmButton.setAttribute("aria-pressed", String(whole));
    this.lay();
  }

  /** Called when the view comes into sight. */
  enter() {
    this.load();
    if (this.graph) this.lay();
  }

  lay() {
    if (!this.graph) return;
    const { clientWidth: width, clientHeight: height } = this.field;
    this.layout = this.whole ? layoutFilm(this.graph, this.film, width / Math.max(1, height)) : layoutShot(this.graph, this.shot, width - 80);
    this.fit();
    this.count();
    this.describe();
  }

  fit() {
    if (!this.layout) return;
    const { clientWidth: width, clientHeight: height } = this.field;
    const room = this.whole ? 24 : 40;
    const scale = Math.min((width - 2 * room) / this.layout.width, (height - 2 * room) / this.layout.height, this.whole ? 4 : 1.25);
    this.camera = { scale, x: (width - this.layout.width * scale) / 2, y: (height - this.layout.height * scale) / 2 };
    this.redraw();
  }

  draw() {
    if (!this.layout || !this.open) return;
    const view = { graph: this.graph, layout: this.layout, camera: this.camera, shot: this.shot, marked: this.marked };
    (this.whole ? drawFilm : drawShot)(fit(this.canvas), view);
  }

  count() {
    const counts = new Map();
    for (const state of this.graph.nodes.state) counts.set(state, (counts.get(state) ?? 0) + 1);
    const words = [...counts].sort((a, b) => a[0] - b[0]).map(([state, count]) => `${count.toLocaleString()} ${STATE_NAMES[this.graph.states[state]].toLowerCase()}`);
    this.counts.textContent = `${this.graph.count.toLocaleString()} nodes: ${words.join(", ")}`;
    this.canvas.setAttribute("aria-label", `Graph, ${this.counts.textContent}. The list that follows has the selected shot's nodes.`);
  }

  describe() {
    const nodes = this.graph.byShot.get(this.shot) ?? [];
    const focused = [...this.list.children].findIndex((item) => item.contains(document.activeElement));
    fill(this.list, nodes.map((node) => h("li", {},
      h("button", { type: "button", onclick: () => this.mark(node) }, `${this.graph.kind(node)}, ${STATE_NAMES[this.graph.state(node)]}`))));
    if (focused >= 0) this.list.children[focused]?.firstChild.focus();
  }

  // ---- hands

  zoom(factor, x = this.field.clientWidth / 2, y = this.field.clientHeight / 2) {
    const { camera } = this;
    const scale = Math.max(0.05, Math.min(12, camera.scale * factor));
    const by = scale / camera.scale;
    this.camera = { scale, x: x - (x - camera.x) * by, y: y - (y - camera.y) * by };
    this.redraw();
  }

  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    this.zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0016)), event.offsetX, event.offsetY);
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.grip = { x: event.clientX, y: event.clientY, camera: this.camera, moved: false };
  }

  move(event) {
    if (this.grip) {
      const [x, y] = [event.clientX - this.grip.x, event.clientY - this.grip.y];
      if (Math.abs(x) + Math.abs(y) > 4) this.grip.moved = true;
      if (this.grip.moved) this.camera = { ...this.grip.camera, x: this.grip.camera.x + x, y: this.grip.camera.y + y };
      this.redraw();
      return;
    }
    const node = this.nodeAt(event.offsetX, event.offsetY);
    const words = node === null ? "" : `${this.graph.kind(node)} of ${this.graph.nodes.label[node]}: ${STATE_NAMES[this.graph.state(node)]}`;
    if (this.canvas.title !== words) this.canvas.title = words;
  }

  release(event) {
    const clicked = this.grip && !this.grip.moved;
    this.grip = null;
    if (!clicked) return;
    const node = this.nodeAt(event.offsetX, event.offsetY);
    this.mark(node);
    const shot = node === null ? -1 : this.graph.nodes.shot[node];
    if (this.whole && shot >= 0 && shot !== this.shot) this.player.seek(this.film.shots[shot].start);
  }

  nodeAt(px, py) {
    if (!this.layout) return null;
    const [x, y] = [(px - this.camera.x) / this.camera.scale, (py - this.camera.y) / this.camera.scale];
    const { width, height } = this.layout.box;
    const inside = (node) => x >= this.layout.x(node) && x < this.layout.x(node) + width && y >= this.layout.y(node) && y < this.layout.y(node) + height;
    if (!this.whole) return this.layout.nodes.find(inside) ?? null;
    for (let node = 0; node < this.graph.count; node += 1) if (inside(node)) return node;
    return null;
  }

  /** Shows what a node is. */
  async mark(node) {
    this.marked = node;
    this.redraw();
    this.card.hidden = node === null;
    if (node === null) return;
    fill(this.card, this.cardHead(node), h("p", { class: "soft" }, "Reading"));
    try {
      const told = await read(`/api/node?index=${node}&revision=${this.graph.revision}`);
      if (this.marked === node) this.fillCard(node, told);
    } catch (error) {
      if (this.marked === node) fill(this.card, this.cardHead(node), h("p", {}, error.message));
    }
  }

  cardHead(node) {
    return h("header", {}, h("h3", {}, `${this.graph.kind(node)} of ${this.graph.nodes.label[node]}`), iconButton("close", "Close", null, () => this.mark(null)));
  }

  fillCard(node, told) {
    const fact = (name, value) => (value === null || value === undefined ? [] : [h("dt", {}, name), h("dd", {}, String(value))]);
    fill(this.card, this.cardHead(node),
      h("dl", { class: "facts" },
        fact("State", STATE_NAMES[this.graph.state(node)]), fact("Device", told.device),
        fact("Took", told.millis === null ? null : `${(told.millis / 1000).toFixed(1)} s`), fact("Size", told.bytes === null ? null : `${(told.bytes / 1e6).toFixed(1)} MB`),
        fact("Step", told.step), told.parameters.map((one) => fact(one.name, one.value)), fact("Why", told.why), fact("Failure", told.failure?.message), fact("Help", told.failure?.help)));
  }
}
