//! The plan reader: what it takes reads as it writes, can be shown in every form, and what it refuses it
//! refuses in few words.

use storyreel_engine::compile::plan::{self, Plan};

/// Bytes that a refusal may have.
const MAX_WORDS: usize = 2000;

/// Reads `bytes` as a plan.
///
/// # Panics
/// Where an invariant fails.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Plan::read(text) {
        Err(error) => {
            let words = error.to_string();
            assert!((1..=MAX_WORDS).contains(&words.len()), "{} bytes of error", words.len());
        }
        Ok(plan) => taken(&plan),
    }
}

fn taken(plan: &Plan) {
    let text = plan.write();
    match Plan::read(&text) {
        Ok(again) => assert!(again == *plan && again.write() == text, "a plan reads as it was written"),
        Err(error) => panic!("a plan that was read is refused when written: {error}"),
    }
    for (at, node) in plan.nodes.iter().enumerate() {
        assert!(
            node.inputs.iter().all(|input| (input.from as usize) < at),
            "inputs stand before their users"
        );
    }
    assert!(
        plan.outputs.iter().all(|output| (output.node as usize) < plan.nodes.len()),
        "an output of no node"
    );
    plan::table(plan, 100);
    plan::svg(plan);
}
