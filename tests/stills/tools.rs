//! The programs that are compared: run, timed, and their films read back.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use crate::film::{Film, Luma};

/// What a run took, in seconds.
#[derive(Clone, Copy)]
pub struct Took {
    pub wall: f64,
    /// User and system time of the process and all that it started.
    pub cpu: f64,
}

/// Runs a command to its good end.
pub fn timed(command: &mut Command) -> Took {
    let (start, before) = (Instant::now(), children_seconds());
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    let took = Took { wall: start.elapsed().as_secs_f64(), cpu: children_seconds() - before };
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    took
}

/// Processor time of all children that have ended, from the kernel's account in hundredths.
fn children_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    // Fields 16 and 17 of the line; the name, field 2, may hold spaces.
    after.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>()
        / 100.0
}

/// A cold render into a folder: fresh cache, fresh outputs. Gives the film.
pub fn render(storyboard: &Path, folder: &Path) -> (PathBuf, Took) {
    let _ = fs::remove_dir_all(folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_storyreel"));
    for name in ["STORYREEL_CACHE", "STORYREEL_OUT", "STORYREEL_DEVICES", "STORYREEL_WORKER"] {
        command.env_remove(name);
    }
    command.arg("render").arg(storyboard);
    command.arg("--cache").arg(folder.join("cache")).arg("--out").arg(folder.join("out"));
    let took = timed(&mut command);
    let films = walk(&folder.join("out"));
    let film = films.into_iter().find(|path| path.ends_with("film.mp4")).expect("a film");
    (film, took)
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(walk(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// How ffmpeg's `zoompan` is fed: it moves in whole pixels of its input (of chroma: in twos).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Recipe {
    /// The still as it is.
    Plain,
    /// The still enlarged to four times the film's size first, as is usual against the steps.
    Enlarged,
}

impl Recipe {
    pub fn words(self) -> &'static str {
        match self {
            Recipe::Plain => "ffmpeg, zoompan on the still as it is",
            Recipe::Enlarged => "ffmpeg, zoompan on the still enlarged to 4x the film",
        }
    }
}

/// One ffmpeg command for the film's pictures: `zoompan` along the same path, `xfade` with the same
/// weights, BT.709. What follows the filters is `output`.
fn ffmpeg(film: &Film, recipe: Recipe, output: &[&str], file: &Path) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    for still in &film.stills {
        command.arg("-i").arg(still);
    }
    command.args(["-filter_complex", &filters(film, recipe), "-map", "[v]"]).args(output).arg(file);
    command
}

fn filters(film: &Film, recipe: Recipe) -> String {
    let ((w, h), rate, shot) = (film.size, film.rate, film.shot);
    let p = format!("(on/{})", shot - 1);
    let zoom = format!("1/(1-{:.9}*(0.72*{p}*{p}*(3-2*{p})+0.28*{p}))", film.depth());
    let scale = match recipe {
        Recipe::Plain => "iw:ih".to_owned(),
        Recipe::Enlarged => format!("{}:{}", w * 4, h * 4),
    };
    let mut chain = String::new();
    for still in 0..film.stills.len() {
        // Twice the film's clock, so that a dissolve can start between two pictures, as ours do.
        chain += &format!(
            "[{still}:v]scale={scale}:flags=lanczos:out_color_matrix=bt709:out_range=tv,format=yuv420p,\
             zoompan=z='{zoom}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d={shot}:s={w}x{h}:fps={rate},\
             settb=1/{clock},setsar=1[s{still}];",
            clock = 2 * rate
        );
    }
    let mut before = "s0".to_owned();
    for still in 1..film.stills.len() {
        let next = if still + 1 == film.stills.len() { "v".to_owned() } else { format!("x{still}") };
        let offset = (still * film.step()) as f64 / rate as f64 - 0.5 / rate as f64;
        let duration = film.dissolve as f64 / rate as f64;
        chain += &format!(
            "[{before}][s{still}]xfade=transition=fade:duration={duration}:offset={offset:.6}[{next}];"
        );
        before = next;
    }
    chain.trim_end_matches(';').to_owned()
}

/// The codec settings of the storyboard, in ffmpeg's words.
fn x264(film: &Film) -> Vec<String> {
    let (keyint, crf) = ((film.rate * 10).to_string(), film.crf.to_string());
    let words =
        ["-c:v", "libx264", "-preset", "veryfast", "-crf", &crf, "-g", &keyint, "-pix_fmt", "yuv420p"];
    words.map(str::to_owned).to_vec()
}

/// The film by ffmpeg.
pub fn ffmpeg_film(film: &Film, recipe: Recipe, file: &Path) -> Took {
    let settings = x264(film);
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    timed(&mut ffmpeg(film, recipe, &settings, file))
}

/// x264 alone: ffmpeg's pictures are written raw first, then encoded with nothing else to do.
pub fn x264_alone(film: &Film, recipe: Recipe, folder: &Path) -> Took {
    let raw = folder.join("pictures.yuv");
    timed(&mut ffmpeg(film, recipe, &["-f", "rawvideo", "-pix_fmt", "yuv420p"], &raw));
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p"]);
    command.args(["-s", &format!("{}x{}", film.size.0, film.size.1), "-r", &film.rate.to_string()]);
    command.arg("-i").arg(&raw).args(x264(film)).arg(folder.join("alone.mp4"));
    let took = timed(&mut command);
    let _ = fs::remove_file(raw);
    took
}

/// Bytes of a film's picture stream.
pub fn picture_bytes(film: &Path) -> u64 {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=size", "-of", "csv=p=0"])
        .arg(film)
        .output()
        .expect("ffprobe is installed");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.trim_end_matches(',').parse::<u64>().ok()).sum()
}

/// A still's luma by BT.709, studio range.
pub fn still(file: &Path) -> Luma {
    let (width, height) = imagesize_of(file);
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-sws_flags", "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"])
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .output()
        .expect("ffmpeg is installed");
    let luma = |p: &[u8]| {
        let [r, g, b] = [p[0], p[1], p[2]].map(f32::from);
        16.0 + 219.0 / 255.0 * (0.2126 * r + 0.7152 * g + 0.0722 * b)
    };
    let data: Vec<f32> = output.stdout.chunks_exact(3).map(luma).collect();
    assert_eq!(data.len(), width * height, "{}", String::from_utf8_lossy(&output.stderr));
    Luma { width, height, data }
}

fn imagesize_of(file: &Path) -> (usize, usize) {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height"])
        .args(["-of", "csv=p=0"])
        .arg(file)
        .output()
        .expect("ffprobe is installed");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut sides = text.trim().split(',').filter_map(|side| side.parse().ok());
    (sides.next().expect("a width"), sides.next().expect("a height"))
}

/// A film's luma, picture after picture.
pub struct Pictures {
    ffmpeg: Child,
    stream: ChildStdout,
    buffer: Vec<u8>,
    pixels: usize,
}

impl Pictures {
    pub fn open(file: &Path, (width, height): (usize, usize)) -> Self {
        let mut ffmpeg = Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(file)
            .args(["-map", "0:v:0", "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("ffmpeg is installed");
        let stream = ffmpeg.stdout.take().expect("a pipe");
        let pixels = width * height;
        Self { ffmpeg, stream, buffer: vec![0; pixels * 3 / 2], pixels }
    }
}

impl Iterator for Pictures {
    type Item = Vec<f32>;

    fn next(&mut self) -> Option<Vec<f32>> {
        self.stream.read_exact(&mut self.buffer).ok()?;
        Some(self.buffer[..self.pixels].iter().map(|sample| f32::from(*sample)).collect())
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        let _ = self.ffmpeg.kill();
        let _ = self.ffmpeg.wait();
    }
}
