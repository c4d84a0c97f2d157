//! The real `yaml-language-server` with our schema: it completes keys, shows their docs, and marks
//! unknown keys. `tests/editor/client.mjs` speaks to it; the package comes from npm, pinned, into
//! the target folder.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn an_editor_completes_explains_and_marks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("node")
        .arg(root.join("tests/editor/client.mjs"))
        .arg(root.join("schemas/storyboard.schema.json"))
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("yaml-language-server"))
        .output()
        .expect("this test needs node and npm");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the client failed; it needs node and npm:\n{told}");
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();

    let completed: Vec<&str> =
        seen["completion"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for key in ["camera", "dialogue", "edits", "sound", "source", "still"] {
        assert!(completed.contains(&key), "{key} is not offered in a shot: {completed:?}");
    }
    // Nothing of another record, nor what is written already.
    assert!(!completed.contains(&"scenes") && !completed.contains(&"duration"), "{completed:?}");

    let words: Vec<&str> = seen["values"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(words.contains(&"stretch"), "{words:?}");

    let hover = seen["hover"].as_str().unwrap();
    assert!(hover.contains("How long the shot is") && hover.contains("144f"), "{hover}");

    let marked = seen["diagnostics"].as_array().unwrap();
    assert_eq!(marked.len(), 1, "{marked:?}");
    assert!(marked[0]["message"].as_str().unwrap().contains("durration"), "{marked:?}");
    assert_eq!(marked[0]["line"], 8);
}
