// Test media, made once by the ffmpeg command line into a folder of the system's temporary files: a fragmented MP4 a
// clip, a poster, whole films for the versions, and one mix. What always holds: a file's name tells its arguments, and
// it is there whole or not at all.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { HEIGHT, WIDTH } from "./paint.mjs";

/** Raised when the pictures or sounds change. */
const MADE = 5;
/** Where the media lie. */
export const FOLDER = path.join(tmpdir(), `storyreel-studio-mock-${MADE}`);
/** The films' rate as a fraction. */
export const RATE = [24000, 1001];
/** Samples a second of all sound. */
export const SAMPLES = 48000;

async function ffmpeg(input, settings, target, chunks) {
  mkdirSync(FOLDER, { recursive: true });
  const unfinished = `${target}.${process.pid}.part`;
  const child = spawn("ffmpeg", ["-v", "error", "-y", ...input, "-i", "-", ...settings, unfinished], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(child, "exit");
  for (const chunk of chunks) {
    if (!child.stdin.write(chunk)) await Promise.race([once(child.stdin, "drain"), ended]);
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} on ${target}`);
  renameSync(unfinished, target);
}

const PICTURES = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", `${WIDTH}x${HEIGHT}`, "-framerate", RATE.join("/")];
const H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "22", "-g", "24", "-bf", "2", "-threads", "2",
  "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
  "-video_track_timescale", String(RATE[0])];

function* pictures(paint, length) {
  for (let local = 0; local < length; local += 1) yield paint(local);
}

/** A clip as the studio serves it: fragments, no edit list, its first picture two ticks late for its B pictures. */
export async function clip(name, paint, length) {
  const target = path.join(FOLDER, `${name}.mp4`);
  if (!existsSync(target)) {
    const flags = ["-movflags", "+frag_keyframe+delay_moov+default_base_moof", "-use_editlist", "0", "-f", "mp4"];
    await ffmpeg(PICTURES, [...H264, ...flags], target, pictures(paint(), length));
  }
  return target;
}

/** One picture as JPEG. */
export async function poster(name, paint, local) {
  const target = path.join(FOLDER, `${name}.jpg`);
  if (!existsSync(target)) {
    await ffmpeg(PICTURES, ["-frames:v", "1", "-vf", "crop=640:348:0:0,scale=320:174", "-q:v", "4", "-f", "mjpeg"], target, [paint()(local, false)]);
  }
  return target;
}

/** A whole film, of parts `{paint, length}` in order. */
export async function film(name, parts) {
  const target = path.join(FOLDER, `${name}.mp4`);
  if (!existsSync(target)) {
    const all = (function* all() {
      for (const part of parts) yield* pictures(part.paint(), part.length);
    })();
    await ffmpeg(PICTURES, [...H264, "-movflags", "+faststart", "-f", "mp4"], target, all);
  }
  return target;
}

/** A mono mix as AAC. `samples` are floats. */
export async function sound(name, samples) {
  const target = path.join(FOLDER, `${name}.m4a`);
  if (!existsSync(target)) {
    const bytes = Buffer.from(samples().buffer);
    await ffmpeg(["-f", "f32le", "-ar", String(SAMPLES), "-ac", "1"],
      ["-c:a", "aac", "-b:a", "96k", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "1000000", "-f", "mp4"],
      target, [bytes]);
  }
  return target;
}
