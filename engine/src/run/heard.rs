//! Lines of what a worker says, whatever it says: of any bytes, of a bounded length.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Bytes of a line that are kept; no message is so long.
const LONGEST: usize = 16 << 20;

/// The lines of a pipe. What has come of a line stays when the wait for its end is given up.
#[derive(Debug)]
pub(super) struct Lines<R> {
    pipe: BufReader<R>,
    line: Vec<u8>,
    longest: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Of that pipe.
    pub fn of(pipe: R) -> Self {
        Self::within(pipe, LONGEST)
    }

    fn within(pipe: R, longest: usize) -> Self {
        Self { pipe: BufReader::new(pipe), line: Vec::new(), longest }
    }

    /// The next line without its end; what is too long is cut off, what is no text is replaced. `None` once the pipe
    /// is closed.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            let chunk = self.pipe.fill_buf().await?;
            if chunk.is_empty() {
                return Ok((!self.line.is_empty()).then(|| self.take()));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let come = end.unwrap_or(chunk.len());
            let room = self.longest - self.line.len();
            self.line.extend_from_slice(&chunk[..come.min(room)]);
            self.pipe.consume(come + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> String {
        let mut text = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        text.truncate(text.trim_end_matches('\r').len());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_any_bytes_are_read_and_long_ones_cut() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let said = b"one\r\n\xff two\n\nfar too long\nrest".as_slice();
        let mut lines = Lines::within(said, 7);
        let mut all = Vec::new();
        while let Some(line) = runtime.block_on(lines.next()).unwrap() {
            all.push(line);
        }
        assert_eq!(all, ["one", "\u{fffd} two", "", "far too", "rest"]);
    }
}
