//! Our own scripts: nodes that every project can name, and the modules that they share.

/// A script of ours.
#[derive(Clone, Copy, Debug)]
pub struct LibraryScript {
    /// Its name: of the node, or of the module.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Whether it is a module for other scripts and no node.
    pub module: bool,
}

macro_rules! library {
    ($($name:literal $(($module:ident))?),* $(,)?) => {
        /// All of them, in the order of their names.
        pub const LIBRARY: &[LibraryScript] = &[$(LibraryScript {
            name: $name,
            text: include_str!(concat!("../../scripts/", $name, ".lua")),
            module: library!(@module $($module)?),
        }),*];
    };
    (@module) => { false };
    (@module module) => { true };
}

library![
    "beat-cut",
    "camera-shake",
    "dream",
    "film-grain",
    "glow",
    "letterbox",
    "lower-third",
    "lut-look",
    "old-radio",
    "picture-in-picture",
    "soft-focus",
    "speed-ramp",
    "split-screen",
    "subtitles",
    "title-card",
    "vignette"
];

/// What ids of our own scripts begin with.
const OURS: &str = "library:";

/// The id of a script of ours.
pub fn id(name: &str) -> String {
    format!("{OURS}{name}")
}

/// Whether a script of that id is ours.
pub fn is_ours(id: &str) -> bool {
    id.starts_with(OURS)
}

/// The node of that name.
pub fn node(name: &str) -> Option<&'static LibraryScript> {
    LIBRARY.iter().find(|script| script.name == name && !script.module)
}

/// The module of that name.
pub fn module(name: &str) -> Option<&'static LibraryScript> {
    LIBRARY.iter().find(|script| script.name == name && script.module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_the_folder_is_built_in_and_declared_without_mistakes() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts");
        let files =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> =
            files.filter_map(|name| name.strip_suffix(".lua").map(str::to_owned)).collect();
        names.sort();
        let built_in: Vec<&str> = LIBRARY.iter().map(|script| script.name).collect();
        assert_eq!(names, built_in);
        let nodes = LIBRARY.iter().filter(|script| !script.module).count();
        assert_eq!(crate::library_declarations().len(), nodes);
    }
}
