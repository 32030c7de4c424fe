//! Budgets in words, read, spread and printed.

use super::*;
use proptest::prelude::*;

fn phase(investment: f64, maintenance: f64, years: impl Into<Option<u32>>) -> BudgetPhase {
    let investment = Euros::from_millions(investment);
    let maintenance = Euros::from_millions(maintenance);
    let envelopes = Envelopes { investment, maintenance };
    BudgetPhase { years: years.into(), envelopes, growth: GrowthRate::NONE }
}

fn growing(it: BudgetPhase, thousandths: i32) -> BudgetPhase {
    BudgetPhase { growth: GrowthRate::from_thousandths(thousandths).unwrap(), ..it }
}

fn spread(text: &str) -> Result<Vec<Envelopes>, HorizonError> {
    text.parse::<Budget>().unwrap().spread(PlanYears { first_year: 2026, horizon: 15 })
}

#[test]
fn budgets_parse_as_engineers_write_them() {
    let cases = [
        ("0", vec![phase(0.0, 0.0, None)], "0"),
        ("13,5+2", vec![phase(13.5, 2.0, None)], "13,5+2"),
        ("13.5 + 2 x15", vec![phase(13.5, 2.0, 15)], "13,5+2 (15 ans)"),
        (
            "0 (5 ans), puis 13,5+2",
            vec![phase(0.0, 0.0, 5), phase(13.5, 2.0, None)],
            "0 (5 ans), puis 13,5+2",
        ),
        (
            "11+2(5ans),puis 9+4 (5 years) then 5+10 ( 5 ANS )",
            vec![phase(11.0, 2.0, 5), phase(9.0, 4.0, 5), phase(5.0, 10.0, 5)],
            "11+2 (5 ans), puis 9+4 (5 ans), puis 5+10 (5 ans)",
        ),
        (
            "40+2 (1 an), puis 25",
            vec![phase(40.0, 2.0, 1), phase(25.0, 0.0, None)],
            "40+2 (1 an), puis 25",
        ),
        ("120 k€ + 20 k€", vec![phase(0.12, 0.02, None)], "120 k€ + 20 k€"),
        ("120 000,50 € + 0", vec![phase(0.120_000_5, 0.0, None)], "120,0005 k€"),
        ("13,5 M€ + 2 M€", vec![phase(13.5, 2.0, None)], "13,5+2"),
        ("13,5+2 (+2 %/an)", vec![growing(phase(13.5, 2.0, None), 2_000)], "13,5+2 (+2 %/an)"),
        (
            "13,5+2(5 ans,+2%/an), puis 10+3 ( − 1.5 % par an )",
            vec![growing(phase(13.5, 2.0, 5), 2_000), growing(phase(10.0, 3.0, None), -1_500)],
            "13,5+2 (5 ans, +2 %/an), puis 10+3 (-1,5 %/an)",
        ),
        (
            "13 x5 (+0,125 % a year) then 4 (10 years -50.000 % per year)",
            vec![growing(phase(13.0, 0.0, 5), 125), growing(phase(4.0, 0.0, 10), -50_000)],
            "13 (5 ans, +0,125 %/an), puis 4 (10 ans, -50 %/an)",
        ),
        ("4 (1 an, +0 %/année)", vec![phase(4.0, 0.0, 1)], "4 (1 an)"),
    ];
    for (text, want, printed) in cases {
        let budget: Budget = text.parse().unwrap();
        assert_eq!(budget.phases(), want, "{text:?}");
        assert_eq!(budget.to_string(), printed, "{text:?}");
    }
}

#[test]
fn a_fault_is_shown_where_it_is() {
    let cases = [
        ("", 0, "found the end, expected an amount such as 13,5"),
        ("13,5+", 5, "found the end, expected an amount such as 13,5"),
        (
            "0 (cinq ans)",
            3,
            "found \"cinq\", expected a number of years from 1 to 200 or a rate such as +2 %/an",
        ),
        ("0 x0", 3, "found \"0\", expected a number of years from 1 to 200"),
        ("0 (5 mois)", 5, "found \"mois\", expected « ans »"),
        ("0 (5 ans", 8, "found the end, expected « ) » or a rate such as +2 %/an"),
        ("0 (5 ans, puis 3", 10, "found \"puis\", expected a rate such as +2 %/an"),
        ("0 (5 ans) 13", 10, "found \"13\", expected « puis », « plus » or the end"),
        ("0 (5 ans), 13", 11, "found \"13\", expected « puis » or « plus »"),
        (
            "13 2",
            3,
            "found \"2\", expected « + », a number of years such as (5 ans), a rate such as (+2 %/an), « plus » or the end",
        ),
        ("-3", 0, "found \"-3\", expected an amount such as 13,5"),
        (
            "0, puis 13",
            1,
            "found \",\", expected a number of years such as (5 ans): only the last phase may go on",
        ),
        ("référence 13", 0, "found \"référence\", expected an amount such as 13,5"),
        (
            "13 k€ + 2",
            11,
            "found the end, expected a unit (M€, k€ or €) here as on the other amount",
        ),
        ("900000", 0, "found \"900000\", expected an amount below 100 000 M€"),
        ("13 (2,5 %/an)", 4, "found \"2\", expected « + » or « - » before a rate"),
        ("13 (+deux %)", 5, "found \"deux\", expected a rate such as +2 %/an"),
        ("13 (+2/an)", 6, "found \"/an\", expected « %/an »"),
        ("13 (+2 %)", 8, "found \")\", expected « /an »"),
        ("13 (5 ans, +2 %/mois)", 16, "found \"mois\", expected « /an »"),
        ("13 (+2 %/an, 5 ans)", 11, "found \",\", expected « ) »"),
        (
            "13 (+60 %/an)",
            4,
            "found \"+60\", expected a rate from -50 to +50 % a year, of no more than three decimals",
        ),
        (
            "13 (5 ans, -50,001 %/an)",
            11,
            "found \"-50,001\", expected a rate from -50 to +50 % a year, of no more than three decimals",
        ),
        (
            "13 (+1,0005 %/an)",
            4,
            "found \"+1,0005\", expected a rate from -50 to +50 % a year, of no more than three decimals",
        ),
        (
            "13 (+2 %/an), puis 3",
            12,
            "found \",\", expected a number of years such as (5 ans): only the last phase may go on",
        ),
        ("13, plus en 2028", 9, "found \"en\", expected an amount such as 13,5"),
        ("13, plus 4", 10, "found the end, expected « + », or « en » and a year such as 2028"),
        ("13, plus 4 en mars", 14, "found \"mars\", expected a year such as 2028"),
        ("13, plus 4 en 28", 14, "found \"28\", expected a year such as 2028"),
        (
            "13, plus 4 en 2028, plus 1 en 2028",
            30,
            "found \"2028\", expected a year that no other « plus » has: add them up",
        ),
        (
            "0 (5 ans), plus 4 en 2028, puis 3",
            27,
            "found \"puis\", expected « plus » or the end: all phases come before it",
        ),
    ];
    for (text, at, message) in cases {
        let error = text.parse::<Budget>().unwrap_err();
        assert_eq!((error.at, error.to_string().as_str()), (at, message), "{text:?}");
    }
}

#[test]
fn one_offs_are_read_after_the_phases() {
    let text = "0 (5 ans) puis 13,5+2, plus 4+1 en 2028 PLUS 120 k€ in 2031";
    let budget: Budget = text.parse().unwrap();
    let one_off = |year, it: BudgetPhase| OneOff { year, envelopes: it.envelopes };
    assert_eq!(budget.phases().len(), 2);
    assert_eq!(
        budget.one_offs(),
        [one_off(2028, phase(4.0, 1.0, None)), one_off(2031, phase(0.12, 0.0, None))]
    );
    let printed = "0 (5 ans), puis 13,5+2, plus 4+1 en 2028, plus 120 k€ en 2031";
    assert_eq!(budget.to_string(), printed);
    let place = Budget::place_of_one_off(text, 2031).unwrap();
    assert_eq!((place.start, &text[place]), (text.len() - 4, "2031"));
    assert_eq!(Budget::place_of_one_off(text, 2029), None);
}

#[test]
fn a_budget_grows_from_its_first_year_and_bears_its_one_offs() {
    let years = spread("13,5+2 (5 ans, +2 %/an), puis 10+3 (-1,5 %/an), plus 4+1 en 2028").unwrap();
    let euros: Vec<_> =
        years.iter().map(|it| (it.investment.get(), it.maintenance.get())).collect();
    assert_eq!(
        euros[..8],
        [
            (13_500_000.0, 2_000_000.0),
            (13_770_000.0, 2_040_000.0),
            (18_045_400.0, 3_080_800.0), // 13.5 x 1.02^2 + 4 and 2 x 1.02^2 + 1
            (14_326_308.0, 2_122_416.0),
            (14_612_834.16, 2_164_864.32),
            (10_000_000.0, 3_000_000.0), // as written, whatever came before
            (9_850_000.0, 2_955_000.0),
            (9_702_250.0, 2_910_675.0),
        ]
    );
    assert_eq!(euros[14], (8_728_227.84, 2_618_468.35)); // times 0.985^9, 0.872 822 784...
}

#[test]
fn one_offs_fall_within_the_programme() {
    let outside = |year| Err(HorizonError::Outside { year, first: 2026, last: 2040 });
    assert_eq!(spread("0, plus 4 en 2025"), outside(2025));
    assert_eq!(spread("0, plus 4 en 2041"), outside(2041));
    let ends = spread("0, plus 4 en 2040, plus 3 en 2026").unwrap();
    assert_eq!([0, 1, 14].map(|it| ends[it].total().cents()), [300_000_000, 0, 400_000_000]);
    let said = outside(2041).unwrap_err().to_string();
    assert_eq!(said, "found 2041, expected a year of the programme, from 2026 to 2040");
}

#[test]
fn no_year_passes_all_measure() {
    assert_eq!(spread("60000 (+20 %/an)"), Err(HorizonError::TooMuch { year: 2029 }));
    assert_eq!(spread("60000, plus 40000 en 2027"), Err(HorizonError::TooMuch { year: 2027 }));
    assert!(spread("60000, plus 39999 en 2027").is_ok());
}

#[test]
fn phases_fill_the_horizon_or_are_refused() {
    assert_eq!(spread("13,5+2").unwrap().len(), 15);
    assert_eq!(spread("0 (15 ans)").unwrap().len(), 15);
    assert_eq!(spread("0 (14 ans)"), Err(HorizonError::Short { given: 14, horizon: 15 }));
    assert_eq!(spread("0 (16 ans)"), Err(HorizonError::Long { given: 16, horizon: 15 }));
    assert_eq!(spread("0 (15 ans), puis 2"), Err(HorizonError::Long { given: 15, horizon: 15 }));
    let s10 = spread("0 (5 ans), puis 40+2 (1 an), puis 13+2").unwrap();
    let total: Euros = s10.iter().map(|it| it.total()).sum();
    assert_eq!(total, Euros::from_millions(177.0));
}

#[test]
fn one_year_of_an_irregular_budget_stands_alone() {
    let year: Envelopes = " 8+4 ".parse().unwrap();
    assert_eq!(year, phase(8.0, 4.0, None).envelopes);
    assert_eq!("8+4 (5 ans)".parse::<Envelopes>().unwrap_err().at, 4);
}

fn any_envelopes() -> impl Strategy<Value = Envelopes> {
    (0..5_000_000_000_i64, 0..500_000_000_i64).prop_map(|(investment, maintenance)| Envelopes {
        investment: Euros::from_cents(investment),
        maintenance: Euros::from_cents(maintenance),
    })
}

fn any_rate() -> impl Strategy<Value = GrowthRate> {
    (-50_000..=50_000_i32).prop_map(|it| GrowthRate::from_thousandths(it).unwrap())
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(
        closed in prop::collection::vec((any_envelopes(), 1..20_u32, any_rate()), 0..4),
        last in (any_envelopes(), prop::option::of(1..20_u32), any_rate()),
        one_offs in prop::collection::btree_map(1_950..2_260_i32, any_envelopes(), 0..4),
    ) {
        let closed = closed.into_iter().map(|(envelopes, years, growth)| (envelopes, Some(years), growth));
        let phase = |(envelopes, years, growth)| BudgetPhase { years, envelopes, growth };
        let phases = closed.chain([last]).map(phase).collect();
        let one_offs = one_offs.into_iter().map(|(year, envelopes)| OneOff { year, envelopes }).rev();
        let budget = Budget { phases, one_offs: one_offs.collect() };
        prop_assert_eq!(budget.to_string().parse::<Budget>(), Ok(budget));
    }

    #[test]
    fn any_text_is_read_or_refused_within_it(text in "\\PC{0,40}|[0-9 ,.+()xMk€anspui%/−-]{0,40}|1( |,|plus|puis|\\(|\\)|[+−-][0-9]|%/an|5 ans| en 20|[0-9]){0,20}") {
        if let Err(error) = text.parse::<Budget>() {
            prop_assert!(text.get(error.at..error.at + error.len).is_some(), "{error:?}");
        }
    }
}
