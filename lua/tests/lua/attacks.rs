//! Scripts that mean harm: each ends with a clear error, soon, and leaves everything else alive.

use std::time::{Duration, Instant};

use super::storyboards::{read_lua, told, world};

/// Name, script, what the error says.
const ATTACKS: &[(&str, &str, &str)] = &[
    ("a loop without end", "while true do end", "script takes"),
    (
        "a loop in a protected call",
        "while true do pcall(function() while true do end end) end",
        "script takes",
    ),
    (
        "an error handler without end",
        "xpcall(function() error('x') end, function() while true do end end)",
        "script takes",
    ),
    ("a coroutine that never yields", "coroutine.wrap(function() while true do end end)()", "script takes"),
    (
        "coroutines without number",
        "local c = {} while true do c[#c + 1] = coroutine.create(print) end",
        "this script",
    ),
    ("recursion without end", "local function f() return 1 + f() end return f()", "stack overflow"),
    (
        "recursion through coroutines",
        "local function f() return coroutine.wrap(f)() end f()",
        "stack overflow",
    ),
    (
        "recursion through the library",
        "local function f(s) return (string.gsub(s, '.', f)) end f('x')",
        "stack overflow",
    ),
    (
        "recursion through metatables",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
        "stack overflow",
    ),
    (
        "recursion in sort",
        "local function f() table.sort({3, 2, 1}, f) return true end f()",
        "stack overflow",
    ),
    (
        "recursion in tostring",
        "local t = {} setmetatable(t, {__tostring = function(t) return tostring(t) end}) tostring(t)",
        "stack overflow",
    ),
    ("calls at the end without end", "local function f() return f() end f()", "stack overflow"),
    ("a table without end", "local t = {} while true do t[#t + 1] = {1, 2, 3, 4} end", "this script"),
    ("a text that doubles", "local s = 'x' while true do s = s .. s end", "more memory"),
    ("string.rep", "return string.rep('x', 1e9)", "this script"),
    ("string.rep of nothing", "for i = 1, 1e9 do string.rep('', 2^31 - 1) end", "script takes"),
    ("string.rep with a separator", "return string.rep('', 2^30, 'xx')", "this script"),
    ("string.rep without end", "while true do string.rep('x', 1e7) end", "this script"),
    (
        "a pattern that goes back",
        "local s = string.rep('a', 40) return s:find(string.rep('a?', 40) .. string.rep('a', 41))",
        "script takes",
    ),
    ("a pattern with many wildcards", "return string.rep('a', 100000):find('.-.-.-.-b')", "script takes"),
    (
        "a pattern with a long set",
        "return string.rep('c', 2^22):match('[^' .. string.rep('a', 1e6) .. ']*')",
        "at most 1024",
    ),
    (
        "a pattern over a long text",
        "return string.rep('c', 2^25):match('[^' .. string.rep('a', 1000) .. ']*')",
        "too long for that pattern",
    ),
    (
        "a plain search over a long text",
        "local a = string.rep('a', 2^22) while true do a:find(string.rep('a', 2^20) .. 'b', 1, true) end",
        "script takes",
    ),
    (
        "a split of a long text",
        "while true do string.split(string.rep('a', 2^20), string.rep('a', 2^19) .. 'b') end",
        "script takes",
    ),
    (
        "a replacement that grows",
        "return (string.rep('a', 1e6):gsub('a', string.rep('b', 1e6)))",
        "more memory",
    ),
    ("table.move over nothing", "table.move({}, 1, 1e9, 2)", "script takes"),
    (
        "table.insert at the front",
        "local t = table.create(1e6, 0) while true do table.insert(t, 1, 0) end",
        "script takes",
    ),
    ("table.create", "return table.create(2^26, 0)", "more memory"),
    ("table.concat", "return table.concat(table.create(1e6, 'x'), string.rep('y', 1000))", "more memory"),
    ("table.unpack", "return table.unpack({}, 1, 1e8)", "too many results"),
    (
        "a sort that lies",
        "local t = {} for i = 1, 1e5 do t[i] = i % 7 end while true do table.sort(t, function() return true end) end",
        "invalid order",
    ),
    ("a buffer", "return buffer.create(2^30 - 1)", "more memory"),
    ("a giant format", "return string.format('%500d', 1)", "invalid format"),
    ("bytecode", "return loadstring('\\27Lua')", "attempt to call a nil value"),
    ("bytecode as the file", "\u{1b}Lua\u{0}\u{1}", ""),
    ("the environment", "return getfenv(1)", "attempt to call a nil value"),
    ("debug", "return debug.getregistry()", "attempt to index nil"),
    ("a program", "os.execute('touch /tmp/pwned')", "attempt to index nil"),
    ("a file", "io.open('/etc/passwd')", "attempt to index nil"),
    ("a file outside", "return text_of('/etc/passwd')", "outside the project"),
    ("a file above", "return lines_of('../../etc/passwd')", "outside the project"),
    ("a module outside", "return require('../../etc/passwd')", "outside the project"),
    ("another library", "string.format = function() return '' end", "readonly"),
    ("the library of texts by its metatable", "getmetatable('').__index = {}", ""),
    ("rawset on the library", "rawset(math, 'pi', 3)", "readonly"),
    ("the metatable of the film", "getmetatable(storyboard {}).__index = nil", ""),
    ("methods of the film", "local f = storyboard {} f.scene = function() end", "takes"),
    ("weak tables", "setmetatable({}, {__mode = 'k'})", "weak tables"),
    (
        "an error that is a table",
        "error(setmetatable({}, {__tostring = function() while true do end end}))",
        "script takes",
    ),
    ("brackets in brackets", "DEEP", "recursion"),
    ("a module that requires itself", "return require('film')", "itself"),
    ("a document that is its own part", "local t = {} t.scenes = t return t", "deep"),
    (
        "more values than a film may have",
        "local s = {} for i = 1, 1100000 do s[i] = i end return {scenes = s}",
        "",
    ),
];

#[test]
fn every_attack_ends_soon_with_a_clear_error_and_little_memory() {
    assert!(ATTACKS.len() >= 40);
    let good = "local f = storyboard { title = 'x' } f:scene('a', {}):shot('b', { action = 'x', duration = '1s' }) return f";
    let mut wrong = Vec::new();
    for (name, script, part) in ATTACKS {
        let deep = format!("return {}1{}", "(".repeat(100_000), ")".repeat(100_000));
        let script = if *script == "DEEP" { deep.as_str() } else { script };
        let began = Instant::now();
        let reading = read_lua(world(), script);
        let took = began.elapsed();
        let told = told(&reading);
        let clear =
            told.iter().any(|one| one.0.starts_with('E') && one.3.contains(part) && !one.3.contains("0x"));
        // Alive after it.
        let alive = read_lua(world(), good).storyboard.is_some();
        if reading.storyboard.is_some() || !clear || !alive || took > Duration::from_secs(3) {
            wrong.push((name, took, told.into_iter().map(|one| (one.0, one.3)).take(2).collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The whole process, with all of them one after the other.
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 256 << 10, "{kilobytes} kB at the peak");
}
