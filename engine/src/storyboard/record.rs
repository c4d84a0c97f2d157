//! Maps with known keys. One table a record gives the struct that is read, the keys that are known,
//! and the JSON Schema with the words that editors show.

use serde_json::{Map, Value as Json, json};

use super::codes::Code;
use super::diagnostics::nearest;
use super::tree::{Entry, Node, Value};
use super::value::{Context, FromNode};

/// Definitions that a schema refers to, by name.
#[derive(Default)]
pub struct Defs {
    map: Map<String, Json>,
    /// Every key of every record, in the order met.
    pub keys: Vec<Key>,
}

/// A key as the schema has it.
#[derive(Clone, Copy)]
pub struct Key {
    /// As written.
    pub key: &'static str,
    /// What editors show.
    pub doc: &'static str,
    /// Whether it must be written.
    pub required: bool,
    /// Values as a storyboard has them.
    pub examples: &'static [&'static str],
    /// The schema of its value.
    pub schema: fn(&mut Defs) -> Json,
    /// Whether a node can be read as its value.
    #[cfg(test)]
    pub reads: fn(&Node, &mut Context<'_>) -> bool,
}

impl Defs {
    /// The definitions, finished.
    pub fn into_map(self) -> Map<String, Json> {
        self.map
    }

    /// A reference to the definition `name`, which is `schema` where it is not known.
    pub fn other(&mut self, name: &str, schema: Json) -> Json {
        self.map.entry(name.to_owned()).or_insert(schema);
        json!({"$ref": format!("#/definitions/{name}")})
    }

    /// A reference to the record `name`, defined at its first use.
    pub fn record(&mut self, name: &str, doc: &str, keys: &[Key]) -> Json {
        if !self.map.contains_key(name) {
            // Present before its fields are, so that a record within itself ends.
            self.map.insert(name.to_owned(), Json::Null);
            self.keys.extend(keys);
            let schema = self.object(doc, keys);
            self.map.insert(name.to_owned(), schema);
        }
        json!({"$ref": format!("#/definitions/{name}")})
    }

    /// The schema of a map with these keys and no others.
    pub fn object(&mut self, doc: &str, keys: &[Key]) -> Json {
        let mut properties = Map::new();
        for key in keys {
            let mut schema = with_variables((key.schema)(self));
            let words = key.doc.trim();
            let shown: Vec<_> =
                key.examples.iter().map(|example| format!("{}: {example}", key.key)).collect();
            schema["description"] = json!(words);
            schema["markdownDescription"] = match shown.is_empty() {
                true => json!(words),
                false => json!(format!("{words}\n\n```yaml\n{}\n```", shown.join("\n"))),
            };
            properties.insert(key.key.to_owned(), schema);
        }
        let required: Vec<_> = keys.iter().filter(|key| key.required).map(|key| key.key).collect();
        let mut object = json!({
            "type": "object",
            "description": doc.trim(),
            "additionalProperties": false,
            "properties": properties,
        });
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        object
    }
}

/// `${name}` may stand for any scalar: the schema of one, with that way to write it.
fn with_variables(mut schema: Json) -> Json {
    let variable = json!({"type": "string", "pattern": VARIABLE});
    if let Some(forms) = schema.get_mut("anyOf").and_then(Json::as_array_mut) {
        let text = |form: &Json| {
            form["pattern"].is_null() && form["enum"].is_null() && form["type"].to_string().contains("string")
        };
        if !forms.iter().any(text) {
            forms.push(variable);
        }
        return schema;
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        schema["pattern"] = json!(format!("{pattern}|{VARIABLE}"));
        return schema;
    }
    let scalar =
        matches!(schema["type"].as_str(), Some("integer" | "number")) || schema.get("enum").is_some();
    if scalar { json!({"anyOf": [schema, variable]}) } else { schema }
}

/// Where a variable stands.
const VARIABLE: &str = r"\$\{";

/// Moves of the camera that are written as if they were keys.
const MOVES: [&str; 13] = [
    "zoom", "push", "pull", "pan", "tilt", "truck", "track", "dolly", "crane", "pedestal", "orbit", "arc",
    "handheld",
];

/// How such a move is written.
fn moved(entry: &Entry) -> String {
    match entry.value.text().map(str::trim) {
        Some("true" | "yes") | None => format!("write `camera: {}`", entry.key),
        Some(words) => format!("write `camera: {} {words}`", entry.key),
    }
}

/// The entries of a map whose keys are known.
pub struct Fields<'n> {
    node: &'n Node,
    title: &'static str,
}

impl<'n> Fields<'n> {
    /// `node` as a map with `keys`; every other key is a mistake.
    pub fn open(
        node: &'n Node,
        title: &'static str,
        keys: &[&'static str],
        cx: &mut Context<'_>,
    ) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            cx.wrong(node, &format!("a map with the keys of {title}"));
            return None;
        }
        for entry in node.entries().iter().filter(|entry| !keys.contains(&entry.key.as_str())) {
            let help = match nearest(&entry.key, keys.iter().copied()) {
                _ if keys.contains(&"camera") && MOVES.contains(&entry.key.as_str()) => moved(entry),
                Some(key) => format!("did you mean `{key}`?"),
                None if entry.value.value == Value::Null && entry.key.contains(' ') => {
                    "inside { }, text that holds a comma needs quotes".into()
                }
                None if entry.key == "<<" => {
                    "merge keys are not used; repeat the value with an alias, or use `include:`".into()
                }
                None => format!("the keys of {title} are {}", keys.join(", ")),
            };
            cx.mistake(Code::UnknownKey, entry.key_span, format!("{title} has no key `{}`", entry.key))
                .help(help);
        }
        Some(Self { node, title })
    }

    /// The value of `key`, where it is written and good.
    pub fn take<T: FromNode>(&self, key: &str, required: bool, cx: &mut Context<'_>) -> Option<T> {
        let Some(value) = self.node.get(key) else {
            if required {
                cx.mistake(Code::MissingKey, self.node.head(), format!("{} needs `{key}:`", self.title));
            }
            return None;
        };
        if value.value == Value::Null {
            cx.mistake(Code::Empty, value.span, format!("`{key}:` says nothing"))
                .help("write a value, or remove the key");
            return None;
        }
        T::read(value, cx)
    }
}

/// A record: its name in the schema, what messages call it, and its keys.
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        $name:ident $definition:literal $title:literal {
            $($(#[doc = $field_doc:literal])+ $need:ident $key:literal $field:ident: $ty:ty [$($example:literal),*];)*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        #[allow(dead_code, reason = "one table makes every record; not each asks where it is")]
        pub struct $name {
            /// Where it begins.
            pub span: $crate::storyboard::types::Span,
            /// The keys that are written, good or not.
            pub written: Vec<String>,
            $($(#[doc = $field_doc])+ pub $field: Option<$ty>,)*
        }

        #[allow(dead_code, reason = "as above")]
        impl $name {
            /// Its keys.
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            /// Whether `key` is written, good or not.
            pub fn has(&self, key: &str) -> bool {
                debug_assert!(Self::KEYS.contains(&key), "{key}");
                self.written.iter().any(|written| written == key)
            }
        }

        impl $crate::storyboard::value::FromNode for $name {
            fn read(
                node: &$crate::storyboard::tree::Node,
                cx: &mut $crate::storyboard::value::Context<'_>,
            ) -> Option<Self> {
                let fields = $crate::storyboard::record::Fields::open(node, $title, Self::KEYS, cx)?;
                let written = node.entries().iter().map(|entry| entry.key.clone()).collect();
                Some(Self {
                    span: node.head(),
                    written,
                    $($field: fields.take($key, $crate::storyboard::record::needed!($need), cx),)*
                })
            }

            fn schema(defs: &mut $crate::storyboard::record::Defs) -> serde_json::Value {
                let keys = [$($crate::storyboard::record::Key {
                    key: $key,
                    doc: concat!($($field_doc, "\n"),+),
                    required: $crate::storyboard::record::needed!($need),
                    examples: &[$($example),*],
                    schema: <$ty as $crate::storyboard::value::FromNode>::schema,
                    #[cfg(test)]
                    reads: |node, cx| <$ty as $crate::storyboard::value::FromNode>::read(node, cx).is_some(),
                },)*];
                defs.record($definition, concat!($($doc, "\n"),+), &keys)
            }
        }
    };
}

macro_rules! needed {
    (required) => {
        true
    };
    (optional) => {
        false
    };
}

pub(crate) use {needed, record};
