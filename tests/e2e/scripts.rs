//! Lua in whole renders: storyboards, custom nodes, what an edit of a script runs, and scripts that mean harm at work.

use std::fs;
use std::time::{Duration, Instant};

use crate::studio::{Render, Studio, TINY, digests};

const TINT: &str = r#"
return {
  doc = "Tints the picture.",
  params = { warm = { type = "number", default = 0.2, min = 0, max = 1, doc = "How warm." } },
  run = function(node)
    return function(n)
      return node.clip:picture(n):map("r = r + warm * 0.5; b = b - warm * 0.2", { warm = node.params.warm })
    end
  end,
}
"#;

/// `TINY` with a step on the shot of the wood.
fn with_step(step: &str) -> Studio {
    let studio = Studio::with(&TINY.replace(
        "        camera: pan left\n",
        &format!("        camera: pan left\n        steps: [{step}]\n"),
    ));
    fs::create_dir(studio.path("scripts")).unwrap();
    studio
}

fn failure(render: &Render) -> String {
    render.all("node-failed").map(|event| event["failure"].to_string()).collect()
}

#[test]
fn a_lua_storyboard_renders_the_film_of_the_same_yaml() {
    let studio = Studio::with(TINY);
    studio.rendered(&["--stills"]);
    let of_yaml = digests(&studio.path("out/film-stills/latest/stills"));
    studio.write(
        "film.lua",
        r#"
local film = storyboard { title = "Tiny", film = { size = "320x180", fps = 24 }, seed = 3 }
film:character("ida", { description = "a girl in a yellow raincoat", voice = { pitch = "high" } })
local sea = film:scene("sea", { setting = "dawn", transition = { dissolve = "6f" } })
sea:shot("wide", { action = "waves roll in, gulls circle", camera = "push in", duration = "1s", sound = "surf" })
sea:shot("ida", { action = "@ida looks out to sea", camera = "static", duration = "1s" }):line("ida", "Hi.")
local wood = film:scene("wood", { setting = "noon in a forest" })
wood:shot("path", { action = "a path between tall trees", camera = "pan left", duration = "1s" })
film:cue("theme", { prompt = "solo piano, slow", from = "start", to = "end" })
return film
"#,
    );
    let ran = studio.run(&["render", "film.lua", "--stills", "--out", "lua-out", "--events", "json"]);
    let render = Render::of(ran);
    assert_eq!(render.ran.code, 0, "{}", render.ran.err);
    assert_eq!(render.workers(), 0, "every picture was known: {:?}", render.ran_nodes());
    assert_eq!(digests(&studio.path("lua-out/film-stills/latest/stills")), of_yaml);
}

#[test]
fn editing_a_script_runs_its_users_and_nothing_else() {
    let studio = with_step("tint");
    studio.write("scripts/tint.lua", TINT);
    studio.rendered(&["--stills"]);
    assert_eq!(studio.rendered(&["--stills"]).ran_nodes(), [""; 0]);
    studio.write("scripts/tint.lua", &TINT.replace("0.5", "0.9"));
    let why = studio.run(&["why", "film.yaml", "--stills"]);
    assert!(why.out.contains("wood.path") && !why.out.contains("sea.wide"), "{}", why.out);
    let again = studio.rendered(&["--stills"]);
    assert_eq!(again.ran_nodes(), ["frame wood.path still picture"]);
}

#[test]
fn a_script_gives_the_same_bytes_on_any_number_of_workers() {
    let film = |devices: &str| {
        let studio = with_step("{node: film-grain, amount: 0.7}");
        studio.rendered(&["--devices", devices]);
        blake3::hash(&fs::read(studio.film()).unwrap())
    };
    assert_eq!(film("cpu:1"), film("cpu:2"));
}

#[test]
fn a_plan_tells_steps_and_their_kinds() {
    let studio = with_step("{node: tint, warm: 0.4}");
    studio.write("scripts/tint.lua", TINT);
    let plan = studio.run(&["plan", "film.yaml", "--json"]);
    assert!(plan.out.contains("project/tint@1") && plan.out.contains("tint (warm 0.4)"), "{}", plan.err);
    assert!(studio.run(&["plan", "film.yaml"]).out.contains("steps: tint (warm 0.4)"));
}

/// What a script does at work, and what its failure says.
const ATTACKS: &[(&str, &str, &str)] = &[
    ("a loop without end", "while true do end", "script takes"),
    (
        "a loop in a protected call",
        "while true do pcall(function() while true do end end) end",
        "script takes",
    ),
    ("a text that doubles", "local s = 'x' while true do s = s .. s end", "more memory"),
    ("frames without number", "local t = {} while true do t[#t + 1] = frame(2000, 2000) end", "may hold"),
    ("a frame beyond bounds", "frame(1e9, 1e9)", "frame"),
    ("a frame without end", "frame(0/0, 2)", ""),
    ("recursion without end", "local function f() return 1 + f() end f()", "stack overflow"),
    (
        "a pattern that goes back",
        "string.rep('a', 40):find(string.rep('a?', 40) .. string.rep('a', 41))",
        "script takes",
    ),
    (
        "an expression without end",
        "node.clip:picture(n):map(string.rep('(', 1e5) .. 'r' .. string.rep(')', 1e5))",
        "",
    ),
    ("an expression of another language", "node.clip:picture(n):map('os.execute(1)')", "column"),
    (
        "a filter that reads a file",
        "node.clip:picture(n):filter('drawtext=textfile=/etc/passwd')",
        "drawtext",
    ),
    (
        "a filter that writes a file",
        "node.clip:picture(n):filter('metadata=print:file=/tmp/pwned')",
        "metadata",
    ),
    ("a source in a filter", "node.clip:picture(n):filter('movie=/etc/passwd')", "movie"),
    (
        "a filter with a way out",
        "node.clip:picture(n):filter([[eq=contrast=1,nullsink;movie='/etc/passwd']])",
        "",
    ),
    ("a module", "require('../../etc/passwd')", "required only"),
    ("a file", "io.open('/etc/passwd')", "attempt to index nil"),
    ("a number as a frame", "return 7", "returns a frame"),
    ("a frame of another size", "return frame(8, 8)", "8x8"),
    ("a host object's own table", "getmetatable(node.clip).__index = nil", ""),
    ("a frame against itself", "local f = node.clip:picture(n) f:mix(f, 0.5) return 1", ""),
    (
        "points without end",
        "local p = {} for i = 1, 2e5 do p[i] = {i, i} end node.clip:picture(n):polygon(p)",
        "",
    ),
    ("a text without end", "node.clip:picture(n):text(string.rep('x', 1e6), {})", "at most"),
    ("a picture far away", "return node.clip:picture(0/0)", ""),
];

#[test]
fn scripts_that_mean_harm_fail_alone_and_soon() {
    let mut wrong = Vec::new();
    for (name, body, part) in ATTACKS {
        let studio = with_step("harm");
        let script =
            format!("return {{ doc = 'x', run = function(node) return function(n) {body} end end }}");
        studio.write("scripts/harm.lua", &script);
        let began = Instant::now();
        let render = studio.render(&["--stills", "--devices", "cpu:1"]);
        let took = began.elapsed();
        let failure = failure(&render);
        let named = failure.contains("harm") && failure.contains(part);
        let others = studio.path("scripts").exists() && render.all("node-done").count() == 2;
        let fine = *name == "a picture far away" && render.ran.code == 0;
        if !fine && (render.ran.code != 1 || !named || !others || took > Duration::from_secs(8)) {
            wrong.push((name, render.ran.code, took, failure));
        }
        assert!(!std::path::Path::new("/tmp/pwned").exists(), "{name}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_playlist_that_poses_as_a_clip_is_not_followed() {
    let pair = "return { doc = 'x', inputs = { clip = { type = 'clip' }, inset = { type = 'clip' } }, \
                run = function(node) return function(n) return node.inset:picture(n) end end }";
    let studio = with_step("{node: pair, inset: clip.mp4}");
    studio.write("scripts/pair.lua", pair);
    studio.write("clip.mp4", "#EXTM3U\n#EXTINF:10,\n/etc/passwd\n");
    let ran = studio.run(&["check", "film.yaml"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = studio.run(&["render", "film.yaml", "--stills"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn sounds_are_worked_on_by_the_block() {
    let script = r#"
return {
  doc = "Half as loud.",
  inputs = { sound = { type = "sound" } },
  outputs = { sound = { type = "sound" } },
  params = { gain = { type = "number", default = -6, doc = "Decibels." } },
  run = function(node)
    return function(from, count) return node.sound:read(from, count):gain(node.params.gain) end
  end,
}
"#;
    let quiet = Studio::with(&TINY.replace("slow\", from", "slow\", steps: [{node: soft, gain: -60}], from"));
    fs::create_dir(quiet.path("scripts")).unwrap();
    quiet.write("scripts/soft.lua", script);
    let render = quiet.rendered(&[]);
    assert!(
        render.ran_nodes().iter().any(|name| name.starts_with("project/soft")),
        "{:?}",
        render.ran_nodes()
    );
    let loudest = |studio: &Studio| {
        let mut stem = hound::WavReader::open(studio.path("out/film/latest/stems/music.wav")).unwrap();
        stem.samples::<i32>().map(|sample| sample.unwrap().unsigned_abs()).max().unwrap()
    };
    let plain = Studio::with(TINY);
    plain.rendered(&[]);
    assert!(loudest(&quiet) * 10 < loudest(&plain), "{} {}", loudest(&quiet), loudest(&plain));
}
