//! Everything that can stand in a picture, each painted by a small file; [`ALL`] lists them.

pub mod buildings;
pub mod canvas;
pub mod colour;
pub mod creatures;
pub mod figure;
pub mod plants;
pub mod shape;
pub mod sketch;
pub mod things;
pub mod vehicles;

#[cfg(test)]
mod tests;

use crate::paint::Subject;
use buildings::{houses, lighthouse, street, wood};
use creatures::{beasts, birds, swimmers};
use plants::{small, trees};
use things::{carried, lights, room, sky};
use vehicles::{boats, wheels};

/// Every subject. A new one is a file and its name here.
pub(crate) static ALL: &[&dyn Subject] = &[
    &figure::FIGURE,
    &birds::GULL,
    &birds::CROW,
    &birds::BIRD,
    &beasts::DOG,
    &beasts::CAT,
    &beasts::FOX,
    &beasts::HORSE,
    &beasts::DEER,
    &beasts::COW,
    &beasts::SHEEP,
    &beasts::BEAR,
    &swimmers::FISH,
    &swimmers::WHALE,
    &swimmers::DOLPHIN,
    &swimmers::BUTTERFLY,
    &swimmers::DUCK,
    &swimmers::CRAB,
    &lighthouse::LIGHTHOUSE,
    &houses::COTTAGE,
    &houses::HOUSE,
    &houses::CHURCH,
    &houses::CASTLE,
    &houses::TOWER,
    &houses::BARN,
    &houses::WINDMILL,
    &street::STREET_LAMP,
    &street::FACADE,
    &street::STALL,
    &street::TENT,
    &street::WELL,
    &street::BRIDGE,
    &street::SIGN,
    &wood::PIER,
    &wood::RAIL,
    &wood::FENCE,
    &wood::GATE,
    &wood::DOOR,
    &wood::STAIRS,
    &boats::ROWBOAT,
    &boats::SAILBOAT,
    &boats::TRAWLER,
    &boats::STEAMER,
    &wheels::CAR,
    &wheels::BUS,
    &wheels::TRAM,
    &wheels::BICYCLE,
    &wheels::TRAIN,
    &wheels::CART,
    &trees::PINE,
    &trees::OAK,
    &trees::BIRCH,
    &trees::PALM,
    &trees::BARE,
    &trees::CACTUS,
    &small::BUSH,
    &small::GRASS,
    &small::REEDS,
    &small::FLOWERS,
    &small::MUSHROOM,
    &small::ROCK,
    &small::BOULDER,
    &small::LOG,
    &small::CAMPFIRE,
    &lights::LANTERN,
    &lights::LAMP,
    &lights::CANDLE,
    &lights::FIREPLACE,
    &room::TABLE,
    &room::CHAIR,
    &room::BED,
    &room::ARMCHAIR,
    &room::DESK,
    &room::BOOKSHELF,
    &room::WINDOW,
    &room::CLOCK,
    &room::MIRROR,
    &room::PICTURE,
    &room::BENCH,
    &room::PIANO,
    &carried::LETTER,
    &carried::BOOK,
    &carried::MAP,
    &carried::TELESCOPE,
    &carried::RADIO,
    &carried::CELLO,
    &carried::KETTLE,
    &carried::CUP,
    &carried::BOTTLE,
    &carried::SUITCASE,
    &carried::UMBRELLA,
    &carried::ROPE,
    &carried::ANCHOR,
    &carried::BARREL,
    &carried::CRATE,
    &carried::BASKET,
    &carried::LADDER,
    &carried::PHONE,
    &carried::GRAMOPHONE,
    &sky::KITE,
    &sky::BALLOON,
    &sky::AIRSHIP,
    &sky::FLAG,
];
