//! How good and how fast optimised programmes are: gap to the bound, time, memory, beside the usual rules.
//!
//! ```sh
//! cargo bench --bench works                    # every instance
//! cargo bench --bench works -- --pools FOLDER  # also writes them, for tests/outsiders/works.py
//! ```
//!
//! No criterion here: what matters is the gap, and one solution takes seconds.

#![expect(clippy::print_stdout, reason = "what it measures is its output")]

mod instances;

use instances::{Department, one_treatment};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;
use voirie::domain::{
    Draws, Euros, Objective, PlanRules, Programme, Scenario, SelectionRule, World,
};
use voirie::planning::optimise::{Pool, Solved, pool, solve};
use voirie::planning::{Standing, Start, Weights, outlook, prospects, simulate};

/// Tolerance of the bound where it is held against a linear programme. Chosen: a tenth of what is asked.
const TOLERANCE: f64 = 1.0e-7;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let pools = args.iter().position(|it| it == "--pools").map(|at| PathBuf::from(&args[at + 1]));
    println!("One treatment a section, 8 treatments, 15 years, one envelope a year");
    for n_sections in [1_000, 5_000, 30_000] {
        let pool = one_treatment(n_sections);
        let clock = Instant::now();
        let solved = solve(&pool, if n_sections > 10_000 { 10.0 * TOLERANCE } else { TOLERANCE });
        tell(n_sections, &pool, &solved, clock.elapsed().as_secs_f64());
        if let Some(folder) = &pools
            && n_sections < 10_000
        {
            write(&folder.join(format!("one-{n_sections}.txt")), &pool, &solved, clock);
        }
    }
    println!("Several treatments a section, two envelopes a year, sites, the default catalogue");
    for n_sections in [200, 30_000] {
        let department = Department::new(n_sections);
        if let Some(folder) = &pools
            && n_sections < 10_000
        {
            department.in_world(|network, world, scenario| {
                let scenario = scenario(SelectionRule::Optimised, 1.0);
                let start = Start::new(network, world, scenario.budgets.len(), scenario.objective);
                let (pool, _) = pool(&start, &scenario, world);
                let clock = Instant::now();
                let solved = solve(&pool, TOLERANCE);
                write(&folder.join(format!("several-{n_sections}.txt")), &pool, &solved, clock);
            });
        }
        compare(&department, n_sections);
    }
    let department = Department::new(30_000);
    objectives(&department);
    simulations(&department);
    doubts(&department);
}

fn tell(n_sections: u32, pool: &Pool, solved: &Solved, seconds: f64) {
    println!(
        "  {n_sections:>6} sections {:>8} alternatives  value {:.3}  bound {:.3}  gap {:.5} %  {seconds:.2} s  {:.0} MB",
        pool.n_alternatives(),
        solved.selection.value,
        solved.bound,
        100.0 * (1.0 - solved.selection.value / solved.bound),
        peak_mb(),
    );
}

/// Each rule on the same budget, and the budget with which the others would gain as much.
fn compare(department: &Department, n_sections: u32) {
    department.in_world(|network, world, scenario| {
        let mut best: Option<Programme> = None;
        for rule in SelectionRule::ALL.into_iter().rev() {
            let clock = Instant::now();
            let it = simulate(network, &scenario(rule, 1.0), world);
            let seconds = clock.elapsed().as_secs_f64();
            let spent: Euros = it.yearly.iter().map(|it| it.spent.total()).sum();
            print!(
                "  {n_sections:>6} sections {:<13} gain {:.4} points  spent {:.1} M€  {seconds:.2} s",
                rule.word(),
                it.worth.gain,
                spent.get() / 1.0e6
            );
            match (&best, it.worth.gap()) {
                (_, Some(gap)) => {
                    println!("  gap {:.4} %  {:.0} MB", 100.0 * gap, peak_mb());
                    best = Some(it);
                }
                (Some(best), None) => {
                    let below = 100.0 * (1.0 - it.worth.gain / best.worth.gain);
                    let needed = |factor| simulate(network, &scenario(rule, factor), world).worth.gain;
                    print!("  {below:.1} % below");
                    match budget_for(best.worth.gain, needed) {
                        Some(factor) => println!("; as good for {factor:.2} times the budget"),
                        None => println!("; never as good, whatever the budget"),
                    }
                }
                (None, None) => println!(),
            }
        }
        // The best that one treatment a section can do; its bound, so that nobody's search is blamed.
        let rules = PlanRules { most_works: 1, ..world.rules.clone() };
        let world = World { rules: &rules, ..*world };
        let Some(best) = best else { return };
        let start = Start::new(network, &world, best.yearly.len(), Objective::Condition);
        let bound = |factor| {
            let scenario = scenario(SelectionRule::Optimised, factor);
            let (pool, _) = pool(&start, &scenario, &world);
            start.weights().as_mean(solve(&pool, 1.0e-5).bound)
        };
        print!(
            "  {n_sections:>6} sections one treatment: none gains more than {:.4} points, {:.1} % below",
            bound(1.0),
            100.0 * (1.0 - bound(1.0) / best.worth.gain)
        );
        match budget_for(best.worth.gain, bound) {
            Some(factor) => println!("; as good for {factor:.2} times the budget at least"),
            None => println!("; never as good, whatever the budget"),
        }
    });
}

/// What choosing each objective gives by all of them.
fn objectives(department: &Department) {
    department.in_world(|network, world, scenario| {
        let by_users = Weights::new(network, world.rules, 1, Objective::Users);
        for objective in Objective::ALL {
            let asked = Scenario { objective, ..scenario(SelectionRule::Optimised, 1.0) };
            let clock = Instant::now();
            let it = simulate(network, &asked, world);
            let seconds = clock.elapsed().as_secs_f64();
            let standings = network.sections().iter().map(|it| Standing::new(it, world));
            let met: f64 = standings
                .zip(&it.final_notes)
                .map(|(it, (_, note))| by_users.of_section(&it) * note.points())
                .sum();
            let left = outlook(network, &it, world);
            let (Some(year), Some(last)) = (it.yearly.last(), left.last()) else { continue };
            println!(
                "Objective {:<9} gain by condition {:.4} points  in the end: note {:.3}, by vehicle-km {:.3}, backlog {:.2} M€  gap {:.4} %  {} works  {seconds:.1} s",
                objective.word(),
                it.worth.condition,
                year.ng.points(),
                met / by_users.sections(),
                last.backlog.total().get() / 1.0e6,
                100.0 * it.worth.gap().unwrap_or(f64::NAN),
                it.works.len(),
            );
        }
    });
}

/// The least multiple of the budget, to a hundredth, with which a rule gains as much.
fn budget_for(gain: f64, reached: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (1.0, 8.0);
    if reached(high) < gain {
        return None;
    }
    while high - low > 0.01 {
        let middle = f64::midpoint(low, high);
        if reached(middle) < gain { low = middle } else { high = middle }
    }
    Some(high)
}

fn simulations(department: &Department) {
    department.in_world(|network, world, scenario| {
        let scenarios: Vec<_> = (0..11)
            .map(|it| scenario(SelectionRule::WorstFirst, 0.5 + 0.1 * f64::from(it)))
            .collect();
        // The first pays for memory that the others find.
        let runs = [(); 5].map(|()| {
            let clock = Instant::now();
            let all = voirie::planning::programmes(network, &scenarios, world);
            let took = clock.elapsed().as_secs_f64();
            assert_eq!(all.len(), scenarios.len());
            format!("{took:.3}")
        });
        println!(
            "Simulation: {} scenarios, worst first, 30000 sections, 15 years  {} s",
            scenarios.len(),
            runs.join(", ")
        );
    });
}

fn doubts(department: &Department) {
    department.in_world(|network, world, scenario| {
        let all = [SelectionRule::WorstFirst, SelectionRule::BenefitCost]
            .map(|it| simulate(network, &scenario(it, 1.0), world));
        let draws = Draws { n_draws: 1000, n_filmed_again: 0, seed: 1 };
        let doubt = department.doubt();
        for n_scenarios in [1, 2] {
            let clock = Instant::now();
            let told = prospects(network, &all[..n_scenarios], world, doubt, draws, &|| {});
            println!(
                "Doubt: 1000 draws of {n_scenarios} programme(s), 30000 sections, 15 years  {:.3} s  {:.0} MB",
                clock.elapsed().as_secs_f64(),
                peak_mb()
            );
            for (it, rule) in told.iter().zip(["worst_first", "benefit_cost"]) {
                println!("  {rule:<13} gain {:.4} [{:.4} to {:.4}]", it.gain.p50, it.gain.p05, it.gain.p95);
            }
        }
        let draws = Draws { n_draws: 1, n_filmed_again: 50, seed: 1 };
        let clock = Instant::now();
        let told = prospects(network, &all[..1], world, doubt, draws, &|| {});
        if let Some(again) = told[0].filmed_again {
            println!(
                "  filming again every year, worst first: {:.4} points, standard error {:.4}  {:.1} s",
                again.gain,
                again.error,
                clock.elapsed().as_secs_f64()
            );
        }
    });
}

/// One line for each purse (`p holds site`), section (`s joins`) and alternative (`a value purse cents …`).
fn write(path: &Path, pool: &Pool, solved: &Solved, clock: Instant) {
    let mut text = format!(
        "v {:e} {:e} {}\n",
        solved.selection.value,
        solved.bound,
        clock.elapsed().as_secs_f64()
    );
    for it in pool.purses() {
        writeln!(text, "p {} {}", it.holds, it.site).expect("a string takes all");
    }
    for section in pool.sections() {
        writeln!(text, "s {}", u8::from(section.joins)).expect("a string takes all");
        for alternative in 0..section.n_alternatives() {
            write!(text, "a {:e}", section.value(alternative)).expect("a string takes all");
            for draw in section.draws(alternative) {
                write!(text, " {} {}", draw.purse, draw.cents).expect("a string takes all");
            }
            text.push('\n');
        }
    }
    std::fs::write(path, text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
}

/// Most memory held so far; nothing where the system does not say.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|it| it.starts_with("VmHWM"));
    let kib =
        line.and_then(|it| it.split_whitespace().nth(1)).and_then(|it| it.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
