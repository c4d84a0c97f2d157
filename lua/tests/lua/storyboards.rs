//! Lua storyboards: the same document, the same checks, mistakes at Lua lines.

use std::sync::Arc;

use storyreel_engine::storyboard::{Reading, read};
use storyreel_engine::world::MemoryWorld;
use storyreel_lua::LuaScripts;

pub fn world() -> MemoryWorld {
    MemoryWorld::new().with_scripts(Arc::new(LuaScripts::default()))
}

pub fn read_lua(world: MemoryWorld, text: &str) -> Reading {
    read(&MemoryWorld::path("film.lua"), &[], &world.with("film.lua", text))
}

/// Code, line, text underlined, message.
pub fn told(reading: &Reading) -> Vec<(String, usize, String, String)> {
    let place = |one: &storyreel_engine::storyboard::Diagnostic| {
        let line = reading.sources.start(one.span).line;
        (one.code.id().to_owned(), line, reading.sources.slice(one.span).to_owned(), one.message.clone())
    };
    reading.diagnostics.iter().map(place).collect()
}

const KEEPER: &str = r#"
local film = storyboard { title = "The Keeper", film = { size = "1920x1080", fps = 24 }, seed = 7 }
film:character("mara", { description = "a lighthouse keeper, yellow raincoat", voice = { pitch = "low" } })
film:place("cliff", "a lighthouse on a basalt cliff")
local cliff = film:scene("cliff", { place = "cliff", setting = "dawn" })
for i, line in ipairs(lines_of("poem.txt")) do
  cliff:shot("line" .. i, { action = "@mara reads: " .. line, duration = "4s", sound = { "surf", "wind" } })
end
cliff:transition { fade = "1s" }
film:cue("theme", { prompt = "solo cello, slow", under_dialogue = "-9 dB" })
return film
"#;

#[test]
fn a_lua_storyboard_is_the_same_document_as_a_yaml_one() {
    let world = || world().with("poem.txt", "The sea is high\n\nThe lamp is lit\n");
    let lua = read_lua(world(), KEEPER);
    assert_eq!(told(&lua), []);
    let yaml = r#"
title: The Keeper
film: {size: 1920x1080, fps: 24}
seed: 7
storyboard: 1
characters: {mara: {description: "a lighthouse keeper, yellow raincoat", voice: {pitch: low}}}
places: {cliff: a lighthouse on a basalt cliff}
scenes:
  - place: cliff
    setting: dawn
    scene: cliff
    shots:
      - {action: "@mara reads: The sea is high", duration: 4s, sound: [surf, wind], shot: line1}
      - {action: "@mara reads: The lamp is lit", duration: 4s, sound: [surf, wind], shot: line2}
    transition: {fade: 1s}
score:
  - {prompt: "solo cello, slow", under-dialogue: -9 dB, cue: theme}
"#;
    let yaml = read(&MemoryWorld::path("film.yaml"), &[], &world().with("film.yaml", yaml));
    assert_eq!(told(&yaml), []);
    let plain = |reading: Reading| {
        let world = world();
        let film =
            storyreel_engine::compile::film(&reading.storyboard.unwrap(), &reading.takes, &world).unwrap();
        format!("{film:#?}")
    };
    assert_eq!(plain(lua), plain(yaml));
}

#[test]
fn mistakes_stand_at_the_lua_line_and_value() {
    let text = r#"local film = storyboard { title = "x", film = { size = "1920x1081" } }
local scene = film:scene("sea", { plase = "cliff" })
local length = "6 parsecs"
scene:shot("wide", { action = "waves",
  duration = length })
scene:shot("wide", { action = "@marra waits", duration = "2s" })
return film
"#;
    let told = told(&read_lua(world(), text));
    let short: Vec<_> =
        told.iter().map(|(code, line, text, _)| (code.as_str(), *line, text.as_str())).collect();
    assert!(short.iter().any(|(_, line, text)| *line == 1 && *text == "\"1920x1081\""), "{told:#?}");
    assert!(
        short.iter().any(|(code, line, text)| *code == "E0012" || (*line == 2 && *text == "plase")),
        "{told:#?}"
    );
    assert!(short.iter().any(|(_, line, text)| *line == 5 && *text == "length"), "{told:#?}");
    assert!(
        short.iter().any(|(code, line, text)| *code == "E0104" && *line == 6 && *text == "@marra"),
        "{told:#?}"
    );
    assert!(short.iter().any(|(_, line, text)| *line == 6 && *text == "\"wide\""), "{told:#?}");
}

#[test]
fn a_script_that_fails_is_told_with_the_way_there() {
    let text = "local function add(film)\n  film:shot('a', {})\nend\nlocal film = storyboard {}\nadd(film)\nreturn film\n";
    let reading = read_lua(world(), text);
    let told = told(&reading);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].0.as_str(), told[0].1, told[0].2.as_str()), ("E0501", 2, "film:shot('a', {})"));
    assert!(told[0].3.contains("a film has scenes"), "{told:?}");
    let labels: Vec<_> =
        reading.diagnostics[0].labels.iter().map(|label| reading.sources.start(label.span).line).collect();
    assert_eq!(labels, [5], "called from there");
}

#[test]
fn what_is_no_lua_is_told_at_its_line() {
    for (text, line, part) in [
        ("local film = storyboard {\nreturn film\n", 2, "got 'return'"),
        ("return storyboard { title = = 1 }", 1, "'='"),
        ("local x = 1", 1, "returns nothing"),
        ("return 7", 1, "returns a"),
        ("goto done", 1, ""),
        ("return storyboard { title = print }", 1, "function"),
        ("return storyboard { title = 0/0 }", 1, "number"),
        ("return storyboard { scenes = { 1, x = 2 } }", 1, "not both"),
        ("local t = {} t.t = t return t", 1, "deep"),
        ("film = storyboard {} film:scen('x')", 1, "did you mean `scene`?"),
    ] {
        let told = told(&read_lua(world(), text));
        assert!(!told.is_empty() && told[0].0.starts_with("E050"), "{text}: {told:?}");
        assert_eq!(told[0].1, line, "{text}: {told:?}");
        assert!(told[0].3.contains(part), "{text}: {told:?}");
    }
}

#[test]
fn tables_are_gone_through_as_they_were_filled() {
    let text = r#"
local t = { zebra = 1, apple = 2, ["mid-dle"] = 3, [1 + 9] = 4, 10, 20 }
t.late = 5
t["dynamic" .. 1] = 6
t.apple = nil
t.apple = 7
local seen = {}
for key, value in pairs(t) do table.insert(seen, tostring(key) .. "=" .. value) end
local again = {}
for key, value in t do table.insert(again, tostring(key) .. "=" .. value) end
local by_next, key = {}, nil
repeat
  key = next(t, key)
  if key ~= nil then table.insert(by_next, tostring(key) .. "=" .. t[key]) end
until key == nil
local film = storyboard { title = table.concat(seen, " "), look = table.concat(again, " "), avoid = table.concat(by_next, " ") }
film:scene("a", {}):shot("b", { action = "x", duration = "1s" })
return film
"#;
    let reading = read_lua(world(), text);
    assert_eq!(told(&reading), []);
    let board = reading.storyboard.unwrap();
    let order = "1=10 2=20 zebra=1 mid-dle=3 10=4 late=5 dynamic1=6 apple=7";
    assert_eq!(board.title.unwrap().value, order);
    assert_eq!(board.style.look.unwrap().value, order);
    assert_eq!(board.style.avoid.unwrap().value, order);
}

#[test]
fn nothing_tells_an_address_or_the_time() {
    let text = r#"
local t, f = {}, function() end
local parts = { tostring(t), tostring(f), `{t}`, string.format("%s %*", t, f), tostring(coroutine.create(f)) }
local ok, problem = pcall(function() return t < t end)
table.insert(parts, problem)
assert(os == nil and io == nil and debug == nil and load == nil and loadstring == nil and collectgarbage == nil)
assert(getfenv == nil and setfenv == nil and newproxy == nil and gcinfo == nil and _G == nil and _VERSION == nil)
local film = storyboard { title = table.concat(parts, "; ") .. "; " .. math.random(1000) .. " " .. math.random() }
film:scene("a", {}):shot("b", { action = "x", duration = "1s" })
return film
"#;
    let title = || {
        let reading = read_lua(world(), text);
        assert_eq!(told(&reading), []);
        reading.storyboard.unwrap().title.unwrap().value
    };
    let first = title();
    assert_eq!(first, title());
    assert!(!first.contains("0x"), "{first}");
    assert!(first.starts_with("table; function; table; table function; thread; "), "{first}");
}

#[test]
fn modules_are_found_beside_the_storyboard_and_in_scripts_and_nowhere_else() {
    let module = "local shared = require('deep/other') return { title = shared.title }";
    let world = world()
        .with("cast.lua", module)
        .with("scripts/deep/other.lua", "return { title = 'Shared' }")
        .with("round.lua", "return require('round')");
    let film = |require: &str| {
        format!(
            "local shared = require('{require}')\nlocal film = storyboard {{ title = shared.title }}\n\
             film:scene('a', {{}}):shot('b', {{ action = 'x', duration = '1s' }})\nreturn film"
        )
    };
    let reading = read_lua(world.clone(), &film("cast"));
    assert_eq!(told(&reading), []);
    assert_eq!(reading.storyboard.unwrap().title.unwrap().value, "Shared");
    for (name, part) in [
        ("../secret", "outside"),
        ("/etc/passwd", "outside"),
        ("nowhere", "there is no module"),
        ("round", "itself"),
    ] {
        let told = told(&read_lua(world.clone(), &film(name)));
        assert!(told.iter().any(|one| one.0 == "E0501" && one.3.contains(part)), "{name}: {told:?}");
    }
}

#[test]
fn what_a_script_prints_is_told_at_its_place() {
    let text = "print('shots', 3)\nlocal film = storyboard { title = 'x' }\n\
                film:scene('a', {}):shot('b', { action = 'x', duration = '1s' })\nreturn film";
    let reading = read_lua(world(), text);
    assert_eq!(told(&reading), [("W0008".into(), 1, "print('shots', 3)".into(), "shots 3".into())]);
    assert!(reading.storyboard.is_some());
}

#[test]
fn variables_that_a_script_asks_for_are_used() {
    let text = "local film = storyboard { title = vars.hero or 'nobody' }\n\
                film:scene('a', {}):shot('b', { action = 'x', duration = '1s' })\nreturn film";
    let world = world().with("film.lua", text);
    let vars = [("hero".to_owned(), "Mara".to_owned()), ("villain".to_owned(), "Tom".to_owned())];
    let reading = read(&MemoryWorld::path("film.lua"), &vars, &world);
    let told = told(&reading);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].3.contains("villain"));
    assert_eq!(reading.storyboard.unwrap().title.unwrap().value, "Mara");
}

#[test]
fn an_included_script_gives_what_several_films_share() {
    let cast = "return { characters = { mara = 'a keeper in a yellow coat' } }";
    let world = world().with("cast.lua", cast);
    let yaml = "storyboard: 1\ntitle: x\ninclude: cast.lua\nscenes:\n  - scene: a\n    shots:\n      \
                - {shot: b, action: \"@mara waits\", duration: 1s}\n";
    let reading = read(&MemoryWorld::path("film.yaml"), &[], &world.with("film.yaml", yaml));
    assert_eq!(told(&reading), []);
    assert!(reading.storyboard.unwrap().characters.contains_key("mara"));
}
