//! The cut for editing programs: the official library opens it, and its clips' media is there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python::with_opentimelineio;
use crate::studio::{Studio, TINY};

/// What an editing program would see: every clip's media exists and holds the range that is used of it.
const CHECK: &str = r#"
import os, subprocess, sys
import opentimelineio as otio
folder = sys.argv[1]
timeline = otio.adapters.read_from_file(os.path.join(folder, "film.otio"))
seen = []
for clip in timeline.find_clips():
    media = clip.media_reference
    path = os.path.join(folder, media.target_url)
    assert os.path.isfile(path), path
    used, there = clip.source_range, media.available_range
    assert there.start_time <= used.start_time, (clip.name, there, used)
    assert used.end_time_exclusive() <= there.end_time_exclusive(), (clip.name, there, used)
    if path.endswith(".mov"):
        frames = subprocess.check_output(["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v",
            "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", path])
        assert int(frames.decode().strip().strip(",")) == there.duration.value, (path, frames, there)
    seen.append(media.target_url)
print(int(timeline.video_tracks()[0].duration().value), *sorted(seen))
"#;

fn python() -> Option<PathBuf> {
    with_opentimelineio(Path::new(env!("CARGO_BIN_EXE_storyreel")).parent()?.parent()?)
}

fn seen(folder: &Path) -> Option<String> {
    let output = Command::new(python()?).args(["-c", CHECK]).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[test]
fn every_clip_of_the_timeline_has_its_media() {
    let studio = Studio::with(TINY);
    studio.rendered(&["--movs"]);
    let Some(whole) = seen(&studio.path("out/film/latest")) else { return };
    assert_eq!(
        whole,
        "66 shots/001_sea_wide.mov shots/002_sea_ida.mov shots/003_wood_path.mov \
         stems/dialogue.wav stems/effects.wav stems/music.wav"
    );
    studio.rendered(&["--movs", "--shots", "sea.wide"]);
    let part = seen(&studio.path("out/film-part/latest")).unwrap();
    assert_eq!(part, "24 shots/001_sea_wide.mov", "a part has no stems");
    studio.rendered(&["--movs", "--from", "0:01.5"]);
    let part = seen(&studio.path("out/film-part/latest")).unwrap();
    assert_eq!(part, "30 shots/002_sea_ida.mov shots/003_wood_path.mov");
}
