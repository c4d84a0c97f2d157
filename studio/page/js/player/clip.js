// A clip's first picture: when it is presented by the clip's own reckoning, which B pictures move from 0. Reads the boxes
// of ISO/IEC 14496-12 that tell it; never beyond the bytes.

/** Boxes of one level: `[type, begin, end]` of their contents. */
function* boxes(view, begin, end) {
  let at = begin;
  while (at + 8 <= end) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    }
    if (size < head || at + size > end) return;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    yield [type, at + head, at + size];
    at += size;
  }
}

function find(view, path, begin, end) {
  for (const [type, from, to] of boxes(view, begin, end)) {
    if (type === path[0]) return path.length === 1 ? [from, to] : find(view, path.slice(1), from, to);
  }
  return null;
}

function timescale(view, [from]) {
  return view.getUint32(from + (view.getUint8(from) === 1 ? 20 : 12));
}

function decodeTime(view, [from]) {
  return view.getUint8(from) === 1 ? Number(view.getBigUint64(from + 4)) : view.getUint32(from + 4);
}

/** The composition offset of a run's first sample: what comes before it in the box depends on the flags. */
function offset(view, [from]) {
  const version = view.getUint8(from);
  const flags = view.getUint32(from) & 0xffffff;
  if (!(flags & 0x800)) return 0;
  let at = from + 8;
  for (const flag of [0x1, 0x4, 0x100, 0x200, 0x400]) if (flags & flag) at += 4;
  return version === 0 ? view.getUint32(at) : view.getInt32(at);
}

/** Seconds at which a clip's first picture is presented. */
export function lead(buffer) {
  const view = new DataView(buffer);
  const whole = [0, buffer.byteLength];
  const mdhd = find(view, ["moov", "trak", "mdia", "mdhd"], ...whole);
  const tfdt = find(view, ["moof", "traf", "tfdt"], ...whole);
  const trun = find(view, ["moof", "traf", "trun"], ...whole);
  if (!mdhd || !tfdt || !trun) throw new Error("The clip is not a fragmented MP4.");
  return (decodeTime(view, tfdt) + offset(view, trun)) / timescale(view, mdhd);
}
