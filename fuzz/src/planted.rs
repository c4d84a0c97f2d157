//! Bodies with a fault of each sort, which the runner must find: the proof that it looks.

use std::hint::black_box;

use crate::Target;
use crate::mutate::Shape;

const MAX_BYTES: usize = 64 << 10;

/// One a sort.
pub const TARGETS: &[Target] = &[
    planted("planted-panic", panics),
    planted("planted-slowness", slow),
    planted("planted-hang", hangs),
    planted("planted-waste", wastes),
    planted("planted-depth", deep),
    planted("planted-nothing", nothing),
];

const fn planted(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run, shape: Shape::Lines, max_bytes: MAX_BYTES }
}

/// Slices a text between two bytes of a character.
fn panics(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(at) = text.find("duration: ") {
        black_box(&text[..text.len().min(at + 11)]);
    }
}

/// Compares all lines with all others, byte by byte, and that several times.
fn slow(bytes: &[u8]) {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let mut equal = 0_u64;
    let often = (0..8).flat_map(|_| &lines);
    for one in often {
        for other in &lines {
            for (a, b) in one.iter().zip(black_box(*other)) {
                equal = black_box(equal + u64::from(a == b));
            }
        }
    }
    black_box(equal);
}

/// Never comes to an end where two lines are equal.
fn hangs(bytes: &[u8]) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| line.len() > 8).collect();
    let all = lines.len();
    lines.sort_unstable();
    lines.dedup();
    while black_box(lines.len()) < all {
        std::hint::spin_loop();
    }
}

/// Takes memory by a number in the text.
fn wastes(bytes: &[u8]) {
    let digits = bytes.split(|byte| !byte.is_ascii_digit()).filter_map(|part| std::str::from_utf8(part).ok());
    let most = digits.filter_map(|digits| digits.parse::<usize>().ok()).max().unwrap_or(0);
    black_box(vec![1_u8; most.min(1 << 30)]);
}

/// Goes as deep as brackets are opened, and far beyond any stack where they are many.
fn deep(bytes: &[u8]) {
    fn down(levels: usize) -> u64 {
        let room = black_box([levels as u64; 512]);
        if levels == 0 { room[0] } else { down(levels - 1) + room[1] }
    }
    let open = bytes.iter().filter(|byte| **byte == b'[').count();
    black_box(down(open * 2000));
}

/// Has no fault: what the runner must not report.
fn nothing(bytes: &[u8]) {
    black_box(String::from_utf8_lossy(bytes).lines().count());
}
