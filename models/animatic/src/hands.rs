//! What people hold, and the table that they sit at.

use crate::edit::{Plan, Role};
use crate::grade::mix;
use crate::paint::{self, SubjectKind};
use crate::reading::{Player, ShotSize};
use crate::scene::{Fill, Scene, still};
use crate::subjects::figure::CharacterLook;

/// Who holds what.
#[derive(Debug, Default)]
pub(crate) struct Hands {
    pub bearer: Option<usize>,
    /// Painted with the bearer.
    pub first: Option<usize>,
    /// Laid over the bearer: a second thing, or one that an edit brought.
    pub others: Vec<usize>,
}

impl Hands {
    pub fn of(scene: &Scene<'_>, players: &[Player], plan: &Plan) -> Hands {
        let person = |i: &usize| kind_of(&players[*i]) == Some(SubjectKind::Person);
        let bearer = (0..players.len()).filter(person).find(|i| plan.role(*i) == Role::Shown);
        if bearer.is_none() || scene.close() {
            return Hands::default();
        }
        let fits = |i: &usize| CharacterLook::describe(&players[*i].description).look().prop.is_some();
        let own = |i: &usize| players[*i].held && plan.slot(*i) == *i;
        let first = (0..players.len()).find(|i| own(i) && fits(i));
        let others = (0..players.len()).filter(|i| Some(*i) != first && plan.spot(*i).is_none());
        let brought = |i: &usize| {
            let slot = plan.slot(*i);
            let replaced = slot != *i && players.get(slot).is_some_and(|p| p.held);
            let added = slot == *i && !person(i) && *i >= scene.told;
            players[*i].held
                || replaced
                || added && fits(i) && kind_of(&players[*i]) == Some(SubjectKind::Thing)
        };
        Hands { bearer, first, others: others.filter(brought).collect() }
    }

    /// What an edit put in place of what is painted with the bearer, if hands hold it the same way.
    pub fn swapped(&self, players: &[Player], plan: &Plan) -> Option<usize> {
        let thing = self.first.filter(|&i| matches!(plan.role(i), Role::Ghost | Role::Gone))?;
        let fits = |i: &usize| CharacterLook::describe(&players[*i].description).look().prop.is_some();
        let there = |i: &usize| matches!(plan.role(*i), Role::Shown | Role::Added);
        let same = |i: &usize| plan.slot(*i) == plan.slot(thing);
        self.others.iter().copied().find(|i| there(i) && same(i) && fits(i))
    }
}

/// What sort of thing a player is.
pub(crate) fn kind_of(player: &Player) -> Option<SubjectKind> {
    paint::all().iter().find(|s| s.name() == player.subject).map(|s| s.kind())
}

/// People who sit at a table in a room, seen from the waist.
pub(crate) fn at_table(scene: &Scene<'_>) -> bool {
    let sits = scene.reading.players.iter().any(|p| p.motion == "sit");
    scene.reading.framing.size == ShotSize::Medium
        && crate::settings::by_name(&scene.reading.setting).inside()
        && sits
        && scene.says(&["table", "desk"])
}

/// Where the table's edge away from us lies, in picture heights below the centre.
pub(crate) const TABLE: f64 = 0.27;

/// The table before those who sit at it, across the picture.
pub(crate) fn tabletop(scene: &mut Scene<'_>) {
    let v = scene.view;
    let y = |at: f64| ((at - v.horizon) / v.k) as f32;
    let mut sheet = scene.sheet(0.97, y(TABLE), 9.0);
    let (left, _, right, bottom) = sheet.bounds();
    let warm = if scene.palette.night { [0.62, 0.40, 0.24] } else { [0.66, 0.45, 0.28] };
    let (lit, dim) = (scene.palette.lit(warm, 0.85, 1.0), scene.palette.lit(warm, 0.35, 1.0));
    let lit = if scene.palette.night { mix(lit, warm, 0.45) } else { lit };
    sheet.rect(left, y(TABLE), right, bottom, Fill::Down { from: (y(TABLE), lit), to: (y(0.52), dim) });
    sheet.rect(left, y(TABLE), right, y(TABLE + 0.006), Fill::Veil([1.0, 0.9, 0.72], 0.35));
    let mut rng = scene.place_rng("table");
    for _ in 0..26 {
        let (x, at) = (rng.range(left, right), y(TABLE + 0.02 + 0.25 * f64::from(rng.unit())));
        let long = rng.range(0.08, 0.4);
        sheet.line(&[(x, at), (x + long, at + 0.002)], 0.0022, dim, 0.4);
    }
    scene.hang(sheet, still());
}
