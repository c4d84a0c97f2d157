//! Numbers as people read them.

use std::time::Duration;

/// `0:41`, `12:05`, `1:02:03`: a time that is still to come, to the second.
pub fn clock(time: Duration) -> String {
    let seconds = (time.as_secs_f64()).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `0.04 s`, `8.1 s`, `1:12`: a time that was taken.
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 0.995 => format!("{s:.2} s"),
        s if s < 59.95 => format!("{s:.1} s"),
        _ => clock(time),
    }
}

/// `30d`, `2w`, `12h`, `90m`, as long as that: whole numbers of weeks, days, hours or minutes.
pub fn parse_age(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let minutes: u64 = match unit.trim() {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(minutes * 60)?))
}

/// `20GB`, `500 MiB`, `1.5TB`, `1000` as bytes.
pub fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let scale: f64 = match unit.trim().to_ascii_lowercase().as_str() {
        // 20 may have been meant as gigabytes; only nothing is the same in every unit.
        "" if number == "0" => 1.0,
        "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let value: f64 = number.parse().ok()?;
    Some((value * scale) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_well() {
        let ms = Duration::from_millis;
        assert_eq!(
            [clock(ms(41_400)), clock(ms(725_000)), clock(ms(3_723_000))],
            ["0:41", "12:05", "1:02:03"]
        );
        assert_eq!([span(ms(40)), span(ms(8_100)), span(ms(72_000))], ["0.04 s", "8.1 s", "1:12"]);
    }

    #[test]
    fn sizes_are_understood_as_written() {
        assert_eq!(parse_bytes("20GB"), Some(20_000_000_000));
        assert_eq!(parse_bytes("1.5 MiB"), Some(1_572_864));
        assert_eq!([parse_bytes("1000 B"), parse_bytes("0")], [Some(1000), Some(0)]);
        assert_eq!(parse_bytes("20"), None);
        assert_eq!(parse_bytes("many"), None);
        assert_eq!(parse_bytes("3 parsecs"), None);
    }

    #[test]
    fn ages_are_read() {
        let hours = |hours: u64| Some(Duration::from_secs(hours * 3600));
        assert_eq!(
            [parse_age("30d"), parse_age("2 w"), parse_age("12h")],
            [hours(720), hours(336), hours(12)]
        );
        for wrong in ["", "d", "30", "-1d", "1.5d", "3y", "99999999999999999999d", "9999999999999999w"] {
            assert_eq!(parse_age(wrong), None, "{wrong}");
        }
    }
}
