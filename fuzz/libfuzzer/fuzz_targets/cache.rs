//! The cache reader under libFuzzer; what is run is [`storyreel_fuzz::cache`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| storyreel_fuzz::cache::run(bytes));
