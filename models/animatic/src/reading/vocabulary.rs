//! The words the model knows, as tables: one line a meaning.

use super::{Angle, Hour, Mood, Move, Season, ShotSize, Viewpoint, Weather};
use crate::grade::has_word;

/// Words and what they mean.
pub(crate) type Table<T> = &'static [(&'static [&'static str], T)];

/// The meaning of the first text that holds a word of the table; within a text, of the earliest word.
pub(crate) fn first<T: Copy>(texts: &[&str], table: Table<T>) -> Option<T> {
    texts.iter().find_map(|text| {
        table
            .iter()
            .flat_map(|(words, meaning)| words.iter().map(move |w| (*w, *meaning)))
            .filter(|(word, _)| has_word(text, word))
            .min_by_key(|(word, _)| (text.find(word).unwrap_or(usize::MAX), usize::MAX - word.len()))
            .map(|(_, meaning)| meaning)
    })
}

pub(crate) const HOURS: Table<Hour> = &[
    (&["dawn", "sunrise", "daybreak", "first light", "before sunrise", "early morning"], Hour::Dawn),
    (&["morning", "forenoon"], Hour::Morning),
    (
        &["noon", "midday", "day", "daylight", "afternoon", "bright sun", "sunny", "daytime", "high sun"],
        Hour::Noon,
    ),
    (
        &["golden hour", "sunset", "late afternoon", "low sun", "golden light", "evening sun", "sundown"],
        Hour::GoldenHour,
    ),
    (&["dusk", "twilight", "evening", "blue hour", "nightfall", "gloaming"], Hour::Dusk),
    (
        &[
            "night",
            "midnight",
            "moonlit",
            "moonlight",
            "starry",
            "starlight",
            "stars",
            "nighttime",
            "small hours",
            "after dark",
        ],
        Hour::Night,
    ),
];

pub(crate) const WEATHER: Table<Weather> = &[
    (&["clear", "cloudless", "sunny", "calm", "fair weather", "starry"], Weather::Clear),
    (
        &["cloudy", "overcast", "heavy clouds", "dark clouds", "clouded", "grey sky", "gray sky", "leaden"],
        Weather::Cloud,
    ),
    (
        &["rain", "rains", "raining", "rainy", "drizzle", "downpour", "shower", "rain-slick", "wet"],
        Weather::Rain,
    ),
    (&["snow", "snows", "snowing", "snowfall", "blizzard", "flurries", "sleet", "snowflakes"], Weather::Snow),
    (&["fog", "foggy", "mist", "misty", "haze", "hazy", "smoky"], Weather::Fog),
    (&["storm", "stormy", "thunder", "thunderstorm", "lightning", "tempest", "hurricane"], Weather::Storm),
];

pub(crate) const WINDY: &[&str] = &[
    "wind",
    "windy",
    "gale",
    "gust",
    "gusts",
    "breeze",
    "breezy",
    "windswept",
    "wind-blown",
    "blizzard",
    "stormy",
];

pub(crate) const SEASONS: Table<Season> = &[
    (&["spring", "blossom", "springtime"], Season::Spring),
    (&["summer", "summertime"], Season::Summer),
    (
        &["autumn", "autumnal", "fall colours", "fall colors", "falling leaves", "fallen leaves"],
        Season::Autumn,
    ),
    (&["winter", "wintry", "frost", "frozen", "ice", "icy", "snow", "snowy", "blizzard"], Season::Winter),
];

pub(crate) const MOODS: Table<Mood> = &[
    (&["calm", "quiet", "peaceful", "still", "serene"], Mood::Calm),
    (
        &[
            "sombre",
            "somber",
            "sad",
            "lonely",
            "melancholy",
            "grief",
            "gloomy",
            "bleak",
            "mournful",
            "longing",
        ],
        Mood::Sombre,
    ),
    (&["joyful", "happy", "cheerful", "festive", "bright", "playful", "hopeful", "triumphant"], Mood::Joyful),
    (&["tense", "ominous", "menacing", "dark", "danger", "dramatic", "fear", "noir", "eerie"], Mood::Tense),
    (&["tender", "gentle", "dreamy", "soft", "nostalgic", "warm", "intimate", "romantic"], Mood::Tender),
];

pub(crate) const SIZES: Table<ShotSize> = &[
    (
        &[
            "close-up",
            "closeup",
            "close up",
            "close shot",
            "tight",
            "cu",
            "close on",
            "insert",
            "portrait",
            "close",
        ],
        ShotSize::CloseUp,
    ),
    (
        &["medium", "mid shot", "mid-shot", "waist shot", "two-shot", "two shot", "cowboy shot", "ms"],
        ShotSize::Medium,
    ),
    (
        &[
            "wide",
            "establishing",
            "long shot",
            "full shot",
            "panorama",
            "vista",
            "extreme wide",
            "master",
            "ws",
        ],
        ShotSize::Wide,
    ),
];

pub(crate) const ANGLES: Table<Angle> = &[
    (
        &[
            "aerial",
            "drone",
            "bird's eye",
            "bird's-eye",
            "birds-eye",
            "from the air",
            "top-down",
            "overhead",
            "helicopter",
        ],
        Angle::Aerial,
    ),
    (&["low angle", "low-angle", "from below", "worm's eye", "worm's-eye", "looking up"], Angle::Low),
    (&["high angle", "high-angle", "from above", "looking down"], Angle::High),
    (&["eye level", "eye-level", "level"], Angle::Level),
];

pub(crate) const VIEWS: Table<Viewpoint> = &[
    (
        &["over-the-shoulder", "over the shoulder", "over her shoulder", "over his shoulder", "ots"],
        Viewpoint::OverTheShoulder,
    ),
    (&["first person", "first-person", "pov", "point of view", "subjective"], Viewpoint::FirstPerson),
];

/// Words, the move they name, and the word that turns it round with the move it then is.
pub(crate) type MoveRow = (&'static [&'static str], Move, Option<(&'static str, Move)>);

pub(crate) const MOVES: &[MoveRow] = &[
    (&["zoom in", "zooms in", "zoom", "crash zoom"], Move::ZoomIn, Some(("out", Move::ZoomOut))),
    (&["zoom out", "zooms out"], Move::ZoomOut, None),
    (
        &["push in", "push-in", "pushes in", "push", "dolly in", "dolly-in", "dolly", "track in", "creep in"],
        Move::PushIn,
        Some(("out", Move::PullOut)),
    ),
    (
        &["pull out", "pull-out", "pull back", "pulls back", "pulls out", "dolly out", "dolly back"],
        Move::PullOut,
        None,
    ),
    (&["pan", "pans", "panning"], Move::PanRight, Some(("left", Move::PanLeft))),
    (
        &["truck", "trucks", "trucking", "slide", "slider", "lateral"],
        Move::TruckRight,
        Some(("left", Move::TruckLeft)),
    ),
    (&["tilt", "tilts", "tilting"], Move::TiltUp, Some(("down", Move::TiltDown))),
    (
        &["pedestal", "crane", "boom", "jib", "rise", "rises", "rising"],
        Move::PedestalUp,
        Some(("down", Move::PedestalDown)),
    ),
    (&["arc", "arcs", "orbit", "orbits", "circles", "circling"], Move::Arc, None),
    (&["tracking", "track", "tracks", "follow", "follows", "following", "steadicam"], Move::Tracking, None),
    (&["handheld", "hand-held", "hand held", "shaky"], Move::Handheld, None),
    (&["static", "locked", "locked-off", "tripod", "still", "fixed"], Move::Static, None),
];

/// Words of a camera phrase that need no drawing of their own.
const CAMERA_SMALL: &[&str] =
    &["slow", "slowly", "shot", "gentle", "angle", "fast", "quick", "lens", "mm", "camera", "eye"];

/// Whether a camera phrase holds a word that the model knows.
pub(crate) fn says_camera(phrase: &str) -> bool {
    let any = |words: &[&str]| words.iter().any(|w| has_word(phrase, w));
    MOVES.iter().any(|(w, _, _)| any(w))
        || SIZES.iter().any(|(w, _)| any(w))
        || ANGLES.iter().any(|(w, _)| any(w))
        || VIEWS.iter().any(|(w, _)| any(w))
        || any(&["extreme close-up", "macro", "detail", "ecu"])
        || phrase.split_whitespace().all(|w| CAMERA_SMALL.contains(&w))
}

/// Whether a phrase holds an hour, a weather, a season or a mood.
pub(crate) fn says_something(phrase: &str) -> bool {
    let lower = phrase.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| has_word(&lower, w));
    HOURS.iter().any(|(w, _)| any(w))
        || WEATHER.iter().any(|(w, _)| any(w))
        || SEASONS.iter().any(|(w, _)| any(w))
        || MOODS.iter().any(|(w, _)| any(w))
        || any(WINDY)
        || any(&[
            "light",
            "style",
            "palette",
            "illustration",
            "illustrated",
            "gouache",
            "storybook",
            "layered",
            "flat",
        ])
}

/// Verbs and the motion they ask for, as the model's words.
pub(crate) const MOTIONS: Table<&str> = &[
    (
        &[
            "walks",
            "walk",
            "walking",
            "strolls",
            "strides",
            "climbs",
            "climb",
            "wanders",
            "steps",
            "trudges",
            "crosses",
            "marches",
            "hikes",
            "descends",
            "paces",
            "drives",
            "driving",
            "passes",
            "rolls by",
            "comes",
            "arrives",
            "leaves",
            "enters",
            "hurries along",
        ],
        "walk",
    ),
    (
        &[
            "runs", "run", "running", "sprints", "races", "gallops", "rushes", "flees", "chases", "dashes",
            "hurries",
        ],
        "run",
    ),
    (&["sits", "sit", "sitting", "seated", "rests", "reads", "reading"], "sit"),
    (&["grips", "grip", "gripping", "clutches", "leans on", "holds the rail", "leans"], "grip"),
    (
        &[
            "holds", "holding", "carries", "carrying", "lifts", "raises", "lights", "offers", "reaches",
            "hold", "lifting",
        ],
        "hold",
    ),
    (
        &["looks", "look", "looking", "watches", "watching", "stares", "gazes", "searches", "scans", "peers"],
        "look",
    ),
    (&["points", "pointing"], "point"),
    (&["waves", "waving", "beckons", "greets"], "wave"),
    (&["rows", "rowing", "paddles"], "row"),
    (
        &[
            "flies",
            "fly",
            "flying",
            "wheel",
            "wheels",
            "wheeling",
            "circle",
            "circles",
            "circling",
            "soars",
            "soar",
            "glides",
            "glide",
            "swoop",
            "swoops",
            "hover",
            "hovers",
            "drift overhead",
        ],
        "fly",
    ),
    (&["swims", "swim", "swimming", "dives", "leaps", "breaches"], "swim"),
    (&["grazes", "graze", "grazing", "drinks"], "graze"),
    (&["turns", "turning", "spins", "rotates", "sweeps", "sweep", "shines", "flashes"], "turn"),
    (
        &[
            "stands",
            "stand",
            "standing",
            "waits",
            "wait",
            "waiting",
            "breathes",
            "sleeps",
            "listens",
            "speaks",
            "talks",
            "talk",
            "talking",
            "speak",
            "smiles",
            "pauses",
            "flickers",
            "flicker",
            "burns",
            "sways",
            "sway",
            "idles",
            "turns away",
            "nods",
            "sighs",
            "sings",
            "remembers",
            "thinks",
        ],
        "idle",
    ),
    (
        &[
            "sails", "sail", "sailing", "drifts", "drift", "drifting", "floats", "float", "floating",
            "rocks", "bobs", "steams", "moves", "passing", "tosses", "toss", "tossing", "pitches", "heaves",
            "rides",
        ],
        "drift",
    ),
    (&["lies", "lie", "lying", "beached", "stranded"], "lie"),
];
