// The contact sheet: a grid of all shots, of which only those in sight exist as elements. What always holds: scrolling
// reuses elements, and a live change touches only the cells that show it.

import { h, fill, icon, onceAFrame } from "./dom.js";
import { STATE_NAMES } from "./film.js";
import { STATE_COLORS } from "./colors.js";
import { length } from "./time.js";

const GAP = 12;
const EDGE = 16;
const TEXT = 56;
/** Rows kept above and below what is seen. */
const MARGIN = 2;
const WIDTHS = { small: 150, medium: 218, large: 320 };

export class Sheet {
  constructor(root, film, player) {
    Object.assign(this, { root, film, player, cells: new Map(), spare: [], selected: 0, least: WIDTHS.medium, only: "all", shown: [] });
    this.redraw = onceAFrame(() => this.draw());
    this.field = h("div", { class: "sheet-field" });
    this.scroller = h("div", { class: "scroller", role: "grid", tabindex: "0", "aria-label": "Contact sheet" }, this.field);
    root.append(this.bar(), this.scroller);
    this.scroller.addEventListener("scroll", this.redraw, { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("click", (event) => this.pick(event));
    this.field.addEventListener("dblclick", (event) => event.target.closest(".cell") && root.dispatchEvent(new CustomEvent("open-film", { bubbles: true })));
    new ResizeObserver(() => this.lay()).observe(this.scroller);
    film.on("film", () => this.filter());
    film.on("shots", (parts) => this.changed(parts));
  }

  bar() {
    this.count = h("span", { class: "number" });
    const choice = (label, options, act) => h("label", {}, label, h("select", { onchange: (event) => act(event.target.value) },
      options.map(([value, text, on]) => h("option", { value, selected: on }, text))));
    return h("div", { class: "view-bar" }, h("h2", {}, "Contact sheet"), this.count, h("span", { class: "space" }),
      choice("Show", [["all", "all shots"], ["open", "not approved"], ["approved", "approved"], ["noted", "with notes"], ["unready", "not ready"], ["failed", "failed"]], (value) => this.filter(value)),
      choice("Size", [["small", "small"], ["medium", "medium", true], ["large", "large"]], (value) => {
        this.least = WIDTHS[value];
        this.lay();
      }));
  }

  filter(only = this.only) {
    this.only = only;
    const ready = (shot) => shot.state === "done" || shot.state === "reused";
    const wanted = {
      all: () => true, open: (shot) => !shot.approved, approved: (shot) => shot.approved, noted: (shot) => shot.notes > 0,
      unready: (shot) => !ready(shot), failed: (shot) => shot.state === "failed",
    }[only];
    this.shown = this.film.shots.map((_, i) => i).filter((i) => wanted(this.film.shots[i]));
    this.place = new Map(this.shown.map((shot, i) => [shot, i]));
    const all = this.film.shots.length;
    this.count.textContent = this.shown.length === all ? `${all.toLocaleString()} shots` : `${this.shown.length.toLocaleString()} of ${all.toLocaleString()} shots`;
    this.clear();
    this.lay();
  }

  clear() {
    for (const cell of this.cells.values()) cell.element.remove();
    this.cells.clear();
    this.spare = [];
  }

  lay() {
    if (this.root.hidden || !this.film.data) return;
    const width = this.scroller.clientWidth - 2 * EDGE;
    const [across, down] = this.film.data.size;
    this.columns = Math.max(1, Math.floor((width + GAP) / (this.least + GAP)));
    this.width = Math.floor((width - GAP * (this.columns - 1)) / this.columns);
    this.picture = Math.round((this.width * down) / across);
    this.row = this.picture + TEXT + GAP;
    const rows = Math.ceil(this.shown.length / this.columns);
    this.field.style.height = `${rows * this.row + 2 * EDGE}px`;
    this.scroller.setAttribute("aria-rowcount", String(rows));
    this.scroller.setAttribute("aria-colcount", String(this.columns));
    this.laid = (this.laid ?? 0) + 1;
    this.redraw();
  }

  /** Called when the view comes into sight. */
  enter() {
    this.lay();
    this.reveal();
    this.scroller.focus({ preventScroll: true });
  }

  draw() {
    if (this.root.hidden || !this.columns) return;
    const first = Math.max(0, Math.floor((this.scroller.scrollTop - EDGE) / this.row) - MARGIN) * this.columns;
    const rows = Math.ceil(this.scroller.clientHeight / this.row) + 2 * MARGIN + 1;
    const end = Math.min(this.shown.length, first + rows * this.columns);
    for (const [at, cell] of this.cells) {
      if (at < first || at >= end) {
        this.cells.delete(at);
        this.spare.push(cell);
      }
    }
    for (let at = first; at < end; at += 1) this.cell(at);
    for (const cell of this.spare) cell.element.style.transform = "translateY(-9999px)";
  }

  cell(at) {
    let cell = this.cells.get(at);
    if (!cell) {
      cell = this.spare.pop() ?? this.build();
      cell.mark = null;
      this.cells.set(at, cell);
    }
    if (cell.laid !== this.laid || cell.at !== at) this.put(cell, at);
    this.show(cell, this.shown[at]);
  }

  build() {
    const parts = {
      picture: h("img", { alt: "", decoding: "async" }), state: h("span", { class: "cell-state" }), marks: h("span", { class: "cell-marks" }), bar: h("i", { class: "cell-bar" }),
      name: h("span", { class: "cell-name" }), time: h("span", { class: "cell-time" }), swatch: h("i", { class: "swatch" }), line: h("span"), span: h("span", { class: "cell-time" }),
    };
    parts.face = h("div", { class: "cell-picture" }, parts.picture, parts.state, parts.marks, parts.bar);
    const element = h("div", { class: "cell", role: "gridcell" }, parts.face,
      h("div", { class: "cell-text" }, parts.name, parts.span, h("span", { class: "cell-line" }, parts.swatch, parts.line), parts.time));
    this.field.append(element);
    return { element, ...parts };
  }

  put(cell, at) {
    const [row, column] = [Math.floor(at / this.columns), at % this.columns];
    Object.assign(cell, { at, laid: this.laid });
    cell.element.style.transform = `translate(${EDGE + column * (this.width + GAP)}px, ${EDGE + row * this.row}px)`;
    cell.element.style.width = `${this.width}px`;
    cell.element.style.height = `${this.picture + TEXT}px`;
    cell.face.style.height = `${this.picture}px`;
    cell.element.id = `cell-${at}`;
    cell.element.setAttribute("aria-rowindex", String(row + 1));
    cell.element.setAttribute("aria-colindex", String(column + 1));
  }

  show(cell, index) {
    const shot = this.film.shots[index];
    const mark = `${index}|${shot.state}|${shot.progress}|${shot.poster}|${shot.approved}|${shot.notes}|${index === this.selected}`;
    if (mark === cell.mark) return;
    cell.mark = mark;
    const ready = shot.state === "done" || shot.state === "reused";
    cell.element.setAttribute("aria-selected", String(index === this.selected));
    cell.element.setAttribute("aria-label", `${this.film.sceneOf(shot)} / ${shot.name}, ${STATE_NAMES[shot.state]}${shot.approved ? ", approved" : ""}`);
    cell.picture.hidden = !shot.poster;
    if (shot.poster && cell.picture.getAttribute("src") !== shot.poster) cell.picture.src = shot.poster;
    cell.picture.dataset.dim = String(!ready);
    cell.state.textContent = ready ? "" : shot.state === "running" ? `${Math.round(shot.progress * 100)} %` : shot.poster ? "" : STATE_NAMES[shot.state];
    cell.bar.style.background = shot.state === "running" ? STATE_COLORS.running : "transparent";
    cell.bar.style.width = `${shot.progress * 100}%`;
    cell.name.textContent = shot.name;
    cell.span.textContent = length(this.film.rate.seconds(shot.length));
    cell.time.textContent = this.film.timecode.of(shot.start);
    cell.swatch.dataset.state = shot.state;
    cell.line.textContent = STATE_NAMES[shot.state];
    fill(cell.marks, shot.notes ? h("span", { class: "mark", title: "Open notes" }, String(shot.notes)) : null,
      shot.approved ? h("span", { class: "mark approved", title: "Approved" }, icon("check")) : null);
  }

  changed(parts) {
    if (this.only !== "all") return this.filter();
    return parts.length ? this.redraw() : undefined;
  }

  select(index) {
    this.selected = index;
    const at = this.place?.get(index);
    if (at !== undefined) this.scroller.setAttribute("aria-activedescendant", `cell-${at}`);
    this.redraw();
  }

  /** Scrolls to the selected shot where it is out of sight. */
  reveal() {
    const at = this.place?.get(this.selected);
    if (at === undefined || !this.columns) return;
    const top = EDGE + Math.floor(at / this.columns) * this.row;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top - GAP;
    else if (top + this.row > scrollTop + clientHeight) this.scroller.scrollTop = top + this.row - clientHeight + GAP;
  }

  pick(event) {
    const cell = event.target.closest(".cell");
    if (!cell) return;
    this.go(Number(cell.id.slice("cell-".length)));
  }

  go(at) {
    const index = this.shown[Math.max(0, Math.min(this.shown.length - 1, at))];
    if (index !== undefined) this.player.seek(this.film.shots[index].start);
    this.reveal();
  }

  /** Arrows go from shot to shot here. */
  key(event) {
    const at = this.place.get(this.selected) ?? 0;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.row)) * this.columns;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, PageUp: -page, PageDown: page }[event.key];
    if (event.key === "Enter") this.root.dispatchEvent(new CustomEvent("open-film", { bubbles: true }));
    else if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    else this.go(at + by);
    event.preventDefault();
    event.stopPropagation();
  }
}
