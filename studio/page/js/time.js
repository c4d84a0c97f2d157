// Film time: integer frames of a rational rate, and how they are written. What always holds: a frame is an integer, and
// seconds are derived from it, never the other way but for a clock's reading.

/** The rate of a film: `numerator / denominator` pictures a second. */
export class Rate {
  constructor([numerator, denominator]) {
    this.numerator = numerator;
    this.denominator = denominator;
    /** Pictures in a second of timecode: 24 for 24000/1001. */
    this.nominal = Math.round(numerator / denominator);
  }

  /** Seconds at which a frame begins. */
  seconds(frame) {
    return (frame * this.denominator) / this.numerator;
  }

  /** The frame seen at a time; a rounding error before its begin still counts as it. */
  frame(seconds) {
    return Math.floor((seconds * this.numerator) / this.denominator + 1e-4);
  }

  /** Seconds in the middle of a frame: where a player can be sent without doubt. */
  middle(frame) {
    return ((frame + 0.5) * this.denominator) / this.numerator;
  }
}

const two = (number) => String(number).padStart(2, "0");

/** Timecode of a film that begins at `start` (`01:00:00:00`, with `;` where frames are dropped). */
export class Timecode {
  constructor(start, rate) {
    this.rate = rate;
    this.drop = start.includes(";") && rate.nominal % 30 === 0;
    const [hours, minutes, seconds, frames] = start.split(/[:;]/).map(Number);
    this.first = this.count(hours, minutes, seconds, frames) || 0;
  }

  count(hours, minutes, seconds, frames) {
    const whole = ((hours * 60 + minutes) * 60 + seconds) * this.rate.nominal + frames;
    const past = hours * 60 + minutes;
    return this.drop ? whole - this.dropped() * (past - Math.floor(past / 10)) : whole;
  }

  /** Numbers left out each minute but every tenth: 2 at 29.97, 4 at 59.94. */
  dropped() {
    return this.rate.nominal / 15;
  }

  /** The timecode of a frame of the film. */
  of(frame) {
    const nominal = this.rate.nominal;
    let count = this.first + frame;
    if (this.drop) count += this.skipped(count);
    const seconds = Math.floor(count / nominal);
    const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
    return `${parts}${this.drop ? ";" : ":"}${two(count % nominal)}`;
  }

  skipped(count) {
    const dropped = this.dropped();
    const minute = this.rate.nominal * 60 - dropped;
    const ten = minute * 10 + dropped;
    const rest = count % ten;
    const minutes = rest < dropped ? 0 : Math.floor((rest - dropped) / minute);
    return dropped * (9 * Math.floor(count / ten) + minutes);
  }
}

/** A length in words that fit a narrow place: `3.5 s`, `2:05`, `1:02:05`. */
export function length(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** What is left of a render: `about 2 min`. */
export function left(millis) {
  if (millis === null || millis === undefined) return "";
  const seconds = Math.max(1, Math.round(millis / 1000));
  if (seconds < 90) return `${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** A moment as this machine's people write it. */
export function moment(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return date.toLocaleString(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
