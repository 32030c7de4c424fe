//! A private PostgreSQL with PostGIS, on a socket in a temporary folder, gone with the test.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running server.
pub struct Server {
    process: Child,
    folder: TempDir,
    user: String,
}

impl Server {
    /// Starts one; nothing, with a word on why, where it cannot be had.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("skipped: PostgreSQL is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        // PostgreSQL refuses to run as root: another user then owns the folder.
        let user = if is_root() { other_user()? } else { text(Command::new("id").arg("-un")) };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        if is_root() {
            text(Command::new("chown").arg(format!("{user}:")).arg(&data).arg(folder.path()));
        }
        let made = run(
            &user,
            &programs.join("initdb"),
            &[
                "-D",
                data.to_str().unwrap(),
                "-U",
                &user,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C.UTF-8",
            ],
        );
        if !made.status.success() {
            eprintln!("skipped: initdb: {}", String::from_utf8_lossy(&made.stderr));
            return None;
        }
        let process = command(&user, &programs.join("postgres"))
            .args(["-D", data.to_str().unwrap(), "-k", folder.path().to_str().unwrap()])
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process, folder, user };
        server.wait();
        let mut client = server.client("postgres");
        client.batch_execute("CREATE DATABASE roads").unwrap();
        let mut client = server.client("roads");
        if let Err(why) = client.batch_execute("CREATE EXTENSION postgis") {
            eprintln!("skipped: PostGIS is not installed: {why}");
            return None;
        }
        Some(server)
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        let host = self.folder.path().to_str().unwrap().replace('/', "%2F");
        format!("postgres://{}@{host}/{database}", self.user)
    }

    /// A connection of our own.
    pub fn client(&self, database: &str) -> postgres::Client {
        postgres::Client::connect(&self.url(database), postgres::NoTls).unwrap()
    }

    fn wait(&self) {
        let began = Instant::now();
        let ready = || postgres::Client::connect(&self.url("postgres"), postgres::NoTls).is_ok();
        while !ready() {
            assert!(began.elapsed() < Duration::from_mins(1), "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its own process, by the id that the server itself wrote.
        let written = fs::read_to_string(self.folder.path().join("data/postmaster.pid"));
        if let Some(id) = written.ok().as_deref().and_then(|it| it.lines().next()) {
            let _gone = Command::new("kill").args(["-INT", id]).status();
        }
        let _ended = self.process.wait();
    }
}

fn programs() -> Option<PathBuf> {
    let has = |folder: &Path| ["initdb", "postgres"].iter().all(|it| folder.join(it).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(debian.map(|it| it.path().join("bin")));
    // `initdb` looks for its files beside itself, not beside a link to it.
    let found = folders.into_iter().find(|it| has(it))?;
    fs::canonicalize(found.join("initdb")).ok()?.parent().map(Path::to_owned)
}

fn is_root() -> bool {
    text(Command::new("id").arg("-u")) == "0"
}

fn other_user() -> Option<String> {
    let known = |it: &&str| Command::new("id").arg(it).output().is_ok_and(|it| it.status.success());
    let found = ["postgres", "nobody"].into_iter().find(known);
    if found.is_none() {
        eprintln!("skipped: no user to run PostgreSQL as");
    }
    found.map(str::to_owned)
}

fn command(user: &str, program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={user}"), "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn run(user: &str, program: &Path, arguments: &[&str]) -> Output {
    command(user, program).args(arguments).output().unwrap()
}

fn text(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
