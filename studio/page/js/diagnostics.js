// The storyboard's mistakes, each with its place, its line with the span underlined, and what to do. What always holds:
// the film beside it stays what it was.

import { h, fill, iconButton, prose } from "./dom.js";
import { placeLink } from "./inspector.js";

export class Diagnostics {
  constructor(root, film, act) {
    Object.assign(this, { root, film, act });
    film.on("film diagnostics", () => this.draw());
  }

  /** Opens by itself when a storyboard turns bad, closes when it is whole again. */
  draw() {
    const { diagnostics, stale } = this.film.data;
    const bad = diagnostics.some((one) => one.severity === "error");
    if (bad !== this.bad) this.show(bad);
    this.bad = bad;
    const { scrollTop } = this.root;
    fill(this.root,
      h("div", { class: "dock-head" }, h("h2", {}, count(diagnostics)), iconButton("close", "Close", "D", () => this.show(false))),
      stale ? h("p", { class: "dock-word" }, "You see the film of the last storyboard without mistakes.") : null,
      diagnostics.length ? diagnostics.map((one) => this.one(one)) : h("p", { class: "dock-word" }, "The storyboard has no mistakes."));
    this.root.scrollTop = scrollTop;
  }

  show(open) {
    this.root.hidden = !open;
    this.act.docked(open);
  }

  toggle() {
    this.show(this.root.hidden);
  }

  one(mistake) {
    const { severity, code, message, snippet, label, labels, help } = mistake;
    return h("article", { class: "mistake", "data-severity": severity },
      h("div", { class: "mistake-head" }, h("span", { class: "code" }, code), h("span", { class: "mistake-message" }, prose(message))),
      placeLink(mistake, this.film, this.act),
      snippet ? snippetOf(snippet, label) : null,
      help ? h("p", { class: "help" }, h("b", {}, "Help: "), prose(help)) : null,
      labels.map((other) => h("div", { class: "other" }, h("p", {}, prose(other.text)), placeLink(other, this.film, this.act), other.snippet ? snippetOf(other.snippet, "") : null)));
  }
}

function count(diagnostics) {
  const errors = diagnostics.filter((one) => one.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const words = (number, word) => (number ? [`${number} ${word}${number === 1 ? "" : "s"}`] : []);
  return [...words(errors, "mistake"), ...words(warnings, "warning")].join(", ") || "Diagnostics";
}

/** A line of the storyboard without its indent; `from` and `to` count characters, not units of UTF-16. */
function snippetOf({ line, text, from: first, to: end }, label) {
  const indent = Math.min(first, text.length - text.trimStart().length);
  const letters = Array.from(text).slice(indent);
  const [from, to] = [first - indent, end - indent];
  const before = letters.slice(0, from).join("");
  return h("div", { class: "snippet" },
    h("div", {}, h("span", { class: "gutter" }, String(line)), h("code", {}, before, h("span", { class: "span" }, letters.slice(from, to).join("")), letters.slice(to).join(""))),
    label ? h("div", {}, h("span", { class: "gutter" }), h("code", { class: "under" }, " ".repeat(Math.min(from, 60)), label.replaceAll("`", ""))) : null);
}
