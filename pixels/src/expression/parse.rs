//! From words to trees. Mistakes are told with their column, what was expected and the nearest known name.

use super::op::{FUNCTIONS, Op};
use super::token::{Token, Word, mistake, words};
use super::tree::{Statement, Target, Tree};
use super::{MAX_DEPTH, MAX_LENGTH, MAX_NODES, Names};
use crate::error::Result;
use crate::named::{hint, shortened};

/// Names without arguments.
const VARIABLES: [(&str, Op); 10] = [
    ("x", Op::X),
    ("y", Op::Y),
    ("u", Op::U),
    ("v", Op::V),
    ("w", Op::Width),
    ("h", Op::Height),
    ("t", Op::Time),
    ("n", Op::Picture),
    ("pi", Op::Number(std::f32::consts::PI.to_bits())),
    ("tau", Op::Number(std::f32::consts::TAU.to_bits())),
];
/// A frame's channels; `l` is its luma.
const CHANNELS: [&str; 5] = ["r", "g", "b", "a", "l"];
const LUMA: usize = 4;

/// Operators of one precedence.
type Level = &'static [(&'static str, Op)];
const LEVELS: [Level; 5] = [
    &[("||", Op::Or)],
    &[("&&", Op::And)],
    &[
        ("<", Op::Less),
        ("<=", Op::AtMost),
        (">", Op::Greater),
        (">=", Op::AtLeast),
        ("==", Op::Equal),
        ("!=", Op::Unequal),
    ],
    &[("+", Op::Add), ("-", Op::Subtract)],
    &[("*", Op::Multiply), ("/", Op::Divide), ("%", Op::Modulo)],
];

/// The statements of a text.
pub(super) fn parse(text: &str, names: &Names) -> Result<Vec<Statement>> {
    if text.len() > MAX_LENGTH {
        return mistake(1, format!("an expression has at most {MAX_LENGTH} bytes, not {}", text.len()));
    }
    let tokens = words(text)?;
    let mut parser =
        Parser { tokens, at: 0, depth: 0, nodes: 0, names, lets: Vec::new(), statements: Vec::new() };
    parser.statements()?;
    Ok(parser.statements)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    nodes: usize,
    names: &'a Names,
    /// Names given so far, with their statement.
    lets: Vec<(String, usize)>,
    statements: Vec<Statement>,
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.token().word, Word::Sign(found) if found == sign)
    }

    /// Goes on if the next word is that sign.
    fn take(&mut self, sign: &str) -> bool {
        let is = self.is_sign(sign);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: &str, why: &str) -> Result<()> {
        if self.take(sign) { Ok(()) } else { self.unexpected(&format!("`{sign}` {why}")) }
    }

    /// A mistake at the next word.
    fn unexpected<T>(&self, wanted: &str) -> Result<T> {
        let token = self.token();
        let found = match &token.word {
            Word::Number(number) => format!("`{number}`"),
            Word::Name(name) => format!("`{}`", shortened(name)),
            Word::Sign(sign) => format!("`{sign}`"),
            Word::End => "the end".to_owned(),
        };
        mistake(token.column, format!("expected {wanted}, found {found}"))
    }

    fn statements(&mut self) -> Result<()> {
        loop {
            while self.take(";") {}
            if self.token().word == Word::End {
                break;
            }
            self.statement()?;
            if !self.is_sign(";") && !self.token().new_line {
                return self.unexpected("an operator, `;` or a new line");
            }
        }
        if self.statements.iter().all(|statement| statement.target == Target::Let) {
            return mistake(
                self.token().column,
                "nothing is given: write a value, or `r = ...; g = ...; b = ...`",
            );
        }
        Ok(())
    }

    fn next_is_assignment(&self) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Token { word: Word::Sign("="), .. }))
    }

    fn statement(&mut self) -> Result<()> {
        let column = self.token().column;
        let first = match &self.token().word {
            Word::Name(name) => name.clone(),
            _ => String::new(),
        };
        if first == "let" {
            self.at += 1;
            return self.naming();
        }
        let target = if self.next_is_assignment() && !first.is_empty() {
            match CHANNELS[..LUMA].iter().position(|channel| *channel == first) {
                Some(channel) => Target::Channel(channel as u8),
                None => {
                    let first = shortened(&first);
                    return mistake(
                        column,
                        format!("values go to r, g, b and a; a name of yours is `let {first} = ...`"),
                    );
                }
            }
        } else {
            Target::Each
        };
        let again = |statement: &Statement| match (statement.target, target) {
            (Target::Let, _) => false,
            (Target::Channel(a), Target::Channel(b)) => a == b,
            (Target::Channel(3), Target::Each) | (Target::Each, Target::Channel(3)) => false,
            _ => true,
        };
        if self.statements.iter().any(again) {
            return mistake(column, "this was given a value before");
        }
        if target != Target::Each {
            self.at += 2;
        }
        let value = self.value()?;
        self.statements.push(Statement { target, value });
        Ok(())
    }

    /// `let name = value`.
    fn naming(&mut self) -> Result<()> {
        let column = self.token().column;
        let Word::Name(name) = self.token().word.clone() else {
            return self.unexpected("a name after `let`");
        };
        let taken = name == "c"
            || name == "let"
            || name.contains('.')
            || VARIABLES.iter().any(|(known, _)| *known == name)
            || CHANNELS.contains(&name.as_str())
            || self.names.parameters.contains(&name)
            || self.lets.iter().any(|(known, _)| *known == name)
            || self.is_function(&name);
        if taken {
            return mistake(
                column,
                format!("`{}` has a meaning already: choose another name", shortened(&name)),
            );
        }
        self.at += 1;
        self.expect("=", "after the name")?;
        let value = self.value()?;
        self.lets.push((name, self.statements.len()));
        self.statements.push(Statement { target: Target::Let, value });
        Ok(())
    }

    fn is_function(&self, name: &str) -> bool {
        matches!(name, "noise" | "sample") || FUNCTIONS.iter().any(|(known, ..)| *known == name)
    }

    fn apply(&mut self, op: Op, values: Vec<Tree>) -> Result<Tree> {
        self.count()?;
        Ok(Tree::Apply(op, values))
    }

    fn count(&mut self) -> Result<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let problem = format!("an expression has at most {MAX_NODES} operations and values");
            return mistake(self.token().column, problem);
        }
        Ok(())
    }

    /// Runs `part` one level deeper.
    fn deeper<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == MAX_DEPTH {
            let problem = format!("nested more than {MAX_DEPTH} deep: name parts of it by `let`");
            return mistake(self.token().column, problem);
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }

    /// A value with `?:`, which binds least.
    fn value(&mut self) -> Result<Tree> {
        self.deeper(|this| {
            let condition = this.level(0)?;
            if !this.take("?") {
                return Ok(condition);
            }
            let yes = this.value()?;
            this.expect(":", "and the value otherwise")?;
            let no = this.value()?;
            this.apply(Op::Select, vec![condition, yes, no])
        })
    }

    fn level(&mut self, number: usize) -> Result<Tree> {
        let Some(level) = LEVELS.get(number) else { return self.signed() };
        let mut left = self.level(number + 1)?;
        let mut length = 0;
        while let Some((_, op)) = level.iter().find(|(sign, _)| self.is_sign(sign)) {
            // A long chain is a deep tree.
            length += 1;
            if length > MAX_CHAIN {
                return self.unexpected(&format!("at most {MAX_CHAIN} operators in a row"));
            }
            self.at += 1;
            let right = self.level(number + 1)?;
            left = self.apply(*op, vec![left, right])?;
        }
        Ok(left)
    }

    /// `-a`, `!a`; they bind less than `^`.
    fn signed(&mut self) -> Result<Tree> {
        let op = match self.token().word {
            Word::Sign("-") => Op::Negative,
            Word::Sign("!") => Op::Not,
            Word::Sign("+") => {
                self.at += 1;
                return self.deeper(Self::signed);
            }
            _ => return self.power(),
        };
        self.at += 1;
        let value = self.deeper(Self::signed)?;
        self.apply(op, vec![value])
    }

    fn power(&mut self) -> Result<Tree> {
        let base = self.simple()?;
        if !self.take("^") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed)?;
        self.apply(Op::Power, vec![base, exponent])
    }

    fn simple(&mut self) -> Result<Tree> {
        let column = self.token().column;
        match self.token().word.clone() {
            Word::Number(number) => {
                self.at += 1;
                self.count()?;
                Ok(Tree::Leaf(Op::Number(number.to_bits())))
            }
            Word::Sign("(") => {
                self.at += 1;
                let value = self.value()?;
                self.expect(")", "to close `(`")?;
                Ok(value)
            }
            Word::Name(name) => {
                self.at += 1;
                if self.take("(") { self.call(&name, column) } else { self.named(&name, column) }
            }
            _ => self.unexpected("a number, a name or `(`"),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Tree>> {
        let mut values = Vec::new();
        while !self.take(")") {
            if !values.is_empty() {
                self.expect(",", "or `)` after an argument")?;
            }
            values.push(self.value()?);
            if values.len() > 4 {
                return self.unexpected("`)`: no function takes more than three values");
            }
        }
        Ok(values)
    }

    fn call(&mut self, name: &str, column: usize) -> Result<Tree> {
        let values = self.deeper(Self::arguments)?;
        let count = values.len();
        let wants = |wanted: &str| mistake(column, format!("`{name}` wants {wanted}, not {count} values"));
        match (name, count) {
            ("noise", 2) => self.apply(Op::Noise2, values),
            ("noise", 3) => self.apply(Op::Noise3, values),
            ("noise", _) => wants("a place of two or three values"),
            ("sample", 3) => self.sample(values, column),
            ("sample", _) => wants("a channel and a place (`sample(r, x + 3, y)`)"),
            _ => match FUNCTIONS.iter().find(|(known, ..)| *known == name) {
                Some((_, op, wanted)) if *wanted == count => self.apply(*op, values),
                Some((_, _, wanted)) => wants(&format!("{wanted}")),
                None => {
                    let known = FUNCTIONS.iter().map(|(known, ..)| *known).chain(["noise", "sample"]);
                    let hint = hint(name, known.clone());
                    let all: Vec<&str> = known.collect();
                    let name = shortened(name);
                    mistake(
                        column,
                        format!("there is no function `{name}`{hint}; there are {}", all.join(", ")),
                    )
                }
            },
        }
    }

    fn sample(&mut self, mut values: Vec<Tree>, column: usize) -> Result<Tree> {
        let place = values.split_off(1);
        match values.pop() {
            Some(Tree::Leaf(Op::Channel(input, channel))) => self.apply(Op::Sample(input, channel), place),
            _ => mistake(column, "`sample` wants a channel first, as `r` or `i1.g`: `sample(r, x + 3, y)`"),
        }
    }

    fn named(&mut self, name: &str, column: usize) -> Result<Tree> {
        self.count()?;
        if let Some((_, op)) = VARIABLES.iter().find(|(known, _)| *known == name) {
            return Ok(Tree::Leaf(*op));
        }
        if name == "c" {
            return Ok(Tree::Own);
        }
        if let Some((_, statement)) = self.lets.iter().find(|(known, _)| known == name) {
            return Ok(Tree::Let(*statement));
        }
        if let Some(at) = self.names.parameters.iter().position(|known| known == name) {
            return Ok(Tree::Leaf(Op::Parameter(at as u16)));
        }
        let (input, channel) = match name.split_once('.') {
            Some((input, channel)) => (self.names.inputs.iter().position(|known| known == input), channel),
            None => (Some(0), name),
        };
        match (input, CHANNELS.iter().position(|known| *known == channel)) {
            (Some(input), Some(LUMA)) => Ok(Tree::Luma(input as u8)),
            (Some(input), Some(channel)) => Ok(Tree::Leaf(Op::Channel(input as u8, channel as u8))),
            _ => self.unknown(name, column),
        }
    }

    fn unknown<T>(&self, name: &str, column: usize) -> Result<T> {
        let shown = shortened(name);
        if self.is_function(name) {
            return mistake(column, format!("`{shown}` is a function: write `{shown}(...)`"));
        }
        let channels: Vec<String> = (self.names.inputs.iter())
            .flat_map(|input| CHANNELS.iter().map(move |channel| format!("{input}.{channel}")))
            .collect();
        let known = VARIABLES.iter().map(|(known, _)| *known).chain(CHANNELS).chain(["c"]);
        let known = known.chain(self.lets.iter().map(|(known, _)| known.as_str()));
        let known = known.chain(self.names.parameters.iter().map(String::as_str));
        let hint = hint(name, known.chain(channels.iter().map(String::as_str)));
        let parameters = if self.names.parameters.is_empty() {
            String::new()
        } else {
            format!(", your {}", self.names.parameters.join(", "))
        };
        let inputs = self.names.inputs.join(", ");
        mistake(
            column,
            format!(
                "there is no `{shown}`{hint}; there are x y u v w h t n r g b a l c pi tau{parameters}, channels of \
                 {inputs} (as `i0.r`), and what `let` names"
            ),
        )
    }
}

/// Operators in a row.
const MAX_CHAIN: usize = 500;
