//! The command line: every command, option and help text. No logic.

use std::path::PathBuf;

use crate::terminal::parse_bytes;
use clap::builder::styling::{AnsiColor, Effects, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Yellow.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

const EXAMPLES: &str = "\
Examples:
  storyreel new lighthouse              a starter storyboard in a new folder
  storyreel check film.yaml             all mistakes, nothing rendered
  storyreel render film.yaml            the film, in out/film/latest/
  storyreel plan film.yaml              what a render would do
  storyreel why film.yaml cliff.wide    why a shot runs again, or does not

Exit codes: 0 done, 1 something failed, 2 the storyboard has mistakes, 3 the command line has mistakes,
4 preflight refused, 5 the film has slates, 6 doctor found gaps, 130 stopped by Ctrl-C.";

const RENDER_EXAMPLES: &str = "\
Examples:
  storyreel render film.yaml                       the whole film, all devices
  storyreel render film.yaml --size 640x360        small and quick
  storyreel render film.yaml --shots 'cliff.*'     the shots of one scene
  storyreel render film.yaml --from cliff.rail --to 0:30
  storyreel render film.yaml --stills              one PNG a shot
  storyreel render film.yaml --movs                ProRes shots, film.otio and an EDL besides the film
  storyreel render film.yaml --events json | jq .  every event as a line of JSON

What is written nearest wins: an option of this command, then its STORYREEL_* variable, then
storyreel.toml, then the storyboard, then what is built in.";

/// Storyboards in, films out.
#[derive(Debug, Parser)]
#[command(name = "storyreel", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
#[command(disable_help_subcommand = false, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Colours in the output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Render a storyboard to a film
    Render(Render),
    /// Find all mistakes of a storyboard
    Check(Check),
    /// Show what a render would do
    Plan(Plan),
    /// Say why a part of the film runs again, or does not
    Why(Why),
    /// Describe a mistake by its code
    Explain(Explain),
    /// List the models and what they understand
    Models(Models),
    /// Measure, verify, shrink or share the cache
    Cache(Cache),
    /// Print or write the JSON Schemas
    Schema(Schema),
    /// Check that this machine has all that a render needs
    Doctor(Doctor),
    /// Start a storyboard in a new folder
    New(New),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// A storyboard and how it is read: shared by all commands that take one.
#[derive(Args, Clone, Debug)]
pub struct Source {
    /// The storyboard
    #[arg(value_hint = ValueHint::FilePath)]
    pub storyboard: PathBuf,

    /// Set a variable of the storyboard, `${name}` in it; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = key_value)]
    pub vars: Vec<(String, String)>,

    /// Say which files are read; `render`: and what workers log
    #[arg(short, long)]
    pub verbose: bool,
}

/// Where to work: shared by `render` and `plan`, so that a plan's time is that of the render.
#[derive(Args, Clone, Debug, Default)]
pub struct Devices {
    /// Where to work: `auto`, or a list such as `cpu:2` for two CPU workers or `cpu:2,cuda:0`; `doctor` lists what
    /// there is
    #[arg(long, env = "STORYREEL_DEVICES", value_name = "LIST", hide_env_values = true)]
    pub devices: Option<String>,

    /// What each worker may set aside of memory at most, such as `2GB` (the limit of data, somewhat more than what
    /// `plan` tells of a step): a step that would take more is tried alone, then with less memory, then elsewhere,
    /// and fails alone
    #[arg(long, env = "STORYREEL_WORKER_MEMORY", value_name = "SIZE", value_parser = worker_memory, hide_env_values = true)]
    pub worker_memory: Option<u64>,
}

/// What of the film, and in which form: shared by `render`, `plan` and `why`, so that a plan is of the
/// very render it speaks of.
#[derive(Args, Clone, Debug, Default)]
pub struct Cut {
    /// Only these shots: `scene`, `scene.shot`, with `*` for any; separated by commas
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub shots: Vec<String>,

    /// From here: a time, `scene` or `scene.shot`
    #[arg(long, value_name = "MARK")]
    pub from: Option<String>,

    /// To the end of this: a time, `scene` or `scene.shot`
    #[arg(long, value_name = "MARK")]
    pub to: Option<String>,

    /// One PNG a shot instead of the film
    #[arg(long, conflicts_with_all = ["movs"])]
    pub stills: bool,

    /// Besides the film: every shot as ProRes (footage with handles), film.otio and film.edl
    #[arg(long)]
    pub movs: bool,

    /// Another size than the storyboard's
    #[arg(long, value_name = "WIDTHxHEIGHT", conflicts_with = "draft")]
    pub size: Option<String>,

    /// Half the size, quick encoding: to look at, not to keep
    #[arg(long)]
    pub draft: bool,

    /// Cut a marked slate in place of shots that fail; exit code 5 if any does
    #[arg(long)]
    pub slate_missing: bool,
}

/// Where things are kept.
#[derive(Args, Clone, Debug, Default)]
pub struct Places {
    /// The cache [default: .storyreel/cache in the project's folder]
    #[arg(long, env = "STORYREEL_CACHE", value_name = "FOLDER", hide_env_values = true)]
    pub cache: Option<PathBuf>,

    /// The outputs [default: out in the project's folder]
    #[arg(long, env = "STORYREEL_OUT", value_name = "FOLDER", hide_env_values = true)]
    pub out: Option<PathBuf>,
}

/// A cache elsewhere, behind the one here. Never named by a storyboard or a file of the project.
#[derive(Args, Clone, Debug, Default)]
pub struct RemoteArgs {
    /// Share results by a store: `s3://bucket/folder` (AWS_* variables, AWS profile) or `file:///folder`
    #[arg(long, env = "STORYREEL_REMOTE_CACHE", value_name = "URL", global = true, hide_env_values = true)]
    pub remote_cache: Option<String>,

    /// How long the store may be silent before it is left aside [default: 10]
    #[arg(
        long,
        env = "STORYREEL_REMOTE_PATIENCE",
        value_name = "SECONDS",
        global = true,
        hide_env_values = true
    )]
    pub remote_patience: Option<u64>,

    /// How long a render waits at its end for what is still being given to the store [default: 600]
    #[arg(
        long,
        env = "STORYREEL_REMOTE_WAIT",
        value_name = "SECONDS",
        global = true,
        hide_env_values = true
    )]
    pub remote_wait: Option<u64>,
}

/// `storyreel render`.
#[derive(Args, Debug)]
#[command(after_help = RENDER_EXAMPLES)]
pub struct Render {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub cut: Cut,
    #[command(flatten)]
    pub places: Places,
    #[command(flatten)]
    pub remote: RemoteArgs,
    #[command(flatten)]
    pub devices: Devices,

    /// How to tell of progress
    #[arg(long, value_enum, default_value_t = Events::Text, value_name = "FORM")]
    pub events: Events,

    /// Write a trace that ui.perfetto.dev opens
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trace: Option<PathBuf>,

    /// Stop a step that makes no progress for this many seconds, and try it again; wait as long for a cache folder
    /// that is gone
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = seconds)]
    pub patience: u64,

    /// How often a step may be tried that fails by what may pass, such as a busy disk; where memory is short it is
    /// tried in other ways besides
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = times)]
    pub tries: u32,

    /// Stop before the work: read, compile, plan, preflight
    #[arg(long)]
    pub dry_run: bool,
}

/// The form of progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Events {
    /// Bars on a terminal, lines elsewhere.
    #[default]
    Text,
    /// A line of JSON an event, on standard output.
    Json,
}

/// `storyreel check`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel check film.yaml\n  storyreel check film.yaml --json    for editors: one JSON document"
)]
pub struct Check {
    #[command(flatten)]
    pub source: Source,

    /// The diagnostics as JSON, on standard output
    #[arg(long)]
    pub json: bool,
}

/// `storyreel plan`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel plan film.yaml\n  storyreel plan film.yaml --json | jq '.nodes[] | select(.state != \"done\")'\n  storyreel plan film.yaml --svg plan.svg"
)]
pub struct Plan {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub cut: Cut,
    #[command(flatten)]
    pub places: Places,
    #[command(flatten)]
    pub remote: RemoteArgs,
    #[command(flatten)]
    pub devices: Devices,

    /// The whole plan as JSON, on standard output
    #[arg(long, conflicts_with = "svg")]
    pub json: bool,

    /// Draw the graph into this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub svg: Option<PathBuf>,
}

/// `storyreel why`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel why film.yaml               everything that would run, and why\n  storyreel why film.yaml cliff.wide    one shot; `cliff.*` takes the shots of one scene\n  storyreel why film.yaml mix           one node, by words of its label or by its id"
)]
pub struct Why {
    #[command(flatten)]
    pub source: Source,
    /// `scene`, `scene.shot`, words of a node's label, or the start of its id
    pub what: Option<String>,
    #[command(flatten)]
    pub cut: Cut,
    #[command(flatten)]
    pub places: Places,
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `storyreel explain`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  storyreel explain E0104\n  storyreel explain            all codes")]
pub struct Explain {
    /// A code such as E0104; all of them where absent
    pub code: Option<String>,
}

/// `storyreel models`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel models\n  storyreel models animatic    its settings, subjects, camera words"
)]
pub struct Models {
    /// A model's name; all of them where absent
    pub name: Option<String>,

    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `storyreel cache`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel cache size\n  storyreel cache verify\n  storyreel cache gc --keep 20GB\n  storyreel cache gc --older-than 30d\n  storyreel cache push --remote-cache s3://studio/cache"
)]
pub struct Cache {
    /// What to do with it.
    #[command(subcommand)]
    pub action: CacheAction,

    /// The cache [default: .storyreel/cache in the project's folder]
    #[arg(long, env = "STORYREEL_CACHE", value_name = "FOLDER", global = true, hide_env_values = true)]
    pub cache: Option<PathBuf>,

    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// What to do with a cache.
#[derive(Debug, Subcommand)]
pub enum CacheAction {
    /// How much it holds
    Size,
    /// Read every blob and compare it with its name; what is damaged is set aside, and made again when needed
    Verify,
    /// Remove what was set aside, then what was used longest ago, by size or age or both; records stay
    #[command(
        after_help = "Examples:\n  storyreel cache gc --keep 20GB\n  storyreel cache gc --older-than 30d"
    )]
    Gc {
        /// How much may stay, such as `20GB` or `500MiB`
        #[arg(long, value_name = "SIZE")]
        keep: Option<String>,

        /// What was not used for so long goes, such as `30d`, `2w` or `12h`
        #[arg(long, value_name = "AGE")]
        older_than: Option<String>,
    },
    /// Give the store of --remote-cache all that is here
    #[command(after_help = "Examples:\n  storyreel cache push --remote-cache s3://studio/cache")]
    Push,
    /// Bring all that the store of --remote-cache has here
    Pull,
}

/// `storyreel schema`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel schema > storyboard.schema.json\n  storyreel schema --write schemas    all of them"
)]
pub struct Schema {
    /// Which: `storyboard`, `nodes`, `events`, `plan`
    #[arg(default_value = "storyboard")]
    pub which: String,

    /// Write all schemas into a folder
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub write: Option<PathBuf>,
}

/// `storyreel doctor`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel doctor            what is missing, each with the command that mends it\n  storyreel doctor --json | jq '.[] | select(.state == \"gap\")'"
)]
pub struct Doctor {
    /// As JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub places: Places,
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `storyreel new`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel new lighthouse\n  storyreel new films/the-long-night    titled \"The Long Night\""
)]
pub struct New {
    /// The folder to make
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
}

/// `storyreel completions`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  storyreel completions bash > ~/.local/share/bash-completion/completions/storyreel\n  storyreel completions zsh > ~/.zfunc/_storyreel"
)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    if name.is_empty() { Err("the name before `=` is empty".into()) } else { Ok((name.into(), value.into())) }
}

/// Bytes without which no worker starts: its libraries, its threads.
const LEAST_MEMORY: u64 = 64_000_000;

fn worker_memory(text: &str) -> Result<u64, String> {
    let bytes = size(text)?;
    if bytes < LEAST_MEMORY { Err("a worker cannot start with less than 64MB".into()) } else { Ok(bytes) }
}

fn seconds(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| "expected a number of seconds, at least 1".into())
}

fn times(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "expected a number, at least 1".into())
}

fn size(text: &str) -> Result<u64, String> {
    parse_bytes(text).ok_or_else(|| "expected a size such as `2GB` or `500MiB`".into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples() {
        for command in super::Cli::command().get_subcommands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.starts_with("Examples:"), "{}", command.get_name());
        }
    }
}
