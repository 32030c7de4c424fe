// Opens a report in a real browser, from its file, and uses it as a reader would.
//
//     node report.mjs FOLDER/report.html
//
// Exit code 1 and one line for each fault. What the page shows is compared with the exchange files
// that the same run wrote beside it.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const report = path.resolve(process.argv[2] ?? "report.html");
const beside = (name) => path.join(path.dirname(report), name);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const faults = [];
const check = (fine, fault) => { if (!fine) faults.push(fault); };

/** The sections and scenarios that the run wrote, read without any code of the page. */
const sections = JSON.parse(fs.readFileSync(beside("sections.geojson"), "utf8")).features;
const rated = sections.filter((it) => it.properties.ng !== null);
const scenarios = fs.readFileSync(beside("scenarios.csv"), "utf8").trim().split("\n").length - 1;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("request", (it) => {
    const scheme = new URL(it.url()).protocol;
    check(["file:", "data:"].includes(scheme), `the page asks for ${it.url()}`);
  });
  page.on("requestfailed", (it) => faults.push(`the page misses ${it.url()}`));
  page.on("pageerror", (it) => faults.push(`the page's script fails: ${it.message}`));
  page.on("console", (it) => check(it.type() !== "error", `the console says: ${it.text()}`));
  await page.goto(pathToFileURL(report).href, { waitUntil: "load" });

  await mapHasEverySection(page);
  await clickingASectionShowsIt(page);
  await scenariosAreThere(page);
  await anyoneCanRead(page, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await anyoneCanRead(page, "dark");
  await fitsATelephone(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await scenariosAreCompared(page);
} finally {
  await browser.close();
}

for (const fault of faults) console.error(`report: ${fault}`);
console.log(`report: ${sections.length} sections, ${rated.length} rated, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;

/** One path for each rated section; those without a note are drawn too, neighbours as one. */
async function mapHasEverySection(page) {
  check(rated.length > 0, "no section of this run has a note: nothing is tested");
  const drawn = await page.locator("#map .rated path").count();
  check(drawn === rated.length, `${drawn} rated paths, expected ${rated.length}`);
  const all = await page.locator("#map [data-i]").count();
  const told = await page.evaluate(() => JSON.parse(document.getElementById("details").textContent).length);
  check(all === told, `${all} paths, but details of ${told}`);
  const grey = await page.locator("#map .unrated path").count();
  const unrated = sections.length - rated.length;
  check((grey > 0) === (unrated > 0) && grey <= unrated, `${grey} grey paths, ${unrated} sections without a note`);
}

/** Every rated section, clicked in its middle, shows its place, its note and its pictures. */
async function clickingASectionShowsIt(page) {
  const ranks = await page.locator("#map .rated path").evaluateAll((all) => all.map((it) => it.dataset.i));
  const notes = [];
  for (const rank of ranks) {
    const spot = await page.evaluate((wanted) => {
      const line = document.querySelector(`#map .rated [data-i="${wanted}"]`);
      line.closest("svg").scrollIntoView({ block: "center", behavior: "instant" });
      const middle = line.getPointAtLength(line.getTotalLength() / 2);
      const { x, y } = new DOMPoint(middle.x, middle.y).matrixTransform(line.getScreenCTM());
      const told = JSON.parse(document.getElementById("details").textContent)[wanted];
      return { x, y, told };
    }, rank);
    await page.mouse.click(spot.x, spot.y);
    const panel = page.locator("#panel");
    const heading = await panel.locator("h3").textContent({ timeout: 2000 }).catch(() => "nothing");
    check(heading === spot.told.place, `a click on ${spot.told.place} shows ${heading}`);
    notes.push(await panel.locator(".notes b").first().textContent({ timeout: 2000 }).catch(() => "none"));
    const pictures = panel.locator("img");
    check((await pictures.count()) === spot.told.pictures.length, `${heading}: pictures are missing`);
    for (const picture of await pictures.all()) {
      const width = await picture.evaluate((it) => it.decode().then(() => it.naturalWidth, () => 0));
      check(width > 0, `${heading}: ${await picture.getAttribute("src")} is no picture`);
    }
  }
  const shown = notes.map((it) => Number(it.replace(",", "."))).sort((a, b) => a - b);
  const wanted = rated.map((it) => it.properties.ng).sort((a, b) => a - b);
  const same = shown.length === wanted.length && shown.every((it, at) => Math.abs(it - wanted[at]) < 0.06);
  check(same, `the panel shows the notes ${shown}, sections.geojson has ${wanted}`);
}

/** One row for each scenario that the run wrote. */
async function scenariosAreThere(page) {
  const rows = await page.locator("#scenarios table").first().locator("tbody tr").count();
  check(scenarios > 0 && rows === scenarios, `${rows} rows of scenarios, expected ${scenarios}`);
}

/** The page that the report links to has a line and a part for each scenario, and anyone can read it. */
async function scenariosAreCompared(page) {
  await page.locator("#scenarios a[href='scenarios.html']").click();
  await page.waitForLoadState("load");
  const count = (what) => page.locator(what).count();
  for (const what of ["#notes polyline", "#compared tbody tr", "article"]) {
    const found = await count(what);
    check(found === scenarios, `${found} of ${what} on the page of scenarios, expected ${scenarios}`);
  }
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await anyoneCanRead(page, `scenarios, ${scheme}`);
  }
  await fitsATelephone(page);
}

/** Nothing but tables, which scroll, is wider than a telephone. */
async function fitsATelephone(page) {
  await page.setViewportSize({ width: 360, height: 740 });
  // The window takes its new size, and the page its new layout, a moment later.
  const fits = () => window.innerWidth <= 360 && document.documentElement.scrollWidth <= 360;
  await page.waitForFunction(fits, null, { timeout: 5000 }).catch(() => {});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 360, `on a telephone of 360 px ${page.url().split("/").pop()} is ${wide} px wide`);
}

/** No serious barrier for readers with a screen reader, a keyboard or tired eyes. */
async function anyoneCanRead(page, scheme) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const it of violations.filter((one) => ["serious", "critical"].includes(one.impact))) {
    const where = it.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
    faults.push(`${scheme}: ${it.help} (${it.id}, ${it.nodes.length} times): ${where}`);
  }
}
