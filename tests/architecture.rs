//! The rules of the tree that the compiler does not hold: who imports whom, lengths of files,
//! clean `mod.rs` files, pictures written in one place, constants with a reason, no path of one
//! machine. Each checker reads text, and is shown to refuse what it must.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};

/// Most lines of a Rust file.
const MOST_LINES: usize = 500;

/// Top-level modules that turn one value into the next, and never import one another.
const STAGES: [&str; 6] =
    ["anonymisation", "detection", "georeferencing", "scoring", "planning", "evaluation"];

/// What a room of the house may import, besides itself; nothing for a room that has no rule.
fn may_import(room: &str) -> Option<Vec<&'static str>> {
    match room {
        "domain" => Some(vec![]),
        "imaging" => Some(vec!["domain"]),
        stage if STAGES.contains(&stage) => Some(vec!["domain", "imaging"]),
        "ports" => Some(vec!["domain", "anonymisation::AnonymisedFrame"]),
        "io" => Some(vec!["domain", "ports"]),
        "pipeline" => Some([&STAGES[..], &["domain", "ports"]].concat()),
        "cli" => Some([&STAGES[..], &["domain", "imaging", "ports", "io", "pipeline"]].concat()),
        _ => None,
    }
}

/// The lines of a file with their numbers, without what is compiled for tests only.
fn without_tests(text: &str) -> Vec<(usize, &str)> {
    let mut kept = Vec::new();
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    while let Some((number, line)) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push((number, line));
            continue;
        }
        // The tree is formatted: an item ends on its first line, or where its own brace closes.
        let closes = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let item = lines.by_ref().map(|it| it.1).find(|it| !it.trim_start().starts_with("#["));
        if item.is_some_and(|it| !it.ends_with(';')) {
            let _end = lines.by_ref().find(|it| it.1 == closes);
        }
    }
    kept
}

/// The line without its comment.
fn code(line: &str) -> &str {
    let (mut quoted, mut escaped, mut before) = (false, false, ' ');
    for (at, it) in line.char_indices() {
        match it {
            '/' if !quoted && line[at..].starts_with("//") => return &line[..at],
            '"' if !escaped && (quoted || before != '\'') => quoted = !quoted,
            _ => {}
        }
        escaped = it == '\\' && !escaped;
        before = it;
    }
    line
}

/// The code of a file without tests and comments, each line with its number.
fn code_lines(text: &str) -> Vec<(usize, &str)> {
    without_tests(text).into_iter().map(|(number, line)| (number, code(line))).collect()
}

/// `src/io/video/open.rs` is `io::video::open`, `src/io/mod.rs` is `io`.
fn module(path: &str) -> Vec<&str> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    inner.split('/').filter(|it| *it != "mod").collect()
}

/// Every path that starts at the root of the crate: `crate::`, or `super::` often enough.
fn paths_from_root(path: &str, text: &str) -> Vec<(usize, String)> {
    let mut joined = String::new();
    let mut starts = Vec::new();
    for (number, line) in code_lines(text) {
        starts.push((joined.len(), number));
        joined.push_str(line);
        joined.push('\n');
    }
    let root = "super::".repeat(module(path).len());
    let mut found = Vec::new();
    for needle in ["crate::", root.as_str()] {
        for (at, _) in joined.match_indices(needle) {
            if joined[..at].ends_with(|it: char| it.is_alphanumeric() || "_:".contains(it)) {
                continue;
            }
            let number = starts.iter().rfind(|it| it.0 <= at).map_or(0, |it| it.1);
            let rest = &joined[at + needle.len()..];
            found.extend(heads(rest).into_iter().map(|it| (number, it)));
        }
    }
    found
}

/// The first two steps of the path, or of each path of a group in braces.
fn heads(rest: &str) -> Vec<String> {
    let steps = |text: &str| {
        let path: String =
            text.chars().take_while(|it| it.is_alphanumeric() || "_:*".contains(*it)).collect();
        path.split("::").take(2).collect::<Vec<_>>().join("::")
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![steps(rest)] };
    let mut depth = 0i32;
    let mut heads = Vec::new();
    let mut current = String::new();
    for it in group.chars() {
        match it {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(std::mem::take(&mut current)),
            _ if it.is_whitespace() => {}
            _ if depth == 0 => current.push(it),
            _ => {}
        }
    }
    heads.push(current);
    heads.iter().filter(|it| !it.is_empty()).map(|it| steps(it)).collect()
}

/// Imports that the table forbids.
fn forbidden_imports(path: &str, text: &str) -> Vec<String> {
    let modules = module(path);
    let room = modules[0];
    if matches!(room, "lib" | "main") {
        return Vec::new();
    }
    let Some(allowed) = may_import(room) else {
        return vec![format!("{path}: no rule says what `{room}` may import")];
    };
    let fine = |head: &str| {
        let first = head.split("::").next().unwrap_or_default();
        first == room || allowed.contains(&first) || allowed.contains(&head)
    };
    paths_from_root(path, text)
        .into_iter()
        .filter(|(_, head)| !fine(head))
        .map(|(line, head)| format!("{path}:{line}: `{room}` may not import `crate::{head}`"))
        .collect()
}

/// Files for tests only, declared `#[cfg(test)] mod name;` by the file at `path`.
fn test_files(path: &str, text: &str) -> Vec<String> {
    let folder = path.trim_end_matches("mod.rs").trim_end_matches(".rs").trim_end_matches('/');
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declared = |pair: &[&str]| {
        let [first, second] = pair else { return None };
        let name = second.rsplit_once("mod ")?.1.strip_suffix(';')?;
        (*first == "#[cfg(test)]").then(|| format!("{folder}/{name}.rs"))
    };
    lines.windows(2).filter_map(declared).collect()
}

/// A file too long to be read at once.
fn overlong(path: &str, text: &str) -> Option<String> {
    let n_lines = text.lines().count();
    (n_lines > MOST_LINES).then(|| format!("{path}: {n_lines} lines, at most {MOST_LINES}"))
}

/// Logic in a `mod.rs`: anything but documentation, `mod` and `pub use`.
fn logic(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = code(line).trim();
        let item = line.strip_prefix("pub").map_or(line, |rest| {
            let rest = rest.trim_start();
            if rest.starts_with('(') { rest.split_once(") ").map_or("", |it| it.1) } else { rest }
        });
        let public = item != line;
        let declares = item.starts_with("mod ") && item.ends_with(';');
        let exports = public && item.starts_with("use ");
        let fine = inside || line.is_empty() || line.starts_with('#') || declares || exports;
        if !fine {
            faults.push(format!("{path}:{}: `{line}` has no place in a mod.rs", number + 1));
        }
        inside = (inside || exports) && !line.ends_with(';');
    }
    faults
}

/// Whether a line has this whole word.
fn names(line: &str, word: &str) -> bool {
    line.split(|it: char| !it.is_alphanumeric() && it != '_').any(|it| it == word)
}

/// Code that could let a face or a plate out: an encoder elsewhere, a frame that serialises.
fn leaks(path: &str, text: &str) -> Vec<String> {
    let lines = code_lines(text);
    let mut faults = Vec::new();
    let mut fault = |number: usize, what: &str| faults.push(format!("{path}:{number}: {what}"));
    let raw_pixels = ["struct RawFrame", "struct Image", "struct AnonymisedFrame"];
    let declares = lines.iter().any(|it| raw_pixels.iter().any(|raw| it.1.contains(raw)));
    let reads_frames =
        ["video", "stills", "labelled"].iter().any(|it| path.starts_with(&format!("src/io/{it}/")));
    for (number, line) in lines {
        let encodes = line.contains("jpeg_encoder") || line.contains("Encoder");
        if encodes && path != "src/io/pictures.rs" {
            fault(number, "pictures are written by src/io/pictures.rs only");
        }
        if path.starts_with("src/io/") && names(line, "RawFrame") && !reads_frames {
            fault(
                number,
                "raw frames are known to readers of video, stills and labelled frames only",
            );
        }
        let foreign = line.contains("Serialize for") || line.contains("remote =");
        let of_pixels = ["RawFrame", "Image", "AnonymisedFrame"].iter().any(|it| names(line, it));
        if line.contains("Serialize") && declares || foreign && of_pixels {
            fault(number, "pixels are never serialised");
        }
    }
    faults
}

/// Constants of the stages that do not say where they come from.
fn unexplained(path: &str, text: &str) -> Vec<String> {
    let explains =
        |it: &str| ["Source:", "Chosen:", "# Source"].iter().any(|word| it.contains(word));
    let mut faults = Vec::new();
    let mut above = false;
    for (number, line) in without_tests(text) {
        let trimmed = line.trim();
        if trimmed.starts_with("//") {
            above |= explains(trimmed);
            continue;
        }
        if trimmed.starts_with("#[") {
            continue;
        }
        let words: Vec<&str> = trimmed.split_whitespace().take(4).collect();
        let keyword = words.iter().position(|it| ["const", "static"].contains(it));
        let name = keyword.and_then(|at| words.get(at + 1)).filter(|it| {
            it.ends_with(':') && it.starts_with(|first: char| first.is_ascii_uppercase())
        });
        if let Some(name) = name
            && !above
            && !explains(&trimmed[code(trimmed).len()..])
        {
            let name = name.trim_end_matches(':');
            faults.push(format!("{path}:{number}: {name} has neither `Source:` nor `Chosen:`"));
        }
        above = false;
    }
    faults
}

/// Absolute paths that exist on somebody's machine only.
fn machine_paths(path: &str, text: &str) -> Vec<String> {
    // Written so that this file does not find itself.
    let needles = ["home", "root", "Users", "work", "mnt", "tmp"].map(|it| format!("/{it}/"));
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let begins = |at: usize| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|it| !(it.is_alphanumeric() || "._-~}$".contains(it)))
        };
        let hit = needles.iter().any(|it| line.match_indices(it).any(|(at, _)| begins(at)));
        if hit || line.contains(concat!("C:\\", "Users")) {
            faults.push(format!("{path}:{}: a path of one machine: {}", number + 1, line.trim()));
        }
    }
    faults
}

/// Text files below a folder, with their paths from the root; what is built or downloaded is not
/// ours.
fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let not_ours = ["target", "out", "node_modules", ".git", ".venv", "__pycache__"];
            if !not_ours.contains(&name.as_str()) {
                waiting.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            }
        } else if let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push((relative, text));
        }
    }
    found.sort();
    found
}

/// Rust files below a folder.
fn rust(folder: &str) -> Vec<(String, String)> {
    let is_rust = |path: &str| Path::new(path).extension().is_some_and(|it| it == "rs");
    files(folder).into_iter().filter(|it| is_rust(&it.0)).collect()
}

fn refuse(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn nobody_imports_what_lies_downstream() {
    let all = rust("src");
    assert!(all.len() > 100, "only {} files of src were found", all.len());
    let for_tests: Vec<String> =
        all.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    let ours = all.iter().filter(|it| !for_tests.contains(&it.0));
    refuse(&ours.flat_map(|(path, text)| forbidden_imports(path, text)).collect::<Vec<_>>());
}

#[test]
fn every_file_can_be_read_at_once() {
    let all = ["src", "tests", "benches"].into_iter().flat_map(rust);
    refuse(&all.filter_map(|(path, text)| overlong(&path, &text)).collect::<Vec<_>>());
}

#[test]
fn a_mod_file_is_a_table_of_contents() {
    let all = rust("src").into_iter();
    let tables = all.filter(|it| it.0.ends_with("/mod.rs") || it.0 == "src/lib.rs");
    refuse(&tables.flat_map(|(path, text)| logic(&path, &text)).collect::<Vec<_>>());
}

#[test]
fn pixels_leave_through_one_door() {
    refuse(&rust("src").iter().flat_map(|(path, text)| leaks(path, text)).collect::<Vec<_>>());
}

#[test]
fn every_constant_of_a_stage_says_where_it_comes_from() {
    let rooms = STAGES.into_iter().chain(["imaging", "pipeline"]);
    let all = rooms.flat_map(|it| rust(&format!("src/{it}")));
    refuse(&all.flat_map(|(path, text)| unexplained(&path, &text)).collect::<Vec<_>>());
}

#[test]
fn no_file_knows_one_machine() {
    let all = files("");
    assert!(all.iter().any(|it| it.0 == "Cargo.toml"), "the root was not read");
    refuse(&all.iter().flat_map(|(path, text)| machine_paths(path, text)).collect::<Vec<_>>());
}

#[test]
fn forbidden_imports_are_found_however_they_are_written() {
    let cases = [
        ("src/domain/score.rs", "use crate::io::rows;", 1),
        ("src/domain/score.rs", "use crate::domain::Metres;", 0),
        ("src/domain/score.rs", "use super::units::Metres;", 0),
        ("src/domain/score.rs", "use super::super::io::rows;", 1),
        ("src/domain/mod.rs", "use super::io;", 1),
        ("src/detection/cells.rs", "use crate::{domain::Image, scoring::{rate, tally}};", 1),
        ("src/detection/cells.rs", "use crate::{\n    domain::Image,\n    imaging,\n};", 0),
        ("src/detection/cells.rs", "fn f() { let it = crate::georeferencing::cut; }", 1),
        ("src/ports.rs", "pub use crate::anonymisation::AnonymisedFrame;", 0),
        ("src/ports.rs", "use crate::anonymisation::redact;", 1),
        ("src/io/csv.rs", "use crate::pipeline::plan;\nuse crate::cli::Cli;", 2),
        ("src/pipeline/plan.rs", "use crate::planning::age;\nuse crate::io::csv;", 1),
        ("src/cli/plan.rs", "use crate::pipeline::plan;\nuse crate::io::csv;", 0),
        ("src/domain/score.rs", "use crate::*;", 1),
        ("src/weather/rain.rs", "use crate::domain::Metres;", 1),
        // Comments, strings before them and tests do not count.
        ("src/domain/score.rs", "// use crate::io;\nlet it = \"a // b\"; // crate::io", 0),
        ("src/domain/score.rs", "#[cfg(test)]\nmod tests {\n    use crate::io;\n}", 0),
        ("src/domain/score.rs", "#[cfg(test)]\nmod tests {\n}\nuse crate::io;", 1),
    ];
    for (path, text, want) in cases {
        let got = forbidden_imports(path, text);
        assert_eq!(got.len(), want, "{path}: {text}\n{got:?}");
    }
    let declared = "mod a;\n#[cfg(test)]\npub(crate) mod example;\n#[cfg(test)]\nmod tests {";
    assert_eq!(test_files("src/io/mod.rs", declared), ["src/io/example.rs"]);
    assert_eq!(test_files("src/io/rows.rs", declared), ["src/io/rows/example.rs"]);
}

#[test]
fn the_other_checkers_refuse_what_they_must() {
    assert!(overlong("a.rs", &"\n".repeat(501)).is_some());
    assert!(overlong("a.rs", &"\n".repeat(500)).is_none());

    let clean =
        "//! Words.\n\nmod a;\n#[cfg(test)]\npub(crate) mod b;\npub use a::{\n    X, Y,\n};";
    assert_eq!(logic("mod.rs", clean), Vec::<String>::new());
    for text in ["fn f() {}", "use a::X;", "pub struct A;", "pub const A: u8 = 1;", "mod a { }"] {
        assert_eq!(logic("mod.rs", text).len(), 1, "{text}");
    }

    let leaking = [
        ("src/io/report/page.rs", "use jpeg_encoder::Encoder;"),
        ("src/cli/run.rs", "let it = png::Encoder::new(out, 1, 1);"),
        ("src/io/csv.rs", "fn put(frame: &RawFrame) {}"),
        ("src/domain/image.rs", "#[derive(Serialize)]\npub struct RawFrame {}"),
        ("src/io/json.rs", "impl Serialize for Image {}"),
    ];
    for (path, text) in leaking {
        assert_eq!(leaks(path, text).len(), 1, "{path}: {text}");
    }
    let tight = "#[derive(Serialize)]\nstruct Row;\n#[cfg(test)]\nmod tests {\n    Encoder\n}";
    assert_eq!(leaks("src/io/csv.rs", tight), Vec::<String>::new());

    let silent = ["const A: f64 = 1.0;", "/// Width.\npub const A: f64 = 1.0;"];
    let spoken = [
        "/// Width. Source: a book.\nconst A: f64 = 1.0;",
        "// Chosen: a round number.\n#[rustfmt::skip]\npub(super) const A: f64 = 1.0;",
        "const A: f64 = 1.0; // Source: a book.",
        "pub const fn get() {}",
        "#[cfg(test)]\nmod tests {\n    const A: f64 = 1.0;\n}",
    ];
    for text in silent {
        assert_eq!(unexplained("a.rs", text).len(), 1, "{text}");
    }
    for text in spoken {
        assert_eq!(unexplained("a.rs", text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(unexplained("a.rs", &[spoken[0], silent[0]].join("\n")).len(), 1);

    let mine = format!("model = \"/{}/ann/model.onnx\"", "home");
    assert_eq!(machine_paths("a.toml", &mine).len(), 1);
    assert_eq!(
        machine_paths("a.md", "https://example.org/home/ and ../tmp/a"),
        Vec::<String>::new()
    );
}
