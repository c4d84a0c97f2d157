//! The orchestra: General MIDI programs, what they are called, what they can play.

/// What an instrument is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Sings a line: bowed, blown, voices.
    Singing,
    /// Plucked or struck: its notes die away.
    Plucked,
    /// Lies under others.
    Pad,
    /// Plays the lowest line.
    Bass,
    /// Has no pitch to speak of.
    Drums,
}

/// One instrument.
#[derive(Debug, PartialEq)]
pub struct Instrument {
    /// Its name.
    pub name: &'static str,
    /// What it is called in prompts.
    pub words: &'static [&'static str],
    /// General MIDI program, from 0.
    pub program: u8,
    /// Lowest and highest note it plays here.
    pub range: (i32, i32),
    /// What it is good for.
    pub nature: Nature,
    /// MIDI volume that brings it level with the others.
    pub volume: u8,
    /// MIDI pan: where it sits, 64 is the middle.
    pub pan: u8,
}

const fn of(
    name: &'static str,
    words: &'static [&'static str],
    program: u8,
    range: (i32, i32),
    nature: Nature,
    volume: u8,
    pan: u8,
) -> Instrument {
    Instrument { name, words, program, range, nature, volume, pan }
}

use Nature::{Bass, Drums, Pad, Plucked, Singing};

/// Longer names are found before shorter ones, whatever their order here.
#[rustfmt::skip]
pub const INSTRUMENTS: &[Instrument] = &[
    of("piano", &["piano", "upright piano", "grand piano", "felt piano", "keys"], 0, (28, 96), Plucked, 100, 60),
    of("harpsichord", &["harpsichord"], 6, (36, 86), Plucked, 80, 60),
    of("celesta", &["celesta", "celeste"], 8, (60, 100), Plucked, 96, 74),
    of("glockenspiel", &["glockenspiel", "bells", "chimes"], 9, (72, 102), Plucked, 80, 80),
    of("music box", &["music box", "musicbox", "toy piano"], 10, (60, 98), Plucked, 100, 70),
    of("vibraphone", &["vibraphone", "vibes"], 11, (53, 89), Plucked, 100, 74),
    of("marimba", &["marimba", "xylophone", "kalimba"], 12, (48, 88), Plucked, 104, 76),
    of("dulcimer", &["dulcimer", "zither"], 15, (48, 86), Plucked, 96, 52),
    of("organ", &["organ", "church organ", "pipe organ"], 19, (36, 84), Pad, 78, 64),
    of("accordion", &["accordion", "concertina", "bandoneon", "melodica"], 21, (53, 86), Singing, 84, 68),
    of("harmonica", &["harmonica"], 22, (60, 86), Singing, 84, 68),
    of("guitar", &["guitar", "acoustic guitar", "nylon guitar", "classical guitar", "lute", "ukulele"], 24, (40, 79), Plucked, 104, 50),
    of("steel guitar", &["steel guitar", "folk guitar"], 25, (40, 79), Plucked, 98, 50),
    of("electric guitar", &["electric guitar"], 27, (40, 82), Plucked, 92, 50),
    of("bass", &["bass", "bass guitar", "upright bass"], 32, (28, 55), Bass, 104, 64),
    of("violin", &["violin", "fiddle", "violins"], 40, (55, 93), Singing, 96, 46),
    of("viola", &["viola", "violas"], 41, (48, 82), Singing, 100, 72),
    of("cello", &["cello", "celli", "cellos", "violoncello"], 42, (36, 74), Singing, 108, 74),
    of("contrabass", &["contrabass", "double bass", "double basses", "basses"], 43, (28, 55), Bass, 110, 82),
    of("tremolo strings", &["tremolo", "tremolo strings"], 44, (40, 88), Pad, 88, 58),
    of("pizzicato", &["pizzicato", "plucked strings"], 45, (40, 84), Plucked, 112, 56),
    of("harp", &["harp"], 46, (31, 98), Plucked, 108, 44),
    of("timpani", &["timpani", "kettledrums"], 47, (36, 55), Drums, 110, 70),
    of("strings", &["strings", "string orchestra", "string section", "orchestra", "orchestral", "string quartet", "ensemble"], 48, (36, 91), Pad, 92, 60),
    of("low strings", &["low strings", "dark strings"], 48, (31, 67), Pad, 104, 70),
    of("slow strings", &["soft strings", "slow strings", "warm strings"], 49, (36, 88), Pad, 96, 60),
    of("choir", &["choir", "chorus", "voices", "chant", "vocal"], 52, (43, 81), Pad, 92, 64),
    of("voice", &["voice", "humming", "soprano", "vocalise", "wordless voice"], 53, (52, 81), Singing, 96, 64),
    of("trumpet", &["trumpet", "trumpets", "bugle"], 56, (55, 82), Singing, 80, 76),
    of("trombone", &["trombone", "trombones", "tuba"], 57, (36, 68), Singing, 84, 80),
    of("horn", &["horn", "french horn", "horns"], 60, (41, 76), Singing, 96, 48),
    of("brass", &["brass", "brass section", "fanfare"], 61, (40, 79), Pad, 80, 74),
    of("saxophone", &["saxophone", "sax"], 65, (50, 80), Singing, 84, 68),
    of("oboe", &["oboe", "shawm"], 68, (58, 87), Singing, 88, 58),
    of("english horn", &["english horn", "cor anglais"], 69, (52, 80), Singing, 92, 70),
    of("bassoon", &["bassoon"], 70, (34, 68), Singing, 96, 72),
    of("clarinet", &["clarinet", "woodwind", "woodwinds"], 71, (50, 86), Singing, 92, 70),
    of("flute", &["flute", "flutes", "alto flute"], 73, (60, 92), Singing, 96, 54),
    of("recorder", &["recorder", "tin whistle", "whistle"], 74, (65, 91), Singing, 88, 56),
    of("pan flute", &["pan flute", "panpipes", "shakuhachi"], 75, (60, 88), Singing, 92, 56),
    of("ocarina", &["ocarina"], 79, (60, 86), Singing, 88, 60),
    of("pad", &["pad", "synth", "synth pad", "synthesizer", "ambient", "electronic", "drone", "synths"], 89, (36, 86), Pad, 92, 64),
    of("bowed glass", &["glass", "bowed glass", "glass harmonica"], 92, (48, 90), Pad, 92, 64),
    of("sitar", &["sitar"], 104, (48, 79), Plucked, 90, 56),
    of("banjo", &["banjo"], 105, (48, 82), Plucked, 88, 52),
    of("koto", &["koto", "shamisen", "oud"], 107, (45, 81), Plucked, 98, 54),
    of("drums", &["drums", "percussion", "drum", "taiko", "taikos", "snare", "drum kit", "beat"], 0, (35, 81), Drums, 96, 64),
];

/// The instrument of this name; the names come from the table above.
pub fn named(name: &str) -> &'static Instrument {
    INSTRUMENTS.iter().find(|instrument| instrument.name == name).unwrap_or(&INSTRUMENTS[0])
}
