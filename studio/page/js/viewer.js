// The film view: picture, what stands in for a picture that is not there, and the transport below. What always holds: the
// picture keeps its shape, and what the transport shows is the player's state and nothing else.

import { h, iconButton, icon, fill, say } from "./dom.js";
import { stateText } from "./film.js";

export class Viewer {
  constructor(root, film) {
    this.root = root;
    this.film = film;
    this.video = h("video", { class: "picture", playsinline: true, tabindex: "-1", "aria-hidden": "true" });
    this.audio = h("audio", { preload: "auto" });
    this.card = h("div", { class: "card" });
    this.screen = h("div", { class: "screen" }, this.video, this.card);
    this.room = h("div", { class: "room" }, this.screen);
    root.append(this.room, this.audio);
  }

  /** The player takes `video` and `audio` first; then the view takes the player. */
  attach(player, selection) {
    this.player = player;
    this.selection = selection;
    this.root.append(this.transport());
    player.addEventListener("frame", () => this.drawTime());
    player.addEventListener("state", () => this.drawState());
    player.addEventListener("picture", () => this.drawCard());
    player.reel.addEventListener("fault", ({ detail }) => this.fault(detail));
    this.film.on("film", () => this.fitScreen());
    this.film.on("shots segments", () => this.drawCard());
    this.film.on("sound", () => this.drawState());
    new ResizeObserver(() => this.fitScreen()).observe(this.room);
    this.video.addEventListener("click", () => player.toggle());
    this.card.addEventListener("click", () => player.toggle());
  }

  transport() {
    const { player } = this;
    this.time = h("output", { class: "timecode", "aria-label": "Timecode" });
    this.frameNumber = h("span", { class: "soft number frame-number" });
    this.whole = h("span", { class: "soft number" });
    this.mix = h("span", { class: "soft mix", hidden: true, title: "Some shots still lack their sound in the mix" }, "mix not complete");
    this.speed = h("span", { class: "speed number", "aria-live": "off" });
    this.playButton = iconButton("play", "Play", "Space", () => player.toggle());
    this.loopButton = h("button", { type: "button", class: "icon-button loop", "aria-label": "Loop range", "aria-pressed": "false", title: "Loop range (I, O; Esc clears)", onclick: () => this.toggleLoop() }, icon("loop"));
    this.muteButton = iconButton("sound", "Mute", "M", () => player.mute(!player.muted));
    return h("div", { class: "transport", role: "group", "aria-label": "Transport" },
      h("div", { class: "transport-side" }, this.time, this.frameNumber),
      h("div", { class: "transport-middle" },
        iconButton("first", "To the start", "Home", () => player.seek(0)),
        iconButton("back", "One frame back", "←", () => player.step(-1)),
        this.playButton,
        iconButton("forth", "One frame on", "→", () => player.step(1)),
        iconButton("last", "To the end", "End", () => player.seek(this.film.frames - 1))),
      h("div", { class: "transport-side end" }, this.speed, this.mix, this.whole, this.loopButton, this.muteButton,
        iconButton("full", "Full screen", "F", () => this.fullScreen())));
  }

  toggleLoop() {
    const { player, film } = this;
    if (player.loop) return player.unmark();
    const shot = film.shots[film.shotAt(player.frame)];
    player.loop = [shot.start, shot.start + shot.length];
    return player.tell("state");
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  fitScreen() {
    if (!this.film.data) return;
    const [width, height] = this.film.data.size;
    const { clientWidth, clientHeight } = this.room;
    const scale = Math.min((clientWidth - 32) / width, (clientHeight - 24) / height);
    this.screen.style.width = `${Math.max(1, Math.floor(width * scale))}px`;
    this.screen.style.height = `${Math.max(1, Math.floor(height * scale))}px`;
    this.drawTime();
    this.drawState();
    this.drawCard();
  }

  drawTime() {
    const { film, player } = this;
    if (!film.data) return;
    say(this.time, film.timecode.of(player.frame));
    say(this.frameNumber, `frame ${player.frame}`);
  }

  drawState() {
    const { player, film } = this;
    if (!film.data) return;
    const label = player.playing ? "Pause" : "Play";
    if (this.playButton.getAttribute("aria-label") !== label) {
      this.playButton.setAttribute("aria-label", label);
      fill(this.playButton, icon(player.playing ? "pause" : "play"));
    }
    say(this.speed, player.playing && player.speed !== 1 ? `${player.speed < 0 ? "−" : ""}${Math.abs(player.speed)}×` : "");
    say(this.whole, film.timecode.of(film.frames));
    this.mix.hidden = film.data.sound?.whole ?? true;
    this.whole.title = "End of the film";
    this.loopButton.setAttribute("aria-pressed", String(player.loop !== null));
    this.muteButton.setAttribute("aria-label", player.muted ? "Unmute" : "Mute");
    fill(this.muteButton, icon(player.muted ? "silent" : "sound"));
  }

  /** In place of a picture: the shot's poster, and a word where it is not rendered yet. */
  drawCard() {
    const { player, film } = this;
    if (!film.data) return;
    this.card.hidden = player.covered;
    if (player.covered) return;
    const segment = film.segments[film.segmentAt(player.frame)];
    const shot = film.shots[film.shotAt(player.frame)];
    if (!shot) return fill(this.card, h("p", { class: "card-word" }, "This film has no shots yet."));
    const waiting = !segment?.clip;
    const mark = `${shot.id}|${shot.poster}|${waiting && stateText(shot)}`;
    if (mark === this.mark) return;
    this.mark = mark;
    fill(this.card,
      shot.poster ? h("img", { class: waiting ? "poster dimmed" : "poster", src: shot.poster, alt: "" }) : null,
      waiting ? h("div", { class: "card-text" },
        h("p", { class: "card-name" }, `${film.sceneOf(shot)} / ${shot.name}`),
        h("p", { class: "card-word" }, stateText(shot)),
        shot.state === "running" ? this.bar(shot.progress) : null,
        h("p", { class: "card-caption" }, shot.caption)) : null);
  }

  bar(progress) {
    const bar = h("div", { class: "progress-bar" });
    bar.style.transform = `scaleX(${progress})`;
    return h("div", { class: "progress-track wide" }, bar);
  }

  fault(message) {
    this.screen.title = message;
    this.root.dispatchEvent(new CustomEvent("fault", { detail: message, bubbles: true }));
  }
}
