//! `generate` and `personalize`: pictures from words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Digest, Frames, Rate, Size};

/// Parameters of `generate` and `personalize`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// The picture model's name.
    pub model: String,
    /// What to show.
    pub prompt: Prompt,
    /// Size of the pictures made.
    pub size: Size,
    /// Rate of the pictures made.
    pub rate: Rate,
    /// How many; the camera's move is paced over them.
    pub frames: Frames,
    /// Every random choice of this shot derives from it.
    pub seed: u64,
    /// The look that all shots of the film share derives from it.
    pub film_seed: u64,
    /// Layout guidance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sketch: Option<Material>,
}

/// What a shot should show, part by part, and as the one caption a text model reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// The caption built from all that follows, or the one written by hand.
    pub caption: String,
    /// What must not be seen.
    pub avoid: String,
    /// What happens; `@name` replaced by the plain word `name`, which a portrayal below explains.
    pub action: String,
    /// Camera words: framing and move.
    pub camera: String,
    /// Hour, weather, mood.
    pub setting: String,
    /// Film, scene and shot looks, joined.
    pub look: String,
    /// The place's description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Reference images of the place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place_reference: Vec<Material>,
    /// Who is in it, in the order named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub characters: Vec<Portrayal>,
    /// Things that keep their look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Portrayal>,
}

/// A character, place or thing as the model is told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Portrayal {
    /// The word that stands for it in `action`.
    pub name: String,
    /// How it looks.
    pub description: String,
    /// Reference images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference: Vec<Material>,
}

/// A file of the project, by content. Its path travels beside the key, not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Material(pub Digest);
