//! Custom nodes: declared, checked, keyed.

use super::storyboards::{told, world};
use storyreel_engine::storyboard::{Reading, read};
use storyreel_engine::world::MemoryWorld;

const TINT: &str = r##"
return {
  version = 2,
  doc = "Tints the picture.",
  params = {
    amount = { type = "number", min = 0, max = 1, default = 0.5, doc = "How much." },
    colour = { type = "colour", default = "#ff8800", doc = "Which." },
    way = { type = "choice", choices = { "add", "mix" }, default = "mix", doc = "How." },
  },
  run = function(node) return function(n) return node.clip:picture(n) end end,
}
"##;

fn film(steps: &str, world: MemoryWorld) -> Reading {
    let yaml = format!(
        "storyboard: 1\ntitle: x\nscenes:\n  - scene: a\n    shots:\n      - {{shot: b, action: waves, duration: 2s}}\n      \
         - shot: c\n        action: waves\n        duration: 2s\n        steps: {steps}\nscore:\n  - {{cue: theme, prompt: cello}}\n"
    );
    read(&MemoryWorld::path("film.yaml"), &[], &world.with("film.yaml", yaml))
}

fn graph(reading: &Reading, world: &MemoryWorld) -> Vec<(String, String)> {
    let board = reading.storyboard.as_ref().unwrap();
    let film = storyreel_engine::compile::film(board, &reading.takes, world).unwrap();
    let lowered = storyreel_engine::compile::lower(&film, &Default::default(), &Default::default()).unwrap();
    let nodes = lowered.graph.node_weights();
    nodes.map(|node| (node.kind.name.to_owned(), node.params.to_string())).collect()
}

#[test]
fn a_node_of_the_project_is_a_step_with_checked_parameters() {
    let world = world().with("scripts/tint.lua", TINT);
    let reading = film("[{node: tint, amount: 25%}]", world.clone());
    assert_eq!(told(&reading), []);
    let nodes = graph(&reading, &world);
    let tints: Vec<_> = nodes.iter().filter(|(kind, _)| kind == "project/tint").collect();
    assert_eq!(tints.len(), 1, "{nodes:?}");
    assert!(
        tints[0].1.contains(r##""values":{"amount":0.25,"colour":"#ff8800","way":"mix"}"##),
        "{}",
        tints[0].1
    );
}

#[test]
fn its_text_and_parameters_and_nothing_else_are_in_its_key() {
    let of = |text: &str, step: &str| {
        let world = world().with("scripts/tint.lua", text.to_owned());
        let reading = film(step, world.clone());
        assert_eq!(told(&reading), []);
        graph(&reading, &world)
    };
    let plain = of(TINT, "[tint]");
    assert_eq!(plain, of(TINT, "[{node: tint, amount: 0.5}]"), "a default that is written");
    let edited = of(&TINT.replace("Tints the", "Tints every"), "[tint]");
    let changed: Vec<_> =
        plain.iter().zip(&edited).filter(|(a, b)| a != b).map(|(a, _)| a.0.as_str()).collect();
    assert_eq!(changed, ["project/tint"], "only its own parameters");
}

#[test]
fn mistakes_of_steps_are_told_with_what_is_meant() {
    let world = world().with("scripts/tint.lua", TINT);
    for (step, code, text, part) in [
        ("[tnit]", "E0504", "tnit", "unknown node"),
        ("[{node: tint, amout: 1}]", "E0506", "amout", "no parameter"),
        ("[{node: tint, amount: 7}]", "E0507", "7", "a number from 0 to 1"),
        ("[{node: tint, colour: red}]", "E0507", "red", "#ff8800"),
        ("[{node: tint, way: ad}]", "E0507", "ad", "one of add, mix"),
        ("[{amount: 1}]", "", "", "names no node"),
        ("[{node: ../tint}]", "E0504", "../tint", "cannot be a node's name"),
    ] {
        let told = told(&film(step, world.clone()));
        let found =
            told.iter().any(|one| one.0.contains(code) && one.2.contains(text) && one.3.contains(part));
        assert!(found, "{step}: {told:?}");
    }
}

#[test]
fn a_declaration_that_is_wrong_is_told_in_the_script() {
    for (script, part) in [
        ("return 7", "returns a table"),
        ("return { doc = 'x' }", "neither `run` nor `expand`"),
        ("return { doc = 'x', run = print, expand = print }", "not both"),
        ("return { run = print }", "`doc`"),
        ("return { doc = 'x', run = print, parms = {} }", "did you mean `params`?"),
        (
            "return { doc = 'x', run = print, params = { a = { type = 'nmber', doc = 'y' } } }",
            "did you mean `number`?",
        ),
        (
            "return { doc = 'x', run = print, params = { a = { type = 'number', default = 'y', doc = 'y' } } }",
            "the default of `a`",
        ),
        ("return { doc = 'x', run = print, inputs = { a = { type = 'film' } } }", "no type of a port"),
        ("return { doc = 'x', run = print, outputs = {} }", "gives nothing"),
        ("error('no')", "no"),
        ("while true do end", "million steps"),
        ("return {", "<eof>"),
    ] {
        let reading = film("[broken]", world().with("scripts/broken.lua", script));
        let mistakes = told(&reading);
        assert!(mistakes.iter().any(|one| one.3.contains(part)), "{script}: {mistakes:?}");
        let first = &reading.diagnostics.iter().find(|one| one.message.contains(part)).unwrap();
        let file = reading.sources.get(first.span.file).unwrap();
        assert!(file.path.ends_with("scripts/broken.lua"), "{script}: {:?}", file.path);
    }
}

#[test]
fn a_node_that_expands_becomes_the_nodes_it_adds() {
    let twice = r#"
return {
  doc = "Two tints.",
  params = { strong = { type = "boolean", default = false, doc = "More." } },
  expand = function(graph, node)
    local clip = node.clip
    for i = 1, if node.params.strong then 3 else 2 do
      clip = graph:add("tint", { clip = clip, amount = i / 10 })
    end
    return clip
  end,
}
"#;
    let world = world().with("scripts/tint.lua", TINT).with("scripts/twice.lua", twice);
    let count = |step: &str| {
        let reading = film(step, world.clone());
        assert_eq!(told(&reading), []);
        graph(&reading, &world).iter().filter(|(kind, _)| kind == "project/tint").count()
    };
    assert_eq!([count("[twice]"), count("[{node: twice, strong: true}]")], [2, 3]);
}

#[test]
fn expansions_that_go_wrong_are_told() {
    for (body, part) in [
        ("return graph:add('tnit', { clip = node.clip })", "did you mean `tint`?"),
        ("return graph:add('tint', { clip = node.clip, amount = 9 })", "takes a number from 0 to 1"),
        ("return graph:add('tint', { clip = node.clip, much = 1 })", "no parameter `much`"),
        ("return graph:add('tint', {})", "takes one thing at `clip`"),
        ("return nil", "returns nothing"),
        ("return graph:built_in('encode', {}, {})", "cannot be a part"),
        ("while true do graph:add('tint', { clip = node.clip }) end", "at most 512"),
        ("return graph:add('wrong', { clip = node.clip })", "deep"),
        ("error('not today')", "not today"),
    ] {
        let script = format!("return {{ doc = 'x', expand = function(graph, node) {body} end }}");
        let world = world().with("scripts/tint.lua", TINT).with("scripts/wrong.lua", script);
        let reading = film("[wrong]", world.clone());
        let board = reading.storyboard.unwrap();
        let faults = storyreel_engine::compile::film(&board, &reading.takes, &world).unwrap_err();
        assert!(faults.iter().any(|one| one.message.contains(part)), "{body}: {faults:?}");
    }
}

#[test]
fn what_a_node_wants_must_be_granted() {
    let script = "return { doc = 'x', wants = { 'exec' }, run = print }";
    let told = told(&film("[tool]", world().with("scripts/tool.lua", script)));
    assert!(told.iter().any(|one| one.0 == "E0510" && one.3.contains("exec")), "{told:?}");
}

#[test]
fn other_shots_and_files_enter_and_circles_are_told() {
    let pair =
        "return { doc = 'x', inputs = { clip = { type = 'clip' }, inset = { type = 'clip' } }, run = print }";
    let world = world().with("scripts/pair.lua", pair).with_still("poster.png", 64, 64);
    let reading = film("[{node: pair, inset: a.b}]", world.clone());
    assert_eq!(told(&reading), []);
    assert!(graph(&reading, &world).iter().any(|(kind, _)| kind == "project/pair"));
    let reading = film("[{node: pair, inset: poster.png}]", world.clone());
    assert_eq!(told(&reading), []);
    assert!(graph(&reading, &world).iter().any(|(kind, _)| kind == "still"));
    for (step, part) in [
        ("[{node: pair, inset: a.c}]", "made from itself"),
        ("[{node: pair, inset: a.d}]", "there is no `a.d`"),
        ("[pair]", "needs `inset:`"),
        ("[{node: pair, inset: gone.png}]", "gone.png"),
    ] {
        let found = film(step, world.clone());
        let failed = match &found.storyboard {
            Some(board) => storyreel_engine::compile::film(board, &found.takes, &world)
                .unwrap_err()
                .iter()
                .map(|one| one.message.clone())
                .collect(),
            None => told(&found).into_iter().map(|one| one.3).collect::<Vec<_>>(),
        };
        assert!(failed.iter().any(|one| one.contains(part)), "{step}: {failed:?}");
    }
}

#[test]
fn every_code_of_scripts_is_told() {
    let tool = "return { doc = 'x', wants = { 'exec' }, run = print }";
    let pair =
        "return { doc = 'x', inputs = { clip = { type = 'clip' }, inset = { type = 'clip' } }, run = print }";
    let world = || {
        let scripts = [("scripts/tint.lua", TINT), ("scripts/tool.lua", tool), ("scripts/pair.lua", pair)];
        scripts
            .iter()
            .fold(world(), |world, (name, text)| world.with(name, *text))
            .with("scripts/empty.lua", "return {}")
    };
    let lua = |text: &str| super::storyboards::read_lua(world(), text);
    let cue = "storyboard: 1\ntitle: x\nscenes:\n  - {scene: a, shots: [{shot: b, action: waves, duration: 2s}]}\n\
               score:\n  - {cue: theme, prompt: cello, steps: [tint]}\n";
    let on_cue = read(&MemoryWorld::path("film.yaml"), &[], &world().with("film.yaml", cue));
    let readings = [
        ("E0501", lua("error('no')")),
        ("E0502", lua("while true do end")),
        ("E0503", lua("local x = 1")),
        ("E0504", film("[tnit]", world())),
        ("E0505", film("[empty]", world())),
        ("E0506", film("[{node: tint, amout: 1}]", world())),
        ("E0507", film("[{node: tint, amount: 7}]", world())),
        ("E0508", film("[{node: pair, inset: a.d}]", world())),
        ("E0509", on_cue),
        ("E0510", film("[tool]", world())),
        ("W0008", lua("print('x')")),
    ];
    for (code, reading) in &readings {
        assert!(told(reading).iter().any(|one| one.0 == *code), "{code}: {:?}", told(reading));
    }
}
