//! The base on PostGIS, against a private server in a temporary folder.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "outsiders/private_postgres.rs"]
mod private_postgres;
#[path = "outsiders/small_base.rs"]
mod small_base;

use private_postgres::Server;
use small_base::{write_base, write_titled};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use voirie::io::postgis::{Published, Where, publish};

fn to(url: &str) -> Where<'_> {
    Where { url, password: None, schema: "voirie", campaign: None }
}

fn send(base: &Path, url: &str) -> Published {
    publish(base, to(url)).unwrap_or_else(|why| panic!("{why}: {}", why.kind()))
}

fn number(client: &mut postgres::Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).unwrap().get(0)
}

/// Every row of a table as text, whatever its columns.
fn rows(client: &mut postgres::Client, table: &str) -> Vec<String> {
    let sql = format!("SELECT t::text, xmin::text FROM voirie.{table} t ORDER BY campagne, 1");
    client
        .query(&sql, &[])
        .unwrap()
        .iter()
        .map(|it| format!("{} {}", it.get::<_, &str>(0), it.get::<_, &str>(1)))
        .collect()
}

fn program(base: &Path, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voirie"));
    command.arg("publish").arg(base).arg(url).args(["--lang", "en"]);
    command
}

#[test]
fn a_base_is_published_once_replaced_whole_and_kept_when_the_client_dies() {
    let Some(server) = Server::start() else { return };
    let (url, folder) = (server.url("roads"), tempfile::tempdir().unwrap());
    let base = folder.path().join("base.gpkg");
    write_base(&base);

    let first = send(&base, &url);
    assert_eq!(first.campaign, "Tournée d’essai");
    assert!(first.n_rows.unwrap() > 10, "{first:?}");
    let mut client = server.client("roads");
    let counts =
        [("network", 1), ("pr", 1), ("frames", 2), ("cells", 2), ("sections", 2), ("means", 1)];
    for (table, count) in counts {
        assert_eq!(
            number(&mut client, &format!("SELECT count(*) FROM voirie.{table}")),
            count,
            "{table}"
        );
    }
    for table in ["network", "pr", "frames", "cells", "defects", "sections"] {
        let wrong = format!(
            "SELECT count(*) FROM voirie.{table} WHERE NOT ST_IsValid(geom) OR ST_SRID(geom) <> 2154"
        );
        assert_eq!(number(&mut client, &wrong), 0, "{table}");
        let index = format!(
            "SELECT count(*) FROM pg_indexes WHERE schemaname = 'voirie' AND tablename = '{table}' AND indexdef LIKE '%gist (geom)%'"
        );
        assert_eq!(number(&mut client, &index), 1, "{table}");
    }
    let line = "SELECT ST_AsText(geom) FROM voirie.sections WHERE fid = 1";
    let line: String = client.query_one(line, &[]).unwrap().get(0);
    assert_eq!(line, "LINESTRING(574000 6279000,574200 6279000)");
    let words = "SELECT col_description('voirie.sections'::regclass, attnum) FROM pg_attribute WHERE \
                 attrelid = 'voirie.sections'::regclass AND attname = 'ng'";
    let words: String = client.query_one(words, &[]).unwrap().get(0);
    assert_eq!(words, "note globale, sur 20");
    let decoder = client.query_one("SELECT decodeur FROM voirie.clips", &[]).unwrap();
    assert_eq!(decoder.get::<_, &str>(0), "h264, \"embarqué\"");

    // The same base again: not a row is written anew, by the numbers of their transactions.
    let before = rows(&mut client, "sections");
    assert_eq!(send(&base, &url), Published { n_rows: None, ..first.clone() });
    assert_eq!(rows(&mut client, "sections"), before);

    // Another campaign lives beside; its words can end neither a field nor a row.
    let title = "2026\ta\\b\\N\r\n\\.\n";
    let other = folder.path().join("2026.gpkg");
    write_titled(&other, title, 2);
    assert_eq!(send(&other, &url).campaign, title);
    assert_eq!(number(&mut client, "SELECT count(*) FROM voirie.sections"), 4);

    // A newer base of the first campaign; the client is killed when all but the end is written, held
    // back by a lock on the row that it writes last.
    let newer = folder.path().join("newer.gpkg");
    write_titled(&newer, "Tournée d’essai", 1);
    let before = rows(&mut client, "sections");
    let mut lock = client.transaction().unwrap();
    lock.batch_execute("SELECT * FROM voirie.publications FOR UPDATE").unwrap();
    let mut child = program(&newer, &url).stdout(Stdio::null()).spawn().unwrap();
    wait_for_lock(&server, &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    lock.rollback().unwrap();
    wait_for_nobody(&server);
    assert_eq!(rows(&mut client, "sections"), before);

    // Then it is published for good; the other campaign is untouched.
    let done = program(&newer, &url).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let of = |campaign: &str, client: &mut postgres::Client| -> i64 {
        let sql = "SELECT count(*) FROM voirie.sections WHERE campagne = $1";
        client.query_one(sql, &[&campaign]).unwrap().get(0)
    };
    assert_eq!(of("Tournée d’essai", &mut client), 1);
    assert_eq!(of(title, &mut client), 2);

    // A table that someone else made is refused, and nothing changes.
    client.batch_execute("ALTER TABLE voirie.sections ALTER COLUMN ng TYPE text").unwrap();
    let refused = publish(&base, to(&url)).unwrap_err();
    let said = format!("{refused}: {}", refused.kind());
    assert!(
        said.contains("table sections, column ng: found text, expected double precision"),
        "{said}"
    );
    assert_eq!(of("Tournée d’essai", &mut client), 1);
}

#[test]
fn no_message_tells_a_password() {
    let said = |url: &str| {
        let refused = publish(Path::new("absent.gpkg"), to(url)).unwrap_err();
        format!("{refused}: {} {refused:?}", refused.kind())
    };
    for url in [
        "postgres://ann:s3cret@localhost:1/roads",
        "postgres://ann:s3cret@localhost:1/roads?sslmode=require",
        "postgres://ann:s3cret@local host:port/",
        "host=localhost password=s3cret bad",
    ] {
        let said = said(url);
        assert!(!said.contains("s3cret"), "{said}");
    }
    let encrypted = said("postgres://ann@localhost/roads?sslmode=require");
    assert!(encrypted.contains("does not encrypt"), "{encrypted}");
    assert!(said("postgres://ann@db.example:5433/roads").contains("db.example:5433/roads"));
}

#[test]
fn a_server_that_is_not_there_is_an_unreadable_input() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base.gpkg");
    write_base(&base);
    let done = program(&base, "postgres://ann:s3cret@127.0.0.1:1/roads").output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(3), "{err}");
    assert!(err.contains("127.0.0.1:1/roads") && !err.contains("s3cret"), "{err}");
}

/// Chosen: far longer than any machine takes.
const PATIENCE: Duration = Duration::from_secs(30);

fn wait_for_lock(server: &Server, child: &mut Child) {
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'voirie' AND \
                 wait_event_type = 'Lock'";
    until("the lock", || {
        assert!(child.try_wait().unwrap().is_none(), "the program ended before the lock");
        number(&mut server.client("roads"), waits) > 0
    });
}

fn wait_for_nobody(server: &Server) {
    let there = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'voirie'";
    until("the end of the session", || number(&mut server.client("roads"), there) == 0);
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
