// The server's events. What always holds: no event is lost or taken twice (the last id goes along on every new stream),
// and a silence of fifteen seconds counts as a server that is gone.

const SILENCE = 15000;
const AGAIN = [500, 1000, 2000, 4000];
const KINDS = ["patch", "nodes", "shot", "film", "versions", "ping"];

/** Listens from event `after` on. `told(kind, data)` gets each event, `state("live" | "gone")` how the line is. */
export class Live {
  constructor({ after, told, state, welcome }) {
    Object.assign(this, { last: after, told, state, welcome, tries: 0, heard: performance.now() });
    this.open();
    this.watch = setInterval(() => this.look(), 1000);
  }

  open() {
    this.source?.close();
    const source = new EventSource(`/api/events?after=${this.last}`);
    this.source = source;
    source.onopen = () => this.alive();
    source.onerror = () => this.lost(source);
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.take(kind, event));
    }
  }

  take(kind, event) {
    this.heard = performance.now();
    const id = Number(event.lastEventId);
    if (id && id <= this.last) return;
    if (id) this.last = id;
    this.told(kind, JSON.parse(event.data));
  }

  alive() {
    this.heard = performance.now();
    this.tries = 0;
    this.state("live");
  }

  /** Closed for good or not, a new stream is opened after a while, with a new session where the old one is unknown. */
  lost(source) {
    if (source !== this.source) return;
    source.close();
    this.source = null;
    this.state("gone");
    const wait = AGAIN[Math.min(this.tries, AGAIN.length - 1)];
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), wait);
  }

  async again() {
    try {
      await this.welcome();
      this.open();
    } catch {
      this.lost(this.source);
    }
  }

  look() {
    if (this.source && performance.now() - this.heard > SILENCE) {
      this.heard = performance.now();
      this.lost(this.source);
    }
  }
}
