//! The storyboard reader under libFuzzer; what is run is [`storyreel_fuzz::storyboard`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| storyreel_fuzz::storyboard::run(bytes));
