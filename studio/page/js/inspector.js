// The selected shot: its words, seed, takes, what became of it and why, and its notes. What always holds: a note that is
// being written survives every update, and nothing here is shown for another shot than the one named at the top.

import { post, read } from "./api.js";
import { h, fill, icon, iconButton, prose } from "./dom.js";
import { STATE_NAMES, stateText } from "./film.js";
import { length, moment } from "./time.js";

export class Inspector {
  constructor(root, film, player, act) {
    Object.assign(this, { root, film, player, act, detail: null, id: null, drafts: new Map() });
    this.head = h("section", { class: "part shot-head" });
    this.body = h("div");
    this.noteList = h("div", { class: "notes" });
    this.notePart = h("section", { class: "part", "aria-label": "Notes" }, h("h3", {}, "Notes"), this.noteList, this.compose());
    root.append(this.head, this.body, this.notePart);
    film.on("shots", (parts) => parts.some((part) => part.id === this.id) && this.drawHead());
    player.addEventListener("frame", () => this.drawFrame());
  }

  compose() {
    this.text = h("textarea", { rows: "2", placeholder: "Note on this shot (N)", "aria-label": "Note", maxlength: "4000" });
    this.atFrame = h("input", { type: "checkbox", checked: true });
    this.frameWord = h("span", {}, "at frame 0");
    this.text.addEventListener("focus", () => this.hold());
    this.text.addEventListener("input", () => this.drafts.set(this.id, this.text.value));
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.addNote();
      if (event.key === "Escape") this.text.blur();
    });
    return h("div", { class: "compose" }, this.text,
      h("div", { class: "compose-line" }, h("label", {}, this.atFrame, this.frameWord), h("span", { class: "space" }),
        h("button", { type: "button", title: "Ctrl+Enter", onclick: () => this.addNote() }, "Add note")));
  }

  /** Writing holds the film where it is. */
  hold() {
    this.player.pause();
  }

  write() {
    this.hold();
    this.text.focus();
    this.text.scrollIntoView({ block: "nearest" });
  }

  /** Shows a shot; the same shot again is read anew. */
  async show(id) {
    const other = id !== this.id;
    this.id = id;
    if (other) {
      this.detail = null;
      this.text.value = this.drafts.get(id) ?? "";
      this.root.scrollTop = 0;
      this.drawHead();
      fill(this.body);
      fill(this.noteList);
    }
    this.drawFrame();
    if (!this.film.shotById(id)) return;
    this.reading?.abort();
    this.reading = new AbortController();
    try {
      const detail = await read(`/api/shot?id=${encodeURIComponent(id)}`, this.reading.signal);
      if (id === this.id) this.take(detail);
    } catch (error) {
      if (error.name !== "AbortError" && id === this.id) fill(this.body, h("section", { class: "part" }, this.bad(error)));
    }
  }

  take(detail) {
    this.detail = detail;
    const { scrollTop } = this.root;
    const held = document.activeElement?.dataset?.hold;
    this.drawHead();
    fill(this.body, this.failure(detail), this.takes(detail), this.words(detail), this.parameters(detail), this.cache(detail), this.steps(detail));
    this.drawNotes();
    this.root.scrollTop = scrollTop;
    if (held) this.root.querySelector(`[data-hold="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }

  bad(error) {
    return h("div", { class: "bad-box" }, h("p", {}, prose(error.message)), error.help ? h("p", { class: "help" }, prose(error.help)) : null);
  }

  part(title, ...children) {
    return h("section", { class: "part" }, h("h3", {}, title), children);
  }

  // ---- head

  drawHead() {
    const shot = this.film.shotById(this.id);
    if (!shot) return fill(this.head, h("h2", {}, "No shot"));
    const { film } = this;
    const button = (name, label, key, press, act) => h("button", { type: "button", "aria-pressed": press, "data-hold": name, title: `${label} (${key})`, onclick: act },
      icon(name === "approve" ? "check" : "dice"), label, h("kbd", { "aria-hidden": "true" }, key));
    const held = document.activeElement?.dataset?.hold;
    fill(this.head,
      h("p", { class: "scene" }, film.sceneOf(shot)), h("h2", {}, shot.name),
      h("p", { class: "shot-line number" },
        h("span", { class: "state" }, h("i", { class: "swatch", "data-state": shot.state }), stateText(shot)),
        h("span", {}, `${length(film.rate.seconds(shot.length))}, ${shot.length} frames`)),
      this.detail?.at ? h("p", {}, this.placeLink(this.detail.at)) : null,
      h("div", { class: "acts" },
        button("approve", shot.approved ? "Approved" : "Approve", "A", String(shot.approved), () => this.act.approve()),
        button("reroll", "Re-roll seed", "R", null, () => this.act.reroll())),
      this.detail?.approved?.note ? h("p", { class: "soft" }, this.detail.approved.note) : null);
    if (held === "approve" || held === "reroll") this.head.querySelector(`[data-hold="${held}"]`)?.focus({ preventScroll: true });
    return undefined;
  }

  placeLink(at) {
    return placeLink(at, this.film, this.act);
  }

  // ---- body

  failure({ failure }) {
    return failure ? h("section", { class: "part" }, this.bad(failure)) : null;
  }

  words({ prompt, edits }) {
    const facts = ["action", "camera", "setting", "look", "avoid", "caption"].filter((name) => (prompt[name] ?? null) !== null && (name !== "caption" || prompt.caption !== prompt.action));
    const title = (name) => name[0].toUpperCase() + name.slice(1);
    return this.part("Prompt",
      h("dl", { class: "facts" }, facts.map((name) => [h("dt", {}, title(name)), h("dd", {}, prompt[name])])),
      edits.length ? h("h3", { class: "later" }, "Edits") : null,
      edits.length ? h("ol", { class: "edits" }, edits.map((edit) => h("li", {}, edit.text))) : null);
  }

  takes(detail) {
    const { candidates } = detail;
    if (candidates.length < 2) return null;
    return this.part("Takes", h("div", { class: "takes", role: "group", "aria-label": "Takes" }, candidates.map((one) => this.candidate(one, one.number === detail.take))));
  }

  candidate(one, chosen) {
    const picture = h("span", { class: "take-picture" }, one.poster ? h("img", { src: one.poster, alt: "" }) : null);
    const button = h("button", { type: "button", class: "take", "aria-pressed": String(chosen), "data-hold": `take-${one.number}`, "aria-label": `Take ${one.number}, seed ${one.seed}`, title: `Seed ${one.seed} (${one.number})`, onclick: () => this.act.take(one.number) },
      picture, h("span", { class: "take-line" }, h("b", {}, String(one.number)), one.score === null ? `seed ${one.seed}` : one.score.toFixed(2)));
    if (one.clip) hoverPlay(button, picture, one.clip);
    return button;
  }

  parameters({ parameters, seed }) {
    const from = { film: "of the film", scene: "of the scene", shot: "of the shot", takes: "re-rolled" }[seed.from] ?? seed.from;
    return this.part("Parameters", h("dl", { class: "facts" },
      h("dt", {}, "Seed"), h("dd", { class: "number" }, `${seed.value} `, h("span", { class: "soft" }, from)),
      parameters.map(({ name, value }) => [h("dt", {}, name), h("dd", { class: "number" }, value)])));
  }

  cache({ cache, why }) {
    const states = { kept: "Kept in the cache", records: "Can be made again from records", none: "Not in the cache" };
    return this.part("Why", h("p", { class: "why" }, prose(why)),
      h("p", { class: "soft number" }, `${states[cache.state] ?? cache.state}${cache.bytes ? `, ${(cache.bytes / 1e6).toFixed(1)} MB` : ""}`));
  }

  steps({ steps }) {
    if (!steps.length) return null;
    return this.part("Steps", h("ul", { class: "steps" }, steps.map((step) => h("li", { title: step.why },
      h("i", { class: "swatch", "data-state": step.state, "aria-hidden": "true" }), h("span", {}, step.kind),
      h("span", { class: "soft" }, step.state === "done" && step.millis !== null ? `${(step.millis / 1000).toFixed(1)} s` : STATE_NAMES[step.state])))));
  }

  // ---- notes

  drawNotes() {
    const shot = this.film.shotById(this.id);
    fill(this.noteList, this.detail.notes.map((note) => h("div", { class: "note", "data-done": note.done },
      h("input", { type: "checkbox", checked: note.done, "data-hold": `done-${note.id}`, "aria-label": "Done", onchange: (event) => this.act.post("note-done", { shot: this.id, note: note.id, done: event.target.checked }) }),
      h("p", {}, note.text),
      iconButton("close", "Remove the note", null, () => this.act.post("note-remove", { shot: this.id, note: note.id })),
      h("span", { class: "note-at" }, this.noteAt(note, shot)))));
  }

  noteAt(note, shot) {
    if (note.frame === null) return `whole shot, ${moment(note.at)}`;
    const frame = shot.start + note.frame;
    return [h("button", { type: "button", class: "place", onclick: () => this.player.seek(frame) }, this.film.timecode.of(frame)), `  ${moment(note.at)}`]
      .reduce((line, one) => (line.append(one), line), document.createDocumentFragment());
  }

  drawFrame() {
    const shot = this.film.shotById(this.id);
    if (shot) this.frameWord.textContent = `at ${this.film.timecode.of(this.player.frame)}`;
  }

  async addNote() {
    const shot = this.film.shotById(this.id);
    const text = this.text.value.trim();
    if (!text || !shot) return this.text.focus();
    const frame = this.atFrame.checked ? Math.max(0, Math.min(shot.length - 1, this.player.frame - shot.start)) : null;
    try {
      await post("note", { shot: shot.id, frame, text });
    } catch (error) {
      return this.act.refused(error);
    }
    this.drafts.delete(shot.id);
    if (shot.id === this.id) this.text.value = "";
    return this.show(this.id);
  }
}

/** A take plays while the pointer is on it. */
function hoverPlay(button, picture, clip) {
  let video = null;
  button.addEventListener("pointerenter", () => {
    video = h("video", { src: clip, loop: true, playsinline: true, "aria-hidden": "true", tabindex: "-1" });
    video.muted = true;
    picture.append(video);
    video.play().catch(() => {});
  });
  button.addEventListener("pointerleave", () => {
    video?.remove();
    video = null;
  });
}

/** `film.yaml:41:9`: opens the editor where the server can, else copies the place. */
export function placeLink(at, film, act) {
  const words = `${at.file}:${at.line}:${at.column}`;
  const open = async () => {
    if (film.data.editor) return act.post("open", at);
    try {
      await navigator.clipboard.writeText(words);
      return act.say(`Copied ${words}`);
    } catch {
      return act.say(words);
    }
  };
  return h("button", { type: "button", class: "place", title: film.data.editor ? "Open in the editor" : "Copy the place", onclick: open }, words);
}
