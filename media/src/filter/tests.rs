//! What passes does what it says, what must not pass is refused in words, and the lists are true to FFmpeg's own tables.

use super::allowed::{Allowed, Form, PICTURES};
use super::chain::options_of;
use super::parse::parse;
use super::sounds::SOUNDS;
use super::*;
use crate::picture::{NEUTRAL, WHITE};

/// A picture that runs from dark to bright, with some colour.
fn ramp(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    for (at, y) in picture.y.iter_mut().enumerate() {
        *y = 4096 + ((at as u32 % width) * 52_000 / width) as u16;
    }
    picture.cb.fill(NEUTRAL + 3000);
    picture.cr.fill(NEUTRAL - 2000);
    picture
}

fn filtered(line: &str, pictures: &[Picture]) -> Vec<Picture> {
    let size = (pictures[0].width, pictures[0].height);
    let mut filtering = Filtering::new(line, size, (24, 1)).unwrap_or_else(|error| panic!("{line}: {error}"));
    let mut out = Vec::new();
    let mut take = |filtering: &mut Filtering| {
        let mut picture = Picture::default();
        while filtering.receive(&mut picture).unwrap() {
            out.push(picture.clone());
        }
    };
    for picture in pictures {
        filtering.send(picture).unwrap();
        take(&mut filtering);
    }
    filtering.finish().unwrap();
    take(&mut filtering);
    out
}

fn refusal(line: &str) -> String {
    match Filtering::new(line, (64, 36), (24, 1)) {
        Err(MediaError::Parameter(problem)) => problem,
        Err(other) => panic!("{line}: {other}"),
        Ok(_) => panic!("{line} passed"),
    }
}

#[test]
fn attacks_are_refused_in_words() {
    for (line, said) in [
        ("movie=/etc/passwd", "reads or writes files"),
        ("amovie=/etc/passwd", "reads or writes files"),
        ("movie=/etc/passwd[a];[in][a]overlay", "no labels"),
        ("subtitles=/etc/passwd", "reads or writes files"),
        ("ass=f=/etc/passwd", "reads or writes files"),
        ("drawtext=textfile=/etc/passwd", "reads or writes files"),
        ("drawtext=fontfile=/etc/passwd:text=a", "reads or writes files"),
        ("lut3d=/etc/passwd", "reads or writes files"),
        ("lut3d=file=../x.cube", "reads or writes files"),
        ("curves=psfile=/etc/passwd", "reads or writes files"),
        ("curves=plot=/tmp/out.gnuplot", "reads or writes files"),
        ("metadata=print:file=/tmp/x", "reads or writes files"),
        ("ssim=stats_file=/tmp/x", "reads or writes files"),
        ("psnr=/tmp/x", "reads or writes files"),
        ("signature=filename=/tmp/x", "reads or writes files"),
        ("removelogo=/etc/passwd", "reads or writes files"),
        ("vidstabdetect=result=/tmp/x", "reads or writes files"),
        ("sendcmd=f=/etc/passwd", "commands"),
        ("zmq=bind_address=tcp\\://*\\:5555", "commands"),
        ("frei0r=../evil", "programs of others"),
        ("ladspa=file=evil", "programs of others"),
        ("libplacebo=custom_shader_path=x", "programs of others"),
        ("hwupload", "opens devices"),
        ("showinfo", "prints"),
        ("perms=mode=random", "prints"),
        ("testsrc", "from nothing"),
        ("fps=60", "changes how many"),
        ("setpts=2*PTS", "changes how many"),
        ("noise=alls=20", "not the same each time"),
        ("geq=lum='p(X,Y)'", "use `map`"),
        ("split[a][b]", "no labels"),
        ("[0:v]eq", "no labels"),
        ("eq;eq", "no labels"),
        ("eq@other=contrast=1", "is a label"),
        ("eq=contrast=1:enable='gt(t,1)'", "a node's work"),
        ("eq=contrast=1:threads=64", "set by the program"),
        ("eq=contrast=random(0)", "a number from -2 to 2"),
        ("eq=contrast=1e999", "a number from -2 to 2"),
        ("eq=contrast=nan", "a number from -2 to 2"),
        ("eq=contrast=1\\:textfile=/etc/passwd", "a number from -2 to 2"),
        ("eq=contrast='1:eval=frame'", "a number from -2 to 2"),
        ("eq=contrast=1,movie=/etc/passwd", "reads or writes files"),
        ("eq=contrast=1\\,movie=/etc/passwd", "a number from -2 to 2"),
        ("rotate=print(1)", "may not name `print`: it prints"),
        ("rotate=time(0)", "asks the clock"),
        ("rotate=random(1)", "not the same each time"),
        ("rotate=while(1,1)", "may never end"),
        ("rotate=st(0,1)", "keeps state"),
        ("rotate=a=1:ow=100000:oh=100000", "no option `ow`"),
        ("rotate='1;2'", "`;` has no place in a formula"),
        ("rotate=((1)", "does not close"),
        ("scale=100000:100000", "a whole number from 1 to 8192"),
        ("scale=0:0", "a whole number from 1 to 8192"),
        ("pad=100000:100000", "does not take"),
        ("pad=10000:64", "from 1x1 to 8192x8192"),
        ("gblur=sigma=99999999", "a number from 0 to 1024"),
        ("fade=color=/etc/passwd", "a colour"),
        ("eq=\0", "no `\\u{0}` in it"),
        ("", "a filter is missing"),
        ("eq,,eq", "a filter is missing"),
        ("'", "does not close"),
        ("eq\\", "takes nothing"),
        ("eq=contrast=1:contrast=1", "twice"),
        ("unsharp=lx=5:7", "by place come before"),
        ("unsharp=5:5:1:5:5:1:5", "takes 6 values by place"),
    ] {
        let told = refusal(line);
        assert!(told.contains(said), "{line:?} told: {told}");
    }
    assert!(refusal(&"eq,".repeat(40)).contains("at most 16 filters"));
    assert!(refusal(&"e".repeat(5000)).contains("at most 4096"));
    for line in
        ["amovie=x", "aeval=0", "atempo=2", "ladspa=x", "volume=volume=replaygain", "volume=eval=frame", "eq"]
    {
        assert!(matches!(SoundFiltering::new(line), Err(MediaError::Parameter(_))), "{line}");
    }
}

#[test]
fn mistakes_name_the_nearest() {
    for (line, said) in [
        ("unsharpp=5", "did you mean `unsharp`"),
        ("eq=contrst=1", "did you mean `contrast`"),
        ("curves=preset=vintag", "did you mean `vintage`"),
        ("rotate=sinn(t)", "did you mean `sin`"),
        ("curves=m=0/0", "from 2 to 64 points"),
        ("curves=m='0.5/0 0.2/1'", "from left to right"),
    ] {
        let told = refusal(line);
        assert!(told.contains(said), "{line}: {told}");
    }
    assert_eq!(
        check_pictures(" eq = 1.2 : brightness=0.1 , hflip").unwrap(),
        "eq=contrast='1.2':brightness='0.1',hflip"
    );
    assert_eq!(check_pictures("rotate=if(gt(t,1),0,PI/4)").unwrap(), "rotate=angle='if(gt(t,1),0,PI/4)'");
    assert_eq!(check_sound("volume=-6dB").unwrap(), "volume=volume='-6dB'");
}

/// Values that a form lets through, at its bounds.
fn samples(form: Form, name: &str) -> Vec<String> {
    match form {
        Form::Number(low, high) => vec![format!("{low}"), format!("{high}")],
        Form::Whole(low, high) => vec![format!("{low}"), format!("{high}")],
        Form::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Form::Formula(_) if matches!(name, "out_w" | "out_h" | "width" | "height") => vec!["64".to_owned()],
        Form::Formula(_) => vec!["1".to_owned()],
        Form::Numbers(_, sign, low, high) => vec![format!("{low}{sign}{high}")],
        Form::Points => vec!["0/0 0.5/0.6 1/1".to_owned()],
        Form::Colour => vec!["#102030".to_owned(), "red".to_owned(), "#10203040".to_owned()],
        Form::Loudness => vec!["0.5".to_owned(), "-6dB".to_owned()],
    }
}

fn each_choice(list: &'static [Allowed], mut make: impl FnMut(&str)) {
    for allowed in list {
        make(allowed.name);
        for (names, form) in allowed.choices {
            for value in samples(*form, names[0]) {
                // Values that only make sense together with another one.
                let beside = match (allowed.name, names[0]) {
                    ("scale", "w") => ":h=64",
                    ("scale", "h") => ":w=64",
                    ("aecho", "delays") => ":decays='0.5|0.5'",
                    ("aecho", "decays") => ":delays='10|20'",
                    ("boxblur", "luma_radius" | "chroma_radius") if value != "0" => continue,
                    ("pad", _) => ":w=200:h=200",
                    _ => "",
                };
                let twice = beside.contains(&format!(":{}", &names[names.len() - 1]));
                let beside = if twice { "" } else { beside };
                make(&format!("{}={}='{value}'{beside}", allowed.name, names[0]));
            }
        }
    }
}

#[test]
fn all_that_is_allowed_works_and_keeps_the_number_of_pictures() {
    let pictures = [ramp(96, 64), ramp(96, 64), ramp(96, 64)];
    each_choice(PICTURES, |line| {
        if ["scale", "fade"].contains(&line) {
            return;
        }
        if line.starts_with("pad=width") || line.starts_with("pad=height") {
            return;
        }
        let out = filtered(line, &pictures);
        assert_eq!(out.len(), pictures.len(), "{line}");
        assert_eq!(out, filtered(line, &pictures), "{line} is the same each time");
    });
}

#[test]
fn all_sound_that_is_allowed_works_and_keeps_its_length() {
    let tone: Vec<f32> = (0..24_000).map(|at| ((at / 2) as f32 * 0.03).sin() * 0.3).collect();
    each_choice(SOUNDS, |line| {
        let run = || {
            let mut filtering = SoundFiltering::new(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            let mut out = filtering.push(&tone[..10_000]).unwrap();
            out.extend(filtering.push(&tone[10_000..]).unwrap());
            out.extend(filtering.finish().unwrap());
            out
        };
        let out = run();
        assert_eq!(out.len(), tone.len(), "{line}");
        assert!(
            out.iter().zip(&run()).all(|(a, b)| a.to_bits() == b.to_bits()),
            "{line} is the same each time"
        );
    });
}

#[test]
fn the_lists_are_true_to_ffmpegs_own_tables() {
    for allowed in PICTURES.iter().chain(SOUNDS) {
        let theirs = options_of(allowed.name).unwrap_or_else(|| panic!("no filter {}", allowed.name));
        for (names, _) in allowed.choices {
            let known =
                theirs.iter().any(|option| names.iter().all(|name| option.iter().any(|own| own == name)));
            assert!(known, "{}: {names:?} are one option", allowed.name);
        }
        for (place, (names, _)) in allowed.choices[..allowed.by_place].iter().enumerate() {
            assert_eq!(theirs[place][0], names[0], "{}: place {place}", allowed.name);
        }
    }
}

#[test]
fn effects_are_what_they_are_called() {
    let picture = ramp(64, 32);
    let mirrored = &filtered("hflip", std::slice::from_ref(&picture))[0];
    assert!((0..64).all(|x| mirrored.y[x].abs_diff(picture.y[63 - x]) <= 2));
    let turned = &filtered("transpose=clock", std::slice::from_ref(&picture))[0];
    assert_eq!((turned.width, turned.height), (32, 64));
    let cut = &filtered("crop=16:8:32:0", std::slice::from_ref(&picture))[0];
    assert_eq!((cut.width, cut.height, cut.y[0]), (16, 8, picture.y[32]));
    let mut white = Picture::new(32, 32);
    white.fill(WHITE, NEUTRAL, NEUTRAL);
    // FFmpeg negates codes, not light: white becomes a little more than black.
    let black = &filtered("negate", &[white])[0];
    assert!(black.y.iter().all(|y| *y == u16::MAX - WHITE), "{}", black.y[0]);
}

#[test]
fn colours_survive_the_way_through_rgb() {
    // Saturated red as BT.709 has it; by another matrix it would come back far from it.
    let mut red = Picture::new(32, 32);
    red.fill(16_016, 26_214, 61_440);
    for line in ["colorbalance=rs=0", "curves=m='0/0 1/1'", "colorchannelmixer=rr=1", "exposure=0"] {
        let out = &filtered(line, std::slice::from_ref(&red))[0];
        for ((name, got), wanted) in [("Y", out.y[500]), ("Cb", out.cb[100]), ("Cr", out.cr[100])]
            .into_iter()
            .zip([16_016, 26_214, 61_440_u16])
        {
            assert!(got.abs_diff(wanted) <= 2 * 256, "{line}: {name} {got}, not {wanted}");
        }
    }
}

#[test]
fn pictures_of_other_sizes_and_wrong_rates_are_refused() {
    let mut filtering = Filtering::new("hflip", (64, 32), (24, 1)).unwrap();
    assert!(filtering.send(&ramp(32, 32)).is_err());
    assert!(Filtering::new("hflip", (64, 32), (0, 1)).is_err());
    assert!(Filtering::new("hflip", (0, 32), (24, 1)).is_err());
    assert!(Filtering::new("rotate=t", (64, 32), (30_000, 1001)).unwrap().looks_around());
    assert!(!Filtering::new("hflip,eq=1.1", (64, 32), (24, 1)).unwrap().looks_around());
    assert!(parse("hflip", SOUNDS).is_err());
}
