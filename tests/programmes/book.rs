//! A workbook as another program reads it, and just enough of a spreadsheet to compute it again.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Text(String),
    Empty,
}

#[derive(Debug)]
struct Cell {
    formula: Option<String>,
    value: Value,
}

type Place = (u32, u32);

/// Sheets in order, each with its cells by row and column, from 1.
pub struct Book {
    sheets: Vec<(String, BTreeMap<Place, Cell>)>,
}

/// Euros as whole cents.
#[expect(clippy::cast_possible_truncation, reason = "rounded")]
pub fn cents(euros: f64) -> i64 {
    let cents = euros * 100.0;
    assert!((cents - cents.round()).abs() < 1e-3, "{euros} is no amount of cents");
    cents.round() as i64
}

fn place(name: &str) -> Place {
    let name = name.replace('$', "");
    let letters = name.chars().take_while(char::is_ascii_alphabetic);
    let column = letters.fold(0, |sum, it| sum * 26 + (it as u32 - 'A' as u32 + 1));
    (name.trim_start_matches(|it: char| it.is_ascii_alphabetic()).parse().unwrap(), column)
}

/// Elements of a part in order: the name, its attributes, and the text inside.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut all, mut open): (Vec<(String, BTreeMap<_, _>, String)>, Vec<usize>) =
        Default::default();
    loop {
        let event = reader.read_event().unwrap();
        match event {
            Event::Start(ref it) | Event::Empty(ref it) => {
                let attributes = it.attributes().map(|it| it.unwrap()).map(|it| {
                    let value = quick_xml::escape::unescape(&it.value).unwrap().into_owned();
                    (it.key.as_ref().to_owned(), value)
                });
                let name = it.name().as_ref().to_owned();
                all.push((name, attributes.collect(), String::new()));
                if matches!(event, Event::Start(_)) {
                    open.push(all.len() - 1);
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(it) => {
                let text = it.to_string();
                for rank in &open {
                    all[*rank].2.push_str(&text);
                }
            }
            Event::GeneralRef(it) => {
                let name = format!("&{};", &*it);
                let text = quick_xml::escape::unescape(&name).unwrap().into_owned();
                for rank in &open {
                    all[*rank].2.push_str(&text);
                }
            }
            Event::Eof => return all,
            _ => {}
        }
    }
}

impl Book {
    pub fn read(path: &Path) -> Self {
        let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let strings = elements(&part("xl/sharedStrings.xml"));
        let strings: Vec<_> =
            strings.into_iter().filter(|it| it.0 == "si").map(|it| it.2).collect();
        let names = elements(&part("xl/workbook.xml"));
        let names = names.into_iter().filter(|it| it.0 == "sheet").map(|it| it.1["name"].clone());
        let sheets = (1..).zip(names).map(|(rank, name)| {
            let mut cells = BTreeMap::new();
            let mut last = (0, 0);
            let mut kind = String::new();
            for (element, attributes, text) in
                elements(&part(&format!("xl/worksheets/sheet{rank}.xml")))
            {
                match element.as_str() {
                    "c" => {
                        last = place(&attributes["r"]);
                        kind = attributes.get("t").cloned().unwrap_or_default();
                        cells.insert(last, Cell { formula: None, value: Value::Empty });
                    }
                    "f" => cells.get_mut(&last).unwrap().formula = Some(text),
                    "v" => {
                        cells.get_mut(&last).unwrap().value = match kind.as_str() {
                            "s" => Value::Text(strings[text.parse::<usize>().unwrap()].clone()),
                            "str" => Value::Text(text),
                            _ => text.parse().map_or(Value::Text(text), Value::Number),
                        };
                    }
                    _ => {}
                }
            }
            (name, cells)
        });
        Self { sheets: sheets.collect() }
    }

    pub fn names(&self) -> Vec<&str> {
        self.sheets.iter().map(|it| it.0.as_str()).collect()
    }

    fn sheet(&self, name: &str) -> &BTreeMap<Place, Cell> {
        &self.sheets.iter().find(|it| it.0 == name).unwrap_or_else(|| panic!("no {name}")).1
    }

    pub fn value(&self, sheet: &str, cell: &str) -> &Value {
        self.sheet(sheet).get(&place(cell)).map_or(&Value::Empty, |it| &it.value)
    }

    pub fn number(&self, sheet: &str, cell: &str) -> f64 {
        match self.value(sheet, cell) {
            Value::Number(it) => *it,
            other => panic!("{sheet}!{cell} holds {other:?}"),
        }
    }

    pub fn formula(&self, sheet: &str, cell: &str) -> &str {
        self.sheet(sheet)[&place(cell)].formula.as_deref().unwrap_or_default()
    }

    /// Sheet, cell, formula, value kept with it.
    pub fn formulas(&self) -> impl Iterator<Item = (&str, String, &str, &Value)> {
        self.sheets.iter().flat_map(|(name, cells)| {
            cells.iter().filter_map(|(at, cell)| {
                let at = format!("R{}C{}", at.0, at.1);
                Some((name.as_str(), at, cell.formula.as_deref()?, &cell.value))
            })
        })
    }

    /// What a formula gives, of the values that cells are kept with.
    pub fn compute(&self, sheet: &str, formula: &str) -> Value {
        let mut parser = Parser { book: self, sheet, rest: formula };
        let value = parser.comparison();
        assert!(parser.rest.is_empty(), "{formula}: not understood from {:?}", parser.rest);
        value.one()
    }
}

/// One value or a range of them.
#[derive(Clone, Debug)]
struct Many(Vec<Value>);

impl Many {
    fn of(number: f64) -> Self {
        Self(vec![Value::Number(number)])
    }

    fn one(&self) -> Value {
        assert_eq!(self.0.len(), 1, "a range where one value is expected");
        self.0[0].clone()
    }

    fn number(&self) -> f64 {
        match self.one() {
            Value::Number(it) => it,
            Value::Empty => 0.0,
            Value::Text(it) => panic!("{it:?} is no number"),
        }
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.0.iter().filter_map(|it| if let Value::Number(it) = it { Some(*it) } else { None })
    }
}

struct Parser<'b, 'f> {
    book: &'b Book,
    sheet: &'b str,
    rest: &'f str,
}

impl Parser<'_, '_> {
    fn take(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn comparison(&mut self) -> Many {
        let left = self.sum();
        let truth = |it: bool| Many::of(f64::from(u8::from(it)));
        if self.take("<") {
            return truth(left.number() < self.sum().number());
        }
        if self.take(">") {
            return truth(left.number() > self.sum().number());
        }
        if self.take("=") {
            return truth(left.one() == self.sum().one());
        }
        left
    }

    fn sum(&mut self) -> Many {
        let mut left = self.product();
        loop {
            if self.take("+") {
                left = Many::of(left.number() + self.product().number());
            } else if self.take("-") {
                left = Many::of(left.number() - self.product().number());
            } else {
                return left;
            }
        }
    }

    fn product(&mut self) -> Many {
        let mut left = self.atom();
        while self.take("/") {
            // Excel computes no branch that it does not take.
            let right = self.atom().number();
            left = Many::of(if right == 0.0 { f64::NAN } else { left.number() / right });
        }
        left
    }

    fn atom(&mut self) -> Many {
        if self.take("(") {
            let inside = self.comparison();
            assert!(self.take(")"));
            return inside;
        }
        if self.take("\"") {
            let (text, rest) = self.rest.split_once('"').unwrap();
            self.rest = rest;
            return Many(vec![if text.is_empty() {
                Value::Text(String::new())
            } else {
                Value::Text(text.into())
            }]);
        }
        if self.take("'") {
            let (sheet, rest) = self.rest.split_once("'!").unwrap();
            self.rest = rest;
            let found = self.book.sheets.iter().find(|it| it.0 == sheet);
            let sheet = found.unwrap_or_else(|| panic!("no sheet {sheet:?}")).0.as_str();
            return self.reference(sheet);
        }
        if self.rest.starts_with(|it: char| it.is_ascii_digit()) {
            let end = self.rest.find(|it: char| !it.is_ascii_digit() && it != '.');
            let (number, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.rest = rest;
            return Many::of(number.parse().unwrap());
        }
        let end = self.rest.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        if end > 0 && self.rest[end..].starts_with('(') {
            let (name, rest) = self.rest.split_at(end);
            self.rest = &rest[1..];
            let mut arguments = vec![self.comparison()];
            while self.take(",") {
                arguments.push(self.comparison());
            }
            assert!(self.take(")"), "{:?}", self.rest);
            return call(name, &arguments);
        }
        let sheet = self.sheet;
        self.reference(sheet)
    }

    fn reference(&mut self, sheet: &str) -> Many {
        let mut corner = || {
            let end = self.rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '$');
            let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.rest = rest;
            place(name)
        };
        let from = corner();
        let to = if self.take(":") {
            let end = self.rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '$');
            let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.rest = rest;
            place(name)
        } else {
            from
        };
        let cells = self.book.sheet(sheet);
        let columns = |row: u32| (from.1..=to.1).map(move |column| (row, column));
        let value = |at: Place| cells.get(&at).map_or(Value::Empty, |it| it.value.clone());
        Many((from.0..=to.0).flat_map(columns).map(value).collect())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ranks are small")]
#[expect(clippy::cast_precision_loss, reason = "ranges are small")]
fn call(name: &str, arguments: &[Many]) -> Many {
    let first = &arguments[0];
    let sum = |it: &Many| it.numbers().sum::<f64>();
    match name {
        "SUM" => Many::of(sum(first)),
        "SUBTOTAL" => Many::of(sum(&arguments[1])),
        "AVERAGE" => Many::of(sum(first) / first.numbers().count() as f64),
        "COUNT" => Many::of(first.numbers().count() as f64),
        "MAX" if arguments.len() == 2 => Many::of(first.number().max(arguments[1].number())),
        "MAX" => Many::of(first.numbers().reduce(f64::max).unwrap()),
        "MIN" => Many::of(first.numbers().reduce(f64::min).unwrap()),
        "ROUND" => Many::of((first.number() * 100.0).round() / 100.0),
        "IF" => arguments[if first.number() == 0.0 { 2 } else { 1 }].clone(),
        "COUNTIF" => {
            Many::of(first.0.iter().filter(|it| **it == arguments[1].one()).count() as f64)
        }
        "MATCH" => {
            let found = arguments[1].0.iter().position(|it| *it == first.one());
            // An error, which a branch that is not taken may hold.
            Many::of(found.map_or(f64::NAN, |it| it as f64 + 1.0))
        }
        "INDEX" => {
            let at = arguments[1].number();
            Many(vec![if at.is_nan() { Value::Empty } else { first.0[at as usize - 1].clone() }])
        }
        "SUMIFS" => {
            let meets =
                |rank: usize| arguments[1..].chunks(2).all(|it| it[0].0[rank] == it[1].one());
            let rows = (0..first.0.len()).filter(|rank| meets(*rank));
            let number = |rank: usize| Many(vec![first.0[rank].clone()]).number();
            Many::of(rows.map(number).sum())
        }
        other => panic!("{other} is not known"),
    }
}
