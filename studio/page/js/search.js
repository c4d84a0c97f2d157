// Search over shots: by name, scene, caption, state. What always holds: at most a hundred hits are shown, the best first.

import { h, fill } from "./dom.js";
import { STATE_NAMES } from "./film.js";

const MOST = 100;

export class Search {
  constructor(film, go) {
    Object.assign(this, { film, go, hits: [], at: 0 });
    this.input = h("input", { type: "search", placeholder: "Shot, scene, words, state", "aria-label": "Search shots", role: "combobox", "aria-expanded": "true", "aria-controls": "hits", autocomplete: "off", spellcheck: "false" });
    this.list = h("div", { class: "hits", id: "hits", role: "listbox", "aria-label": "Shots found" });
    this.dialog = h("dialog", { class: "search", "aria-label": "Search shots" }, h("div", { class: "search-field" }, this.input), this.list);
    this.input.addEventListener("input", () => this.look());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const hit = event.target.closest(".hit");
      if (hit) this.take([...this.list.children].indexOf(hit));
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
  }

  open() {
    this.dialog.showModal();
    this.input.select();
    this.look();
  }

  look() {
    const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    this.film.shots.forEach((shot, index) => {
      const name = `${this.film.sceneOf(shot)}.${shot.name}`.toLowerCase();
      const all = `${name} ${shot.caption.toLowerCase()} ${STATE_NAMES[shot.state].toLowerCase()}${shot.approved ? " approved" : ""}`;
      if (words.every((word) => all.includes(word))) found.push({ index, rank: words.every((word) => name.includes(word)) ? 0 : 1 });
    });
    this.hits = found.sort((a, b) => a.rank - b.rank || a.index - b.index).slice(0, MOST).map((one) => one.index);
    this.at = 0;
    this.draw();
  }

  draw() {
    const { film } = this;
    fill(this.list, this.hits.length ? this.hits.map((index, i) => {
      const shot = film.shots[index];
      return h("div", { class: "hit", role: "option", id: `hit-${i}`, "aria-selected": String(i === this.at) },
        h("i", { class: "swatch", "data-state": shot.state }), h("span", {}, `${film.sceneOf(shot)} / ${shot.name}`), h("span", { class: "soft" }, shot.caption), h("span", { class: "mono soft" }, film.timecode.of(shot.start)));
    }) : h("p", { class: "none" }, "No shot has these words."));
    this.input.setAttribute("aria-activedescendant", this.hits.length ? `hit-${this.at}` : "");
  }

  key(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter") this.take(this.at);
    else if (by && this.hits.length) {
      this.list.children[this.at]?.setAttribute("aria-selected", "false");
      this.at = (this.at + by + this.hits.length) % this.hits.length;
      this.list.children[this.at].setAttribute("aria-selected", "true");
      this.list.children[this.at].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", `hit-${this.at}`);
    } else return;
    event.preventDefault();
  }

  take(at) {
    if (this.hits[at] === undefined) return;
    this.dialog.close();
    this.go(this.hits[at]);
  }
}
