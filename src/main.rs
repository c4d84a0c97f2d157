//! `storyreel`: the front binary. It links neither FFmpeg nor any model; work is done by workers.
fn main() {}
