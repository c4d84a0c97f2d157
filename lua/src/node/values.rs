//! A node's parameters as values, checked against what it declares.

use serde_json::{Map, Value as Json, json};
use storyreel_engine::scripts::{Declaration, ParamType};
use storyreel_engine::storyboard::nearest;

/// The value as it is kept, if it is what the parameter takes.
pub fn canonical(ty: &ParamType, value: &Json) -> Option<Json> {
    match ty {
        ParamType::Number { min, max, whole } => {
            let number = value.as_f64().filter(|number| (*min..=*max).contains(number))?;
            if *whole { (number.fract() == 0.0).then(|| json!(number as i64)) } else { Some(json!(number)) }
        }
        ParamType::Boolean => value.is_boolean().then(|| value.clone()),
        ParamType::Text => value.is_string().then(|| value.clone()),
        ParamType::Choice(words) => {
            let word = value.as_str()?;
            words.iter().any(|known| known == word).then(|| value.clone())
        }
        ParamType::Colour => {
            let digits = value.as_str()?.strip_prefix('#')?;
            let good = matches!(digits.len(), 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            good.then(|| json!(format!("#{}", digits.to_ascii_lowercase())))
        }
        ParamType::Time => {
            value.as_f64().filter(|number| *number >= 0.0 && number.is_finite()).map(|number| json!(number))
        }
        ParamType::Numbers { count } => {
            let list = value.as_array()?;
            let fits = count.is_none_or(|count| count == list.len()) && list.iter().all(Json::is_number);
            fits.then(|| json!(list.iter().map(Json::as_f64).collect::<Vec<_>>()))
        }
        ParamType::File => value.is_string().then(|| value.clone()),
    }
}

/// The parameters of a node that another one adds, defaults included. Times are in pictures where `frames` turns
/// seconds into them.
///
/// # Errors
/// One is unknown, missing, or not what it takes.
pub fn check_values(
    declaration: &Declaration,
    given: &Map<String, Json>,
    frames: &dyn Fn(f64) -> i64,
) -> Result<Map<String, Json>, String> {
    let name = &declaration.name;
    let known = || declaration.params.iter().map(|param| param.name.as_str());
    if let Some(odd) = given.keys().find(|key| declaration.param(key).is_none()) {
        let near = nearest(odd, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(format!("`{name}` has no parameter `{odd}`{near}"));
    }
    let mut values = Map::new();
    for param in &declaration.params {
        let value = match (given.get(&param.name), &param.default) {
            (Some(value), _) => canonical(&param.ty, value).ok_or_else(|| {
                format!("`{}` of `{name}` takes {}, not {value}", param.name, param.ty.expected())
            })?,
            (None, Some(Json::Null)) => continue,
            (None, Some(default)) => default.clone(),
            (None, None) => return Err(format!("`{name}` needs `{}`: {}", param.name, param.ty.expected())),
        };
        let value = match (&param.ty, value.as_f64()) {
            (ParamType::Time, Some(seconds)) => json!(frames(seconds)),
            _ => value,
        };
        values.insert(param.name.clone(), value);
    }
    Ok(values)
}
