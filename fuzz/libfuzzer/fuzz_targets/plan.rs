//! The plan reader under libFuzzer; what is run is [`storyreel_fuzz::plan`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| storyreel_fuzz::plan::run(bytes));
