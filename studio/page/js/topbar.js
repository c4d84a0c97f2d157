// The bar above: what film this is, the views, and the render. What always holds: a button that cannot do anything now is
// disabled and says why in its tooltip.

import { h, fill, say } from "./dom.js";
import { left } from "./time.js";

const VIEWS = [["film", "Film", "V"], ["sheet", "Contact sheet", "C"], ["graph", "Graph", "G"], ["versions", "Versions", null]];

export class Topbar {
  constructor(root, film, act) {
    Object.assign(this, { root, film, act });
    this.title = h("h1");
    this.version = h("span", { class: "version" });
    this.lineState = h("span", { class: "line-state", role: "status", hidden: true }, "Server gone, trying again");
    this.tabs = VIEWS.map(([view, name, key]) => h("button", { type: "button", role: "tab", id: `tab-${view}`, "aria-controls": `view-${view}`, "aria-selected": "false", title: key ? `${name} (${key})` : name, onclick: () => act.view(view) }, name));
    this.mistakes = h("span", { class: "count", hidden: true });
    this.diagnosticsButton = h("button", { type: "button", class: "plain", "aria-expanded": "false", "aria-controls": "diagnostics", title: "Diagnostics (D)", onclick: () => act.diagnostics() }, "Diagnostics", this.mistakes);
    this.bar = h("div", { class: "progress-bar" });
    this.track = h("div", { class: "progress-track", role: "progressbar", "aria-label": "Render", "aria-valuemin": "0", "aria-valuemax": "100" }, this.bar);
    this.words = h("span", { class: "number" });
    this.left = h("span", { class: "progress-left number" });
    this.progress = h("div", { class: "progress", role: "group", "aria-label": "Render" }, this.words, this.track, this.left);
    this.draft = h("input", { type: "checkbox", onchange: () => act.post("draft", { draft: this.draft.checked }).then((fine) => fine || this.draw()) });
    this.button = h("button", { type: "button", class: "primary", onclick: () => this.press() }, "Render");
    this.fillRoot();
    film.on("film render more diagnostics", () => this.draw());
  }

  fillRoot() {
    fill(this.root,
      h("div", { class: "topbar-left" }, this.title, this.version, this.lineState),
      h("div", { class: "tabs", role: "tablist", "aria-label": "Views", onkeydown: (event) => this.turn(event) }, this.tabs),
      h("div", { class: "topbar-right" }, this.progress, this.diagnosticsButton,
        h("label", { class: "switch", title: "Show and render a quick draft" }, this.draft, "Draft"), this.button));
  }

  turn(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.tabs.indexOf(document.activeElement);
    const next = (at + by + this.tabs.length) % this.tabs.length;
    this.tabs[next].focus();
    this.act.view(VIEWS[next][0]);
  }

  press() {
    const { state } = this.film.data.render;
    this.act.post(state === "running" ? "cancel" : "render", {});
  }

  show(view) {
    this.tabs.forEach((tab, i) => {
      const on = VIEWS[i][0] === view;
      tab.setAttribute("aria-selected", String(on));
      tab.setAttribute("tabindex", on ? "0" : "-1");
    });
  }

  line(state) {
    this.lineState.hidden = state === "live";
  }

  draw() {
    const { data } = this.film;
    if (!data) return;
    say(this.title, data.title);
    this.title.title = `${data.title}, ${data.storyboard}`;
    document.title = `${data.title} · Storyreel`;
    say(this.version, data.version === null ? "no version yet" : `v${String(data.version).padStart(3, "0")}`);
    this.draft.checked = data.draft;
    this.drawMistakes(data.diagnostics);
    this.drawRender(data.render, data.stale);
  }

  drawMistakes(diagnostics) {
    const errors = diagnostics.filter((one) => one.severity === "error").length;
    this.mistakes.hidden = diagnostics.length === 0;
    this.mistakes.classList.toggle("mild", errors === 0);
    say(this.mistakes, String(errors || diagnostics.length));
  }

  drawRender(render, stale) {
    const busy = render.state === "running" || render.state === "stopping";
    this.progress.hidden = !busy && render.state !== "failed" && !render.failed;
    this.track.hidden = !busy;
    this.bar.style.transform = `scaleX(${render.work})`;
    this.track.setAttribute("aria-valuenow", String(Math.round(render.work * 100)));
    const failed = render.failed ? `, ${render.failed} failed` : "";
    const words = { running: `${Math.round(render.work * 100)} %${failed}`, stopping: "Stopping", failed: "Render failed", idle: `${render.failed} failed` }[render.state];
    say(this.words, words);
    say(this.left, render.state === "running" ? left(render.left_millis) : "");
    this.words.title = [render.message, ...render.running.map((one) => `${one.label}: ${one.kind} on ${one.device}, ${one.phase} ${one.done}/${one.total}`)].filter(Boolean).join("\n");
    say(this.button, busy ? "Cancel" : "Render");
    this.button.classList.toggle("primary", !busy);
    this.button.disabled = render.state === "stopping" || (stale && !busy);
    this.button.title = stale && !busy ? "The storyboard has mistakes; mend them first" : "";
  }
}
