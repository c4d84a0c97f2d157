// The timeline: takes hands and keys, draws when something changed. What always holds: one drawing a picture of the
// screen at most, and the playhead moves without any.

import { h, fill, fit, iconButton, onceAFrame } from "../dom.js";
import { STATE_NAMES, stateText } from "../film.js";
import { Posters } from "../posters.js";
import { NAMES, RULER, STRIP, draw, paintStrip, rows } from "./draw.js";
import { Scale } from "./scale.js";
import { Waves } from "./wave.js";

/** Shots on either side of the playhead that the list for screen readers has. */
const LISTED = 12;

export class Timeline {
  constructor(root, film, player) {
    Object.assign(this, { root, film, player, scale: new Scale(), selected: 0 });
    this.redraw = onceAFrame(() => this.draw());
    this.posters = new Posters(this.redraw);
    this.waves = new Waves(this.redraw);
    this.canvas = h("canvas", { tabindex: "0", role: "slider", "aria-label": "Playhead", "aria-valuemin": "0" });
    this.head = h("div", { class: "playhead" });
    this.list = h("ul", { class: "unseen", "aria-label": "Shots around the playhead" });
    this.field = h("div", { class: "timeline-field" }, this.canvas, this.head, this.list);
    root.append(this.bar(), this.field);
    this.listen();
  }

  bar() {
    const states = ["waiting", "ready", "running", "done", "reused", "failed"];
    this.summary = h("span", { class: "number" });
    this.zoomer = h("input", { type: "range", min: "0", max: "1000", "aria-label": "Zoom of the timeline", oninput: () => this.zoomTo() });
    return h("div", { class: "timeline-bar" }, this.summary,
      h("div", { class: "legend", "aria-hidden": "true" }, states.map((state) => h("span", {}, h("i", { class: "swatch", "data-state": state }), STATE_NAMES[state]))),
      h("span", { class: "space" }),
      h("button", { type: "button", class: "plain", title: "Show the whole film (Shift+Z)", onclick: () => this.showAll() }, "Fit"),
      iconButton("less", "Zoom out", "−", () => this.zoom(1 / 1.5)), this.zoomer, iconButton("more", "Zoom in", "+", () => this.zoom(1.5)));
  }

  listen() {
    const { film, player, canvas } = this;
    film.on("film", () => this.refit());
    film.on("shots more sound", () => {
      this.stripKept = null;
      this.redraw();
    });
    player.addEventListener("frame", () => this.moveHead());
    player.addEventListener("state", this.redraw);
    new ResizeObserver(() => this.refit()).observe(this.field);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    canvas.addEventListener("pointerup", () => this.release());
    canvas.addEventListener("pointercancel", () => this.release());
  }

  refit() {
    if (!this.film.data) return;
    this.stripKept = null;
    this.scale.fit(this.film.frames, this.field.clientWidth - NAMES);
    this.rows = rows(this.film, this.field.clientHeight);
    this.canvas.setAttribute("aria-valuemax", String(Math.max(0, this.film.frames - 1)));
    this.summary.textContent = `${this.film.shots.length.toLocaleString()} shots`;
    this.select(this.film.shotAt(this.player.frame));
    this.moveHead();
    this.redraw();
  }

  draw() {
    if (!this.film.data || !this.rows) return;
    const { film, scale, posters, waves, selected } = this;
    const strip = (width) => {
      if (!this.stripKept || this.stripKept.width !== Math.floor(width)) this.stripKept = paintStrip(film, width);
      return this.stripKept;
    };
    draw(fit(this.canvas), { film, scale, posters, waves, selected, rows: this.rows, loop: this.player.loop, strip });
    this.drawHead();
    const most = Math.log(24 / scale.smallest());
    this.zoomer.value = String(most > 0 ? (1000 * Math.log(scale.perFrame / scale.smallest())) / most : 0);
  }

  // ---- the playhead

  moveHead() {
    if (!this.film.data) return;
    const frame = this.player.frame;
    if (this.player.playing && !this.hand && this.scale.reveal(frame)) this.redraw();
    this.drawHead();
  }

  drawHead() {
    const x = this.scale.x(this.player.frame + 0.5);
    this.head.hidden = x < 0 || x > this.scale.width;
    this.head.style.transform = `translateX(${Math.round(NAMES + x)}px)`;
  }

  /** The selected shot: an index. */
  select(index) {
    this.selected = index;
    this.describe();
    this.redraw();
  }

  /** Scrolls to the playhead where it is out of sight. */
  reveal() {
    if (this.scale.reveal(this.player.frame)) this.redraw();
    this.drawHead();
  }

  describe() {
    const { film, player } = this;
    const shot = film.shots[this.selected];
    this.canvas.setAttribute("aria-valuenow", String(player.frame));
    this.canvas.setAttribute("aria-valuetext", `${film.timecode.of(player.frame)}${shot ? `, ${film.sceneOf(shot)} / ${shot.name}, ${stateText(shot)}` : ""}`);
    const from = Math.max(0, this.selected - LISTED);
    fill(this.list, film.shots.slice(from, this.selected + LISTED + 1).map((one) => h("li", {},
      h("button", { type: "button", tabindex: "-1", "aria-current": one === shot ? "true" : null, onclick: () => player.seek(one.start) },
        `${film.sceneOf(one)} / ${one.name}, ${film.timecode.of(one.start)}, ${stateText(one)}${one.approved ? ", approved" : ""}`))));
  }

  // ---- zoom and scroll

  zoom(factor, x = this.scale.x(this.player.frame)) {
    this.scale.zoom(factor, x >= 0 && x <= this.scale.width ? x : this.scale.width / 2);
    this.redraw();
  }

  zoomTo() {
    const most = Math.log(24 / this.scale.smallest());
    const wanted = this.scale.smallest() * Math.exp((most * Number(this.zoomer.value)) / 1000);
    this.zoom(wanted / this.scale.perFrame);
  }

  showAll() {
    this.scale.showAll();
    this.redraw();
  }

  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? this.scale.width : 1;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      this.scale.zoom(Math.exp(-event.deltaY * unit * 0.004), event.offsetX - NAMES);
    } else {
      this.scale.scroll((event.deltaX + event.deltaY) * unit);
    }
    this.redraw();
  }

  // ---- hands

  press(event) {
    if (event.button !== 0 || !this.film.data) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const height = this.field.clientHeight;
    if (event.offsetY >= height - STRIP) this.hand = "strip";
    else if (event.offsetX < NAMES) return;
    else this.hand = event.offsetY < RULER ? "scrub" : "shots";
    if (this.hand === "shots") this.pick(event);
    else this.drag(event);
  }

  /** On a shot: its first frame, or the place itself where the shot is selected already. */
  pick(event) {
    const frame = Math.floor(this.scale.frame(event.offsetX - NAMES));
    if (frame < 0 || frame >= this.film.frames) return;
    const index = this.film.shotAt(frame);
    this.player.seek(index === this.film.shotAt(this.player.frame) ? frame : this.film.shots[index].start);
    this.from = event.offsetX;
  }

  drag(event) {
    if (!this.hand) return;
    if (this.hand === "strip") {
      const { film, scale } = this;
      scale.left = ((event.offsetX - NAMES) / scale.width) * film.frames - scale.span() / 2;
      scale.clamp();
      this.redraw();
    } else if (this.hand === "scrub") {
      this.player.seek(Math.round(this.scale.frame(event.offsetX - NAMES) - 0.5));
    } else if (Math.abs(event.offsetX - this.from) > 4) {
      this.hand = "scrub";
    }
  }

  release() {
    this.hand = null;
  }
}
