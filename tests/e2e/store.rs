//! A real object store for the tests, moto's server from PyPI, and a proxy before it that can stall, cut,
//! forbid and remember.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::python;
use crate::studio::Studio;

/// The bucket of all tests.
const BUCKET: &str = "films";

/// A key and a secret that no output may hold.
pub const KEY: &str = "AKIDNOBODYMAYSEETHIS";
pub const SECRET: &str = "this+secret/must+not+be+printed";

/// A server with an empty bucket; killed when dropped.
pub struct Store {
    python: std::path::PathBuf,
    server: Child,
    pub port: u16,
}

impl Store {
    /// Starts one; `None`, said aloud, only where its package cannot be had.
    pub fn start() -> Option<Self> {
        let target = Path::new(env!("CARGO_BIN_EXE_storyreel")).ancestors().nth(2).unwrap();
        let python = python::with(target, "moto-check", "moto[server]", "moto.server")?;
        let port = free_port();
        let server = serve(&python, port);
        let store = Self { python, server, port };
        store.await_bucket();
        Some(store)
    }

    /// Kills it: what it held is gone.
    pub fn kill(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    /// Starts it again at the same place, empty.
    pub fn restart(&mut self) {
        self.kill();
        self.server = serve(&self.python, self.port);
        self.await_bucket();
    }

    fn await_bucket(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while request(self.port, "PUT", &format!("/{BUCKET}"), b"").is_none_or(|(status, _)| status != 200) {
            assert!(Instant::now() < until, "moto's server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The names of all objects.
    pub fn names(&self) -> Vec<String> {
        let (_, text) = request(self.port, "GET", &format!("/{BUCKET}?list-type=2"), b"").unwrap();
        let text = String::from_utf8(text).unwrap();
        text.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap().to_owned()).collect()
    }

    /// The names of the artifacts.
    pub fn blobs(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| name.contains("/blobs/")).collect()
    }

    /// Removes all objects.
    pub fn empty(&self) {
        for name in self.names() {
            request(self.port, "DELETE", &format!("/{BUCKET}/{name}"), b"").unwrap();
        }
    }

    pub fn get(&self, name: &str) -> Vec<u8> {
        let (status, bytes) = request(self.port, "GET", &format!("/{BUCKET}/{name}"), b"").unwrap();
        assert_eq!(status, 200, "{name}");
        bytes
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        let (status, _) = request(self.port, "PUT", &format!("/{BUCKET}/{name}"), bytes).unwrap();
        assert_eq!(status, 200, "{name}");
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The command, with the remote cache at that port of this machine.
pub fn remote(studio: &Studio, port: u16, args: &[&str]) -> Command {
    let mut command = studio.command(args);
    for (name, value) in [
        ("STORYREEL_REMOTE_CACHE", format!("s3://{BUCKET}/studio")),
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
    ] {
        command.env(name, value);
    }
    command
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn serve(python: &Path, port: u16) -> Child {
    Command::new(python)
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What moto takes for a signature, which it does not compare.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, \
                      SignedHeaders=host, Signature=0";

/// A request of one connection: its status and body.
fn request(port: u16, method: &str, path: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {SIGNED}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let status = std::str::from_utf8(&answer[..end]).ok()?.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_off(end + 4)))
}

/// What the proxy does with requests whose first line holds a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Passes everything on.
    Fair,
    /// After so many such requests, says nothing more to any.
    Stalls(&'static str, usize),
    /// Cuts the answer to such a request off after so many bytes.
    Cuts(&'static str, usize),
    /// Answers 403 with the request's own head in the body.
    Forbids(&'static str),
}

/// A proxy before a server, with a memory of the first lines of requests.
pub struct Proxy {
    pub port: u16,
    pub mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// One before the server at `to`.
    pub fn before(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, heard) = (Arc::new(Mutex::new(Mood::Fair)), Arc::<Mutex<Vec<String>>>::default());
        let (moods, lines) = (mood.clone(), heard.clone());
        let named = std::thread::Builder::new().name("proxy".into());
        named
            .spawn(move || {
                for client in listener.incoming().flatten() {
                    let (moods, lines) = (moods.clone(), lines.clone());
                    let named = std::thread::Builder::new().name("connection".into());
                    named.spawn(move || attend(client, to, &moods, &lines)).unwrap();
                }
            })
            .unwrap();
        Self { port, mood, heard }
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Whether a request's first line held that text.
    pub fn heard(&self, text: &str) -> bool {
        self.count(text) > 0
    }

    /// How many did.
    pub fn count(&self, text: &str) -> usize {
        count(&self.heard, text)
    }

    pub fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }
}

fn count(lines: &Mutex<Vec<String>>, text: &str) -> usize {
    lines.lock().unwrap().iter().filter(|line| line.contains(text)).count()
}

/// One connection: a request at a time, each to the server over a connection of its own.
fn attend(mut client: TcpStream, to: u16, moods: &Mutex<Mood>, lines: &Mutex<Vec<String>>) {
    while let Some((head, body)) = read_request(&mut client) {
        let line = head.lines().next().unwrap_or_default().to_owned();
        lines.lock().unwrap().push(line.clone());
        let mood = moods.lock().unwrap().clone();
        match mood {
            Mood::Stalls(what, after) if line.contains(what) && count(lines, what) > after => {
                while *moods.lock().unwrap() == mood {
                    std::thread::sleep(Duration::from_millis(20));
                }
                return;
            }
            Mood::Forbids(what) if line.contains(what) => {
                let body = format!("<Error><Code>AccessDenied</Code><Request>{head}</Request></Error>");
                let length = body.len();
                let answer = format!("HTTP/1.1 403 Forbidden\r\nContent-Length: {length}\r\n\r\n{body}");
                if client.write_all(answer.as_bytes()).is_err() {
                    return;
                }
                continue;
            }
            _ => {}
        }
        let Ok(mut server) = TcpStream::connect(("127.0.0.1", to)) else { return };
        let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        if server.write_all(head.as_bytes()).and_then(|()| server.write_all(&body)).is_err() {
            return;
        }
        let mut answer = Vec::new();
        let _ = server.read_to_end(&mut answer);
        if let Mood::Cuts(what, after) = mood
            && line.contains(what)
        {
            let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
            let _ = client.write_all(&answer[..(end + after).min(answer.len())]);
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
        // The server closes after its answer, so does the proxy.
        let _ = client.write_all(&answer);
        let _ = client.shutdown(Shutdown::Both);
        return;
    }
}

/// A request's head, with its empty line, and its body.
fn read_request(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut text = Vec::new();
    let mut buffer = [0; 1 << 16];
    let end = loop {
        if let Some(at) = text.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match client.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => text.extend(&buffer[..read]),
        }
    };
    let mut body = text.split_off(end);
    let head = String::from_utf8(text).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    while body.len() < length.unwrap_or(0) {
        match client.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => body.extend(&buffer[..read]),
        }
    }
    Some((head, body))
}
