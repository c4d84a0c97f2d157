//! The effects and the words that call them.

use super::tools::{Ask, Bed};
use super::{animals, harbour, house, street, water, weather};
use crate::dsp::rng::Rng;

/// One sound that words can call.
pub struct Effect {
    /// Its name.
    pub name: &'static str,
    /// What it is called; several words must all be in the phrase, in any order.
    pub words: &'static [&'static str],
    /// How far away it is unless the words say otherwise, 0 to 1.
    pub far: f32,
    /// How it is made.
    pub make: Make,
}

/// How an effect is made.
#[derive(Clone, Copy)]
pub enum Make {
    /// Goes on; with the gain in decibels that brings it to about -26 LUFS.
    Bed(fn(&mut Rng, &Ask) -> Bed, f32),
    /// Happens; each time brought to this peak in dBFS.
    Events(fn(&mut Rng, &Ask) -> Vec<f32>, f32, Rhythm),
}

/// When events happen.
#[derive(Clone, Copy)]
pub struct Rhythm {
    /// Seconds from one to the next.
    pub every: f32,
    /// By the clock, or at random.
    pub steady: bool,
    /// How far left and right they happen, 0 to 1.
    pub spread: f32,
}

const fn now_and_then(every: f32, spread: f32) -> Rhythm {
    Rhythm { every, steady: false, spread }
}

const fn steady(every: f32, spread: f32) -> Rhythm {
    Rhythm { every, steady: true, spread }
}

const fn bed(
    name: &'static str,
    words: &'static [&'static str],
    far: f32,
    make: fn(&mut Rng, &Ask) -> Bed,
    trim: f32,
) -> Effect {
    Effect { name, words, far, make: Make::Bed(make, trim) }
}

const fn events(
    name: &'static str,
    words: &'static [&'static str],
    far: f32,
    make: fn(&mut Rng, &Ask) -> Vec<f32>,
    peak: f32,
    rhythm: Rhythm,
) -> Effect {
    Effect { name, words, far, make: Make::Events(make, peak, rhythm) }
}

/// All effects. Within a phrase longer calls win over shorter ones, whatever their order here.
#[rustfmt::skip]
pub const EFFECTS: &[Effect] = &[
    // Water.
    bed("surf", &["surf", "waves", "wave", "sea", "ocean", "breakers", "swell", "tide", "shore", "crashing waves"], 0.15, water::surf, -14.0),
    bed("lapping", &["lapping", "waves lapping", "water lapping", "lapping water", "harbour water", "small waves", "gentle waves", "hull water", "water"], 0.1, water::lapping, -9.0),
    bed("rain", &["rain", "raining", "drizzle", "downpour", "rainfall", "shower", "storm", "thunderstorm"], 0.1, water::rain, -3.0),
    bed("stream", &["stream", "river", "brook", "creek", "babbling", "running water", "fountain"], 0.1, water::stream, 0.0),
    bed("waterfall", &["waterfall", "cascade", "falls", "rapids"], 0.2, water::waterfall, -12.0),
    events("splash", &["splash", "splashes", "splashing", "plunge"], 0.1, water::splash, -8.0, now_and_then(3.5, 0.5)),
    events("drip", &["drip", "dripping", "drops", "dripping water", "drip water", "tap"], 0.15, water::drip, -14.0, now_and_then(1.3, 0.4)),
    events("oars", &["oars", "oar", "rowing", "row", "paddle", "paddling"], 0.05, water::oars, -10.0, steady(2.7, 0.15)),
    // Weather and air.
    bed("wind", &["wind", "gust", "gusts", "breeze", "gale", "howling", "draught", "storm", "blizzard", "snowstorm", "windy"], 0.1, weather::wind, -8.0),
    bed("leaves", &["leaves", "rustle", "rustling", "foliage", "trees", "branches", "wind trees", "grass"], 0.15, weather::leaves, -5.0),
    events("thunder", &["thunder", "lightning", "thunderclap", "thunderstorm"], 0.45, weather::thunder, -6.0, now_and_then(11.0, 0.5)),
    events("flapping", &["flag", "sail", "sails", "canvas", "flapping", "banner", "tarpaulin"], 0.1, weather::flapping, -13.0, now_and_then(1.8, 0.3)),
    bed("fire", &["fire", "flame", "flames", "crackle", "crackling", "campfire", "fireplace", "hearth", "embers", "stove", "bonfire"], 0.05, weather::fire, -1.0),
    bed("room tone", &["room tone", "room", "quiet room", "hush", "air"], 0.0, weather::room_tone, -22.0),
    bed("steam", &["steam", "hiss", "hissing", "steam hiss"], 0.15, weather::steam, -6.0),
    // Animals.
    events("gulls", &["gull", "gulls", "seagull", "seagulls", "seabirds", "seabird"], 0.35, animals::gull, -13.0, now_and_then(3.2, 0.9)),
    events("birdsong", &["birdsong", "bird", "birds", "songbird", "songbirds", "chirp", "chirping", "birds singing", "sparrow", "robin", "blackbird", "dawn chorus"], 0.3, animals::songbird, -15.0, now_and_then(2.0, 0.9)),
    events("owl", &["owl", "hoot", "hooting"], 0.4, animals::owl, -14.0, now_and_then(8.0, 0.6)),
    bed("crickets", &["cricket", "crickets", "cicadas", "grasshoppers", "insects", "night insects"], 0.2, animals::crickets, -4.0),
    bed("buzz", &["bee", "bees", "fly", "flies", "buzzing", "buzz", "mosquito", "wasp"], 0.1, animals::buzz, -12.0),
    events("frogs", &["frog", "frogs", "croak", "croaking", "toads"], 0.25, animals::frog, -14.0, now_and_then(1.9, 0.8)),
    events("dog", &["dog", "dogs", "bark", "barking", "hound"], 0.35, animals::dog, -12.0, now_and_then(4.5, 0.5)),
    events("wolf", &["wolf", "wolves", "howl", "wolf howling"], 0.6, animals::wolf, -13.0, now_and_then(9.0, 0.6)),
    events("cat", &["cat", "cats", "meow", "mew", "kitten"], 0.1, animals::cat, -14.0, now_and_then(5.0, 0.4)),
    events("wings", &["wings", "wing", "flutter", "fluttering", "flapping wings", "wings flapping", "wingbeats"], 0.1, animals::wings, -14.0, now_and_then(3.5, 0.7)),
    // Feet and things.
    events("footsteps", &["footsteps", "footstep", "steps", "walking", "footfalls", "boots", "running", "feet", "walk"], 0.05, house::step, -11.0, steady(0.56, 0.12)),
    events("hooves", &["hooves", "hoof", "hoofbeats", "horse", "horses", "carriage", "galloping", "clip-clop"], 0.2, house::hooves, -12.0, steady(1.02, 0.2)),
    events("creak", &["creak", "creaking", "creaks", "rope", "ropes", "mast", "rigging", "timber", "floorboards", "creaking wood", "wood creaking", "creaking rope", "stairs"], 0.1, house::creak, -14.0, now_and_then(3.0, 0.4)),
    events("door creak", &["door creak", "door creaking", "creaky door", "hinge", "hinges", "squeak", "gate"], 0.05, house::door_creak, -15.0, now_and_then(7.0, 0.2)),
    events("door slam", &["door slam", "door slams", "slamming door", "slam", "door bang", "slammed door"], 0.1, house::door_slam, -7.0, now_and_then(9.0, 0.2)),
    events("door", &["door", "doors", "latch", "door opens", "door closes"], 0.05, house::door, -14.0, now_and_then(9.0, 0.2)),
    events("knock", &["knock", "knocking", "knocks", "door knock", "knock door"], 0.1, house::knock, -11.0, now_and_then(5.0, 0.2)),
    events("clock", &["clock", "ticking", "tick", "ticks", "clock ticking", "clock tick", "watch ticking", "metronome"], 0.1, house::clock, -17.0, steady(1.0, 0.1)),
    events("cup", &["cup", "cups", "crockery", "dishes", "plate", "plates", "teacup", "mug", "cutlery", "saucer"], 0.05, house::cup, -16.0, now_and_then(3.5, 0.4)),
    events("glass", &["glass", "glasses", "clink", "toast", "clinking glasses"], 0.05, house::glass, -17.0, now_and_then(4.0, 0.3)),
    events("shatter", &["shatter", "glass breaking", "breaking glass", "shattering glass", "glass shatters", "smash"], 0.05, house::shatter, -9.0, now_and_then(9.0, 0.3)),
    events("keys", &["keys", "coins", "jingle", "jingling", "chain", "chains"], 0.05, house::keys, -17.0, now_and_then(3.5, 0.3)),
    events("typewriter", &["typewriter", "typing", "keyboard", "teleprinter"], 0.05, house::typewriter, -15.0, now_and_then(3.6, 0.1)),
    events("paper", &["paper", "page", "pages", "letter", "envelope", "book", "newspaper", "map", "pen", "writing"], 0.05, house::paper, -14.0, now_and_then(3.0, 0.2)),
    bed("kettle", &["kettle", "boiling", "tea kettle", "simmering"], 0.05, house::kettle, -8.0),
    events("heartbeat", &["heartbeat", "heart", "heartbeats", "pulse"], 0.0, house::heartbeat, -9.0, steady(0.95, 0.0)),
    events("telephone", &["telephone", "phone", "ringing phone", "phone ringing", "telephone ringing"], 0.1, house::telephone, -14.0, steady(4.2, 0.0)),
    // Harbour, machines, rails.
    events("bell", &["bell", "bells", "church bell", "church bells", "buoy", "bell buoy", "toll", "tolling", "chime"], 0.35, harbour::bell, -10.0, steady(3.8, 0.1)),
    events("ship's bell", &["ship's bell", "ship bell", "ships bell", "brass bell", "small bell"], 0.2, harbour::ships_bell, -13.0, now_and_then(6.0, 0.2)),
    events("foghorn", &["foghorn", "fog horn", "fog signal"], 0.45, harbour::foghorn, -10.0, now_and_then(10.0, 0.2)),
    events("ship horn", &["ship horn", "ship's horn", "horn", "ferry horn", "boat horn", "ship's whistle", "steamer"], 0.4, harbour::ship_horn, -10.0, now_and_then(12.0, 0.3)),
    events("car horn", &["car horn", "honk", "honking", "horns", "car horns"], 0.35, harbour::car_horn, -15.0, now_and_then(5.0, 0.8)),
    events("whistle", &["whistle", "steam whistle", "train whistle", "whistling"], 0.35, harbour::whistle, -13.0, now_and_then(8.0, 0.3)),
    bed("siren", &["siren", "sirens", "ambulance", "police siren", "alarm"], 0.5, harbour::siren, -12.0),
    bed("engine", &["engine", "motor", "car engine", "truck", "lorry", "car", "tractor", "generator"], 0.15, harbour::engine, -8.0),
    bed("boat", &["motor boat", "motorboat", "boat engine", "boat motor", "boat", "outboard", "trawler", "fishing boat", "ferry", "ship's engine", "tugboat"], 0.15, harbour::boat, -6.0),
    bed("machinery", &["machinery", "machine", "machines", "hum", "machinery hum", "electric hum", "factory", "fan", "fridge", "refrigerator", "humming", "servers", "spaceship"], 0.15, harbour::machinery, -9.0),
    events("rails", &["train", "tram", "rails", "railway", "clatter", "wheels", "locomotive", "subway", "metro"], 0.25, harbour::rails, -13.0, steady(1.55, 0.1)),
    bed("rolling", &["train", "tram", "railway", "subway", "metro", "rolling"], 0.25, harbour::rolling, -9.0),
    bed("plane", &["plane", "aeroplane", "airplane", "aircraft", "helicopter", "jet", "propeller", "drone"], 0.4, harbour::plane, -7.0),
    // People and streets.
    bed("crowd", &["crowd", "murmur", "voices", "chatter", "market", "people", "crowd murmur", "cafe", "pub", "restaurant", "bar", "audience", "talking", "bazaar"], 0.25, street::crowd, 3.0),
    events("children", &["children", "kids", "playground", "children playing"], 0.4, street::children, -15.0, now_and_then(1.3, 0.8)),
    events("laughter", &["laughter", "laugh", "laughing", "laughs"], 0.2, street::laughter, -15.0, now_and_then(3.5, 0.5)),
    bed("applause", &["applause", "clapping", "clap", "ovation"], 0.2, street::applause, -1.0),
    events("traffic", &["traffic", "cars", "car passes", "passing car", "passing cars", "road", "street traffic", "highway"], 0.25, street::car_pass, -15.0, now_and_then(2.6, 0.8)),
    bed("city", &["city", "traffic", "city hum", "street", "town", "urban", "rooftop", "distant traffic"], 0.3, street::city, -7.0),
    bed("radio", &["radio", "static", "radio static", "walkie-talkie"], 0.05, street::radio, -9.0),
    events("whoosh", &["whoosh", "swoosh", "swish", "rush past"], 0.05, street::whoosh, -12.0, now_and_then(4.0, 0.7)),
    events("explosion", &["explosion", "blast", "boom", "cannon", "fireworks", "explosions"], 0.35, street::explosion, -5.0, now_and_then(7.0, 0.5)),
];

/// Words that ask for nothing but the quiet of the place.
pub const SILENCE: &[&str] = &["silence", "silent", "quiet", "nothing", "none", "stillness"];

/// Ambience of a place where the words leave it open: words in the context, the effect's name.
pub const PLACES: &[(&[&str], &str)] = &[
    (&["storm", "thunderstorm", "gale", "blizzard", "wind", "windy"], "wind"),
    (&["rain", "rainy", "drizzle", "downpour", "storm"], "rain"),
    (&["sea", "ocean", "coast", "beach", "shore", "cliff", "lighthouse", "bay", "surf", "waves"], "surf"),
    (&["harbour", "harbor", "pier", "jetty", "dock", "quay", "lake", "boat", "deck", "pond"], "lapping"),
    (&["river", "stream", "brook", "creek"], "stream"),
    (&["waterfall"], "waterfall"),
    (&["forest", "woods", "woodland", "jungle", "orchard", "grove", "garden", "park"], "leaves"),
    (
        &[
            "mountain", "desert", "dunes", "moor", "hill", "plain", "summit", "snow", "field", "steppe",
            "meadow",
        ],
        "wind",
    ),
    (&["market", "cafe", "bar", "pub", "restaurant", "bazaar", "theatre"], "crowd"),
    (&["city", "street", "alley", "town", "rooftop", "avenue", "square"], "city"),
    (&["train", "tram", "carriage", "subway"], "rolling"),
    (&["factory", "workshop", "spaceship", "laboratory", "bunker"], "machinery"),
    (&["fireplace", "campfire", "hearth", "bonfire"], "fire"),
];

/// Context words that mean walls around.
pub const INDOORS: &[&str] = &[
    "room",
    "kitchen",
    "bedroom",
    "interior",
    "indoors",
    "inside",
    "office",
    "hall",
    "cabin",
    "attic",
    "cellar",
    "library",
    "corridor",
    "cafe",
    "bar",
    "pub",
    "study",
    "workshop",
    "church",
    "stairs",
    "staircase",
    "house",
];

/// Context words that mean night.
pub const NIGHT: &[&str] = &["night", "midnight", "moonlight", "moonlit", "stars", "dusk"];

/// Places with birds by day and insects by night.
pub const GREEN: &[&str] =
    &["forest", "woods", "woodland", "meadow", "garden", "park", "orchard", "field", "jungle", "grove"];
