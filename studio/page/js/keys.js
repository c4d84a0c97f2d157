// The keyboard: what every key does, in one table from which the help overlay is made too. What always holds: no key acts
// while words are being typed, and every key that acts is in the help.

import { h, fill, iconButton } from "./dom.js";

/** Groups of `[keys as shown, what it does, [event keys], act]`; `s` is the studio, `shift` whether it was held. */
const GROUPS = [
  ["Playing", [
    [["Space"], "play or pause", [" "], (s) => s.transport().toggle()],
    [["J", "K", "L"], "backwards, pause, forwards; again is faster", ["j", "k", "l"], (s, key) => (key === "k" ? s.transport().pause() : s.transport().shuttle(key === "j" ? -1 : 1))],
    [["←", "→"], "one frame", ["arrowleft", "arrowright"], (s, key, shift) => s.transport().step((key === "arrowleft" ? -1 : 1) * (shift ? s.second() : 1))],
    [["Shift", "←", "→"], "one second", [], null],
    [["↑", "↓"], "previous, next shot", ["arrowup", "arrowdown"], (s, key) => s.neighbour(key === "arrowup" ? -1 : 1)],
    [["Home", "End"], "start, end", ["home", "end"], (s, key) => s.transport().seek(key === "home" ? 0 : s.transport().frames ?? s.film.frames - 1)],
    [["I", "O"], "in and out of a loop", ["i", "o"], (s, key) => s.player.mark(key === "i" ? 0 : 1)],
    [["Esc"], "clear the loop", ["escape"], (s) => s.player.unmark()],
    [["M"], "mute", ["m"], (s) => s.transport().mute(!s.transport().muted)],
    [["F"], "full screen", ["f"], (s) => s.viewer.fullScreen()],
  ]],
  ["The shot", [
    [["A"], "approve, or take it back", ["a"], (s) => s.act.approve()],
    [["R"], "re-roll the seed", ["r"], (s) => s.act.reroll()],
    [["N"], "write a note on this frame", ["n"], (s) => s.inspector.write()],
    [["1", "–", "9"], "choose a take", [..."123456789"], (s, key) => s.act.take(Number(key))],
  ]],
  ["Views", [
    [["V"], "film", ["v"], (s) => s.act.view("film")],
    [["C"], "contact sheet", ["c"], (s) => s.act.view(s.view === "sheet" ? "film" : "sheet")],
    [["G"], "graph", ["g"], (s) => s.act.view(s.view === "graph" ? "film" : "graph")],
    [["B"], "versions", ["b"], (s) => s.act.view(s.view === "versions" ? "film" : "versions")],
    [["D"], "diagnostics", ["d"], (s) => s.act.diagnostics()],
    [["/"], "search shots", ["/"], (s) => s.search.open()],
    [["?"], "this help", ["?"], (s) => s.keys.help()],
  ]],
  ["Timeline", [
    [["+", "−"], "zoom", ["+", "=", "-", "_"], (s, key) => s.timeline.zoom(key === "+" || key === "=" ? 1.5 : 1 / 1.5)],
    [["Shift", "Z"], "the whole film", ["z"], (s, key, shift) => shift && s.timeline.showAll()],
    [["Wheel"], "scroll; with Ctrl or a pinch, zoom", [], null],
  ]],
];

export class Keys {
  constructor(studio) {
    this.studio = studio;
    this.acts = new Map();
    for (const [, rows] of GROUPS) for (const [, , keys, act] of rows) for (const key of keys) this.acts.set(key, act);
    /** What the versions view has no shot for. */
    this.ofShot = new Set([...GROUPS[1][1].flatMap((row) => row[2]), "arrowup", "arrowdown", "i", "o", "escape"]);
    document.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const key = event.key.toLowerCase();
    const act = this.acts.get(key);
    if (this.studio.view === "versions" && this.ofShot.has(key)) return;
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!this.studio.film.data || document.querySelector("dialog[open]") || wanted(event)) return;
    event.preventDefault();
    act(this.studio, key, event.shiftKey);
  }

  help() {
    if (!this.dialog) this.dialog = this.build();
    this.dialog.showModal();
  }

  build() {
    const dialog = h("dialog", { "aria-labelledby": "help-title" });
    const row = ([keys, what]) => [h("dt", {}, keys.map((key, i) => [i ? " " : "", h("kbd", {}, key)]).flat()), h("dd", {}, what)];
    fill(dialog,
      h("div", { class: "dialog-head" }, h("h2", { id: "help-title" }, "Keyboard"), iconButton("close", "Close", "Esc", () => dialog.close())),
      h("div", { class: "help-columns" }, GROUPS.map(([title, rows]) => h("section", { class: "help-group" }, h("h3", {}, title), h("dl", {}, rows.map(row))))));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    return dialog;
  }
}

/** Whether the focused element wants this key for itself. */
function wanted(event) {
  const { target, key } = event;
  if (target.closest("textarea, input[type=text], input[type=search], select")) return true;
  if (target.closest("input[type=range], [role=separator]")) return key.startsWith("Arrow") || key === "Home" || key === "End";
  return (key === " " || key === "Enter") && target.closest("button, input, a") !== null;
}
