//! What holds of films and graphs, whatever the storyboard.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::film::Handles;
use super::pieces::{Part, pieces, trimmed};
use super::testing::*;
use super::*;
use crate::graph::{StepId, step_ids};
use crate::storyboard::types::{Change, Mark, Time, Transition};
use crate::storyboard::{Storyboard, Take, Takes};
use crate::units::{Frames, Rate, Samples};

const RATES: [(u32, u32); 4] = [(24, 1), (25, 1), (30_000, 1001), (24_000, 1001)];

fn film_of(board: &Storyboard) -> Film {
    film(board, &Takes::default(), &NamedWorld).unwrap()
}

fn lowered(board: &Storyboard) -> Lowered {
    lower(&film_of(board), &Wants::default(), &BTreeMap::new()).unwrap()
}

fn steps_of(board: &Storyboard, keep: impl Fn(&str) -> bool) -> BTreeSet<StepId> {
    let lowered = lowered(board);
    let ids = step_ids(&lowered.graph, &|_| None);
    lowered
        .graph
        .node_indices()
        .filter(|n| keep(lowered.graph[*n].kind.name))
        .map(|n| ids[n.index()])
        .collect()
}

/// Labels of the nodes of `new` that `old` does not have.
fn changed(old: &Storyboard, new: &Storyboard) -> BTreeSet<String> {
    let before = steps_of(old, |_| true);
    let lowered = lowered(new);
    let ids = step_ids(&lowered.graph, &|_| None);
    lowered
        .graph
        .node_indices()
        .filter(|node| !before.contains(&ids[node.index()]))
        .map(|node| format!("{}: {}", lowered.graph[node].kind.name, lowered.graph[node].label))
        .collect()
}

fn set(labels: &[&str]) -> BTreeSet<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}

#[test]
fn six_stills_with_five_dissolves_are_25_seconds() {
    let dissolve = Transition::Dissolve(Time::Seconds { num: 1, den: 1 });
    let scenes = (0..6).map(|index| {
        let transition = if index == 5 { Transition::Cut } else { dissolve };
        scene(&format!("s{index}"), transition, vec![shot("a", 120, &format!("still {index}"))])
    });
    let film = film_of(&board((24, 1), scenes.collect()));
    assert_eq!(film.frames, Frames(25 * 24));
    assert_eq!(film.samples, Samples(25 * 48_000));
}

#[test]
fn the_keeper_stands_where_its_transitions_say() {
    let film = film_of(&keeper());
    let starts: Vec<i64> = film.shots.iter().map(|shot| shot.start.0).collect();
    // 144 + 120, a dissolve of 24 over the start of `stairs`, a wipe of 12 over that of `chart`.
    assert_eq!(starts, [0, 144, 240, 336, 396]);
    assert_eq!(film.frames, Frames(492));
    assert_eq!(film.longest_transition, Frames(24));
}

#[test]
fn pieces_near_transitions_stand_apart() {
    let film = film_of(&keeper());
    let found: Vec<(Part, usize, i64, i64)> =
        pieces(&film).iter().map(|piece| (piece.part, piece.shot, piece.from.0, piece.to.0)).collect();
    assert_eq!(
        found,
        [
            (Part::Head, 0, 0, 24),
            (Part::Core, 0, 24, 144),
            (Part::Core, 1, 0, 96),
            (Part::Transition, 1, 0, 24),
            (Part::Core, 2, 24, 96),
            (Part::Core, 3, 0, 60),
            (Part::Transition, 3, 0, 12),
            (Part::Head, 4, 12, 24),
            (Part::Core, 4, 24, 72),
            (Part::Transition, 4, 0, 24),
        ]
    );
}

#[test]
fn captions_read_like_captions() {
    let film = film_of(&keeper());
    insta::assert_snapshot!(film.shots[1].prompt.caption, @"Handheld close-up: Mara, a lighthouse keeper in her sixties, yellow raincoat, grey braid, grips the rail and looks out to sea, then Mara lifts a dented brass storm lamp. The place is a lighthouse on a basalt cliff above a stormy sea. Dawn, wind rising. 35mm film, soft dawn light.");
    assert_eq!(film.shots[1].prompt.action, "mara grips the rail and looks out to sea, then mara lifts lamp");
    assert_eq!(film.shots[1].prompt.avoid, "text, watermark");
}

#[test]
fn a_prompt_by_hand_replaces_the_words_around_it() {
    let mut by_hand = keeper();
    by_hand.scenes[0].shots[1].prompt = Some(text("@mara in silhouette"));
    let film = film_of(&by_hand);
    let prompt = &film.shots[1].prompt;
    assert_eq!(
        prompt.caption,
        "Mara, a lighthouse keeper in her sixties, yellow raincoat, grey braid, in silhouette"
    );
    assert_eq!((prompt.look.as_str(), prompt.place.as_deref()), ("", None));
    assert_eq!(prompt.characters.len(), 1);
}

#[test]
fn renaming_and_reordering_draw_nothing_again() {
    let before = keeper();
    let mut renamed = keeper();
    renamed.scenes[0].name = text("headland");
    renamed.scenes[0].shots[0].name = text("establishing");
    let labels = changed(&before, &renamed);
    assert_eq!(labels, set(&["mux: film mux", "sheet: film contact sheet"]));
}

#[test]
fn swapped_scenes_encode_only_pictures_near_transitions() {
    let scenes = |order: &[usize]| {
        let all = [
            scene(
                "a",
                Transition::Dissolve(Time::Frames(24)),
                vec![shot("1", 96, "a one"), shot("2", 96, "a two")],
            ),
            scene("b", Transition::Cut, vec![shot("1", 96, "b one"), shot("2", 96, "b two")]),
            scene(
                "c",
                Transition::Wipe(Time::Frames(12), crate::storyboard::types::WipeDirection::Up),
                vec![shot("1", 96, "c one"), shot("2", 96, "c two")],
            ),
        ];
        board((24, 1), order.iter().map(|index| all[*index].clone()).collect())
    };
    let labels = changed(&scenes(&[0, 1, 2]), &scenes(&[1, 0, 2]));
    assert_eq!(
        labels,
        // `b` now starts the film, and `a` leads into `c`. There is no sound to mix anew.
        set(&[
            "encode: b.1 head",
            "encode: a.2 dissolve to c.1",
            "transition: a.2 dissolve to c.1",
            "mux: film mux",
            "sheet: film contact sheet",
        ])
    );
}

#[test]
fn one_action_changes_its_own_nodes_alone() {
    let mut after = keeper();
    after.scenes[0].shots[0].action = Some(text("waves burst over the rocks, no bird is seen"));
    assert_eq!(
        changed(&keeper(), &after),
        set(&[
            "generate: cliff.wide generate",
            "encode: cliff.wide head",
            "encode: cliff.wide core",
            "effects: cliff.wide effects",
            "join: cliff join",
            "mix: film mix",
            "soundtrack: film soundtrack",
            "mux: film mux",
            "sheet: film contact sheet",
        ])
    );
}

#[test]
fn every_parameter_of_a_shot_matters() {
    let mut boards = vec![keeper()];
    let mut vary = |change: &dyn Fn(&mut Storyboard)| {
        let mut board = keeper();
        change(&mut board);
        boards.push(board);
    };
    vary(&|b| b.scenes[0].shots[0].style.camera = Some(text("pull out")));
    vary(&|b| b.scenes[0].shots[0].setting = Some(text("dusk")));
    vary(&|b| b.scenes[0].shots[0].duration = Some(at(Time::Frames(145))));
    vary(&|b| b.scenes[0].shots[0].style.seed = Some(at(8)));
    vary(&|b| b.scenes[0].shots[0].style.look = Some(text("grainy")));
    vary(&|b| b.scenes[0].shots[0].style.avoid = Some(text("people")));
    vary(&|b| b.scenes[0].shots[0].style.models.picture = Some(text("other")));
    vary(&|b| b.scenes[0].shots[0].sketch = Some(file("layout.png")));
    vary(&|b| b.scenes[0].shots[0].characters = vec![text("mara")]);
    vary(&|b| b.scenes[0].shots[0].props = vec![text("lamp")]);
    vary(&|b| b.scenes[0].shots[0].edits = vec![edit(Change::Style { to: text("ink") })]);
    vary(&|b| b.scenes[0].shots[0].candidates = Some(at(2)));
    vary(&|b| b.film.size.width = 322);
    vary(&|b| b.film.quality.crf_tenths = 180);
    vary(&|b| b.style.seed = Some(at(9)));
    let segments: BTreeSet<Vec<StepId>> = boards
        .iter()
        .map(|board| {
            let lowered = lowered(board);
            let ids = step_ids(&lowered.graph, &|_| None);
            let of_wide = |label: &crate::graph::Label| label.to_string() == "cliff.wide core";
            lowered
                .graph
                .node_indices()
                .filter(|n| of_wide(&lowered.graph[*n].label))
                .map(|n| ids[n.index()])
                .collect()
        })
        .collect();
    assert_eq!(segments.len(), boards.len());
}

#[test]
fn identical_shots_differ_by_their_ordinal_alone() {
    let twice =
        board((24, 1), vec![scene("a", Transition::Cut, vec![shot("1", 48, "rain"), shot("2", 48, "rain")])]);
    let film = film_of(&twice);
    assert_eq!((film.shots[0].ordinal, film.shots[1].ordinal), (0, 1));
    let swapped =
        board((24, 1), vec![scene("a", Transition::Cut, vec![shot("2", 48, "rain"), shot("1", 48, "rain")])]);
    let pictures = |kind: &str| kind == "generate" || kind == "encode";
    assert_eq!(steps_of(&twice, pictures), steps_of(&swapped, pictures));
}

#[test]
fn a_take_generates_only_itself() {
    let take = Take { seed: None, take: Some(2) };
    let takes = Takes { shots: [("tower.stairs".to_owned(), take)].into_iter().collect() };
    let film = film(&keeper(), &takes, &NamedWorld).unwrap();
    let lowered = lower(&film, &Wants::default(), &BTreeMap::new()).unwrap();
    let of_stairs = lowered.graph.node_weights().filter(|node| node.label.shot.as_deref() == Some("stairs"));
    let kinds: Vec<&str> = of_stairs.map(|node| node.kind.name).collect();
    assert_eq!(kinds, ["generate", "encode"]);
}

#[test]
fn a_missing_shot_is_a_slate_everywhere() {
    let film = film_of(&keeper());
    let lowered =
        lower(&film, &Wants::default(), &BTreeMap::from([(1, "out of memory".to_owned())])).unwrap();
    let rail: Vec<String> = lowered
        .graph
        .node_weights()
        .filter(|node| node.label.shot.as_deref() == Some("rail"))
        .map(|node| node.kind.name.to_owned())
        .collect();
    assert_eq!(rail, ["slate", "encode", "transition", "encode", "voice", "voice"]);
}

#[test]
fn part_of_a_film_takes_its_part_of_the_mix() {
    let film = film_of(&keeper());
    let only = Selection { shots: vec!["cliff.rail".into(), "night".into()], ..Selection::default() };
    let wants = Wants { only: Some(only), shots_mov: true, stills: true, ..Wants::default() };
    let part = lower(&film, &wants, &BTreeMap::new()).unwrap();
    assert_eq!(part.ranges, [(Frames(144), Frames(264)), (Frames(396), Frames(492))]);
    assert_eq!(part.frames, Frames(216));
    let excerpt = part.graph.node_weights().find(|node| node.kind.name == "excerpt").unwrap();
    let kept: i64 = excerpt.params["ranges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|range| range["samples"].as_i64().unwrap())
        .sum();
    assert_eq!(Samples(kept), film.rate.samples_at(part.frames));
    assert!(part.outputs.iter().any(|output| output.path == "shots/002_cliff_rail.mov"));
    assert!(part.outputs.iter().any(|output| output.path == "stills/005_night_chart.png"));
    // What is whole in the part is the very segment of the whole film.
    let whole = steps_of(&keeper(), |kind| kind == "encode");
    let ids = step_ids(&part.graph, &|_| None);
    let core =
        part.graph.node_indices().find(|n| part.graph[*n].label.to_string() == "cliff.rail core").unwrap();
    assert!(whole.contains(&ids[core.index()]));
}

#[test]
fn selections_that_fit_nothing_say_so() {
    let film = film_of(&keeper());
    let wrong = Selection { shots: vec!["clif.wide".into()], ..Selection::default() };
    assert_eq!(
        wrong.ranges(&film).unwrap_err().to_string(),
        "no shot is called `clif.wide`; did you mean `cliff.wide`?"
    );
    let nothing =
        Selection { shots: vec!["cliff.wide".into()], from: Some(Mark::At(Time::Frames(200))), to: None };
    assert!(nothing.ranges(&film).is_err());
    let until = Selection { to: Some(Mark::Shot("cliff".into(), "wide".into())), ..Selection::default() };
    assert_eq!(until.ranges(&film).unwrap(), [(Frames(0), Frames(144))]);
}

#[test]
fn footage_brings_its_handles_and_its_sound() {
    let film = film_of(&keeper());
    let sea = &film.shots[3];
    assert_eq!(super::picture::handles(sea), Handles { before: Frames(12), after: Frames(12) });
    assert_eq!(sea.sounds.len(), 1);
    let wants = Wants { shots_mov: true, ..Wants::default() };
    let lowered = lower(&film, &wants, &BTreeMap::new()).unwrap();
    let prores = lowered.graph.node_weights().find(|n| n.label.to_string() == "tower.sea prores").unwrap();
    assert_eq!(prores.params["to"], 72 + 24);
    let footage: Vec<_> = lowered.graph.node_weights().filter(|n| n.kind.name == "footage").collect();
    assert_eq!(
        footage.iter().map(|n| n.params["from_ms"].as_i64().unwrap()).collect::<Vec<_>>(),
        [2000, 1500]
    );
}

/// The ProRes node of every shot, by its label.
fn movs(board: &Storyboard) -> BTreeMap<String, serde_json::Value> {
    let wants = Wants { shots_mov: true, film: false, ..Wants::default() };
    let lowered = lower(&film_of(board), &wants, &BTreeMap::new()).unwrap();
    let movs = lowered.graph.node_weights().filter(|node| node.kind.name == "prores");
    movs.map(|node| (node.label.to_string(), node.params.clone())).collect()
}

#[test]
fn a_slate_has_no_handles() {
    let film = film_of(&keeper());
    let wants = Wants { shots_mov: true, film: false, ..Wants::default() };
    let lowered = lower(&film, &wants, &BTreeMap::from([(3, "it failed".to_owned())])).unwrap();
    assert_eq!(lowered.handles[3], Handles::default());
    assert!(
        lowered.graph.node_weights().all(|node| node.kind.name != "footage"),
        "what failed is not read again"
    );
}

#[test]
fn shots_have_timecodes_of_their_own_wherever_they_stand() {
    let film = film_of(&keeper());
    let mut spans: Vec<_> = film
        .shots
        .iter()
        .map(|shot| {
            let handles = super::picture::handles(shot);
            (shot.timecode - handles.before.0, shot.timecode + (shot.frames + handles.after).0)
        })
        .collect();
    spans.sort_unstable();
    assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
    let day = 24 * 3600 * film.rate.nominal();
    assert!(spans.iter().all(|(from, to)| *from > 0 && *to < day));
    let before = movs(&keeper());
    let mut longer = keeper();
    longer.scenes[0].shots[0].duration = Some(at(Time::Frames(200)));
    let after = movs(&longer);
    let same = before.iter().filter(|(label, params)| after.get(*label) == Some(params)).count();
    assert_eq!(same + 1, before.len(), "only the longer shot's file changes");
}

#[test]
fn stills_come_of_the_chosen_shots_alone() {
    let board = keeper();
    let film = film_of(&board);
    let neighbour = film.shots.iter().position(|shot| shot.incoming > Frames(0)).unwrap();
    let chosen = &film.shots[neighbour];
    let only = Selection { shots: vec![chosen.full_name()], ..Selection::default() };
    let wants = Wants { film: false, stills: true, only: Some(only), ..Wants::default() };
    let lowered = lower(&film, &wants, &BTreeMap::new()).unwrap();
    let paths: Vec<&str> = lowered.outputs.iter().map(|output| output.path.as_str()).collect();
    assert_eq!(paths, [format!("stills/{}.png", assemble::file_name(neighbour, chosen))]);
}

#[test]
fn another_description_changes_no_voice() {
    let voices = |board: &Storyboard| -> Vec<serde_json::Value> {
        let lowered = lowered(board);
        let voices = lowered.graph.node_weights().filter(|node| node.kind.name == "voice");
        voices.map(|node| node.params.clone()).collect()
    };
    let mut described = keeper();
    for character in described.characters.values_mut() {
        character.description = Some(at("in a green raincoat now".to_owned()));
    }
    assert!(!voices(&keeper()).is_empty());
    assert_eq!(voices(&keeper()), voices(&described));
}

#[test]
fn what_happens_in_a_place_changes_none_of_its_ambience() {
    let mut board = keeper();
    let contexts = |board: &Storyboard| -> Vec<serde_json::Value> {
        let lowered = lowered(board);
        let effects = lowered.graph.node_weights().filter(|node| node.kind.name == "effects");
        effects.map(|node| node.params["context"].clone()).collect()
    };
    let before = contexts(&board);
    assert!(before[0].as_str().is_some_and(|context| !context.is_empty()));
    board.scenes[0].shots[0].action = Some(at("a storm over the market".to_owned()));
    assert_eq!(contexts(&board), before);
}

#[test]
fn a_file_that_went_away_is_a_diagnostic() {
    let mut board = keeper();
    board.characters["mara"].reference = vec![file("gone.png")];
    let faults = film(&board, &Takes::default(), &NamedWorld).unwrap_err();
    assert_eq!(faults[0].code.id(), "E0301");
}

fn any_board() -> impl Strategy<Value = Storyboard> {
    let shots = prop::collection::vec(30_i64..200, 1..4);
    let scenes = prop::collection::vec((shots, 0_usize..5, 1_i64..15), 1..6);
    (scenes, 0_usize..4).prop_map(|(scenes, rate)| {
        let scenes = scenes.into_iter().enumerate().map(|(index, (shots, shape, frames))| {
            let time = Time::Frames(frames);
            let transition = match shape {
                0 => Transition::Dissolve(time),
                1 => Transition::Fade(time),
                2 => Transition::Wipe(time, crate::storyboard::types::WipeDirection::Down),
                _ => Transition::Cut,
            };
            let shots = shots.into_iter().enumerate().map(|(number, frames)| {
                let mut one = shot(&format!("shot{number}"), frames, &format!("action {index} {number}"));
                one.sound = vec![sound("wind")];
                one
            });
            scene(&format!("scene{index}"), transition, shots.collect())
        });
        let mut board = board(RATES[rate], scenes.collect());
        board.score = vec![cue("theme", "piano")];
        board
    })
}

proptest! {
    #[test]
    fn a_film_is_its_shots_less_their_overlaps(board in any_board()) {
        let film = film_of(&board);
        let shots: Frames = film.shots.iter().map(|shot| shot.frames).sum();
        let overlaps: Frames = film.shots.iter().map(|shot| shot.incoming).sum();
        prop_assert_eq!(film.frames, shots - overlaps);
        prop_assert_eq!(film.samples, film.rate.samples_at(film.frames));
    }

    #[test]
    fn pieces_leave_no_gap(board in any_board(), cut in (0_i64..2000, 1_i64..2000)) {
        let film = film_of(&board);
        let mut clock = Frames(0);
        for piece in pieces(&film) {
            prop_assert_eq!(piece.at, clock);
            prop_assert!(piece.frames() > Frames(0));
            clock += piece.frames();
        }
        prop_assert_eq!(clock, film.frames);
        let from = Frames(cut.0.min(film.frames.0 - 1));
        let to = Frames((from.0 + cut.1).min(film.frames.0));
        let part: Frames = trimmed(&film, &[(from, to)]).iter().map(|piece| piece.frames()).sum();
        prop_assert_eq!(part, to - from);
    }

    #[test]
    fn every_sound_is_within_the_film(board in any_board()) {
        let film = film_of(&board);
        let sounds = film.shots.iter().flat_map(|shot| &shot.sounds).chain(film.cues.iter().map(|cue| &cue.sound));
        for sound in sounds {
            prop_assert!(sound.at >= Samples(0) && sound.samples > Samples(0));
            prop_assert!(sound.at + sound.samples <= film.samples);
            prop_assert!(sound.fade_in + sound.fade_out <= sound.samples + sound.samples);
        }
    }

    #[test]
    fn inputs_stand_before_their_users_and_fit_their_ports(board in any_board()) {
        let lowered = lowered(&board);
        for edge in lowered.graph.edge_indices() {
            let (from, to) = lowered.graph.edge_endpoints(edge).unwrap();
            prop_assert!(from < to);
            let ends = &lowered.graph[edge];
            let gives = lowered.graph[from].kind.outputs.iter().find(|port| port.name == ends.output).unwrap();
            let takes = lowered.graph[to].kind.inputs.iter().find(|port| port.name == ends.input).unwrap();
            prop_assert_eq!(gives.ty, takes.ty);
            prop_assert!(takes.many || ends.index == 0);
        }
    }

    #[test]
    fn any_order_of_scenes_keeps_every_core(board in any_board(), turn in 0_usize..6) {
        let mut turned = board.clone();
        let by = turn % turned.scenes.len();
        turned.scenes.rotate_left(by);
        let cores = |board: &Storyboard| {
            let lowered = lowered(board);
            let ids = step_ids(&lowered.graph, &|_| None);
            let core = |n: &crate::graph::NodeIndex| lowered.graph[*n].label.part == "core";
            lowered.graph.node_indices().filter(core).map(|n| ids[n.index()]).collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(cores(&board), cores(&turned));
    }
}

#[test]
fn partial_sound_is_exact_at_every_rate() {
    for (num, den) in RATES {
        let rate = Rate::new(num, den).unwrap();
        let shots = (0..20).map(|n| shot(&format!("s{n}"), 31, &format!("action {n}"))).collect();
        let film = film_of(&board((num, den), vec![scene("a", Transition::Cut, shots)]));
        let only = Selection { shots: vec!["*.s?".into(), "*.s15".into()], ..Selection::default() };
        let part = lower(&film, &Wants { only: Some(only), ..Wants::default() }, &BTreeMap::new()).unwrap();
        let excerpt = part.graph.node_weights().find(|node| node.kind.name == "excerpt").unwrap();
        let ranges = excerpt.params["ranges"].as_array().unwrap();
        let kept: i64 = ranges.iter().map(|range| range["samples"].as_i64().unwrap()).sum();
        assert_eq!(Samples(kept), rate.samples_at(Frames(11 * 31)));
    }
}

#[test]
fn prompts_that_put_together_too_much_are_refused() {
    let shots = |count: usize| {
        let shot = |number| format!("      - {{shot: s{number}, action: \"@m\", duration: 1s}}\n");
        (0..count).map(shot).collect::<String>()
    };
    let text = |count| {
        let described = "x".repeat(60_000);
        let cast = format!("characters: {{m: {{description: {described}}}}}");
        format!("storyboard: 1\n{cast}\nscenes:\n  - scene: a\n    shots:\n{}", shots(count))
    };
    let world = crate::world::MemoryWorld::new();
    let made = |count| {
        let board = world.clone().read(&text(count)).storyboard.unwrap();
        film(&board, &Takes::default(), &world)
    };
    assert!(made(100).is_ok());
    let mistakes = made(400).unwrap_err();
    assert_eq!(mistakes[0].code, crate::storyboard::Code::TooMuchText);
}
