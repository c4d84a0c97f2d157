//! What a person looks like, read from words; what they leave open is drawn by lot from their hash,
//! so that the same description is the same person in every shot.

use crate::subjects::colour::{Dice, Rgb, Words, hash, hex};

/// How old someone is, as far as it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Under twelve or so.
    Child,
    /// A youth or a grown-up.
    Grown,
    /// Past sixty.
    Old,
}

/// How hair is worn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// None, or a fringe about the ears.
    Bald,
    /// Cut short.
    Short,
    /// To the chin.
    Bob,
    /// Over the shoulders.
    Long,
    /// Tied up behind.
    Bun,
    /// One plait over the shoulder.
    Braid,
    /// A tail behind.
    Ponytail,
    /// A cloud of curls.
    Curly,
}

/// What covers the upper body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Garment {
    /// A long oilskin with toggles and a hood behind the neck.
    Raincoat,
    /// A coat to the knee.
    Coat,
    /// A short jacket.
    Jacket,
    /// A suit with shirt and tie.
    Suit,
    /// A knitted jumper with a roll neck.
    Sweater,
    /// A shirt or a blouse.
    Shirt,
    /// A dress.
    Dress,
    /// A buttoned uniform.
    Uniform,
    /// A robe or cloak to the ground.
    Robe,
}

impl Garment {
    /// How far down it reaches: parts of the leg below the hip.
    pub fn hem(self) -> f32 {
        match self {
            Garment::Raincoat => 0.56,
            Garment::Coat => 0.5,
            Garment::Dress => 0.66,
            Garment::Robe => 0.9,
            Garment::Suit | Garment::Uniform => 0.16,
            Garment::Jacket => 0.08,
            Garment::Sweater | Garment::Shirt => 0.03,
        }
    }
}

/// What is worn on the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hat {
    /// A flat or peaked cap.
    Cap,
    /// A captain's cap.
    Captain,
    /// A knitted cap.
    Beanie,
    /// A hat with a brim.
    Brim,
    /// A top hat.
    Top,
    /// An oilskin hat with a long back brim.
    Souwester,
    /// A hood, up.
    Hood,
    /// A kerchief.
    Kerchief,
    /// A crown.
    Crown,
}

/// What a hand holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prop {
    /// A lantern or storm lamp.
    Lantern,
    /// A letter or a note.
    Letter,
    /// A book.
    Book,
    /// A suitcase.
    Suitcase,
    /// A basket or a pail.
    Basket,
    /// A walking cane.
    Cane,
    /// An umbrella, up.
    Umbrella,
    /// A fishing rod.
    Rod,
    /// A cup.
    Cup,
    /// A telescope.
    Telescope,
    /// A bunch of flowers.
    Flowers,
    /// A balloon on a string.
    Balloon,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// How old.
    pub age: Age,
    /// Whether drawn with a woman's or a girl's features.
    pub female: bool,
    /// 0 slim, 1 stout.
    pub stout: f32,
    /// Metres from heel to crown.
    pub height: f32,
    /// Skin.
    pub skin: Rgb,
    /// Hair.
    pub hair: Rgb,
    /// How it is worn.
    pub style: Style,
    /// A beard.
    pub beard: bool,
    /// A moustache.
    pub moustache: bool,
    /// Spectacles.
    pub glasses: bool,
    /// The iris.
    pub eyes: Rgb,
    /// The upper garment.
    pub garment: Garment,
    /// Its colour.
    pub cloth: Rgb,
    /// What shows of the shirt beneath.
    pub shirt: Rgb,
    /// Trousers or skirt.
    pub legs: Rgb,
    /// Whether a skirt.
    pub skirt: bool,
    /// Shoes or boots.
    pub shoes: Rgb,
    /// Whether boots.
    pub boots: bool,
    /// An apron.
    pub apron: Option<Rgb>,
    /// A scarf.
    pub scarf: Option<Rgb>,
    /// Something on the head.
    pub hat: Option<(Hat, Rgb)>,
    /// Something in the hand.
    pub prop: Option<(Prop, Rgb)>,
}

const FEMALE: &[&str] = &[
    "woman",
    "women",
    "girl",
    "lady",
    "mother",
    "grandmother",
    "daughter",
    "sister",
    "wife",
    "widow",
    "queen",
    "princess",
    "aunt",
    "she",
    "her",
    "female",
    "actress",
    "waitress",
    "witch",
    "nun",
    "dress",
    "braid",
    "bride",
];
const MALE: &[&str] = &[
    "man",
    "men",
    "boy",
    "father",
    "grandfather",
    "son",
    "brother",
    "husband",
    "king",
    "prince",
    "uncle",
    "he",
    "his",
    "him",
    "male",
    "fisherman",
    "sailor",
    "captain",
    "waiter",
    "wizard",
    "monk",
    "beard",
    "moustache",
    "gentleman",
    "bald",
    "bearded",
    "postman",
    "policeman",
    "groom",
    "soldier",
];
const CHILD: &[&str] = &["child", "children", "boy", "girl", "kid", "toddler", "schoolboy", "schoolgirl"];
const OLD: &[&str] = &[
    "old",
    "elderly",
    "aged",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
    "grandmother",
    "grandfather",
    "ancient",
    "grandma",
    "grandpa",
    "wrinkled",
    "pensioner",
];

impl Look {
    /// The person these words describe.
    pub fn read(description: &str) -> Look {
        let words = Words::new(description);
        let mut dice = Dice::new(hash(description.trim().to_lowercase().as_str()));
        let female = if words.has(FEMALE) {
            !words.has(&["bearded", "beard"])
        } else {
            !words.has(MALE) && dice.chance(0.5)
        };
        // "old" counts only of the person, not of an old coat.
        let age = if words.has(CHILD) && !words.has_pair(&["young"], &["man", "woman"]) {
            Age::Child
        } else if words.has(&OLD[1..]) || words.has_pair(&["old"], &PEOPLE_WORDS) {
            Age::Old
        } else {
            Age::Grown
        };
        let skin = skin(&words, &mut dice);
        let hair = hair_colour(&words, age, skin, &mut dice);
        let style = style(&words, female, age, &mut dice);
        let (garment, cloth) = garment(&words, female, &mut dice);
        let moods = [0x3b4254, 0x4c443d, 0x39464a, 0x55503f, 0x2f3440];
        let legs = words
            .colour_of(&["trouser", "pant", "jean", "skirt", "legging", "short", "breech"])
            .unwrap_or_else(|| if words.has(&["jeans"]) { hex(0x46608a) } else { hex(dice.pick(&moods)) });
        let legs =
            if matches!(garment, Garment::Suit | Garment::Uniform) { cloth.darker(0.06) } else { legs };
        let boots = words.has(&["boot", "wellington"]) || matches!(garment, Garment::Raincoat);
        let shoes = words
            .colour_of(&["boot", "shoe", "wellington"])
            .unwrap_or(hex(dice.pick(&[0x3a2f2b, 0x2c2c33, 0x54392a])));
        Look {
            age,
            female,
            stout: stout(&words, &mut dice),
            height: height(&words, age, female, &mut dice),
            skin,
            hair,
            style,
            beard: words.has(&["beard", "bearded"])
                || (!female && age == Age::Old && dice.chance(0.45) && !words.has(&["clean-shaven"])),
            moustache: words.has(&["moustache", "mustache"]),
            glasses: words.has(&["glasses", "spectacle", "spectacles"]),
            eyes: eyes(&words, &mut dice),
            garment,
            cloth,
            shirt: words.colour_of(&["shirt", "blouse"]).unwrap_or(hex(0xe9e2d2)),
            legs,
            skirt: words.has(&["skirt"]),
            shoes,
            boots,
            apron: words.has(&["apron"]).then(|| words.colour_of(&["apron"]).unwrap_or(hex(0xe6dfce))),
            scarf: words.has(&["scarf", "shawl"]).then(|| {
                words
                    .colour_of(&["scarf", "shawl"])
                    .unwrap_or(hex(dice.pick(&[0xb2433a, 0x3f6d74, 0xc9963c])))
            }),
            hat: hat(&words, garment, cloth),
            prop: prop(&words),
        }
    }

    /// Height of the head from chin to crown, in metres.
    pub fn head(&self) -> f32 {
        self.height * if self.age == Age::Child { 0.19 } else { 0.157 }
    }
}

const PEOPLE_WORDS: [&str; 12] = [
    "man",
    "woman",
    "lady",
    "fisherman",
    "sailor",
    "captain",
    "keeper",
    "couple",
    "person",
    "king",
    "queen",
    "farmer",
];

fn skin(words: &Words, dice: &mut Dice) -> Rgb {
    let lot = hex(dice.pick(&[0xf0c6a4, 0xe6b48f, 0xd9a078, 0xc08660, 0x94613f, 0x6f4630]));
    if let Some(said) = words.colour_of(&["skin", "skinned"]) {
        return hex(0xb98460).mix(said, 0.5);
    }
    if words.has(&["dark-skinned", "black-skinned"]) || words.has_pair(&["dark"], &["skin", "skinned"]) {
        return hex(0x70462f);
    }
    if words.has(&["pale", "fair-skinned", "pale-skinned", "redhead"]) {
        return hex(0xf3d2b8);
    }
    if words.has(&["weathered", "tanned", "sunburnt", "fisherman", "sailor"]) { hex(0xd1946a) } else { lot }
}

fn hair_colour(words: &Words, age: Age, skin: Rgb, dice: &mut Dice) -> Rgb {
    let part = [
        "hair",
        "haired",
        "braid",
        "bun",
        "curl",
        "ponytail",
        "bob",
        "beard",
        "plait",
        "moustache",
        "bearded",
    ];
    let lot = if age == Age::Old {
        hex(dice.pick(&[0xb9b8b5, 0xdcd9d2, 0x96979a]))
    } else if skin.luma() < 0.5 {
        hex(dice.pick(&[0x25211f, 0x2f2723]))
    } else {
        hex(dice.pick(&[0x3a2a22, 0x5a3b27, 0x7d5232, 0x2b2728, 0xc0924f, 0x96502c]))
    };
    if words.has(&["redhead", "red-haired", "ginger"]) {
        return hex(0xb4562b);
    }
    if words.has_pair(&["red"], &["hair", "curl", "braid", "beard", "haired"]) {
        return hex(0xb4562b);
    }
    words
        .colour_of(&part)
        .or_else(|| {
            ["blond", "blonde", "grey-haired", "white-haired", "dark-haired", "fair-haired"]
                .iter()
                .find(|w| words.has(&[w]))
                .map(|w| match *w {
                    "blond" | "blonde" | "fair-haired" => hex(0xd8b468),
                    "grey-haired" => hex(0xa9a9a9),
                    "white-haired" => hex(0xe6e3dc),
                    _ => hex(0x2f2625),
                })
        })
        .unwrap_or(lot)
}

fn style(words: &Words, female: bool, age: Age, dice: &mut Dice) -> Style {
    let said: [(&[&str], Style); 8] = [
        (&["bald", "shaven-headed"], Style::Bald),
        (&["braid", "braided", "plait", "plaited"], Style::Braid),
        (&["bun", "chignon"], Style::Bun),
        (&["ponytail"], Style::Ponytail),
        (&["curly", "curl", "curls", "afro"], Style::Curly),
        (&["bob"], Style::Bob),
        (&["long-haired"], Style::Long),
        (&["short-haired", "cropped"], Style::Short),
    ];
    if let Some((_, style)) = said.iter().find(|(w, _)| words.has(w)) {
        return *style;
    }
    if words.has_near(&["long", "flowing"], &["hair"]) {
        return Style::Long;
    }
    if words.has_near(&["short", "cropped"], &["hair"]) {
        return Style::Short;
    }
    match (female, age) {
        (true, Age::Old) => dice.pick(&[Style::Bun, Style::Bob, Style::Short]),
        (true, Age::Child) => dice.pick(&[Style::Ponytail, Style::Bob, Style::Braid]),
        (true, Age::Grown) => dice.pick(&[Style::Long, Style::Bob, Style::Bun, Style::Ponytail]),
        (false, Age::Old) => dice.pick(&[Style::Bald, Style::Short, Style::Short]),
        (false, _) => dice.pick(&[Style::Short, Style::Short, Style::Curly]),
    }
}

fn garment(words: &Words, female: bool, dice: &mut Dice) -> (Garment, Rgb) {
    let said: [(&[&str], Garment, u32); 12] = [
        (&["raincoat", "oilskin", "oilskins", "slicker", "mackintosh"], Garment::Raincoat, 0xe5b53b),
        (&["robe", "cloak", "cape", "gown", "kimono"], Garment::Robe, 0x5a4a66),
        (&["dress"], Garment::Dress, 0x4a7c86),
        (&["suit", "tuxedo", "tie"], Garment::Suit, 0x3c4352),
        (&["uniform"], Garment::Uniform, 0x2f3d5a),
        (&["coat", "overcoat", "parka", "duffel"], Garment::Coat, 0x4a5560),
        (&["jacket", "blazer", "vest", "waistcoat", "cardigan"], Garment::Jacket, 0x5d5a45),
        (&["sweater", "jumper", "pullover", "turtleneck", "jersey", "hoodie"], Garment::Sweater, 0x8f5a45),
        (&["shirt", "t-shirt", "blouse", "tunic"], Garment::Shirt, 0xdfd8c8),
        (
            &["captain", "policeman", "soldier", "guard", "conductor", "officer", "sailor"],
            Garment::Uniform,
            0x2f3d5a,
        ),
        (&["businessman", "businesswoman", "detective", "gentleman", "butler"], Garment::Suit, 0x3c4352),
        (&["fisherman", "fisher"], Garment::Sweater, 0x35506b),
    ];
    for (part, garment, default) in said {
        if words.has(part) {
            return (garment, words.colour_of(part).unwrap_or(hex(default)));
        }
    }
    let lot = hex(dice.pick(&[0xa4503f, 0x3f6b78, 0x66784f, 0xc08a3e, 0x6b5579, 0x40557d, 0x9a6b4e]));
    let garment = if female {
        dice.pick(&[Garment::Coat, Garment::Sweater, Garment::Dress, Garment::Jacket])
    } else {
        dice.pick(&[Garment::Coat, Garment::Sweater, Garment::Jacket, Garment::Jacket])
    };
    // "in red", with no garment named.
    (garment, words.colour_of(&["clothes", "clothing"]).unwrap_or(lot))
}

fn stout(words: &Words, dice: &mut Dice) -> f32 {
    let lot = dice.range(0.15, 0.5);
    if words.has(&["stout", "fat", "heavy", "burly", "plump", "broad", "broad-shouldered", "round"]) {
        0.95
    } else if words.has(&["thin", "slim", "lanky", "slender", "skinny", "gaunt"]) {
        0.0
    } else {
        lot
    }
}

fn height(words: &Words, age: Age, female: bool, dice: &mut Dice) -> f32 {
    let base = match (age, female) {
        (Age::Child, _) => 1.2,
        (Age::Old, true) => 1.6,
        (Age::Old, false) => 1.7,
        (Age::Grown, true) => 1.68,
        (Age::Grown, false) => 1.78,
    };
    let lot = dice.range(-0.03, 0.03);
    let said = if words.has(&["tall", "lanky"]) {
        0.1
    } else if words.has_pair(&["small", "short", "little", "tiny"], &["man", "woman", "boy", "girl", "child"])
    {
        -0.12
    } else {
        0.0
    };
    base + said + lot
}

fn eyes(words: &Words, dice: &mut Dice) -> Rgb {
    let lot = hex(dice.pick(&[0x4e6a80, 0x5c4630, 0x566b4a, 0x3f342b]));
    words.colour_of(&["eye", "eyed"]).map_or(lot, |said| said.mix(hex(0x4a4a48), 0.3))
}

fn hat(words: &Words, garment: Garment, cloth: Rgb) -> Option<(Hat, Rgb)> {
    let said: [(&[&str], Hat, u32); 10] = [
        (&["sou'wester", "souwester", "southwester"], Hat::Souwester, 0xe0b038),
        (&["beanie", "bobble"], Hat::Beanie, 0x9c4238),
        (&["fedora", "bowler", "trilby", "stetson"], Hat::Brim, 0x54483e),
        (&["hood", "hooded"], Hat::Hood, 0),
        (&["kerchief", "headscarf", "bandana"], Hat::Kerchief, 0xb34a40),
        (&["crown", "king", "queen"], Hat::Crown, 0xdcb04a),
        (&["captain", "officer", "conductor", "policeman"], Hat::Captain, 0x27324a),
        (&["beret", "cap", "postman"], Hat::Cap, 0x4e4a45),
        (&["hat"], Hat::Brim, 0x5c4a3a),
        (&["wizard", "magician"], Hat::Top, 0x30304a),
    ];
    if words.has_pair(&["top"], &["hat"]) {
        return Some((Hat::Top, words.colour_of(&["hat"]).unwrap_or(hex(0x26262c))));
    }
    if words.has_pair(&["knitted", "knit", "woolly", "woollen", "bobble"], &["hat", "cap"]) {
        return Some((Hat::Beanie, words.colour_of(&["hat", "cap"]).unwrap_or(hex(0x9c4238))));
    }
    let (part, hat, default) = said.into_iter().find(|(part, ..)| words.has(part))?;
    if garment == Garment::Raincoat && hat == Hat::Brim {
        return Some((Hat::Souwester, words.colour_of(part).unwrap_or(cloth)));
    }
    let own = if hat == Hat::Hood { cloth } else { hex(default) };
    Some((hat, words.colour_of(part).unwrap_or(own)))
}

fn prop(words: &Words) -> Option<(Prop, Rgb)> {
    let said: [(&[&str], Prop, u32); 12] = [
        (&["lantern", "lamp"], Prop::Lantern, 0xb8893f),
        (&["letter", "note", "envelope"], Prop::Letter, 0xefe6cf),
        (&["book", "notebook", "diary"], Prop::Book, 0x8a3f38),
        (&["suitcase", "bag", "valise", "briefcase"], Prop::Suitcase, 0x7d4e2f),
        (&["basket", "hamper"], Prop::Basket, 0xb58a4e),
        (&["cane", "stick", "staff"], Prop::Cane, 0x5c4029),
        (&["umbrella", "parasol"], Prop::Umbrella, 0x2f3d4f),
        (&["rod"], Prop::Rod, 0x7a5a38),
        (&["cup", "mug"], Prop::Cup, 0xe8e0d0),
        (&["telescope", "spyglass"], Prop::Telescope, 0xb8893f),
        (&["bouquet", "flower"], Prop::Flowers, 0xd06a72),
        (&["balloon"], Prop::Balloon, 0xc8423a),
    ];
    let (part, prop, default) = said.into_iter().find(|(part, ..)| words.has(part))?;
    Some((prop, words.colour_of(part).unwrap_or(hex(default))))
}
