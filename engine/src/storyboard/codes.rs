//! Every mistake a storyboard can hold, with the words that `storyreel explain` prints.
//! A code never changes its meaning and is never used again for another.

use std::fmt;

use serde::Serialize;

use super::diagnostics::Severity;

/// What `storyreel explain` says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// `E0104`.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// Why it is a mistake and what to do.
    pub text: &'static str,
    /// The mistake and its mending, as storyboard text.
    pub example: &'static str,
}

macro_rules! codes {
    ($($id:ident $variant:ident, $title:literal, $text:literal, $example:literal;)*) => {
        /// The kind of a mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// What it means.
            pub fn explanation(self) -> &'static Explanation {
                match self {
                    $(Code::$variant => &Explanation {
                        id: stringify!($id), title: $title, text: $text, example: $example,
                    },)*
                }
            }
        }
    };
}

impl Code {
    /// `E0104`.
    pub fn id(self) -> &'static str {
        self.explanation().id
    }

    /// The code of that id, whatever its case; `0104` is `E0104` where no warning has that number too.
    pub fn from_id(id: &str) -> Option<Self> {
        let exact = Self::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(id.trim()));
        let mut numbered = Self::ALL.iter().copied().filter(|code| code.id()[1..] == *id.trim());
        exact.or_else(|| numbered.next().filter(|_| numbered.next().is_none()))
    }

    /// Codes that start with `W` are warnings.
    pub fn severity(self) -> Severity {
        if self.id().starts_with('W') { Severity::Warning } else { Severity::Error }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

codes! {
    // The file as text.
    E0001 Unreadable, "file cannot be read",
        "The storyboard, or a file it includes, is missing or cannot be opened. Nothing else can be said about it until it can be read.",
        "storyreel check flim.yaml     # error: there is no such file\nstoryreel check film.yaml";
    E0002 FileTooLarge, "storyboard file too large",
        "A storyboard may have 16 MB with all that it includes. That is more than the longest film needs; a larger file is refused before it is read, because it is almost always something else.",
        "include: footage.mov          # error: this is no storyboard\ninclude: cast.yaml";
    E0003 NotUtf8, "not UTF-8 text",
        "Storyboards are UTF-8 text. Save the file as UTF-8 in your editor; the message gives the first byte that is not part of a character.",
        "title: Caf\\xe9                # error: saved as Latin-1\ntitle: Caf\u{e9}                   # saved as UTF-8";
    E0004 Syntax, "not YAML",
        "The file's structure cannot be followed from here on: indentation, brackets, quotes or a colon are out of place. Text that holds `: ` or starts with `@`, `*`, `&`, `%`, `` ` `` or `#` needs quotes.",
        "action: @mara waits           # error: @ cannot start plain text\naction: \"@mara waits\"";
    E0005 TooDeep, "nested too deeply",
        "Lists and maps may stand 64 deep in each other. No storyboard needs more than ten.",
        "look: [[[[...]]]]             # error\nlook: soft light";
    E0006 AliasBudget, "aliases expand to too much",
        "Written out, the `*aliases` of this storyboard would make more than 1,000,000 values or 16 MB of text. A few lines of aliases to aliases can fill any memory; such a file is refused before it is expanded.",
        "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]                # error, if this went on";
    E0007 TooManyValues, "too many values",
        "A storyboard may hold 1,000,000 values with all that it includes. Split the film, or make it with `storyreel batch` from a table.",
        "scenes: [ ... ]               # error beyond 1,000,000 values";
    E0008 DuplicateKey, "key written twice",
        "The same key stands twice in one map; only one of them could count. Remove one.",
        "duration: 6s\nduration: 4s                  # error";
    E0009 SeveralDocuments, "more than one document",
        "A file holds one storyboard; `---` starts another document. Put it into a file of its own.",
        "title: One\n---\ntitle: Two                    # error";
    E0010 EmptyFile, "nothing in the file",
        "The file holds no value. `storyreel new film.yaml` writes a commented storyboard to start from.",
        "# only a comment              # error\nstoryboard: 1";
    E0011 NotText, "key is not text",
        "Keys are plain words. A list, a map, or nothing cannot be a key.",
        "[a, b]: cliff                 # error\ncliff: a lighthouse";
    E0012 Tag, "YAML tags have no meaning here",
        "Tags such as `!!str` or `!include` are not used in storyboards. Quotes make text of a value; `include:` includes a file.",
        "cast: !include cast.yaml      # error\ninclude: cast.yaml";
    E0013 UnknownAlias, "alias without an anchor",
        "`*name` repeats what `&name` marked earlier in the same file, and nothing is marked so. Text that starts with `*` needs quotes.",
        "look: *soft                   # error\nlook: \"*soft\"";
    E0014 UndefinedVariable, "variable without a value",
        "`${name}` stands for a value given under `vars:`, by `--var name=value`, or by a batch table's column; none gives one. `$${` writes a literal `${`.",
        "title: ${hero}'s day          # error\nvars: {hero: Mara}\ntitle: ${hero}'s day";
    E0015 BadVariable, "`${` that is no variable",
        "`${` starts a variable and must be followed by a name and `}`. `$${` writes a literal `${`.",
        "title: ${hero                 # error\ntitle: ${hero}";
    E0016 IncludeCycle, "files include each other in a circle",
        "A file includes itself, at once or through others. The labels show the way round.",
        "include: film.yaml            # error, in film.yaml\ninclude: cast.yaml";
    E0017 NotInIncluded, "key cannot stand in an included file",
        "An included file gives characters, places, props and a look to several storyboards. The film itself (title, scenes, score, ...) stands in the storyboard.",
        "scenes: [...]                 # error, in an included file\ncharacters: {mara: {description: a keeper}}";
    E0018 DefinedTwice, "name defined twice",
        "Two files define the same character, place or prop, and only one of them could count. Rename or remove one.",
        "include: cast.yaml            # which defines mara\ncharacters: {mara: {...}}     # error";
    E0019 UnknownVersion, "unknown version of the language",
        "`storyboard:` names the version of the language the file is written in. This program reads version 1; a newer file needs a newer program.",
        "storyboard: 3                 # error\nstoryboard: 1";
    E0020 TooManyFiles, "too many included files",
        "A storyboard includes at most 64 files, those that they include counted.",
        "include: [a1.yaml, a2.yaml, ...]   # error beyond 64";
    E0021 TooMuchText, "too much text",
        "One text may have 64 kB, all texts with `${variables}` in them 4 MB when these are written out, and the prompts of all shots 32 MB with the descriptions that they put together. Something longer is almost always pasted by accident.",
        "action: a whole novel ...     # error beyond 64 kB\naction: waves burst over the rocks";
    E0022 TooManyShots, "too many shots",
        "A film has at most 25,000 shots: at one second each, almost seven hours. Split it into several films.",
        "shots: [...]                  # error beyond 25,000 in all scenes";

    // Words and shapes.
    E0101 UnknownKey, "unknown key",
        "The key has no meaning here. Unknown keys are errors, so that a misspelt one is never silently without effect.",
        "durration: 6s                 # error: did you mean `duration`?\nduration: 6s";
    E0102 MissingKey, "missing key",
        "Something that is needed is not written.",
        "- action: waves               # error: a shot needs `shot:`, its name\n- shot: wide\n  action: waves";
    E0103 WrongType, "wrong kind of value",
        "Another kind of value is expected here: text, a number, a list, or a map with keys.",
        "characters: [mara, tom]       # error: a map is expected\ncharacters: {mara: {description: a keeper}}";
    E0104 UnknownCharacter, "unknown character",
        "The name is not defined under `characters:`, here or in an included file. In an action, `@name` names a character or a prop; write `@@` for a plain `@`.",
        "action: \"@marra waits\"        # error: did you mean `mara`?\naction: \"@mara waits\"";
    E0105 UnknownPlace, "unknown place",
        "The name is not defined under `places:`, here or in an included file. Words about where a scene is, without a place that stays the same, go into `setting:`.",
        "place: clif                   # error: did you mean `cliff`?\nplace: cliff";
    E0106 UnknownProp, "unknown prop",
        "The name is not defined under `props:`, here or in an included file.",
        "props: lmap                   # error: did you mean `lamp`?\nprops: lamp";
    E0107 UnknownScene, "unknown scene",
        "A cue starts or ends at a scene that the film does not have.",
        "from: clif                    # error: did you mean `cliff`?\nfrom: cliff";
    E0108 UnknownShot, "unknown shot",
        "A cue starts or ends at a shot that its scene does not have. Shots are written `scene.shot`.",
        "from: cliff.wied              # error: did you mean `cliff.wide`?\nfrom: cliff.wide";
    E0109 UnknownModel, "unknown model",
        "No model of that name fills this role. `storyreel models` lists them.",
        "models: {picture: animatik}   # error: did you mean `animatic`?\nmodels: {picture: animatic}";
    E0110 UnknownWord, "unknown word",
        "Only certain words are understood here; the message lists them.",
        "fit: cover                    # error\nfit: crop                     # or pad, stretch";
    E0111 DuplicateScene, "two scenes of one name",
        "Scene names are unique in the film: cues, `--shots` and file names go by them.",
        "- scene: cliff\n- scene: cliff                # error\n- scene: cliff-at-night";
    E0112 DuplicateShot, "two shots of one name in a scene",
        "Shot names are unique in their scene: cues, `--shots` and file names go by them.",
        "- shot: wide\n- shot: wide                  # error\n- shot: wide-again";
    E0113 DuplicateCue, "two cues of one name",
        "Cue names are unique in the score.",
        "- cue: theme\n- cue: theme                  # error\n- cue: theme-returns";
    E0114 BadName, "unusable name",
        "Names of characters, places, props, scenes, shots and cues are letters, digits, `-` and `_`, at most 64, beginning with a letter or a digit; they become file names and are written `@name` and `scene.shot`. Words that mean a time (`start`, `end`, `6s`) cannot be names of scenes.",
        "- shot: the rail, wide        # error\n- shot: rail-wide";
    E0115 NoScenes, "no scenes",
        "A film has at least one scene.",
        "scenes: []                    # error\nscenes: [{scene: cliff, shots: [...]}]";
    E0116 NoShots, "a scene without shots",
        "A scene has at least one shot.",
        "- scene: cliff\n  shots: []                   # error";
    E0117 NothingToShow, "a shot that shows nothing",
        "A shot needs an `action:` (or a `prompt:`) to draw, or material of your own: `source:` or `still:`.",
        "- shot: wide\n  duration: 6s                # error\n- shot: wide\n  duration: 6s\n  action: waves burst over the rocks";
    E0118 Exclusive, "keys that exclude each other",
        "Only one of these can count. Remove the other.",
        "source: door.mp4\nstill: door.png               # error";
    E0119 OutOfPlace, "key without what it belongs to",
        "The key says something about another one that is not there: `in:`, `out:` and `speed:` about `source:`, `fit:` about `source:` or `still:`, `fps:` about numbered images.",
        "- shot: wide\n  action: waves\n  in: 3s                      # error: there is no `source:`";
    E0120 Empty, "nothing written",
        "The key is there but its value is empty. Write a value or remove the key.",
        "camera:                       # error\ncamera: push in";
    E0121 NoChange, "an edit that names no change",
        "An edit is one of `add`, `remove`, `replace`, `background`, `style`, with an optional `region` and `strength`.",
        "- region: left half           # error: what changes there?\n- add: a gull on the rail\n  region: left half";
    E0122 SeveralChanges, "an edit that names several changes",
        "One edit is one change; edits are made one after the other, in the order of the list.",
        "- add: a gull\n  remove: the rope            # error\n- add: a gull\n- remove: the rope";
    E0123 BadLine, "not a line of dialogue",
        "A line is `speaker: what is said`, with optional `at:`, `voice:` and `gain:` beside it. One line has one speaker.",
        "dialogue: [She is late.]      # error: who speaks?\ndialogue: [{mara: She is late.}]";
    E0124 Undescribed, "nothing to know it by",
        "A character needs a `description:` or a `reference:` image, so that it can look the same in every shot.",
        "characters: {mara: {voice: {pitch: low}}}   # error\ncharacters: {mara: {description: a keeper}}";
    E0125 ControlCharacter, "control character in text",
        "The text holds a character that cannot be seen, such as a backspace, an escape, or one that turns the direction of what follows. It is most likely there by accident, and text with it reads otherwise than it is.",
        "title: \"The\\bKeeper\"          # error\ntitle: The Keeper";

    // Values.
    E0201 NoUnit, "duration without a unit",
        "A bare number could be seconds or frames. Write the unit.",
        "duration: 6                   # error\nduration: 6s                  # or 144f, 0:06";
    E0202 WrongUnit, "unknown unit of time",
        "Times are written in seconds (`6s`, `1.5s`), milliseconds (`250ms`), minutes (`2m`), frames (`144f`), or as clock (`0:06`, `0:06:00`, `01:00:06:00`).",
        "duration: 6 secs              # error\nduration: 6s";
    E0203 BadDuration, "not a time",
        "Times are written in seconds (`6s`, `1.5s`), milliseconds (`250ms`), minutes (`2m`), frames (`144f`), or as clock: minutes and seconds (`0:06`), with frames (`0:06:00`), with hours (`01:00:06:00`). Frames of a clock stay below the frames of a second.",
        "duration: long                # error\nduration: 6s";
    E0204 NotPositive, "duration not above zero",
        "A shot, a transition or a fade takes at least one picture.",
        "duration: 0s                  # error\nduration: 1f";
    E0205 Negative, "time before zero",
        "Times count from the start of the film, the shot or the file, and cannot lie before it.",
        "at: -1s                       # error\nat: 0s";
    E0206 TooLong, "duration too long",
        "A shot lasts at most one hour, a transition at most one minute, a film at most twelve hours.",
        "duration: 600m                # error\nduration: 10m";
    E0207 BadRate, "impossible frame rate",
        "`fps` lies between 1 and 240. Fractions are written as such: `24000/1001`, `30000/1001`; `23.976`, `29.97` and `59.94` are understood as these.",
        "fps: 0                        # error\nfps: 24";
    E0208 BadSize, "not a picture size",
        "Sizes are written as width `x` height in pixels.",
        "size: 1080p                   # error\nsize: 1920x1080";
    E0209 OddSize, "odd picture size",
        "H.264 stores colour for every second pixel, so width and height are even.",
        "size: 853x480                 # error\nsize: 854x480";
    E0210 SizeRange, "picture size out of range",
        "Films are 16 to 8192 pixels wide and high.",
        "size: 100000x100000           # error\nsize: 3840x2160";
    E0211 BadTimecode, "not a timecode",
        "Timecode is `hours:minutes:seconds:frames`, each with two digits, in quotes; hours below 24, minutes and seconds below 60, frames below the frames of a second. Drop-frame timecode (`;`) is not used.",
        "timecode: 1h                  # error\ntimecode: \"01:00:00:00\"";
    E0212 BadNumber, "not a number of the right kind",
        "A number is expected here, whole or with a decimal point as the message says.",
        "seed: seven                   # error\nseed: 7";
    E0213 NumberRange, "number out of range",
        "The number is smaller or larger than what makes sense here; the message gives the range.",
        "candidates: 100               # error\ncandidates: 3";
    E0214 BadStrength, "strength out of range",
        "`strength` lies between 0 (no change) and 1 (the whole change), or between 0 % and 100 %.",
        "strength: 7                   # error\nstrength: 0.7                 # or 70%";
    E0215 BadRegion, "not a region",
        "A region is a box `[x, y, width, height]` in fractions or percent of the frame, a mask image, or words such as `left half`.",
        "region: [0.1, 0.2]            # error\nregion: [0.1, 0.2, 0.5, 0.5]";
    E0216 RegionOutside, "region outside the frame",
        "A box lies within the frame: x + width and y + height are at most 1 (100 %), and it has some area.",
        "region: [0.8, 0, 0.5, 1]      # error: 0.8 + 0.5 is beyond the right edge\nregion: [0.5, 0, 0.5, 1]";
    E0217 BadGain, "not a gain",
        "Gains are written in decibels, from -60 dB to +24 dB.",
        "gain: 50%                     # error\ngain: -6 dB";
    E0218 GainRange, "gain out of range",
        "Gains lie between -60 dB, which is next to nothing, and +24 dB.",
        "gain: -600 dB                 # error\ngain: -6 dB";
    E0219 BadLoudness, "not a loudness",
        "`loudness` is `ebu-r128`, a level such as `-16 LUFS`, or `{integrated: -16 LUFS, true-peak: -1.5 dBTP}`; -40 to -8 LUFS, -9 to 0 dBTP.",
        "loudness: loud                # error\nloudness: -16 LUFS";
    E0220 BadSpeed, "speed out of range",
        "Footage plays between a tenth of its speed and ten times it: `0.5`, `2`, `1/3`.",
        "speed: 0                      # error\nspeed: 0.5";
    E0221 BadMark, "not a moment of the film",
        "A cue runs from and to `start`, `end`, a scene, a shot written `scene.shot`, or a time from the film's start.",
        "from: cliff.wide.rail         # error\nfrom: cliff.wide";
    E0222 BadLanguage, "unknown language",
        "`language` is a two-letter code of ISO 639-1, with an optional region: `en`, `en-gb`, `de`.",
        "language: klingon             # error\nlanguage: en";
    E0223 BadAccent, "not a voice of espeak-ng",
        "`accent` is a language or variant as espeak-ng names them: `en-gb`, `en-us+f3`.",
        "accent: a posh one            # error\naccent: en-gb";
    E0224 BadReference, "not a file name",
        "A file is named by its path, relative to the storyboard's folder. Addresses on the network are never opened; copy the file into the project.",
        "source: https://example.org/a.mp4   # error\nsource: footage/a.mp4";
    E0225 EditRefused, "an edit that the model cannot make",
        "What goes must be in the picture, what comes must be something the model knows, and a region is a box, a mask, a part of the frame or a subject's name. `storyreel models animatic` lists what there is.",
        "- remove: {what: the piano}   # error, where no piano is shown\n- remove: {what: the lamp}";

    // Files.
    E0301 MissingFile, "missing file",
        "There is no such file. Paths are relative to the file that names them.",
        "reference: refs/marra.png     # error: did you mean `refs/mara.png`?\nreference: refs/mara.png";
    E0302 OutsideProject, "file outside the project",
        "A storyboard reads only files in its project folder: not by `..`, not by absolute paths, not through symbolic links. Copy the file in, or list its folder under `readable` in storyreel.toml.",
        "reference: ../../private.png  # error\nreference: refs/mara.png";
    E0303 NotAFile, "not a regular file",
        "The path leads to a folder, a pipe or a device where a file is expected.",
        "reference: refs               # error: a folder\nreference: refs/mara.png";
    E0304 Unusable, "file is not what it should be",
        "What counts is what a file holds, not what it is called. Pictures are PNG, JPEG or WebP; sounds and footage are what FFmpeg reads without opening other files.",
        "reference: notes.png          # error, where notes.png is really text";
    E0305 PictureTooLarge, "picture too large",
        "Pictures have at most 16,384 pixels a side and 100 million in all. The size is read from the file's header, before anything is decoded.",
        "still: poster.png             # error, where it declares 100000x100000";
    E0306 WrongMedium, "another kind of file is needed",
        "The file can be read but is not of the kind that is needed here: a picture, footage or a sound.",
        "source: poster.png            # error: use `still:` for one picture\nstill: poster.png";
    E0307 BeyondFile, "beyond the file's end",
        "The time lies after the end of the file.",
        "in: 90s                       # error, in a file of one minute";
    E0308 FileTooShort, "not enough footage",
        "From `in:` on, at this speed, the footage is shorter than the shot. Shorten the shot, begin earlier, or play it slower.",
        "source: door.mp4              # 4 s long\nduration: 6s                  # error";
    E0309 BadSequence, "numbered images that do not make a sequence",
        "The folder or pattern names no pictures, leaves numbers out, or names pictures of different sizes. All pictures of a sequence have one size and numbers without gaps.",
        "source: frames/%04d.png       # error, if 0007.png is missing";
    E0310 FileError, "file cannot be read",
        "The operating system refuses to look for the file or to read it; the message gives its reason.",
        "reference: refs/mara.png      # error, without permission to read it";

    // Time.
    E0401 DialogueTooLong, "dialogue longer than its shot",
        "At the voice's pace these lines cannot be said before the shot ends. The estimate counts syllables at a fast reading, so it is only raised where there is no way to fit. Lengthen the shot, cut words, or speak faster.",
        "duration: 1s\ndialogue:\n  - mara: I have kept this light for forty years and never once ...   # error";
    E0402 TransitionTooLong, "transition longer than its shots",
        "A dissolve or wipe shows two shots at once, so both must last as long as it does, and a shot between two transitions as long as both.",
        "- {shot: last, duration: 1s}\ntransition: {dissolve: 2s}    # error";
    E0403 CueBackwards, "cue that ends before it starts",
        "A cue's `to` lies after its `from`.",
        "from: harbour\nto: cliff                     # error, if the cliff comes first";
    E0404 BeyondFilm, "beyond the film's end",
        "The time lies after the end of the film.",
        "to: 0:90                      # error, in a film of one minute\nto: end";
    E0405 InAfterOut, "out before in",
        "`out:` lies after `in:`.",
        "in: 5s\nout: 3s                       # error";
    E0406 BeyondShot, "beyond the shot's end",
        "A sound or a line would start after its shot has ended.",
        "duration: 3s\nsound: {file: door.wav, at: 4s}   # error";
    E0407 NoDuration, "shot without a duration",
        "A shot needs `duration:`. Only footage may leave it out, and then plays from `in:` to `out:`.",
        "- shot: wide\n  action: waves               # error\n  duration: 6s";
    E0408 FadesTooLong, "fades longer than their cue",
        "A cue's `fade-in` and `fade-out` fit into it together.",
        "from: 0s\nto: 4s\nfade-in: 5s                   # error";

    // Scripts.
    E0501 Script, "script that fails",
        "The script stopped with an error, or is not Lua. The place is the line it stopped at; labels show the calls that led there.",
        "film:shot(\"wide\", {})         -- error: a film has scenes, a scene has shots\nfilm:scene(\"cliff\", {}):shot(\"wide\", {...})";
    E0502 ScriptLimit, "script beyond its limits",
        "The script ran too long, or held more memory than a script may. Scripts describe films and nodes; work on pictures is done by the operations that the host gives.",
        "while true do end              -- error: it never ends";
    E0503 NotStoryboard, "script without a storyboard",
        "A Lua storyboard returns what `storyboard {...}` gave, or a table of the same keys as a YAML storyboard has.",
        "local film = storyboard { title = \"The Keeper\" }\nreturn film                    -- forgotten";
    E0504 UnknownNode, "unknown custom node",
        "A step names a node that is neither in the project's `scripts/` nor in the library.",
        "steps: [film-grian]            # error: did you mean film-grain?";
    E0505 BadDeclaration, "custom node that is declared wrong",
        "A node's script returns a table that says what the node is: `version`, `doc`, `inputs`, `outputs`, `params`, and either `run` or `expand`.",
        "return { doc = \"Grain.\" }      -- error: neither run nor expand";
    E0506 UnknownParameter, "unknown parameter of a node",
        "The node has no parameter and no input of that name.",
        "steps: [{node: film-grain, amout: 0.2}]   # error: amount";
    E0507 BadParameter, "wrong parameter of a node",
        "The value is not what the node's parameter takes, or one that must be given is missing.",
        "steps: [{node: film-grain, amount: 7}]    # error: from 0 to 1";
    E0508 BadInput, "wrong input of a node",
        "An input takes another shot (`scene.shot`), a cue, or a file, as its type says; pictures for a clip, sound for a sound. A shot cannot be made from itself.",
        "steps: [{node: picture-in-picture, inset: cliff.rail}]";
    E0509 NotAStep, "node that is no step",
        "A step gives what it takes: pictures on a shot, sound on a shot or a cue. Other nodes are parts of nodes that expand.",
        "score: [{cue: theme, prompt: cello, steps: [film-grain]}]   # error: a cue has no pictures";
    E0510 NotGranted, "node that wants more than is granted",
        "The node's script says that it runs programs or reaches the network. Neither is done unless the command line grants it: `--allow-exec`, `--allow-net=host`.",
        "storyreel render film.yaml --allow-exec";

    // Probably not meant.
    W0001 UnusedCharacter, "character in no shot",
        "No shot names the character, in `characters:`, in dialogue, or as `@name`. A name without `@` in an action is only a word.",
        "action: mara waits            # the word, not the character\naction: \"@mara waits\"";
    W0002 UnusedPlace, "place in no scene",
        "No scene or shot has this `place:`.",
        "places: {cliff: ..., pier: ...}   # and no scene on the pier";
    W0003 UnusedProp, "prop in no shot",
        "No shot names the prop, in `props:` or as `@name`.",
        "props: {lamp: ...}            # and no shot with it";
    W0004 UnusedVariable, "variable without use",
        "The variable is given a value, and `${name}` stands nowhere.",
        "vars: {hero: Mara}            # and no ${hero}";
    W0005 NoEffect, "key without effect",
        "What is written changes nothing here.",
        "- still: poster.png\n  candidates: 3               # a still has no candidates";
    W0006 TransitionAfterEnd, "transition into nothing",
        "The last scene has no scene to dissolve or wipe into; the film ends on its last picture. A `fade` leads to black.",
        "transition: {dissolve: 1s}    # of the last scene\ntransition: {fade: 1s}";
    W0008 Printed, "text that a script prints",
        "A script called `print`. It is told where it stands; nothing else comes of it.",
        "print(#lines)                  -- told while the storyboard is read";
    W0007 PlainName, "name without `@`",
        "The action has a character's name as a plain word. Where the character should be seen, write `@name`.",
        "action: Mara waits            # the word\naction: \"@mara waits\"         # the character";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_explained_once() {
        let ids: BTreeSet<_> = Code::ALL.iter().map(|code| code.id()).collect();
        assert_eq!(ids.len(), Code::ALL.len());
        for code in Code::ALL {
            let told = code.explanation();
            assert!(told.id.len() == 5 && told.title.len() > 5, "{code}");
            assert!(told.text.len() > 20 && told.text.ends_with('.'), "{code}: {}", told.text);
            assert!(!told.example.is_empty(), "{code}");
            assert_eq!(Code::from_id(&told.id.to_lowercase()), Some(*code));
        }
    }

    #[test]
    fn an_unknown_id_is_none() {
        assert_eq!(Code::from_id("E9999"), None);
        assert_eq!(Code::from_id("0104"), Some(Code::UnknownCharacter));
        assert_eq!(Code::from_id("0001"), None, "E0001 or W0001");
        assert_eq!(Code::from_id(""), None);
    }
}
