// The versions view: the list of finished films, one opened or two side by side, and what changed between them. What
// always holds: A is the older choice of a hand and B the newer, and both play as one.

import { read } from "./api.js";
import { h, fill, icon, iconButton, prose, say } from "./dom.js";
import { Pair } from "./player/pair.js";
import { Timecode, length, moment } from "./time.js";

const name = (version) => `v${String(version.number).padStart(3, "0")}`;

export class Versions {
  constructor(root, film) {
    Object.assign(this, { root, film, versions: [], a: null, b: null });
    this.list = h("div", { class: "version-list", role: "list", "aria-label": "Versions" });
    this.videos = [0, 1].map(() => h("video", { playsinline: true, preload: "auto" }));
    this.titles = [h("h3"), h("h3")];
    this.sides = this.videos.map((video, i) => h("figure", { class: "side" }, this.titles[i], video));
    this.pairField = h("div", { class: "pair" }, this.sides);
    this.pair = new Pair(this.videos);
    this.changes = h("div", { class: "changes", "aria-label": "What changed" });
    this.empty = h("div", { class: "message", hidden: true }, h("h2", {}, "No version yet"), h("p", {}, "Each render whose result differs becomes one."));
    root.append(h("div", { class: "versions-body" }, this.list, h("div", { class: "compare" }, this.pairField, this.scrub(), this.changes)), this.empty);
    film.on("film", () => !root.hidden && this.load());
  }

  scrub() {
    const { pair } = this;
    this.time = h("output", { class: "timecode" });
    this.slider = h("input", { type: "range", min: "0", "aria-label": "Playhead of the versions", oninput: () => pair.seek(Number(this.slider.value)) });
    this.button = iconButton("play", "Play", "Space", () => pair.toggle());
    this.muteButton = iconButton("silent", "Unmute", "M", () => pair.mute(!pair.muted));
    pair.addEventListener("frame", () => this.drawTime());
    pair.addEventListener("state", () => this.drawState());
    return h("div", { class: "scrub" }, this.time, iconButton("back", "One frame back", "←", () => pair.step(-1)), this.button,
      iconButton("forth", "One frame on", "→", () => pair.step(1)), this.slider, this.muteButton);
  }

  drawTime() {
    const code = new Timecode(this.film.data.timecode, this.pair.rate);
    say(this.time, code.of(this.pair.frame));
    this.slider.value = String(this.pair.frame);
  }

  drawState() {
    const { pair } = this;
    this.slider.max = String(Math.max(0, pair.frames - 1));
    fill(this.button, icon(pair.playing ? "pause" : "play"));
    this.button.setAttribute("aria-label", pair.playing ? "Pause" : "Play");
    fill(this.muteButton, icon(pair.muted ? "silent" : "sound"));
    this.muteButton.setAttribute("aria-label", pair.muted ? "Unmute" : "Mute");
  }

  /** Called when the view comes into sight. */
  enter() {
    this.load();
  }

  leave() {
    this.pair.pause();
  }

  async load() {
    try {
      this.versions = (await read("/api/versions")).versions;
    } catch (error) {
      fill(this.list, h("p", { class: "none" }, error.message));
      return;
    }
    this.empty.hidden = this.versions.length > 0;
    const still = (number) => this.versions.some((one) => one.number === number);
    if (!still(this.b)) this.b = this.versions[0]?.number ?? null;
    if (!still(this.a)) this.a = this.versions[1]?.number ?? null;
    this.show();
  }

  choose(which, number) {
    this[which] = this[which] === number && which === "a" ? null : number;
    if (this.a === this.b) this[which === "a" ? "b" : "a"] = which === "a" ? this.versions.find((one) => one.number !== number)?.number ?? null : null;
    if (this.b === null) [this.a, this.b] = [null, this.a];
    this.show();
  }

  show() {
    this.drawList();
    const of = (number) => this.versions.find((one) => one.number === number);
    const shown = [of(this.a), of(this.b)].filter(Boolean);
    this.pairField.toggleAttribute("data-one", shown.length < 2);
    this.sides[1].hidden = shown.length < 2;
    shown.forEach((one, i) => fill(this.titles[i], name(one), h("span", { class: "soft" }, `${moment(one.at)}${one.draft ? ", draft" : ""}`)));
    this.pair.load(shown);
    this.drawChanges(shown);
  }

  drawList() {
    const focused = document.activeElement?.dataset?.pick;
    fill(this.list, this.versions.map((one) => h("div", { class: "version-row", role: "listitem", "data-on": one.number === this.a || one.number === this.b },
      one.poster ? h("img", { src: one.poster, alt: "" }) : h("span"),
      h("div", {}, h("p", { class: "version-name" }, `${name(one)}${one.draft ? "  draft" : ""}`), h("p", { class: "soft" }, moment(one.at)),
        h("p", { class: "soft number" }, length((one.frames * one.rate[1]) / one.rate[0]))),
      h("div", { class: "picks" },
        h("button", { type: "button", "data-pick": `only-${one.number}`, onclick: () => this.only(one.number) }, "Open"),
        ["a", "b"].map((which) => h("button", { type: "button", "data-pick": `${which}-${one.number}`, "aria-pressed": String(this[which] === one.number), "aria-label": `Compare ${name(one)} as ${which.toUpperCase()}`, onclick: () => this.choose(which, one.number) }, which.toUpperCase()))))));
    if (focused) this.list.querySelector(`[data-pick="${focused}"]`)?.focus();
  }

  only(number) {
    [this.a, this.b] = [null, number];
    this.show();
  }

  async drawChanges(shown) {
    this.changes.hidden = shown.length < 2;
    if (shown.length < 2) return;
    const [from, to] = [...shown].sort((a, b) => a.number - b.number);
    const title = h("h3", {}, `What changed from ${name(from)} to ${name(to)}`);
    try {
      const { changes } = await read(`/api/changes?from=${from.number}&to=${to.number}`);
      if (this.pair.films !== shown) return;
      fill(this.changes, title, changes.length ? changes.map((one) => this.change(one)) : h("p", { class: "soft" }, "Nothing: only how it was made."));
    } catch (error) {
      fill(this.changes, title, h("p", {}, error.message));
    }
  }

  change(one) {
    const frame = one.to_frame ?? one.from_frame;
    return h("button", { type: "button", class: "change", disabled: frame === null, onclick: () => this.pair.seek(frame) },
      h("span", { class: "soft" }, one.kind), h("span", {}, one.shot ?? "whole film"), h("span", { class: "soft" }, prose(one.text)));
  }
}
