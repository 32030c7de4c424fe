//! One treatment a section: the multi-choice, multi-period knapsack that papers on road works use.

use voirie::planning::optimise::{Alternative, Counted, Draw, Pool, Purse, Section};

const YEARS: usize = 15;
const DISCOUNT: f64 = 0.04;
/// Of the last note, how many years more.
const TERMINAL_YEARS: f64 = 3.0;
/// Euros a square metre and a year.
const BUDGET: f64 = 0.6;

struct Treatment {
    cost: f64,
    gain: f64,
    cap: f64,
    slow: f64,
}

/// From a patch to a rebuild: €/m², points gained, best note reached, what remains of the yearly loss.
const TREATMENTS: [Treatment; 8] = [
    Treatment { cost: 1.5, gain: 1.0, cap: 14.0, slow: 0.95 },
    Treatment { cost: 4.0, gain: 3.0, cap: 16.0, slow: 0.90 },
    Treatment { cost: 6.0, gain: 5.0, cap: 17.0, slow: 0.85 },
    Treatment { cost: 10.0, gain: 8.0, cap: 18.0, slow: 0.80 },
    Treatment { cost: 14.0, gain: 10.0, cap: 18.5, slow: 0.75 },
    Treatment { cost: 22.0, gain: 13.0, cap: 19.0, slow: 0.65 },
    Treatment { cost: 35.0, gain: 16.0, cap: 19.5, slow: 0.55 },
    Treatment { cost: 60.0, gain: 20.0, cap: 20.0, slow: 0.50 },
];

/// Marsaglia's xorshift, so that anyone can make the same instances.
struct Xorshift(u64);

impl Xorshift {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().max(1e-12).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

struct Road {
    area: f64,
    weight: f64,
    note: f64,
    loss: f64,
}

/// A network of so many sections that stand alone.
pub fn one_treatment(n_sections: u32) -> Pool {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    (0..10).for_each(|_| _ = random.uniform());
    let roads: Vec<Road> = (0..n_sections)
        .map(|_| {
            let length = (200.0 * (0.8 * random.normal()).exp()).clamp(50.0, 2000.0);
            let width = 4.5 + 3.5 * random.uniform();
            let vehicles = (800.0 * (1.1 * random.normal()).exp()).clamp(50.0, 20000.0);
            let loss = (0.55 * (0.35 * random.normal()).exp()).clamp(0.15, 1.6);
            let note = (13.0 + 4.5 * random.normal()).clamp(0.0, 20.0);
            Road { area: length * width, weight: (vehicles / 800.0).sqrt(), note, loss }
        })
        .collect();
    let area: f64 = roads.iter().map(|it| it.area).sum();
    let purses = vec![Purse { holds: cents(BUDGET * area), site: 0, next: None }; YEARS];
    let counted = Counted::default();
    let section = |it| Section::new(false, (0, &counted), &purses, alternatives(it));
    let sections = roads.iter().map(section).collect();
    Pool::new(purses, counted, sections)
}

fn alternatives(road: &Road) -> Vec<Alternative> {
    let older = |note: f64, loss: f64| (note - loss * (1.0 + 0.03 * (20.0 - note))).max(0.0);
    let discount = |year: usize| (1.0 + DISCOUNT).powi(i32::try_from(year).expect("few years"));
    let mut idle = vec![road.note];
    for year in 0..YEARS {
        idle.push(older(idle[year], road.loss));
    }
    let mut found = Vec::new();
    for year in 0..YEARS {
        let before = idle[year];
        for (label, it) in (0..).zip(&TREATMENTS) {
            let mut note = if before >= it.cap { before } else { (before + it.gain).min(it.cap) };
            if note <= before + 1e-9 {
                continue;
            }
            let (mut gain, mut loss) = (0.0, road.loss * it.slow);
            for (then, before) in idle.iter().enumerate().take(YEARS).skip(year) {
                gain += (note - before) / discount(then);
                note = older(note, loss);
                loss = (loss * 1.02).min(road.loss);
            }
            gain += TERMINAL_YEARS * (note - idle[YEARS]) / discount(YEARS);
            let worse = 1.0 + 0.6 * ((8.0 - before) / 8.0).max(0.0);
            found.push(Alternative {
                value: gain * road.area * road.weight / 1e3,
                draws: vec![Draw {
                    purse: u16::try_from(year).expect("few years"),
                    label,
                    cents: u32::try_from(cents(it.cost * worse * road.area)).expect("below 42 M€"),
                }],
                ..Alternative::default()
            });
        }
    }
    found
}

#[expect(clippy::cast_possible_truncation, reason = "budgets stay far below 2^53 cents")]
fn cents(euros: f64) -> i64 {
    (euros * 100.0).round() as i64
}
