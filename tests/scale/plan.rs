//! How planning grows, and a render with nothing to do: 1,000, 10,000 and 100,000 nodes, time and memory.

use serde_json::json;

use crate::filled::{Filled, output};
use crate::film::nodes;
use crate::took::{Took, median, watched};

/// Films of about 1,000, 10,000 and 100,000 nodes.
const SHOTS: [usize; 3] = [200, 2000, 20_000];

/// Runs of each.
const RUNS: usize = 5;

/// Growth beyond that of the film, in percent, that still counts as linear: of time, and of memory.
const ALLOWED: f64 = 30.0;

/// Medians of several runs.
fn several(mut run: impl FnMut() -> Took) -> Took {
    let all: Vec<Took> = (0..RUNS).map(|_| run()).collect();
    let middle = |value: fn(&Took) -> f64| median(&all.iter().map(value).collect::<Vec<_>>());
    Took { millis: middle(|one| one.millis), peak: middle(|one| one.peak as f64) as u64 }
}

#[test]
#[ignore = "a bench, films of 100,000 nodes: ./x bench plan"]
fn plan() {
    let mut rows: Vec<(&str, Vec<Took>)> = vec![
        ("plan --json", Vec::new()),
        ("render, nothing remembered", Vec::new()),
        ("render, nothing to do", Vec::new()),
    ];
    for shots in SHOTS {
        let filled = Filled::with(shots);
        std::thread::sleep(std::time::Duration::from_millis(1200));
        rows[0].1.push(several(|| watched(&mut filled.command(&["plan", "film.yaml", "--json"]))));
        rows[1].1.push(several(|| {
            filled.forget_answers();
            watched(&mut filled.command(&["render", "film.yaml"]))
        }));
        let text = output(&mut filled.command(&["render", "film.yaml", "--events", "json"]));
        assert!(text.contains(&json!({"is": "published"}).to_string()[1..14]), "{text}");
        rows[2].1.push(several(|| watched(&mut filled.command(&["render", "film.yaml"]))));
    }
    table(&rows);
}

fn table(rows: &[(&str, Vec<Took>)]) {
    let films = SHOTS.map(nodes);
    println!(
        "Medians of {RUNS} runs; memory is the resident set at its peak. Growth is beside that of the film.\n"
    );
    print!("{:<30}", "");
    films.iter().for_each(|nodes| print!(" {:>22}", format!("{nodes} nodes")));
    println!(" {:>16} {:>16}", "growth", "growth");
    for (name, all) in rows {
        print!("{name:<30}");
        for took in all {
            print!(" {:>22}", format!("{:.1} ms {:.1} MiB", took.millis, took.peak as f64 / 1024.0));
        }
        for pair in 0..2 {
            let times = all[pair + 1].millis / all[pair].millis;
            let more = films[pair + 1] as f64 / films[pair] as f64;
            print!(" {:>16}", format!("{times:.1} of {more:.1}"));
        }
        println!();
    }
    println!("\nper node from {} to {}:", films[1], films[2]);
    for (name, all) in rows {
        let more = (films[2] - films[1]) as f64;
        let micros = (all[2].millis - all[1].millis) * 1000.0 / more;
        let bytes = (all[2].peak as f64 - all[1].peak as f64) * 1024.0 / more;
        println!("  {name:<28} {micros:>8.2} us {bytes:>10.0} bytes");
    }
    let film = films[2] as f64 / films[1] as f64;
    for (name, all) in rows {
        let grown = [all[2].millis / all[1].millis, all[2].peak as f64 / all[1].peak as f64];
        for (what, times) in ["time", "memory"].iter().zip(grown) {
            let beyond = times / film;
            assert!(
                beyond <= 1.0 + ALLOWED / 100.0,
                "{name}: {what} grows {beyond:.2} times as fast as the film"
            );
        }
    }
}
