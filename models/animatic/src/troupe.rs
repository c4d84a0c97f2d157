//! Puts the players on the stage: who stands where, how large, and how they move as a whole.
//!
//! Figures keep their slot by their order in the reading, so that an edit that adds or removes one
//! moves no other. Sizes are in picture heights: a framing says how many a metre has.

use crate::compose::Bend;
use crate::edit::{Plan, Role};
use crate::hands::{Hands, TABLE, at_table, kind_of, tabletop};
use crate::layer::Layer;
use crate::noise::Rng;
use crate::paint::{self, Facing, Glow, Light, Motion as Act, PaintCx, Painting, Subject, SubjectKind};
use crate::reading::{Angle, Player, ShotSize, Viewpoint};
use crate::scene::{Pose, Scene, Swarm};
use crate::sketch::Mass;
use crate::subjects::figure::CharacterLook;
use crate::text::Request;
use crate::viewpoint::{shoulder_of, viewpoint};
use aboard::{Crew, Rower};

pub(crate) use aboard::is_manned;
pub(crate) use trim::cropped;
use trim::{clear_top, veiled};

mod aboard;
mod close;
mod gait;
mod seat;
mod shadow;
mod trim;

/// Where a player stands.
#[derive(Clone, Copy, Debug)]
struct Spot {
    /// Foot, in picture heights from the picture's centre.
    x: f64,
    y: f64,
    depth: f64,
    /// Picture heights a metre.
    metre: f64,
}

/// Where figures stand across the picture, in heights from the centre, by their order.
const SLOTS: [f64; 7] = [-0.16, 0.27, -0.46, 0.56, 0.06, -0.66, 0.42];

/// Most of the layers' memory that one player's loop may take, in pixels.
const LOOP_PIXELS: f64 = 7.0e6;

/// Places all players.
pub(crate) fn place(scene: &mut Scene<'_>, request: &Request, plan: &Plan) {
    let light = scene.palette.light(scene.reading);
    let masses = crate::sketch::read(request).map(|g| g.masses).unwrap_or_default();
    let mut players: Vec<Player> = scene.reading.players.clone();
    let crew = Crew::of(scene, &players, plan, &request.text.action.to_lowercase());
    if let Some(boat) = crew.boat {
        "row".clone_into(&mut players[boat].motion);
    }
    let players = players;
    let hands = Hands::of(scene, &players, plan);
    let swapped = hands.swapped(&players, plan);
    let light = if light.night { lamplit(&light) } else { light };
    let cast_of = |index: usize| {
        let player = &players[index];
        let subject = paint::all().iter().copied().find(|s| s.name() == player.subject)?;
        let slot = plan.slot(index);
        let (mass, place) = (masses.get(slot).copied(), plan.spot(index));
        Some(Cast {
            player,
            subject,
            slot,
            light: &light,
            request,
            mass,
            place,
            carried: None,
            crew: Vec::new(),
        })
    };
    if at_table(scene) {
        tabletop(scene);
    }
    for index in 0..players.len() {
        let role = plan.role(index);
        let asked = role != Role::Shown || plan.spot(index).is_some();
        let size = scene.reading.framing.size;
        let hidden = !asked && crate::reading::too_close(size, index, &players);
        if role == Role::Gone
            || hidden
            || hands.first == Some(index)
            || crew.holds(index)
            || swapped == Some(index)
            || unseen(scene, index, &players, request)
        {
            continue;
        }
        let Some(mut cast) = cast_of(index) else { continue };
        let from = scene.items.len();
        let bearer = hands.bearer.filter(|_| hands.others.contains(&index)).and_then(cast_of);
        // What one holds is painted with its bearer, and changes as it does.
        let first = hands.first.filter(|_| hands.bearer == Some(index));
        let (mut edited, mut before) = (matches!(role, Role::Added | Role::Ghost), None);
        if let Some(thing) = first {
            let words = players[thing].description.clone();
            match plan.role(thing) {
                Role::Shown | Role::Added => cast.carried = Some(words),
                Role::Ghost => (edited, before) = (true, Some(words)),
                Role::Gone => edited |= swapped.is_some_and(|i| plan.role(i) == Role::Added),
            }
        }
        let missing = crew.boat == Some(index) && crew.people.iter().any(|&i| plan.role(i) == Role::Ghost);
        if crew.boat == Some(index) {
            let aboard = |i: &&usize| plan.role(**i) != Role::Ghost;
            cast.slot = crew.people.first().map_or(cast.slot, |&i| plan.slot(i));
            cast.crew =
                crew.people.iter().filter(aboard).filter_map(|&i| cast_of(i)).map(|c| c.rower()).collect();
            edited |= missing || crew.people.iter().any(|&i| plan.role(i) == Role::Added);
        }
        if let Some(other) = swapped.filter(|_| first.is_some()) {
            cast.carried = Some(players[other].description.clone());
        }
        match bearer {
            Some(bearer) => cast.hang_in_hand(scene, &bearer),
            None => cast.hang(scene),
        }
        if let (true, Some(bearer)) = (cast.lifted(scene), cast_of(0)) {
            cast.hang_raised_hand(scene, &bearer.look());
        }
        let between = scene.items.len();
        if before.is_some() || missing {
            cast.carried = before;
            let all = crew.people.iter().filter(|_| missing).filter_map(|&i| cast_of(i));
            cast.crew = all.map(|c| c.rower()).collect();
            cast.hang(scene);
        }
        for (k, item) in scene.items.iter_mut().enumerate().skip(from) {
            item.player = Some(index);
            item.ghost = role == Role::Ghost || k >= between;
            item.edited = edited;
        }
    }
    viewpoint(scene, request, &light, &players);
}

/// At night figures stand in lamplight, or nobody would see who they are.
fn lamplit(light: &Light) -> Light {
    let lift = |c: [f32; 3], by: [f32; 3]| [0, 1, 2].map(|i| (c[i] * 1.25 + by[i]).min(1.0));
    Light {
        key: lift(light.key, [0.16, 0.12, 0.06]),
        ambient: lift(light.ambient, [0.07, 0.06, 0.06]),
        rim: light.rim.or(Some([0.98, 0.80, 0.52])),
        ..*light
    }
}

/// Whether a player is not to be seen: the one past whose shoulder we look, and a building of the
/// place that a picture from the air has no ground for.
fn unseen(scene: &Scene<'_>, index: usize, players: &[Player], request: &Request) -> bool {
    let player = &players[index];
    let shoulder = scene.reading.framing.view == Viewpoint::OverTheShoulder
        && shoulder_of(players).is_some_and(|p| p == index);
    let building = kind_of(player) == Some(SubjectKind::Building) && scene.aerial() && scene.perch.is_none();
    let told = crate::grade::has_word(&request.text.action.to_lowercase(), &player.name);
    shoulder || building && !told && scene.reading.setting == "mountains"
}

/// One player on its way to the stage.
struct Cast<'a> {
    player: &'a Player,
    subject: &'static dyn Subject,
    slot: usize,
    light: &'a Light,
    request: &'a Request,
    mass: Option<Mass>,
    /// A spot that an edit's region asks for: centre x and y, height, in picture heights.
    place: Option<(f64, f64, f64)>,
    /// What it has in its hands, as described.
    carried: Option<String>,
    /// Who sits in it.
    crew: Vec<Rower>,
}

impl Cast<'_> {
    fn hang(&mut self, scene: &mut Scene<'_>) {
        let person = self.subject.kind() == SubjectKind::Person;
        if person && scene.close() && self.place.is_none() {
            return self.hang_bust(scene);
        }
        let (width, height) = self.subject.size_metres(&self.player.description);
        let height = if person { self.look().height() } else { height };
        let spot = self.spot(scene, f64::from(width), f64::from(height));
        let act = self.act(scene);
        let count = self.player.count.clamp(1, 12) as usize;
        let facing = self.facing(act);
        let phases = self.loop_length(scene, act, &spot, f64::from(width), f64::from(height));
        let mut images = Vec::new();
        for phase in 0..phases {
            let painting = self.paint(scene, &spot, act, facing, phase, phases);
            images.push(painting);
        }
        let motion = Way::of(self, scene, act, facing, count, f64::from(width) * spot.metre);
        let motion = motion.striding(scene, self.player, act, f64::from(height) * spot.metre);
        if self.casts_shadow(scene, &spot) {
            self.hang_shadow(scene, &spot, f64::from(width), &motion);
        }
        self.hang_seat(scene, &spot, facing);
        self.hang_images(scene, images, &spot, &motion, count);
        self.hang_hand_glow(scene, &spot, facing, &motion);
        if self.subject.name() == "lighthouse" && self.light.night {
            let lamp = self.subject.glow("").map_or(f64::from(height), |g| f64::from(g.at.1));
            crate::effects::beam(scene, (spot.x, spot.y - lamp * spot.metre), spot.depth);
        }
        let glow = self.subject.glow(&self.player.description);
        if let Some(glow) = glow.filter(|g| self.light.night || g.always) {
            self.hang_glow(scene, &glow, &spot, facing, &motion);
        }
    }

    /// How the character looks, from its reference image where it has one.
    fn look(&self) -> CharacterLook {
        let reference = self.request.references.iter().find(|(name, _)| *name == self.player.name);
        let words = &self.player.description;
        let look = match reference {
            Some((_, image)) => CharacterLook::from_reference(words, image),
            None => CharacterLook::describe(words),
        };
        match &self.carried {
            Some(thing) => look.carrying(thing),
            None => look,
        }
    }

    /// Hangs up what a bearer has in hand, over it, going where it goes.
    fn hang_in_hand(&self, scene: &mut Scene<'_>, bearer: &Cast<'_>) {
        let look = bearer.look();
        let width = f64::from(bearer.subject.size_metres(&bearer.player.description).0);
        let mut spot = bearer.spot(scene, width, f64::from(look.height()));
        let act = bearer.act(scene);
        let facing = bearer.facing(act);
        let way = Way::of(bearer, scene, act, facing, 1, width * spot.metre);
        let way = way.striding(scene, bearer.player, act, f64::from(look.height()) * spot.metre);
        spot.depth -= 0.004;
        let density = spot.metre * scene.height * scene.seen(spot.depth).scale;
        let mut cx = PaintCx::new(&self.player.description, self.light, density as f32);
        (cx.motion, cx.facing) = (Act::Idle, facing);
        let painting = match look.in_hand(&cx) {
            Some(painting) => painting,
            None => {
                // No grip is known for it: it is held before the chest.
                let side = if facing == Facing::Left { -1.0 } else { 1.0 };
                spot.x += side * 0.24 * spot.metre;
                spot.y -= f64::from(look.height()) * 0.55 * spot.metre;
                spot.metre *= 0.6;
                self.subject.paint(&cx)
            }
        };
        let image = self.finish(scene, painting, &spot);
        self.hang_images(scene, vec![image], &spot, &way, 1);
        if let Some(glow) =
            self.subject.glow(&self.player.description).filter(|g| self.light.night || g.always)
        {
            self.hang_glow(scene, &glow, &spot, facing, &way);
        }
    }

    /// The light of a lantern in the hand, on its bearer and the ground about.
    fn hang_hand_glow(&self, scene: &mut Scene<'_>, spot: &Spot, facing: Facing, way: &Way) {
        let lit = self
            .carried
            .as_ref()
            .is_some_and(|t| ["lantern", "lamp", "candle", "torch"].iter().any(|w| t.contains(w)));
        if lit && self.light.night {
            let height = f64::from(self.look().height()) as f32;
            let glow = Glow {
                at: (0.17 * height, 0.40 * height),
                radius: 1.5,
                colour: [1.0, 0.74, 0.38],
                always: true,
            };
            self.hang_glow(scene, &glow, spot, facing, way);
        }
    }

    /// What it does, in the painter's terms.
    fn act(&self, scene: &Scene<'_>) -> Act {
        let flies = self.subject.kind() == SubjectKind::Flyer;
        match self.player.motion.as_str() {
            _ if flies => Act::Fly,
            // Behind a table only the upper part is seen.
            "sit" if at_table(scene) && self.carried.is_some() => Act::Hold,
            "sit" if at_table(scene) => Act::Idle,
            "walk" => Act::Walk,
            "run" => Act::Run,
            "sit" => Act::Sit,
            "grip" => Act::Grip,
            "hold" => Act::Hold,
            "look" => Act::Look,
            "point" => Act::Point,
            "wave" => Act::Wave,
            "row" => Act::Row,
            "fly" => Act::Fly,
            "swim" => Act::Swim,
            "graze" => Act::Graze,
            "turn" => Act::Turn,
            _ => Act::Idle,
        }
    }

    fn facing(&self, act: Act) -> Facing {
        let away = self.slot.is_multiple_of(2);
        let still = matches!(act, Act::Idle | Act::Sit | Act::Grip | Act::Look | Act::Hold);
        if self.subject.kind() == SubjectKind::Person
            && still
            && self.slot == 0
            && self.request.seed.is_multiple_of(3)
        {
            return Facing::Front;
        }
        if away { Facing::Right } else { Facing::Left }
    }

    /// Where it stands.
    fn spot(&self, scene: &Scene<'_>, width: f64, height: f64) -> Spot {
        if let Some((x, y, tall)) = self.place {
            let metre = tall / height.max(0.1);
            return Spot { x, y: y + tall / 2.0, depth: 1.02, metre };
        }
        if let Some(spot) = self.manned_spot(scene, width) {
            return spot;
        }
        let mut spot = match scene.reading.framing.size {
            ShotSize::Wide => self.wide(scene, width, height),
            ShotSize::Medium => self.medium(scene, width, height),
            _ if self.beside_face(scene) => {
                // In true scale beside the face that holds it or looks at it.
                let lifted = if self.player.held { 0.34 } else { 0.46 };
                Spot { x: 0.42, y: lifted, depth: 0.99, metre: 0.95 }
            }
            _ if self.subject.kind() == SubjectKind::Building => {
                // Its upper part, for its foot would stand on nothing.
                let metre = (1.5 / height.max(0.5)).min(1.6 / width.max(0.5));
                Spot { x: 0.0, y: -0.38 + height * metre, depth: 1.0, metre }
            }
            _ => {
                let metre = (0.80 / height.max(0.02)).min(1.15 / width.max(0.02));
                let metre =
                    if scene.reading.framing.size == ShotSize::ExtremeCloseUp { metre * 1.9 } else { metre };
                let x = if self.slot == 0 { 0.0 } else { SLOTS[self.slot % 7] };
                Spot { x, y: 0.03 + height * metre / 2.0, depth: 1.0, metre }
            }
        };
        if let Some(mass) = self.mass {
            spot.x = mass.x;
            spot.y = mass.foot;
            spot.metre = mass.height / height.max(0.1);
        }
        spot
    }

    /// Something in a close picture of somebody.
    fn beside_face(&self, scene: &Scene<'_>) -> bool {
        let face = scene.reading.players.first().is_some_and(|p| kind_of(p) == Some(SubjectKind::Person));
        face && self.slot > 0 && self.subject.kind() == SubjectKind::Thing
    }

    /// Where a bridge spans the picture, if somebody crosses one: its spot.
    fn span(scene: &Scene<'_>) -> Option<Spot> {
        let framing = scene.reading.framing;
        let players = &scene.reading.players;
        let crossed = players
            .iter()
            .any(|p| matches!(p.motion.as_str(), "walk" | "run" | "drift") && p.subject != "bridge");
        let spans = players.iter().any(|p| p.subject == "bridge")
            && crossed
            && framing.size == ShotSize::Wide
            && matches!(framing.angle, Angle::Level | Angle::High);
        let metre = (scene.aspect + 0.75) / 24.8;
        spans.then_some(Spot { x: 0.0, y: scene.view.horizon + 0.02 + 4.1 * metre, depth: 2.9, metre })
    }

    /// In a wide picture: on the ground, in the air or on the water, at the depth that suits its size.
    fn wide(&self, scene: &Scene<'_>, width: f64, height: f64) -> Spot {
        let v = scene.view;
        let x = SLOTS[self.slot % 7];
        let (unit, most) = match scene.reading.framing.angle {
            Angle::Low => (0.34, 1.0),
            Angle::Level => (0.165, 0.62),
            Angle::High => (0.19, 0.5),
            Angle::Aerial => (0.17, 0.32),
        };
        let metre = |depth: f64| unit * v.k / depth;
        if let Some(bridge) = Self::span(scene) {
            let deck = bridge.y - 4.05 * bridge.metre;
            match self.subject.kind() {
                _ if self.subject.name() == "bridge" => return bridge,
                SubjectKind::Vehicle => {
                    let metre = (0.9 / width).min(0.24 / height);
                    return Spot { x: 0.0, y: deck + 0.012, depth: 2.92, metre };
                }
                SubjectKind::Person | SubjectKind::Creature => {
                    return Spot { x, y: deck + 0.012, depth: 2.92, metre: 0.2 / height.max(0.8) };
                }
                _ => {}
            }
        }
        let tracked = scene.reading.moves.contains(&crate::camera::Move::Tracking);
        if self.subject.kind() == SubjectKind::Person && tracked && !scene.aerial() {
            // The camera goes with the figure: it is what is looked at.
            let x = if self.slot == 0 { 0.0 } else { x };
            return Spot { x, y: 0.43, depth: 1.15, metre: 0.44 / height };
        }
        if crate::settings::by_name(&scene.reading.setting).inside()
            && self.subject.kind() != SubjectKind::Flyer
        {
            // A room is small: who is in it stands large before the furniture.
            let grown = (0.07 / (height * 0.25 * v.k)).max(1.0);
            let metre = (0.25 * v.k * grown).min(0.62 / height).min(0.7 / width);
            return Spot { x: x * 0.9, y: (v.horizon + 0.40 * v.k).min(0.49), depth: 1.5, metre };
        }
        if self.subject.kind() == SubjectKind::Flyer {
            let depth = 2.2;
            let y = (v.horizon - 0.20).max(-0.34);
            // A lone bird that the shot is about is seen as one.
            let least = if self.slot == 0 && self.player.count == 1 { 0.20 } else { 0.05 };
            return Spot { x: x * 1.2, y, depth, metre: (metre(depth) * 1.3).max(least / width.max(0.3)) };
        }
        if let (SubjectKind::Building, Some((px, py, depth))) = (self.subject.kind(), scene.perch) {
            let y = v.horizon + py * v.k;
            // Its top stays in the picture: there is the light.
            let metre = (unit * v.k / depth)
                .min(most * 0.75 / height)
                .min((y - clear_top(scene, depth)).max(0.12) / height);
            return Spot { x: v.shift + px * v.k, y, depth, metre };
        }
        let sea = matches!(scene.reading.setting.as_str(), "sea" | "harbour");
        if self.subject.kind() == SubjectKind::Vessel && sea && !scene.aerial() && self.player.motion != "lie"
        {
            // On the water before us, where nearer waves do not hide it; small craft come closest.
            let depth = (1.17 * (width / 5.2).sqrt()).clamp(1.17, 4.0)
                + 0.1 * self.slot.min(4) as f64 * f64::from(u8::from(self.slot > 1));
            // Not on the planks we stand on.
            let ashore = scene.reading.setting == "harbour" && scene.grounded();
            let depth = if ashore { depth.max(2.3) } else { depth };
            let lift = if scene.reading.wind { 0.10 } else { 0.045 } / depth;
            let y = (v.horizon + (f64::from(scene.ground(depth)) - lift) * v.k).min(0.40);
            return Spot {
                x,
                y,
                depth,
                metre: (0.42 / width / depth.sqrt()).max(unit * v.k / depth).min(0.9 / width),
            };
        }
        let first: f64 = match self.subject.kind() {
            // What stands along a way or a quay stands beside those who pass.
            SubjectKind::Building if ["street lamp", "sign", "well"].contains(&self.subject.name()) => 1.5,
            SubjectKind::Vessel if self.player.motion == "lie" => 1.35,
            SubjectKind::Person | SubjectKind::Creature | SubjectKind::Thing | SubjectKind::Furniture => 1.3,
            SubjectKind::Vehicle | SubjectKind::Plant => 1.7,
            SubjectKind::Vessel => 2.4,
            _ => 3.0,
        };
        let first = if scene.aerial() { first + 1.6 } else { first };
        // Large things stand farther off, so that they are seen whole.
        let whole = (unit * v.k * height / most).max(unit * v.k * width / 0.8);
        let depth = first.max(whole).min(9.0) + 0.12 * self.slot as f64;
        let y = v.horizon + f64::from(scene.ground(depth)) * v.k;
        let shrunk = (whole / depth).max(1.0);
        // Small things are drawn a little larger than life, or nobody would find them.
        let grown = (0.085 / (height * metre(depth))).clamp(1.0, 3.0);
        Spot { x, y: y.min(0.47), depth, metre: metre(depth) / shrunk * grown }
    }

    /// In a medium picture: people from the thighs up, things whole.
    fn medium(&self, scene: &Scene<'_>, width: f64, height: f64) -> Spot {
        let x = [-0.13, 0.34, -0.52, 0.62][self.slot % 4];
        let table = at_table(scene);
        let people = scene.reading.players.iter().any(|p| kind_of(p) == Some(SubjectKind::Person));
        if self.subject.kind() == SubjectKind::Thing && people {
            // In the people's scale: on the table before them, or at the lower edge.
            // What is wide stands beside them.
            let x = if width > 0.6 { 0.40 } else { [0.10, 0.12, 0.10, -0.36, 0.60][self.slot % 5] };
            let y = if table { TABLE + 0.075 } else { 0.47 };
            return Spot { x, y, depth: 0.96, metre: 0.48 };
        }
        if self.subject.name() == "rail" && people {
            // Under the hands that grip it.
            return Spot { x: 0.0, y: -0.33 + 1.72 * 0.70, depth: 0.97, metre: 0.70 };
        }
        if let (SubjectKind::Building, Some((px, py, depth))) = (self.subject.kind(), scene.perch) {
            let v = scene.view;
            let y = v.horizon + py * v.k;
            let metre =
                (0.165 * v.k / depth).min(0.7 / height).min((y - clear_top(scene, depth)).max(0.12) / height);
            return Spot { x: v.shift + px * v.k, y, depth, metre };
        }
        if self.subject.kind() == SubjectKind::Person {
            let (head, metre) = match scene.reading.framing.angle {
                Angle::Low => (-0.42, 0.88),
                Angle::High => (-0.22, 0.58),
                _ => (-0.33, 0.70),
            };
            let head = if table { head + 0.12 } else { head };
            return Spot { x, y: head + height * metre, depth: 1.0 + 0.02 * self.slot as f64, metre };
        }
        if self.subject.kind() == SubjectKind::Flyer {
            return Spot { x, y: -0.14, depth: 1.6, metre: 0.30 / width.max(0.3) };
        }
        let main = self.slot == 0;
        let metre = (if main { 0.62 } else { 0.42 } / height.max(0.05))
            .min(if main { 1.0 } else { 0.7 } / width.max(0.05));
        let metre = if self.subject.kind() == SubjectKind::Building { metre } else { metre.min(1.4) };
        let foot =
            scene.view.horizon + f64::from(scene.ground(if main { 1.3 } else { 1.9 })) * scene.view.k * 0.75;
        Spot { x, y: foot.min(0.44), depth: if main { 1.0 } else { 1.04 }, metre }
    }

    /// How many pictures its loop is painted in: fewer where they are large.
    fn loop_length(&self, scene: &Scene<'_>, act: Act, spot: &Spot, width: f64, height: f64) -> u32 {
        let pixels = (width * height).max(0.01) * (spot.metre * scene.height).powi(2) * 1.6;
        let natural = if self.subject.kind() == SubjectKind::Person {
            self.look().phases(act)
        } else {
            self.subject.phases(act)
        };
        let room = (LOOP_PIXELS / pixels).floor().max(1.0) as u32;
        natural.min(room.max(if natural > 1 { 3 } else { 1 })).max(1)
    }

    fn paint(
        &self,
        scene: &Scene<'_>,
        spot: &Spot,
        act: Act,
        facing: Facing,
        phase: u32,
        phases: u32,
    ) -> (Layer, (f64, f64), f64) {
        let scale = scene.seen(spot.depth).scale;
        let density = spot.metre * scene.height * scale;
        let mut cx = PaintCx::new(&self.player.description, self.light, density as f32);
        cx.seed = crate::noise::hash_words(&self.player.description, scene.place_seed);
        (cx.phase, cx.phases, cx.motion, cx.facing) = (phase, phases, act, facing);
        let painting = if self.subject.kind() == SubjectKind::Person {
            self.look().figure(&cx)
        } else {
            self.manned(self.subject.paint(&cx), &cx)
        };
        let afloat = self.subject.kind() == SubjectKind::Vessel && self.player.motion != "lie";
        let painting = if afloat && self.place.is_none() { aboard::immersed(painting) } else { painting };
        self.finish(scene, painting, spot)
    }

    /// A painting as a layer, cut to what can be seen of it: the layer, its corner from the foot in
    /// picture heights, and its pixels a picture height.
    fn finish(&self, scene: &Scene<'_>, painting: Painting, spot: &Spot) -> (Layer, (f64, f64), f64) {
        let density = f64::from(painting.px_per_metre) / spot.metre;
        let (ax, ay) = painting.anchor;
        let corner = (-f64::from(ax) / density, -f64::from(ay) / density);
        let seen = scene.seen(spot.depth);
        let reach = 0.35;
        let top = (((seen.top - reach - spot.y - corner.1) * density).floor().max(0.0) as u32) & !1;
        let bottom = ((seen.bottom + reach - spot.y - corner.1) * density).ceil();
        let bottom = (bottom.max(f64::from(top) + 4.0) as u32).min(painting.pixmap.height());
        let haze = scene.palette.haze_at(spot.depth) * 0.9;
        let pixmap = cropped(&painting.pixmap, top.min(bottom.saturating_sub(2)), bottom);
        let pixmap = veiled(pixmap, scene.palette.haze, haze);
        let layer = Layer::from_pixmap(&pixmap, &scene.grade, 0.03, self.slot as u32 * 811);
        (layer, (corner.0, corner.1 + f64::from(top) / density - 1.0 / density), density)
    }

    fn hang_images(
        &self,
        scene: &mut Scene<'_>,
        images: Vec<(Layer, (f64, f64), f64)>,
        spot: &Spot,
        way: &Way,
        count: usize,
    ) {
        let Some((_, corner, density)) = images.first().map(|(l, c, d)| (l.width, *c, *d)) else { return };
        let layers: Vec<Layer> = images.into_iter().map(|(layer, _, _)| layer).collect();
        let frames = layers.len();
        let Some(first) = layers.first().cloned() else { return };
        let poses = way.clone();
        let item = scene.push(
            first,
            (spot.x + corner.0, spot.y + corner.1),
            density,
            spot.depth,
            Box::new(move |t| poses.pose(0, t, frames)),
        );
        item.images = layers;
        item.pivot = (spot.x, spot.y);
        if count > 1 {
            let poses = way.clone();
            item.swarm = Some(Swarm { count, pose: Box::new(move |i, t| poses.pose(i, t, frames)) });
        }
    }

    /// The light it carries, flickering.
    fn hang_glow(&self, scene: &mut Scene<'_>, glow: &Glow, spot: &Spot, facing: Facing, way: &Way) {
        let side = if facing == Facing::Left { -1.0 } else { 1.0 };
        let (gx, gy) =
            (spot.x + side * f64::from(glow.at.0) * spot.metre, spot.y - f64::from(glow.at.1) * spot.metre);
        let radius = (f64::from(glow.radius) * spot.metre).clamp(0.03, 0.6);
        // Where a region holds it, its light ends within.
        let radius = self.place.map_or(radius, |(_, _, tall)| radius.min(0.5 * tall));
        let v = scene.view;
        let (x, y, r) =
            (((gx - v.shift) / v.k) as f32, ((gy - v.horizon) / v.k) as f32, (radius / v.k) as f32);
        let mut sheet = scene.patch(spot.depth, x - r, y - r, x + r, y + r);
        sheet.texture = 0.0;
        sheet.fill_glow(x, y, r, glow.colour, if self.light.night { 0.75 } else { 0.4 });
        let poses = way.clone();
        scene.hang(
            sheet,
            Box::new(move |t| {
                let flicker = 0.86 + 0.09 * (t * 9.1).sin() * (t * 5.3).cos() + 0.05 * (t * 23.0).sin();
                Pose { opacity: flicker, bend: Bend::None, image: 0, ..poses.pose(0, t, 1) }
            }),
        );
    }

    /// A face that fills the picture: it breathes, blinks and looks about.
    fn hang_bust(&mut self, scene: &mut Scene<'_>) {
        let look = self.look();
        let extreme = scene.reading.framing.size == ShotSize::ExtremeCloseUp;
        let metre = if extreme { 3.1 } else { 1.52 };
        let eyes = if extreme { 0.0 } else { -0.09 };
        let foot = eyes + f64::from(look.bust_eyes()) * metre;
        let x = if extreme { 0.0 } else { [-0.14, 0.20][self.slot % 2] };
        let spot = Spot { x, y: foot, depth: 1.0, metre };
        let facing = match (self.player.motion.as_str(), self.slot % 2) {
            ("look" | "walk" | "row" | "grip", 0) => Facing::Right,
            ("look" | "walk" | "row" | "grip", _) => Facing::Left,
            _ => Facing::Front,
        };
        let density = metre * scene.height * scene.seen(1.0).scale;
        let states = [(0.0f32, 0u32), (0.0, 4), (1.0, 0)];
        let mut images = Vec::new();
        for (blink, phase) in states {
            let mut cx = PaintCx::new(&self.player.description, self.light, density as f32);
            (cx.phase, cx.phases, cx.motion, cx.facing) = (phase, 16, Act::Idle, facing);
            cx.face.blink = blink;
            cx.face.mood = self.mood(scene);
            let painting = look.bust(&cx);
            images.push(self.finish(scene, painting, &spot));
        }
        let phase = Rng::named(self.request.seed, "blink").range(0.6, 2.2);
        let Some((corner, density)) = images.first().map(|(_, c, d)| (*c, *d)) else { return };
        let layers: Vec<Layer> = images.into_iter().map(|(layer, _, _)| layer).collect();
        let Some(first) = layers.first().cloned() else { return };
        let item = scene.push(
            first,
            (spot.x + corner.0, spot.y + corner.1),
            density,
            spot.depth,
            Box::new(move |t| {
                let breath = (t * 1.7).sin();
                let since = (t + f64::from(phase)).rem_euclid(3.4);
                let image = if since < 0.14 { 2 } else { 0 };
                Pose {
                    y: 0.0035 * breath,
                    x: 0.004 * (t * 0.6).sin(),
                    scale: 1.0 + 0.0025 * breath,
                    image,
                    ..Pose::default()
                }
            }),
        );
        item.images = layers;
        item.pivot = (spot.x, spot.y);
    }
}

/// How a player moves as a whole.
#[derive(Clone, Debug)]
struct Way {
    /// Picture heights a second.
    speed: f64,
    /// Loops a second.
    cadence: f64,
    bob: f64,
    lean: f64,
    flies: bool,
    /// Start of the path so that its middle is the spot.
    lead: f64,
    /// Distance between one and the next of many.
    spread: f64,
    seed: u64,
}

impl Way {
    fn of(cast: &Cast<'_>, scene: &Scene<'_>, act: Act, facing: Facing, count: usize, width: f64) -> Way {
        let way: f64 = match facing {
            Facing::Left => -1.0,
            Facing::Right => 1.0,
            _ => 0.0,
        };
        let kind = cast.subject.kind();
        let moving = !matches!(
            kind,
            SubjectKind::Building | SubjectKind::Plant | SubjectKind::Furniture | SubjectKind::Thing
        );
        let close = scene.reading.framing.size != ShotSize::Wide;
        let vehicle = kind == SubjectKind::Vehicle;
        let tracked = scene.reading.moves.contains(&crate::camera::Move::Tracking);
        let (pace, cadence): (f64, f64) = match act {
            Act::Walk if vehicle => (0.20, 1.0),
            Act::Walk => (0.075, 0.95),
            Act::Run => (0.17, 1.5),
            Act::Fly => (0.10, 1.4),
            Act::Swim | Act::Row => (0.04, 0.5),
            Act::Turn => (0.0, 0.22),
            Act::Wave => (0.0, 0.8),
            Act::Graze => (0.0, 0.3),
            _ if cast.player.motion == "lie" => (0.0, 0.28),
            _ if kind == SubjectKind::Vessel => {
                (if cast.player.motion == "drift" { 0.035 } else { 0.012 }, 0.4)
            }
            _ => (0.0, 0.28),
        };
        let pace = if !moving {
            0.0
        } else if close && kind == SubjectKind::Person {
            pace * 0.35
        } else {
            pace
        };
        // A tracking camera goes along: the figure keeps its place in the picture.
        let speed = if tracked && pace > 0.0 {
            0.60 / scene.seconds.max(0.5) * way.abs().max(0.5)
        } else {
            pace * way
        };
        let speed = speed.clamp(-1.2 / scene.seconds, 1.2 / scene.seconds);
        Way {
            speed,
            cadence,
            bob: match kind {
                SubjectKind::Vessel if cast.player.motion == "lie" => 0.0,
                SubjectKind::Vessel if scene.reading.wind => 0.028,
                SubjectKind::Vessel => 0.010,
                SubjectKind::Flyer => 0.022,
                _ => 0.0,
            },
            lean: if kind == SubjectKind::Vessel && cast.player.motion != "lie" {
                if scene.reading.wind { 0.09 } else { 0.02 }
            } else if cast.subject.sways() {
                if scene.reading.wind { 0.035 } else { 0.012 }
            } else {
                0.0
            },
            flies: kind == SubjectKind::Flyer,
            lead: speed * scene.seconds / 2.0,
            spread: (width * 1.25).clamp(0.10, 0.6) * if count > 4 { 0.8 } else { 1.0 },
            seed: cast.request.seed ^ cast.slot as u64,
        }
    }

    /// The pose of the `index`-th of its kind at a time.
    fn pose(&self, index: usize, t: f64, frames: usize) -> Pose {
        let mut rng = Rng::new(self.seed.wrapping_add(index as u64 * 7919));
        let own = f64::from(rng.unit());
        let side = if index == 0 {
            0.0
        } else {
            (index as f64 / 2.0).ceil() * if index.is_multiple_of(2) { 1.0 } else { -1.0 }
        };
        let phase = own * std::f64::consts::TAU;
        let scale = if index == 0 { 1.0 } else { 0.82 + 0.3 * own };
        let across = side * self.spread * (0.8 + 0.4 * own);
        let up = if index == 0 {
            0.0
        } else if self.flies {
            (f64::from(rng.unit()) - 0.5) * 0.26
        } else {
            -0.012 * own
        };
        let sway = if self.flies { 0.03 * (t * 0.55 + phase).sin() } else { 0.0 };
        let image = ((t * self.cadence * (0.9 + 0.2 * own) + own) * frames as f64)
            .rem_euclid(frames.max(1) as f64) as usize;
        let bend = if self.lean > 0.0 {
            Bend::Sway(self.lean * 400.0 * ((t * 1.3 + phase).sin() + 0.4 * (t * 2.9 + phase).sin()))
        } else {
            Bend::None
        };
        Pose {
            x: self.speed * (0.9 + 0.2 * own) * t - self.lead + across + sway,
            y: up + self.bob * (t * 1.25 + phase).sin() + self.bob * 0.4 * (t * 2.1 + phase).cos(),
            scale,
            image,
            bend,
            ..Pose::default()
        }
    }
}
