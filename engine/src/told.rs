//! Numbers as people are told them.

/// `12 bytes`, `4.3 kB`, `43 MB`, `1.0 TB`: powers of ten, as disks are sold.
pub fn bytes(count: u64) -> String {
    let mut value = count as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if value < 999.5 {
            return match unit {
                "bytes" => format!("{count} bytes"),
                _ if value < 10.0 => format!("{value:.1} {unit}"),
                _ => format!("{value:.0} {unit}"),
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

/// `1 step`, `7 steps`.
pub fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_their_unit() {
        assert_eq!([bytes(12), bytes(4_320), bytes(43_200_000)], ["12 bytes", "4.3 kB", "43 MB"]);
        assert_eq!([bytes(999_600), bytes(1_000_000_000_000)], ["1.0 MB", "1.0 TB"]);
    }
}
