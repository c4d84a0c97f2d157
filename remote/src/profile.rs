//! The AWS profile: `~/.aws/credentials` and `~/.aws/config`, as far as a bucket needs them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

/// The settings of the profile that `AWS_PROFILE` names, `default` where it names none. What is written in
/// the credentials' file counts before the configuration's. Empty where there is neither.
pub fn read() -> BTreeMap<String, String> {
    let name = env::var("AWS_PROFILE").or_else(|_| env::var("AWS_DEFAULT_PROFILE"));
    let name = name.ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned());
    let text = |variable: &str, file: &str| {
        let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".aws").join(file));
        let path = env::var_os(variable).map(PathBuf::from).or(home);
        path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
    };
    let mut all = section(&text("AWS_CONFIG_FILE", "config"), &[&format!("profile {name}"), &name]);
    all.extend(section(&text("AWS_SHARED_CREDENTIALS_FILE", "credentials"), &[&name]));
    all
}

/// The keys of the first of these sections of an INI file that there is. Lines that are indented belong to
/// the key above and are left out.
fn section(text: &str, names: &[&str]) -> BTreeMap<String, String> {
    let of = |wanted: &str| {
        let mut found = BTreeMap::new();
        let mut inside = false;
        for line in text.lines() {
            let whole = line.trim();
            if let Some(name) = whole.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                inside = name.split_whitespace().eq(wanted.split_whitespace());
            } else if inside
                && !line.starts_with([' ', '\t', '#', ';'])
                && let Some((key, value)) = whole.split_once('=')
            {
                found.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
            }
        }
        found
    };
    names.iter().map(|name| of(name)).find(|found| !found.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[default]\naws_access_key_id = one\n# a note = no\n\n[profile  studio]\nregion=eu-west-1\n\
                        s3 =\n  max_queue_size = 3\naws_secret_access_key = a=b\n";

    #[test]
    fn a_section_gives_its_own_keys() {
        let studio = section(TEXT, &["profile studio", "studio"]);
        assert_eq!(studio["region"], "eu-west-1");
        assert_eq!(studio["aws_secret_access_key"], "a=b");
        assert!(!studio.contains_key("aws_access_key_id") && !studio.contains_key("max_queue_size"));
        assert_eq!(section(TEXT, &["default"])["aws_access_key_id"], "one");
        assert!(section(TEXT, &["other"]).is_empty());
    }
}
