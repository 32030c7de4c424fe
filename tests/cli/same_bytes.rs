//! The same input gives the same bytes, whatever the number of threads.

use super::support::Patrol;

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let patrol = Patrol::new();
    patrol.survey(&[]);
    for threads in ["1", "2"] {
        let line = format!("run survey.toml -o by{threads} --quiet --threads {threads}");
        assert_eq!(patrol.voirie(&line).code, Some(0));
    }
    let files = patrol.files("by1");
    assert_eq!(files, patrol.files("by2"));
    assert!(files.len() >= 14, "a base, six tables, a report, six pictures: {files:?}");
    for file in files {
        let [one, two] = ["by1", "by2"].map(|it| patrol.bytes(&format!("{it}/{file}")));
        assert!(one == two, "{file} differs");
    }
}
