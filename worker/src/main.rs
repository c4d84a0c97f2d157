//! `storyreel-worker`: runs nodes on one device, fed by the front binary over its standard input.
fn main() {}
